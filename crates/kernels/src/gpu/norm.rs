//! Layer norm and RMS norm.

use super::launch::Launch;
use super::{contiguous, empty, empty_like, rows};
use crate::norm::{NormKernels, Saved};
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const TOTAL: &str = include_str!("total.wgsl");
const FORWARD: &[&str] = &[include_str!("norm.wgsl"), TOTAL];
const BACKWARD: &[&str] = &[include_str!("norm_backward.wgsl"), TOTAL];

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
        Launch::new("norm", FORWARD)
            .constant("C", c)
            .flag("CENTRED", centred)
            .read("x", &x)
            .read("weight", &weight)
            .maybe("bias", bias.as_ref())
            .write("y", &y)
            .write("statistics", &statistics)
            .sizes(&[r])
            .run_rows(r);
        [y, statistics]
    }

    fn norm_backward(saved: &Saved<Self>, dy: CubeTensor) -> Vec<CubeTensor> {
        let (x, weight, dy) = (contiguous(&saved.x), contiguous(&saved.weight), contiguous(&dy));
        let [r, c] = rows(&x);
        let (dx, dweight) = (empty_like(&x), empty(&x, [c]));
        let dbias = saved.bias.then(|| empty(&x, [c]));
        Launch::new("norm_backward", BACKWARD)
            .constant("C", c)
            .flag("CENTRED", saved.centred)
            .read("x", &x)
            .read("weight", &weight)
            .read("statistics", &saved.statistics)
            .read("dy", &dy)
            .write("dx", &dx)
            .write("dweight", &dweight)
            .maybe_write("dbias", dbias.as_ref())
            .sizes(&[r])
            .run_rows(r + c.div_ceil(64));
        [dx, dweight].into_iter().chain(dbias).collect()
    }
}
