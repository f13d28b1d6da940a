//! The loss, and its gradient.

use super::launch::{Launch, THREADS};
use super::{COMMON, TOGETHER, contiguous, empty, empty_like, rows};
use crate::cross_entropy::CrossEntropyKernels;
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

/// The number of logits from which a workgroup shares a row.
const LONG_ROW: usize = 4_096;

const ROW_ALONE: &[&str] = &[COMMON, include_str!("cross_entropy.wgsl")];
const ROW_TOGETHER: &[&str] = &[COMMON, TOGETHER, include_str!("cross_entropy.wgsl")];

impl CrossEntropyKernels for CubeBackend {
    fn cross_entropy_forward(logits: &CubeTensor, targets: &CubeTensor) -> [CubeTensor; 2] {
        let (logits, targets) = (contiguous(logits), contiguous(targets));
        let [r, v] = rows(&logits);
        let (losses, logsumexp, mean) = (empty(&logits, [r]), empty(&logits, [r]), empty(&logits, [1]));
        // For a short row, synchronising threads is not worth it.
        let together = v >= LONG_ROW;
        let lanes = if together { THREADS as usize } else { 1 };
        Launch::new("cross_entropy", if together { ROW_TOGETHER } else { ROW_ALONE })
            .constant("V", v)
            .constant("LANES", lanes)
            .flag("TOGETHER", together)
            .read("logits", &logits)
            .read_ids("targets", &targets)
            .write("losses", &losses)
            .write("logsumexp", &logsumexp)
            .sizes(&[r])
            .run_flat(r * lanes);
        Launch::new("mean", &[TOGETHER, include_str!("mean.wgsl")])
            .read("x", &losses)
            .write("mean", &mean)
            .sizes(&[r])
            .run([1, 1, 1]);
        [mean, logsumexp]
    }

    fn cross_entropy_backward(
        logits: CubeTensor,
        targets: CubeTensor,
        logsumexp: CubeTensor,
        dy: CubeTensor,
    ) -> CubeTensor {
        let (logits, targets) = (contiguous(&logits), contiguous(&targets));
        let [r, v] = rows(&logits);
        let dlogits = empty_like(&logits);
        Launch::new("cross_entropy_backward", &[COMMON, include_str!("cross_entropy_backward.wgsl")])
            .constant("V", v)
            .read("logits", &logits)
            .read_ids("targets", &targets)
            .read("logsumexp", &logsumexp)
            .read("dy", &dy)
            .write("dlogits", &dlogits)
            .sizes(&[r * v, r])
            .run_flat(r * v);
        dlogits
    }
}
