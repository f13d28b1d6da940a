//! All gradients into one tensor, and one update of all weights.

use super::launch::Launch;
use super::{contiguous, empty, empty_like};
use crate::adamw::{AdamWOps, Flatten};
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

/// A shader sees eight buffers at least; six tensors leave room for the flat one.
const NAMES: [&str; 6] = ["t0", "t1", "t2", "t3", "t4", "t5"];
/// Workgroups of a launch over all weights, at most: each walks over its share.
const GROUPS: usize = 512;

impl Flatten for CubeBackend {
    fn flatten(tensors: Vec<CubeTensor>, offsets: &[usize]) -> CubeTensor {
        let flat = empty(&tensors[0], [offsets[tensors.len()]]);
        let tensors: Vec<CubeTensor> = tensors.iter().map(contiguous).collect();
        for (index, tensors) in tensors.chunks(NAMES.len()).enumerate() {
            let mut launch = Launch::new("flatten", &[include_str!("flatten.wgsl")]);
            let (mut places, mut longest) = (vec![], 0);
            for (i, tensor) in tensors.iter().enumerate() {
                let place = index * NAMES.len() + i;
                let len = tensor.meta.shape().num_elements();
                launch = launch.read(NAMES[i], tensor);
                places.extend([len, offsets[place], offsets[place + 1], 0]);
                longest = longest.max(len);
            }
            let groups = longest.div_ceil(4 * 64).min(GROUPS);
            // One quartet would be a vector to the source, not an array.
            places.resize(places.len().max(8), 0);
            launch.write("flat", &flat).sizes(&places).run([groups, tensors.len(), 1]);
        }
        flat
    }
}

impl AdamWOps for CubeBackend {
    fn views(flat: CubeTensor, offsets: Vec<usize>, lens: Vec<usize>) -> Vec<CubeTensor> {
        use burn_cubecl::cubecl::zspace::{metadata::Metadata, strides};
        let numbers = flat.meta.shape().num_elements();
        let view = |(offset, len): (usize, usize)| {
            let end = (offset + len).next_multiple_of(crate::ALIGNMENT).min(numbers);
            let mut part = flat.clone();
            let bytes = |numbers: usize| 4 * numbers as u64;
            part.handle = part.handle.offset_start(bytes(offset)).offset_end(bytes(numbers - end));
            part.meta = Box::new(Metadata::new([len], strides![1]));
            part
        };
        offsets.into_iter().zip(lens).map(view).collect()
    }

    fn adamw(
        weights: CubeTensor,
        moments: CubeTensor,
        gradients: CubeTensor,
        rates: CubeTensor,
        decayed: usize,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [weights, moments, gradients] = [weights, moments, gradients].map(|tensor| contiguous(&tensor));
        let n = weights.meta.shape().num_elements();
        let groups = n.div_ceil(4 * 64).min(GROUPS);
        let (parts, norm) = (empty(&weights, [groups]), empty(&weights, [1]));
        Launch::new("squares", &[include_str!("squares.wgsl")])
            .constant("N", n)
            .read("x", &gradients)
            .write("parts", &parts)
            .run([groups, 1, 1]);
        let (new_weights, new_moments) = (empty_like(&weights), empty_like(&moments));
        Launch::new("adamw", &[include_str!("adamw.wgsl")])
            .constant("N", n)
            .constant("PARTS", groups)
            .constant("DECAYED", decayed)
            .read("weights", &weights)
            .read("moments", &moments)
            .read("gradients", &gradients)
            .read("rates", &rates)
            .read("parts", &parts)
            .write("new_weights", &new_weights)
            .write("new_moments", &new_moments)
            .write("norm", &norm)
            .run([groups, 1, 1]);
        (new_weights, new_moments, norm)
    }
}
