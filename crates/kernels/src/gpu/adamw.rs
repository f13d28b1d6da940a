//! Concatenates all gradients into one tensor, and makes one update of all weights.

use super::launch::Launch;
use super::{Reading, TOGETHER, VECTORS, contiguous, empty, empty_like};
use crate::adamw::{AdamWOps, Flatten};
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

/// A shader is guaranteed eight buffers; six tensors leave room for the flat one.
const NAMES: [&str; 6] = ["t0", "t1", "t2", "t3", "t4", "t5"];
/// The most workgroups of a launch over all weights: each walks over its share.
const GROUPS: usize = 512;
/// The fewest numbers, or vectors of four, per thread, if there are so many.
const SHARE: usize = 4;
const FLATTEN: &[&str] = &[VECTORS, include_str!("flatten.wgsl")];
const SQUARES: &[&str] = &[TOGETHER, include_str!("squares.wgsl")];
const MOMENTS: &[&str] = &[TOGETHER, include_str!("moments.wgsl")];

impl Flatten for CubeBackend {
    fn flatten(tensors: Vec<CubeTensor>, offsets: &[usize]) -> CubeTensor {
        let flat = empty(&tensors[0], [offsets[tensors.len()]]);
        let tensors: Vec<CubeTensor> = tensors.iter().map(contiguous).collect();
        for (index, tensors) in tensors.chunks(NAMES.len()).enumerate() {
            let lens: Vec<usize> = tensors.iter().map(|tensor| tensor.meta.shape().num_elements()).collect();
            let fours = lens.iter().all(|len| len.is_multiple_of(4));
            let Reading { read, write, width } = Reading::of(if fours { 4 } else { 1 });
            let mut launch = Launch::new("flatten", FLATTEN).flag("FOURS", fours);
            let mut places = vec![];
            for (i, tensor) in tensors.iter().enumerate() {
                let place = index * NAMES.len() + i;
                launch = read(launch, NAMES[i], tensor);
                places.extend([lens[i] / width, offsets[place] / width, offsets[place + 1] / width, 0]);
            }
            let longest = lens.iter().max().map_or(0, |len| len / width);
            let groups = longest.div_ceil(SHARE * 64).min(GROUPS);
            // A single quartet would be a vector in the source, not an array.
            places.resize(places.len().max(8), 0);
            write(launch, "flat", &flat).sizes(&places).run([groups, tensors.len(), 1]);
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
        first: CubeTensor,
        second: CubeTensor,
        gradients: CubeTensor,
        rates: CubeTensor,
        decayed: usize,
    ) -> Vec<CubeTensor> {
        let [weights, first, second, gradients] = [weights, first, second, gradients].map(|t| contiguous(&t));
        // A flat tensor's length is a multiple of the alignment, and so of 4.
        let n = weights.meta.shape().num_elements() / 4;
        let groups = n.div_ceil(SHARE * 64).min(GROUPS);
        let (parts, norm) = (empty(&weights, [groups]), empty(&weights, [1]));
        Launch::new("squares", SQUARES)
            .constant("N", n)
            .read4("x", &gradients)
            .write("parts", &parts)
            .run([groups, 1, 1]);
        let [new_weights, new_first, new_second] = [&weights, &first, &second].map(empty_like);
        // Moments and weights in separate launches: a shader has eight buffers, and one may hold no more than
        // 128 MiB.
        Launch::new("moments", MOMENTS)
            .constant("N", n)
            .constant("PARTS", groups)
            .read4("first", &first)
            .read4("second", &second)
            .read4("gradients", &gradients)
            .read("rates", &rates)
            .read("parts", &parts)
            .write4("new_first", &new_first)
            .write4("new_second", &new_second)
            .write("norm", &norm)
            .run([groups, 1, 1]);
        Launch::new("adamw", &[include_str!("adamw.wgsl")])
            .constant("N", n)
            .constant("DECAYED", decayed)
            .read4("weights", &weights)
            .read4("first", &new_first)
            .read4("second", &new_second)
            .read("rates", &rates)
            .write4("new_weights", &new_weights)
            .run([groups, 1, 1]);
        vec![new_weights, new_first, new_second, norm]
    }
}
