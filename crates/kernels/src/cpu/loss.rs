//! The mean cross-entropy of logits against targets, in nats, and its gradient.
//! `loss = mean over rows of (lse - logit[target])`, `dlogits = (softmax - onehot) / R`.

use crate::cpu::math::{exp, max, sum_of};
use crate::cpu::tensors::{ids, numbers, rows, tensor, zeros};
use crate::cross_entropy::CrossEntropyKernels;
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

/// The mean loss of `logits[R, V]` against `targets[R]`; keeps each row's log-sum-exp in `lse[R]`.
pub fn cross_entropy(lse: &mut [f32], logits: &[f32], targets: &[u32]) -> f32 {
    let v = logits.len() / targets.len();
    let mut total = 0.0;
    let mut row = vec![0.0; v];
    for ((logits, &target), lse) in logits.chunks_exact(v).zip(targets).zip(lse) {
        let top = max(logits);
        row.iter_mut().zip(logits).for_each(|(row, logit)| *row = exp(logit - top));
        *lse = top + sum_of(&row, |x| x).ln();
        total += f64::from(*lse - logits[target as usize]);
    }
    (total / targets.len() as f64) as f32
}

/// `dlogits[R, V]`, `dy` times the gradient of the mean loss.
pub fn cross_entropy_backward(dlogits: &mut [f32], logits: &[f32], targets: &[u32], lse: &[f32], dy: f32) {
    let v = logits.len() / targets.len();
    let scale = dy / targets.len() as f32;
    let rows = dlogits.chunks_exact_mut(v).zip(logits.chunks_exact(v));
    for (((dlogits, logits), &target), lse) in rows.zip(targets).zip(lse) {
        dlogits.iter_mut().zip(logits).for_each(|(d, logit)| *d = scale * exp(logit - lse));
        dlogits[target as usize] -= scale;
    }
}

impl CrossEntropyKernels for Flex {
    fn cross_entropy_forward(logits: &FlexTensor, targets: &FlexTensor) -> [FlexTensor; 2] {
        let [r, _] = rows(logits);
        let mut logsumexp = zeros(r);
        let mean = cross_entropy(&mut logsumexp, &numbers(logits), &ids(targets));
        [tensor(vec![mean], [1]), tensor(logsumexp, [r])]
    }

    fn cross_entropy_backward(
        logits: FlexTensor,
        targets: FlexTensor,
        logsumexp: FlexTensor,
        dy: FlexTensor,
    ) -> FlexTensor {
        let mut dlogits = zeros(logits.shape().num_elements());
        let scale = numbers(&dy)[0];
        cross_entropy_backward(&mut dlogits, &numbers(&logits), &ids(&targets), &numbers(&logsumexp), scale);
        tensor(dlogits, logits.shape())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, noise, slope, wide};

    #[test]
    fn the_loss_and_its_gradient_equal_their_twins() {
        let logits: Vec<f32> = noise(4 * 19, 1).iter().map(|x| 8.0 * x).collect();
        let targets = [3, 0, 18, 7];
        let twin = |logits: &[f64]| {
            let row = |(row, &target): (&[f64], &u32)| {
                row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[target as usize]
            };
            logits.chunks(19).zip(&targets).map(row).sum::<f64>() / 4.0
        };
        let (mut lse, mut dlogits) = ([0.0; 4], vec![0.0; 4 * 19]);
        let loss = cross_entropy(&mut lse, &logits, &targets);
        close(&[loss], &[twin(&wide(&logits))], 1e-6);
        cross_entropy_backward(&mut dlogits, &logits, &targets, &lse, 1.0);
        close(&dlogits, &slope(&wide(&logits), twin), 1e-6);
    }
}
