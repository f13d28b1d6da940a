//! SwiGLU, rotary positions, dropout and GELU's slope: one thread per number.

use super::launch::Launch;
use super::{COMMON, Reading, contiguous, empty_like};
use crate::attention::Heads;
use crate::dropout::Dropout;
use crate::elementwise::ElementwiseKernels;
use crate::start::StartOf;
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const SOURCE: &[&str] = &[COMMON, include_str!("elementwise.wgsl")];
const ROTARY: &[&str] = &[COMMON, include_str!("rotary.wgsl")];

fn len(tensor: &CubeTensor) -> usize {
    tensor.meta.shape().num_elements()
}

/// `dy gelu'(x)`.
pub fn gelu_backward(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let dx = empty_like(x);
    let Reading { read, write, width } = Reading::of(len(x));
    let name = if width == 4 { "GELU_BACKWARD4" } else { "GELU_BACKWARD1" };
    let launch = Launch::new("gelu_backward", SOURCE).constant(name, 1);
    write(read(read(launch, "x", x), "dy", dy), "dx", &dx).sizes(&[len(x) / width]).run_flat(len(x) / width);
    dx
}

impl ElementwiseKernels for CubeBackend {
    fn swiglu_forward(gate: &CubeTensor, up: &CubeTensor) -> CubeTensor {
        let (gate, up) = (contiguous(gate), contiguous(up));
        let y = empty_like(&gate);
        Launch::new("swiglu", SOURCE)
            .constant("SWIGLU", 1)
            .read("gate", &gate)
            .read("up", &up)
            .write("y", &y)
            .sizes(&[len(&y)])
            .run_flat(len(&y));
        y
    }

    fn swiglu_backward(gate: CubeTensor, up: CubeTensor, dy: CubeTensor) -> [CubeTensor; 2] {
        let (gate, up, dy) = (contiguous(&gate), contiguous(&up), contiguous(&dy));
        let [dgate, dup] = [empty_like(&gate), empty_like(&up)];
        Launch::new("swiglu_backward", SOURCE)
            .constant("SWIGLU_BACKWARD", 1)
            .read("gate", &gate)
            .read("up", &up)
            .read("dy", &dy)
            .write("dgate", &dgate)
            .write("dup", &dup)
            .sizes(&[len(&gate)])
            .run_flat(len(&gate));
        [dgate, dup]
    }

    fn rotate(
        qkv: CubeTensor,
        tables: &[CubeTensor; 2],
        heads: Heads,
        start: &StartOf<Self>,
        back: bool,
    ) -> CubeTensor {
        let [x, cos, sin] = [contiguous(&qkv), contiguous(&tables[0]), contiguous(&tables[1])];
        let y = empty_like(&x);
        let (place, cursor) = start.parts();
        Launch::new("rotary", ROTARY)
            .constant("D", heads.d_head)
            .constant("ROW", heads.row())
            .constant("ROTATED", (heads.n_head + heads.n_kv_head) * heads.d_head)
            .flag("BACK", back)
            .read("x", &x)
            .read("cosine", &cos)
            .read("sine", &sin)
            .maybe(Launch::read_ids, "cursor", cursor)
            .write("y", &y)
            .sizes(&[len(&x), x.meta.shape()[1], place])
            .run_flat(len(&x));
        y
    }

    fn drop(x: CubeTensor, dropout: Dropout) -> CubeTensor {
        let x = contiguous(&x);
        let y = empty_like(&x);
        let [stream, threshold, scale] = dropout.words().map(|word| word as usize);
        Launch::new("dropout", SOURCE)
            .constant("DROPOUT", 1)
            .read("x", &x)
            .write("y", &y)
            .sizes(&[len(&x), stream, threshold, scale])
            .run_flat(len(&x));
        y
    }
}
