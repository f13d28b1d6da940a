// npm run build: Rust core -> WebAssembly -> bindings in pkg/ -> bundle in dist/, with compressed copies. Outputs newer than their inputs
// are kept. Refuses a module with wrapped exports, and one larger than its limit.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { compress } from "./compress.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { reportSizes } from "./sizes.mjs";
import { Failure, main, newest, read, root, run, runPackage, steps } from "./tools.mjs";
import { wrappedExports } from "./wasm-exports.mjs";

export const BUILD_STEPS = 6;
/** Crates that become modules, the names of their bindings, and which of them has a relaxed SIMD variant. */
const MODULES = [
  { crate: "tadpole-wasm", name: "tadpole", flags: ["--fused"] },
  { crate: "tadpole-wasm-workbench", name: "workbench", flags: [] },
];
const BUNDLED = [
  "web",
  "index.html",
  "embed.html",
  "vite.config.ts",
  "tsconfig.json",
  "package-lock.json",
  "pkg",
  "docs",
  "README.md",
  "CHANGELOG.md",
  "crates",
];

/** `twins`: whether to write compressed copies, which take a minute and are for hosts. */
export async function build(step, { twins = true } = {}) {
  await step("Looking for what a build needs", checkPrerequisites);
  await buildCore(step);
  await step("Web page", bundle);
  if (twins) await step("Compressed twins of its files", () => compress());
  await step("Sizes", reportSizes);
}

/** The Rust half: brings pkg/ up to date with the sources. */
export async function buildCore(step) {
  const target = await targetFolder();
  const compiled = (name) => join(target, "wasm32-unknown-unknown", "wasm", `${name.replaceAll("-", "_")}.wasm`);
  await step("Rust core to WebAssembly (several minutes the first time)", () => compileCore(compiled));
  await step("JavaScript bindings", () => writeBindings(compiled, join(target, "release", "tadpole-bindgen")));
}

async function targetFolder() {
  const metadata = await read("cargo", ["metadata", "--no-deps", "--format-version", "1"]);
  if (metadata === null) throw new Failure("cargo cannot read the workspace", "run `cargo metadata` to see why");
  return JSON.parse(metadata).target_directory;
}

async function compileCore(compiled) {
  // RUSTFLAGS in the environment would replace those of .cargo/config.toml, and with them SIMD.
  const { RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS, ...env } = process.env;
  const args = ["build", "--profile", "wasm", "--target", "wasm32-unknown-unknown", ...MODULES.flatMap(({ crate }) => ["-p", crate])];
  await run("cargo", args, { env, remedy: "the compiler's message above names the place" });
  for (const { crate } of MODULES) {
    const wrapped = wrappedExports(await readFile(compiled(crate)));
    if (wrapped.length === 0) continue;
    throw new Failure(
      `${wrapped.length} exports of ${crate} run every constructor on each call (${wrapped.slice(0, 3).join(", ")}, ...), which makes them very slow`,
      "call `__wasm_call_ctors` once in the `#[wasm_bindgen(start)]` function of the crate; the linker then wraps nothing",
    );
  }
}

async function writeBindings(compiled, program) {
  await run("cargo", ["build", "--release", "-p", "tadpole-bindgen"], {
    remedy: "the compiler's message above names the place",
  });
  const executable = process.platform === "win32" ? `${program}.exe` : program;
  for (const { crate, name, flags } of MODULES) {
    const module = compiled(crate);
    const written = await changed(join(root, "pkg", flags.length > 0 ? `${name}_fused_bg.wasm` : `${name}_bg.wasm`));
    if (written > Math.max(await changed(module), await changed(executable))) {
      console.log(`pkg/${name}.js is up to date`);
      continue;
    }
    await run(executable, [module, join(root, "pkg"), name, ...flags], {
      remedy: "the versions of wasm-bindgen in Cargo.toml must be equal",
    });
  }
}

async function bundle() {
  const inputs = await Promise.all(BUNDLED.map((path) => newest(join(root, path))));
  if ((await changed(join(root, "dist", "index.html"))) > Math.max(...inputs)) return console.log("dist/ is up to date");
  await runPackage("vite/bin/vite.js", ["build"], { remedy: "the bundler's message above names the place" });
}

async function changed(path) {
  return (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
}

await main(import.meta.url, () => build(steps(BUILD_STEPS)));
