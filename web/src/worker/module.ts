// Which of the two modules an engine gets: the one with relaxed SIMD, or the plain one, which is refused nowhere. Only the one that is chosen
// is downloaded.
import initModule from "../../../pkg/tadpole.js";
import { isRelaxed } from "./relaxed.ts";

export async function loadModule(): Promise<void> {
  const fused = new URL("../../../pkg/tadpole_fused_bg.wasm", import.meta.url);
  await initModule(isRelaxed() ? { module_or_path: fused } : undefined);
}
