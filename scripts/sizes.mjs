// What a visitor downloads from dist/, raw and as gzip -9: the module, the shell (the script and style that index.html names, and one
// language), and the rest, which loads on demand. Refuses a module or a shell above its limit.
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Failure, main, root } from "./tools.mjs";

const WASM_ALLOWANCE = 3_000_000;
const SHELL_ALLOWANCE = 32 * 1024;
/** compress.mjs writes them. */
const TWIN = /\.(?:br|gz)$/;
const LANGUAGE = /^(?:en|zh)-(?!errors-)[\w-]+\.js$/;

export async function reportSizes(folder = join(root, "dist")) {
  const files = await measure(folder);
  const page = await readFile(join(folder, "index.html"), "utf8");
  const isWasm = ({ name }) => extname(name) === ".wasm";
  const shell = files.filter(({ name }) => [".js", ".css"].includes(extname(name)) && page.includes(name));
  const language = files.filter(({ name }) => LANGUAGE.test(name)).sort((a, b) => b.gzip - a.gzip);
  shell.push(...language.slice(0, 1));
  for (const file of shell) print(file.name, [file]);
  print(
    "other files",
    files.filter((file) => !shell.includes(file) && !isWasm(file)),
  );
  // An engine loads only one of the modules.
  const modules = files.filter(isWasm).map((file) => print(file.name, [file]));
  if (modules.length === 0) throw new Failure("dist/ holds no WebAssembly module", "import it through pkg/tadpole.js in web/src/worker/");
  allow("the shell", total(shell, "gzip"), SHELL_ALLOWANCE, "load what is not seen at once with `import()`, as main.ts does with the labs");
  allow(
    "the larger WebAssembly module",
    Math.max(...modules),
    WASM_ALLOWANCE,
    "look for a new dependency or feature: `cargo tree -e features`",
  );
}

async function measure(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !TWIN.test(entry.name));
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const bytes = await readFile(join(parentPath, name));
      return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    }),
  );
}

function print(title, files) {
  const [raw, gzip] = [total(files, "raw"), total(files, "gzip")];
  console.log(`  ${title.padEnd(24)} ${count(raw).padStart(12)} bytes, ${count(gzip).padStart(11)} gzip`);
  return gzip;
}

function allow(what, gzip, allowance, remedy) {
  console.log(`${what}: ${count(gzip)} bytes gzip of ${count(allowance)} allowed`);
  if (gzip > allowance) throw new Failure(`${what} is ${count(gzip - allowance)} bytes too large`, remedy);
}

const total = (files, key) => files.reduce((sum, file) => sum + file[key], 0);
const count = (number) => number.toLocaleString("en-US");

await main(import.meta.url, reportSizes);
