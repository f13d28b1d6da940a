//! One row through a matrix, as in decoding: each weight is read once, so memory sets the pace. Eight rows an
//! eighth of the matrix apart are read side by side, each in order, which keeps more of the memory busy than
//! neighbours do.

use crate::cpu::math::dot;
use std::array::from_fn;

/// `out[N] += x[K] w[K, N]`: eight rows of `w` at a time, so that `out` is read and written an eighth as often.
pub(crate) fn matmul(out: &mut [f32], x: &[f32], w: &[f32]) {
    let n = out.len();
    let eighth = x.len() / 8;
    for row in 0..eighth {
        let x = from_fn(|i| x[i * eighth + row]);
        add_eight(out, x, from_fn(|i| &w[(i * eighth + row) * n..][..n]));
    }
    for (x, w) in x.iter().zip(w.chunks(n)).skip(8 * eighth) {
        out.iter_mut().zip(w).for_each(|(out, w)| *out += x * w);
    }
}

/// `out[N] += x[8] w[8, N]`.
fn add_eight(out: &mut [f32], x: [f32; 8], [w0, w1, w2, w3, w4, w5, w6, w7]: [&[f32]; 8]) {
    let [x0, x1, x2, x3, x4, x5, x6, x7] = x;
    let low = w0.iter().zip(w1).zip(w2).zip(w3);
    let high = w4.iter().zip(w5).zip(w6).zip(w7);
    for ((out, (((w0, w1), w2), w3)), (((w4, w5), w6), w7)) in out.iter_mut().zip(low).zip(high) {
        // Two separate sums, so that every product except one can be fused with its sum.
        let low = *out + x0 * w0 + x1 * w1 + x2 * w2 + x3 * w3;
        *out = low + (x4 * w4 + x5 * w5 + x6 * w6 + x7 * w7);
    }
}

/// `out[N] = x[K] w[N, K]^T`: a dot product for each row of `w`.
pub(crate) fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32]) {
    for (out, w) in out.iter_mut().zip(w.chunks(x.len())) {
        *out = dot(x, w);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, noise};

    #[test]
    fn a_row_equals_its_f64_twin() {
        for [k, n] in [[1, 1], [3, 5], [8, 8], [64, 65], [67, 192]] {
            let (x, w) = (noise(k, 1), noise(k * n, 2));
            let twin = |begin: f64, at: &dyn Fn(usize, usize) -> usize| -> Vec<f64> {
                let sum = |j| (0..k).map(|i| f64::from(x[i]) * f64::from(w[at(i, j)])).sum::<f64>();
                (0..n).map(|j| begin + sum(j)).collect()
            };
            let (mut out, mut transposed) = (vec![2.0; n], vec![2.0; n]);
            matmul(&mut out, &x, &w);
            matmul_transposed(&mut transposed, &x, &w);
            close(&out, &twin(2.0, &|i, j| i * n + j), 1e-6);
            close(&transposed, &twin(0.0, &|i, j| j * k + i), 1e-6);
        }
    }
}
