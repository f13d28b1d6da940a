// Everything that a measurement needs: the peers' packages, our build, and one folder to serve to the browser.
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, newest, root, run, runPackage } from "../scripts/tools.mjs";
import { mixedText } from "./text.mjs";

export const here = join(root, "bench");
export const site = join(here, "site");
const modules = join(here, "node_modules");
const BUILT_FROM = ["crates", "web", "index.html", "vite.config.ts", "Cargo.lock", "package-lock.json", "pkg"];
const ONNX_FILES = ["ort-wasm-simd-threaded", "ort-wasm-simd-threaded.jspi"];

/** Installs, builds and assembles; anything newer than its inputs is kept. */
export async function setUp() {
  await install();
  const inputs = await Promise.all(BUILT_FROM.map((path) => newest(join(root, path))));
  if ((await changed(join(root, "dist", "index.html"))) < Math.max(...inputs)) {
    await run(process.execPath, [join(root, "scripts", "build.mjs")], { remedy: "npm run build" });
  }
  await assemble();
}

/** The peers' own packages, exactly as locked, without their install scripts. */
async function install() {
  const lock = await changed(join(here, "package-lock.json"));
  if ((await changed(join(modules, ".package-lock.json"))) >= lock) return;
  const args = ["ci", "--prefix", here, "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", args, { remedy: "the benchmark's peers come from the npm registry; look whether it can be reached" });
}

async function assemble() {
  await rm(site, { recursive: true, force: true });
  await mkdir(site, { recursive: true });
  await cp(join(root, "dist"), site, { recursive: true });
  await writeFile(join(site, "bench.html"), '<!doctype html><title>bench</title><script type="module" src="peers/page.js"></script>');
  await runPackage("vite/bin/vite.js", ["build", "--config", join(here, "vite.config.mjs"), "--logLevel", "error"], {
    remedy: "the bundler's message above names the place",
  });
  for (const name of ONNX_FILES) {
    const [from, to] = [join(modules, "onnxruntime-web", "dist", name), join(site, "peers", "onnxruntime", name)];
    await cp(`${from}.wasm`, `${to}.wasm`);
    await cp(`${from}.mjs`, `${to}.js`); // our server calls only .js a script
  }
  await writeFile(join(site, "mixed.txt"), await mixedText());
  await cp(join(modules, "gpt-tokenizer", "data", "r50k_base.tiktoken"), join(site, "r50k_base.tiktoken"));
}

async function changed(path) {
  return (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
}

/** The versions of the peers, as installed. */
export async function versions() {
  const { dependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  if (!dependencies) throw new Failure("bench/package.json names no peers", "restore the file");
  return Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
}
