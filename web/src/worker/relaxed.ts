// Whether this engine has relaxed SIMD, which multiplies and adds in one instruction.

/** `(func (result v128) i32.const 0 i8x16.splat, three times, f32x4.relaxed_madd)` */
const RELAXED = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0];
const ZERO = [65, 0, 253, 15];

export const isRelaxed = (): boolean => WebAssembly.validate(new Uint8Array([...RELAXED, ...ZERO, ...ZERO, ...ZERO, 253, 133, 2, 11]));
