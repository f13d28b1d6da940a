//! A linear map `y = x W + b`, with W [in, out] as in the checkpoints, and its gradients:
//! `dx = dy W^T`, `dW = x^T dy`, `db = sum over rows of dy`. A tied head reads the embedding [V, C] the other way.

use crate::cpu::activation;
use crate::cpu::matmul::{Begin, matmul, matmul_transposed, transposed_matmul};
use crate::cpu::tensors::{numbers, row_tensor, rows, tensor, zeros};
use crate::linear::LinearKernels;
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

/// `y[R, N] = x[R, K] w[K, N] + bias[N] + residual[R, N]`, with `shape` [R, K, N].
pub fn linear(
    y: &mut [f32],
    x: &[f32],
    w: &[f32],
    bias: Option<&[f32]>,
    residual: Option<&[f32]>,
    shape: [usize; 3],
) {
    matmul(y, x, w, shape, Begin { bias, residual });
}

/// `dx[R, K] = dy[R, N] w[K, N]^T`.
pub fn linear_dx(dx: &mut [f32], dy: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
    matmul_transposed(dx, dy, w, [r, n, k]);
}

/// `dw[K, N] = x[R, K]^T dy[R, N]`, `db[N] +=` the sums of the columns of `dy`.
pub fn linear_dw(dw: &mut [f32], db: Option<&mut [f32]>, x: &[f32], dy: &[f32], shape: [usize; 3]) {
    transposed_matmul(dw, x, dy, shape);
    if let Some(db) = db {
        add_column_sums(db, dy);
    }
}

/// Four rows at a time, so that `db` is read and written a quarter as often.
fn add_column_sums(db: &mut [f32], dy: &[f32]) {
    let n = db.len();
    for rows in dy.chunks(4 * n) {
        if rows.len() == 4 * n {
            let (r01, r23) = rows.split_at(2 * n);
            let ((r0, r1), (r2, r3)) = (r01.split_at(n), r23.split_at(n));
            for ((((db, r0), r1), r2), r3) in db.iter_mut().zip(r0).zip(r1).zip(r2).zip(r3) {
                *db += (r0 + r1) + (r2 + r3);
            }
        } else {
            for row in rows.chunks(n) {
                db.iter_mut().zip(row).for_each(|(db, dy)| *db += dy);
            }
        }
    }
}

/// The tied head: `logits[R, V] = x[R, C] wte[V, C]^T`, with `shape` [R, C, V].
pub fn tied_head(logits: &mut [f32], x: &[f32], wte: &[f32], shape: [usize; 3]) {
    matmul_transposed(logits, x, wte, shape);
}

/// `dx[R, C] = dlogits[R, V] wte[V, C]`, `dwte[V, C] = dlogits[R, V]^T x[R, C]`.
pub fn tied_head_backward(
    dx: &mut [f32],
    dwte: &mut [f32],
    dlogits: &[f32],
    x: &[f32],
    wte: &[f32],
    [r, c, v]: [usize; 3],
) {
    matmul(dx, dlogits, wte, [r, v, c], Begin::default());
    transposed_matmul(dwte, dlogits, x, [r, v, c]);
}

impl LinearKernels for Flex {
    fn forward(
        x: &FlexTensor,
        weight: &FlexTensor,
        bias: Option<&FlexTensor>,
        residual: Option<&FlexTensor>,
    ) -> FlexTensor {
        let ([r, k], n) = (rows(x), weight.shape()[1]);
        let (bias, residual) = (bias.map(numbers), residual.map(numbers));
        let mut y = zeros(r * n);
        linear(&mut y, &numbers(x), &numbers(weight), bias.as_deref(), residual.as_deref(), [r, k, n]);
        row_tensor(y, x, n)
    }

    fn backward(x: &FlexTensor, weight: &FlexTensor, bias: bool, dy: FlexTensor) -> Vec<FlexTensor> {
        let ([r, k], n) = (rows(x), weight.shape()[1]);
        let (mut dx, mut dw, mut db) = (zeros(r * k), zeros(k * n), bias.then(|| zeros(n)));
        let dy = numbers(&dy);
        linear_dx(&mut dx, &dy, &numbers(weight), [r, k, n]);
        linear_dw(&mut dw, db.as_deref_mut(), &numbers(x), &dy, [r, k, n]);
        let db = db.map(|db| tensor(db, [n]));
        [tensor(dx, x.shape()), tensor(dw, [k, n])].into_iter().chain(db).collect()
    }

    fn gelu_forward(x: &FlexTensor, weight: &FlexTensor, bias: Option<&FlexTensor>) -> [FlexTensor; 2] {
        let pre = Self::forward(x, weight, bias, None);
        let mut y = zeros(pre.shape().num_elements());
        activation::gelu(&mut y, &numbers(&pre));
        [tensor(y, pre.shape()), pre]
    }

    fn gelu_backward(pre: FlexTensor, dy: FlexTensor) -> FlexTensor {
        let mut dx = numbers(&dy).into_owned();
        activation::gelu_backward(&mut dx, &numbers(&pre));
        tensor(dx, pre.shape())
    }

    fn unembed_forward(x: &FlexTensor, weight: &FlexTensor) -> FlexTensor {
        let ([r, c], v) = (rows(x), weight.shape()[0]);
        let mut logits = zeros(r * v);
        tied_head(&mut logits, &numbers(x), &numbers(weight), [r, c, v]);
        row_tensor(logits, x, v)
    }

    fn unembed_backward(x: &FlexTensor, weight: &FlexTensor, dy: FlexTensor) -> Vec<FlexTensor> {
        let ([r, c], v) = (rows(x), weight.shape()[0]);
        let (mut dx, mut dw) = (zeros(r * c), zeros(v * c));
        tied_head_backward(&mut dx, &mut dw, &numbers(&dy), &numbers(x), &numbers(weight), [r, c, v]);
        vec![tensor(dx, x.shape()), tensor(dw, [v, c])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, dot, noise, slope, wide};

    const SHAPE: [usize; 3] = [5, 6, 9];

    /// `x w + bias + residual` in f64.
    fn twin(x: &[f64], w: &[f64], bias: &[f64], residual: &[f64]) -> Vec<f64> {
        let [r, k, n] = SHAPE;
        let sum = |i: usize, j: usize| (0..k).map(|l| x[i * k + l] * w[l * n + j]).sum::<f64>();
        (0..r * n).map(|at| residual[at] + bias[at % n] + sum(at / n, at % n)).collect()
    }

    #[test]
    fn values_and_gradients_equal_their_f64_twins() {
        let [r, k, n] = SHAPE;
        let [x, w, bias, residual] = [(r * k, 1), (k * n, 2), (n, 3), (r * n, 4)].map(|(n, s)| noise(n, s));
        let dy = noise(r * n, 5);
        let [x64, w64, bias64, residual64] = [&x, &w, &bias, &residual].map(|x| wide(x));
        let mut y = vec![7.0; r * n];
        linear(&mut y, &x, &w, Some(&bias), Some(&residual), SHAPE);
        close(&y, &twin(&x64, &w64, &bias64, &residual64), 1e-6);
        let (mut dx, mut dw, mut db) = (vec![7.0; r * k], vec![7.0; k * n], vec![0.0; n]);
        linear_dx(&mut dx, &dy, &w, SHAPE);
        linear_dw(&mut dw, Some(&mut db), &x, &dy, SHAPE);
        close(&dx, &slope(&x64, |x| dot(&twin(x, &w64, &bias64, &residual64), &dy)), 1e-6);
        close(&dw, &slope(&w64, |w| dot(&twin(&x64, w, &bias64, &residual64), &dy)), 1e-6);
        close(&db, &slope(&bias64, |bias| dot(&twin(&x64, &w64, bias, &residual64), &dy)), 1e-6);
    }

    #[test]
    fn the_tied_head_is_the_transposed_map() {
        let [r, c, v] = SHAPE;
        let (x, wte, dlogits) = (noise(r * c, 1), noise(v * c, 2), noise(r * v, 3));
        let weight: Vec<f64> = (0..c * v).map(|at| f64::from(wte[at % v * c + at / v])).collect(); // [C, V]
        let (bias, residual) = (vec![0.0; v], vec![0.0; r * v]);
        let mut logits = vec![7.0; r * v];
        tied_head(&mut logits, &x, &wte, SHAPE);
        close(&logits, &twin(&wide(&x), &weight, &bias, &residual), 1e-6);
        let (mut dx, mut dwte) = (vec![7.0; r * c], vec![1.0; v * c]);
        tied_head_backward(&mut dx, &mut dwte, &dlogits, &x, &wte, SHAPE);
        close(&dx, &slope(&wide(&x), |x| dot(&twin(x, &weight, &bias, &residual), &dlogits)), 1e-6);
        let dweight = slope(&weight, |w| dot(&twin(&wide(&x), w, &bias, &residual), &dlogits));
        let dwte64: Vec<f64> = (0..v * c).map(|at| dweight[at % c * v + at / c]).collect();
        close(&dwte, &dwte64, 1e-6);
    }
}
