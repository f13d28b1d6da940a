// Which of the two modules an engine gets: the one with relaxed SIMD, or the plain one, which every engine accepts. Only the chosen one is
// downloaded.
import initModule from "../../../pkg/tadpole.js";
import { isRelaxed } from "./relaxed.ts";

export async function loadModule(): Promise<void> {
  const { href } = new URL("../../../pkg/tadpole_fused_bg.wasm", import.meta.url);
  // A browser that was updated while offline has only stored the plain one.
  if (isRelaxed()) await initModule({ module_or_path: href }).catch(() => initModule());
  else await initModule();
}
