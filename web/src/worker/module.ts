// Which of the two modules an engine gets: the one with relaxed SIMD, where a product and its sum are one instruction, or the plain
// one, which is refused nowhere. Only the one that is chosen is downloaded.
import initModule from "../../../pkg/tadpole.js";
import fused from "../../../pkg/tadpole_fused_bg.wasm?url";

/** `(func (result v128) i32.const 0 i8x16.splat, three times, f32x4.relaxed_madd)` */
const RELAXED = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0];
const ZERO = [65, 0, 253, 15];
const probe = new Uint8Array([...RELAXED, ...ZERO, ...ZERO, ...ZERO, 253, 133, 2, 11]);

export async function loadModule(): Promise<void> {
  await initModule(WebAssembly.validate(probe) ? { module_or_path: fused } : undefined);
}
