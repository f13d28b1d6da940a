// What a visitor downloads from dist/, raw and as gzip -9: the module, the page's own script and style, and the rest.
// Refuses a module above its allowance.
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Failure, main, root } from "./tools.mjs";

const WASM_ALLOWANCE = 3_000_000;

export async function reportSizes(folder = join(root, "dist")) {
  const files = await measure(folder);
  const page = await readFile(join(folder, "index.html"), "utf8");
  const inShell = ({ name }) => [".js", ".css"].includes(extname(name)) && page.includes(name);
  const isWasm = ({ name }) => extname(name) === ".wasm";
  print(
    "shell js",
    files.filter((file) => inShell(file) && extname(file.name) === ".js"),
  );
  print(
    "shell css",
    files.filter((file) => inShell(file) && extname(file.name) === ".css"),
  );
  print(
    "other files",
    files.filter((file) => !inShell(file) && !isWasm(file)),
  );
  const wasm = print("wasm", files.filter(isWasm));
  console.log(`wasm: ${count(wasm)} bytes gzip of ${count(WASM_ALLOWANCE)} allowed`);
  if (wasm === 0) throw new Failure("dist/ holds no WebAssembly module", "import it through pkg/tadpole.js in web/src/worker/");
  if (wasm > WASM_ALLOWANCE)
    throw new Failure("the WebAssembly module is too large", "look for a new dependency or feature: `cargo tree -e features`");
}

async function measure(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const bytes = await readFile(join(parentPath, name));
      return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    }),
  );
}

function print(title, files) {
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  console.log(`  ${title.padEnd(12)} ${count(sum("raw")).padStart(12)} bytes, ${count(sum("gzip")).padStart(11)} gzip`);
  return sum("gzip");
}

const count = (number) => number.toLocaleString("en-US");

await main(import.meta.url, reportSizes);
