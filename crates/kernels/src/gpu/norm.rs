//! Layer norm and RMS norm.

use super::launch::Launch;
use super::{Reading, VECTORS, contiguous, empty, empty_like, rows};
use crate::norm::{EPSILON, NormKernels, Saved};
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const FORWARD: &[&str] = &[VECTORS, include_str!("norm.wgsl")];
const BACKWARD: &[&str] = &[VECTORS, include_str!("norm_backward.wgsl")];
/// Threads of a workgroup.
const WIDTH: usize = 32;

impl NormKernels for CubeBackend {
    fn norm_forward(
        x: &CubeTensor,
        weight: &CubeTensor,
        bias: Option<&CubeTensor>,
        centred: bool,
    ) -> [CubeTensor; 2] {
        let (x, weight, bias) = (contiguous(x), contiguous(weight), bias.map(contiguous));
        let [r, c] = rows(&x);
        let (y, statistics) = (empty_like(&x), empty(&x, [r, 2]));
        let Reading { read, write, width } = Reading::of(c);
        let launch = Launch::new("norm", FORWARD)
            .number("EPSILON", EPSILON)
            .constant("COLUMNS", c / width)
            .flag("FOURS", width == 4)
            .flag("CENTRED", centred);
        let launch = read(read(launch, "x", &x), "weight", &weight).maybe(read, "bias", bias.as_ref());
        write(launch, "y", &y).write2("statistics", &statistics).sizes(&[r, c]).run_rows(r.div_ceil(WIDTH));
        [y, statistics]
    }

    fn norm_backward(saved: &Saved<Self>, dy: CubeTensor) -> Vec<CubeTensor> {
        let (x, weight, dy) = (contiguous(&saved.x), contiguous(&saved.weight), contiguous(&dy));
        let [r, c] = rows(&x);
        let (dx, dweight) = (empty_like(&x), empty(&x, [c]));
        let dbias = saved.bias.then(|| empty(&x, [c]));
        let Reading { read, write, width } = Reading::of(c);
        let launch = Launch::new("norm_backward", BACKWARD)
            .constant("COLUMNS", c / width)
            .flag("FOURS", width == 4)
            .flag("CENTRED", saved.centred)
            .read2("statistics", &saved.statistics);
        let launch = read(read(read(launch, "x", &x), "weight", &weight), "dy", &dy);
        write(write(launch, "dx", &dx), "dweight", &dweight)
            .maybe(write, "dbias", dbias.as_ref())
            .sizes(&[r, c])
            .run_rows((r + c / width).div_ceil(WIDTH));
        [dx, dweight].into_iter().chain(dbias).collect()
    }
}
