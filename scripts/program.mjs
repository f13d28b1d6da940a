// `tadpole`, the native program, for scripts that run it: built without the GPU, in a third of the time. TADPOLE=/path/to/tadpole names an
// existing build.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Failure, root, run } from "./tools.mjs";

const NAME = process.platform === "win32" ? "tadpole.exe" : "tadpole";
/** Where cargo puts it. */
export const PROGRAM = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "release", NAME);

/** Builds it if it is older than its sources; returns its path. */
export async function buildProgram() {
  const named = process.env.TADPOLE;
  if (named !== undefined && !existsSync(named))
    throw new Failure(`TADPOLE names ${named}, which is not there`, "leave it out to build one");
  if (named !== undefined) return named;
  const remedy = "the compiler's message above names the place; without cargo: install rustup from rustup.rs";
  await run("cargo", ["build", "--release", "-p", "tadpole-cli", "--no-default-features"], { remedy });
  return PROGRAM;
}
