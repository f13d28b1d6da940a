//! One AdamW update of all weights; the formula is in the operation's file.

use crate::adamw::{AdamWOps, EPSILON, Flatten, RATES};
use crate::cpu::math;
use crate::cpu::tensors::{numbers, tensor, zeros};
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

/// Updates weights and both moments [N] by gradients [N] with that norm; `rates` come from the operation's
/// `Rates`. The first `decayed` weights decay.
pub fn update(
    [weights, first, second]: &mut [Vec<f32>; 3],
    gradients: &[f32],
    rates: &[f32],
    norm: f32,
    decayed: usize,
) {
    let rates: [f32; RATES] = rates.try_into().expect("the operation makes as many");
    let clip = (rates[5] / (norm + 1e-6)).min(1.0);
    for (keep, range) in [(rates[0], 0..decayed), (1.0, decayed..weights.len())] {
        let parts = (&mut weights[range.clone()], &mut first[range.clone()], &mut second[range.clone()]);
        update_part(parts, &gradients[range], &rates, clip, keep);
    }
}

fn update_part(
    (weights, first, second): (&mut [f32], &mut [f32], &mut [f32]),
    gradients: &[f32],
    [_, rate, bias2, beta1, beta2, _]: &[f32; RATES],
    clip: f32,
    keep: f32,
) {
    for (((w, m), v), gradient) in weights.iter_mut().zip(first).zip(second).zip(gradients) {
        let g = gradient * clip;
        *m = beta1 * *m + (1.0 - beta1) * g;
        *v = beta2 * *v + (1.0 - beta2) * g * g;
        *w = keep * *w - rate * *m / (v.sqrt() * bias2 + EPSILON);
    }
}

impl Flatten for Flex {
    fn flatten(tensors: Vec<FlexTensor>, offsets: &[usize]) -> FlexTensor {
        let len = offsets[tensors.len()];
        let mut flat = zeros(len);
        for (part, offset) in tensors.iter().zip(offsets) {
            let part = numbers(part);
            flat[*offset..][..part.len()].copy_from_slice(&part);
        }
        tensor(flat, [len])
    }
}

impl AdamWOps for Flex {
    fn views(flat: FlexTensor, offsets: Vec<usize>, lens: Vec<usize>) -> Vec<FlexTensor> {
        offsets.into_iter().zip(lens).map(|(offset, len)| flat.narrow(0, offset, len)).collect()
    }

    fn adamw(
        weights: FlexTensor,
        first: FlexTensor,
        second: FlexTensor,
        gradients: FlexTensor,
        rates: FlexTensor,
        decayed: usize,
    ) -> Vec<FlexTensor> {
        let (shape, gradients) = (weights.shape(), numbers(&gradients));
        let mut new = [&weights, &first, &second].map(|tensor| numbers(tensor).into_owned());
        let norm = math::dot(&gradients, &gradients).sqrt();
        update(&mut new, &gradients, &numbers(&rates), norm, decayed);
        let new = new.into_iter().map(|numbers| tensor(numbers, shape.clone()));
        new.chain([tensor(vec![norm], [1])]).collect()
    }
}
