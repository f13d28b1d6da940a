// The two WebAssembly modules: the core, with the model, and the workbench of tokenizers alone, a twentieth of its size. The only file that
// imports pkg/. Their bindings have much in common, so side by side they compress to less.
export { default as loadWorkbench, Workbench } from "../../../pkg/workbench.js";

import initCore, { lastWords, Session } from "../../../pkg/tadpole.js";
import { isRelaxed } from "./relaxed.ts";

export { lastWords, Session };

/** The core with relaxed SIMD, or the plain one, which no engine refuses. Only the one that is chosen is downloaded. */
export async function loadCore(): Promise<void> {
  const { href } = new URL("../../../pkg/tadpole_fused_bg.wasm", import.meta.url);
  // A browser that was brought up to date while it had no network has kept the plain one.
  if (isRelaxed()) await initCore({ module_or_path: href }).catch(() => initCore());
  else await initCore();
}

/** A module that did not come, or that the engine refuses. */
export const wasmFailed = (error: unknown) => ({
  code: "wasmFailed",
  message: String(error),
  remedy: "",
  details: { reason: String(error) },
});
