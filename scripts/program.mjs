// `tadpole`, the native program, for scripts that run it: built without the GPU, which takes a third of the time.
import { resolve } from "node:path";
import { root, run } from "./tools.mjs";

const NAME = process.platform === "win32" ? "tadpole.exe" : "tadpole";
/** Where cargo puts it. */
const PROGRAM = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "release", NAME);

/** Builds it where it is older than its sources; gives its path. */
export async function buildProgram() {
  const remedy = "the compiler's message above names the place; without cargo: install rustup from rustup.rs";
  await run("cargo", ["build", "--release", "-p", "tadpole-cli", "--no-default-features"], { remedy });
  return PROGRAM;
}
