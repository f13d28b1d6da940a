// npm run api: generates the library's reference, docs/API.md, from the comments in its sources (TypeDoc). Its tools have their own folder,
// since they need an older compiler.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, main, read, root, run } from "./tools.mjs";

const TOOLS = join(root, "scripts", "api");
const PAGE = join(root, "docs", "API.md");

/** Fails if the page differs from the sources. */
export async function checkApi() {
  const kept = await readFile(PAGE, "utf8").catch(() => "");
  if ((await generated()) !== kept) throw new Failure("docs/API.md is not what web/src/library says", "npm run api writes it anew");
}

async function generated() {
  if ((await read("npm", ["ls", "--prefix", TOOLS])) === null)
    await run("npm", ["ci", "--prefix", TOOLS, "--no-audit", "--no-fund"], { remedy: "npm's message above says what is missing" });
  const out = await mkdtemp(join(tmpdir(), "tadpole-api-"));
  try {
    const typedoc = join(TOOLS, "node_modules", "typedoc", "bin", "typedoc");
    const args = [typedoc, "--options", join(TOOLS, "typedoc.json"), "--out", out, "--logLevel", "Warn"];
    await run(process.execPath, args, { remedy: "TypeDoc's message above names the place" });
    return await readFile(join(out, "API.md"), "utf8");
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

await main(import.meta.url, async () => writeFile(PAGE, await generated()));
