//! One row through a matrix, as in decoding: each weight is read once and in order, so memory sets the pace.

use crate::cpu::math::dot;

/// `out[N] += x[K] w[K, N]`: four rows of `w` at a time, so that `out` is read and written a quarter as often.
pub(crate) fn matmul(out: &mut [f32], x: &[f32], w: &[f32]) {
    let n = out.len();
    for (x, w) in x.chunks(4).zip(w.chunks(4 * n)) {
        match *x {
            [x0, x1, x2, x3] => {
                let (w01, w23) = w.split_at(2 * n);
                let ((w0, w1), (w2, w3)) = (w01.split_at(n), w23.split_at(n));
                for ((((out, w0), w1), w2), w3) in out.iter_mut().zip(w0).zip(w1).zip(w2).zip(w3) {
                    *out += (x0 * w0 + x1 * w1) + (x2 * w2 + x3 * w3);
                }
            }
            _ => {
                for (x, w) in x.iter().zip(w.chunks(n)) {
                    out.iter_mut().zip(w).for_each(|(out, w)| *out += x * w);
                }
            }
        }
    }
}

/// `out[N] += x[K] w[N, K]^T`: a dot product for each row of `w`.
pub(crate) fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32]) {
    for (out, w) in out.iter_mut().zip(w.chunks(x.len())) {
        *out += dot(x, w);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, noise};

    #[test]
    fn a_row_equals_its_f64_twin() {
        for [k, n] in [[1, 1], [3, 5], [4, 8], [64, 65], [67, 192]] {
            let (x, w) = (noise(k, 1), noise(k * n, 2));
            let twin = |at: &dyn Fn(usize, usize) -> usize| -> Vec<f64> {
                let sum = |j| (0..k).map(|i| f64::from(x[i]) * f64::from(w[at(i, j)])).sum::<f64>();
                (0..n).map(|j| 2.0 + sum(j)).collect()
            };
            let (mut out, mut transposed) = (vec![2.0; n], vec![2.0; n]);
            matmul(&mut out, &x, &w);
            matmul_transposed(&mut transposed, &x, &w);
            close(&out, &twin(&|i, j| i * n + j), 1e-6);
            close(&transposed, &twin(&|i, j| j * k + i), 1e-6);
        }
    }
}
