// npm run build: Rust core -> WebAssembly -> bindings in pkg/ -> bundle in dist/. What is newer than its inputs is kept.
// Refuses a module whose exports are wrapped, and one that is larger than its allowance.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkPrerequisites } from "./prerequisites.mjs";
import { reportSizes } from "./sizes.mjs";
import { Failure, main, newest, read, root, run, runPackage, steps } from "./tools.mjs";
import { wrappedExports } from "./wasm-exports.mjs";

export const BUILD_STEPS = 5;
const BUNDLED = ["web", "public", "index.html", "embed.html", "vite.config.ts", "tsconfig.json", "package-lock.json", "pkg"];

export async function build(step) {
  await step("Looking for what a build needs", checkPrerequisites);
  const target = await targetFolder();
  const module = join(target, "wasm32-unknown-unknown", "wasm", "tadpole_wasm.wasm");
  await step("Rust core to WebAssembly (several minutes the first time)", () => compileCore(module));
  await step("JavaScript bindings", () => writeBindings(module, join(target, "release", "tadpole-bindgen")));
  await step("Web page", bundle);
  await step("Sizes", reportSizes);
}

async function targetFolder() {
  const metadata = await read("cargo", ["metadata", "--no-deps", "--format-version", "1"]);
  if (metadata === null) throw new Failure("cargo cannot read the workspace", "run `cargo metadata` to see why");
  return JSON.parse(metadata).target_directory;
}

async function compileCore(module) {
  // RUSTFLAGS in the environment would replace those of .cargo/config.toml, and with them SIMD.
  const { RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS, ...env } = process.env;
  const args = ["build", "--profile", "wasm", "--target", "wasm32-unknown-unknown", "-p", "tadpole-wasm"];
  await run("cargo", args, { env, remedy: "the compiler's message above names the place" });
  const wrapped = wrappedExports(await readFile(module));
  if (wrapped.length === 0) return;
  throw new Failure(
    `${wrapped.length} exports run every constructor on each call (${wrapped.slice(0, 3).join(", ")}, ...), which makes them very slow`,
    "call `__wasm_call_ctors` once in the `#[wasm_bindgen(start)]` function of crates/wasm; the linker then wraps nothing",
  );
}

async function writeBindings(module, program) {
  await run("cargo", ["build", "--release", "-p", "tadpole-bindgen"], {
    remedy: "the compiler's message above names the place",
  });
  const written = await changed(join(root, "pkg", "tadpole_fused_bg.wasm"));
  const executable = process.platform === "win32" ? `${program}.exe` : program;
  if (written > Math.max(await changed(module), await changed(executable))) return console.log("pkg/ is up to date");
  await run(executable, [module, join(root, "pkg")], {
    remedy: "the versions of wasm-bindgen in Cargo.toml must be equal",
  });
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
