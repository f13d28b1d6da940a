//! One AdamW update of all weights; the formula stands in the operation's file.

use crate::adamw::{EPSILON, RATES};

/// Updates weights and both moments [N] by gradients [N] of that norm; `rates` as the operation's `Rates` makes them. The first
/// `decayed` weights decay.
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
