//! Layer norm (Ba, Kiros and Hinton, 2016) and RMS norm (Zhang and Sennrich, 2019) over rows [R, C], with gradients.
//! `y = h gamma + beta` with `h = (x - mean) rstd`; then, with `g = dy gamma`,
//! `dx = rstd (g - mean(g) - h mean(g h))`. RMS norm is the same with every mean of `x` and of `g`, and beta, at 0.

use crate::cpu::math::{dot, sum_of};
use crate::cpu::tensors::{numbers, rows, tensor, zeros};
use crate::norm::{EPSILON, NormKernels, Saved};
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

/// Layer norm, or RMS norm if not `centred`.
pub fn norm(
    y: &mut [f32],
    [mean, deviation]: [&mut [f32]; 2],
    x: &[f32],
    weight: &[f32],
    bias: Option<&[f32]>,
    centred: bool,
) {
    if centred {
        layer_norm(y, [mean, deviation], x, weight, bias);
    } else {
        rms_norm(y, deviation, x, weight);
    }
}

/// `y[R, C]`, and for the backward pass `mean[R]` and `rstd[R]`; C is the length of `gamma`.
pub fn layer_norm(
    y: &mut [f32],
    [mean, rstd]: [&mut [f32]; 2],
    x: &[f32],
    gamma: &[f32],
    beta: Option<&[f32]>,
) {
    let c = gamma.len();
    for (((y, x), mean), rstd) in y.chunks_exact_mut(c).zip(x.chunks_exact(c)).zip(mean).zip(rstd) {
        *mean = sum_of(x, |x| x) / c as f32;
        let middle = *mean;
        *rstd = 1.0 / (sum_of(x, |x| (x - middle) * (x - middle)) / c as f32 + EPSILON).sqrt();
        scale(y, x, gamma, beta, [*mean, *rstd]);
    }
}

/// `y[R, C]`, and for the backward pass `rstd[R]`; C is the length of `gamma`.
pub fn rms_norm(y: &mut [f32], rstd: &mut [f32], x: &[f32], gamma: &[f32]) {
    let c = gamma.len();
    for ((y, x), rstd) in y.chunks_exact_mut(c).zip(x.chunks_exact(c)).zip(rstd) {
        *rstd = 1.0 / (sum_of(x, |x| x * x) / c as f32 + EPSILON).sqrt();
        scale(y, x, gamma, None, [0.0, *rstd]);
    }
}

/// `y = (x - mean) rstd gamma + beta` on one row.
fn scale(y: &mut [f32], x: &[f32], gamma: &[f32], beta: Option<&[f32]>, [mean, rstd]: [f32; 2]) {
    for ((y, x), gamma) in y.iter_mut().zip(x).zip(gamma) {
        *y = (x - mean) * rstd * gamma;
    }
    if let Some(beta) = beta {
        y.iter_mut().zip(beta).for_each(|(y, beta)| *y += beta);
    }
}

/// `dx[R, C] +=`, `dgamma[C] +=`, `dbeta[C] +=` from `dy[R, C]`; `mean` and `rstd` from the forward pass.
pub fn layer_norm_backward(
    dx: &mut [f32],
    dgamma: &mut [f32],
    dbeta: Option<&mut [f32]>,
    dy: &[f32],
    x: &[f32],
    [mean, rstd]: [&[f32]; 2],
    gamma: &[f32],
) {
    let c = gamma.len();
    let mut row = Row::new(c);
    for (r, dx) in dx.chunks_exact_mut(c).enumerate() {
        let (dy, x) = (&dy[r * c..][..c], &x[r * c..][..c]);
        row.read(dgamma, dy, x, gamma, [mean[r], rstd[r]]);
        row.write(dx, sum_of(&row.g, |g| g) / c as f32, rstd[r]);
    }
    if let Some(dbeta) = dbeta {
        for dy in dy.chunks_exact(c) {
            dbeta.iter_mut().zip(dy).for_each(|(dbeta, dy)| *dbeta += dy);
        }
    }
}

/// `dx[R, C] +=`, `dgamma[C] +=` from `dy[R, C]`; `rstd` from the forward pass.
pub fn rms_norm_backward(
    dx: &mut [f32],
    dgamma: &mut [f32],
    dy: &[f32],
    x: &[f32],
    rstd: &[f32],
    gamma: &[f32],
) {
    let c = gamma.len();
    let mut row = Row::new(c);
    for (r, dx) in dx.chunks_exact_mut(c).enumerate() {
        let (dy, x) = (&dy[r * c..][..c], &x[r * c..][..c]);
        row.read(dgamma, dy, x, gamma, [0.0, rstd[r]]);
        row.write(dx, 0.0, rstd[r]);
    }
}

/// One row of `g` and `h`.
struct Row {
    g: Vec<f32>,
    h: Vec<f32>,
}

impl Row {
    fn new(c: usize) -> Self {
        Self { g: vec![0.0; c], h: vec![0.0; c] }
    }

    /// `h = (x - mean) rstd`, `g = dy gamma`, `dgamma += dy h`.
    fn read(&mut self, dgamma: &mut [f32], dy: &[f32], x: &[f32], gamma: &[f32], [mean, rstd]: [f32; 2]) {
        for ((h, x), (dgamma, dy)) in self.h.iter_mut().zip(x).zip(dgamma.iter_mut().zip(dy)) {
            *h = (x - mean) * rstd;
            *dgamma += dy * *h;
        }
        self.g.iter_mut().zip(dy).zip(gamma).for_each(|((g, dy), gamma)| *g = dy * gamma);
    }

    /// `dx += rstd (g - mean(g) - h mean(g h))`.
    fn write(&self, dx: &mut [f32], mean_g: f32, rstd: f32) {
        let mean_gh = dot(&self.g, &self.h) / self.g.len() as f32;
        for ((dx, g), h) in dx.iter_mut().zip(&self.g).zip(&self.h) {
            *dx += rstd * (g - mean_g - h * mean_gh);
        }
    }
}

impl NormKernels for Flex {
    fn norm_forward(
        x: &FlexTensor,
        weight: &FlexTensor,
        bias: Option<&FlexTensor>,
        centred: bool,
    ) -> [FlexTensor; 2] {
        let [r, c] = rows(x);
        let (mut y, mut statistics) = (zeros(r * c), zeros(2 * r));
        let (mean, deviation) = statistics.split_at_mut(r);
        let bias = bias.map(numbers);
        norm(&mut y, [mean, deviation], &numbers(x), &numbers(weight), bias.as_deref(), centred);
        [tensor(y, x.shape()), tensor(statistics, [2, r])]
    }

    fn norm_backward(saved: &Saved<Self>, dy: FlexTensor) -> Vec<FlexTensor> {
        let [r, c] = rows(&saved.x);
        let (mut dx, mut dweight, mut dbias) = (zeros(r * c), zeros(c), saved.bias.then(|| zeros(c)));
        let (x, weight, dy) = (numbers(&saved.x), numbers(&saved.weight), numbers(&dy));
        let statistics = numbers(&saved.statistics);
        let (mean, deviation) = statistics.split_at(r);
        if saved.centred {
            let parts = [mean, deviation];
            layer_norm_backward(&mut dx, &mut dweight, dbias.as_deref_mut(), &dy, &x, parts, &weight);
        } else {
            rms_norm_backward(&mut dx, &mut dweight, &dy, &x, deviation, &weight);
        }
        let dbias = dbias.map(|dbias| tensor(dbias, [c]));
        [tensor(dx, saved.x.shape()), tensor(dweight, [c])].into_iter().chain(dbias).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, noise, slope, wide};

    const R: usize = 3;
    const C: usize = 37;

    /// The norm in f64; without `beta`, RMS norm.
    fn twin(x: &[f64], gamma: &[f64], beta: Option<&[f64]>) -> Vec<f64> {
        let row = |x: &[f64]| {
            let mean = beta.map_or(0.0, |_| x.iter().sum::<f64>() / C as f64);
            let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / C as f64;
            let rstd = 1.0 / (variance + f64::from(EPSILON)).sqrt();
            let y = |c: usize| (x[c] - mean) * rstd * gamma[c] + beta.map_or(0.0, |beta| beta[c]);
            (0..C).map(y).collect::<Vec<_>>()
        };
        x.chunks(C).flat_map(row).collect()
    }

    fn loss(x: &[f64], gamma: &[f64], beta: Option<&[f64]>, dy: &[f32]) -> f64 {
        crate::cpu::twin::dot(&twin(x, gamma, beta), dy)
    }

    #[test]
    fn layer_norm_and_its_gradients_equal_their_twins() {
        let (x, gamma, beta, dy) = (noise(R * C, 1), noise(C, 2), noise(C, 3), noise(R * C, 4));
        let (x64, gamma64, beta64) = (wide(&x), wide(&gamma), wide(&beta));
        let (mut y, mut mean, mut rstd) = (vec![0.0; R * C], [0.0; R], [0.0; R]);
        layer_norm(&mut y, [&mut mean, &mut rstd], &x, &gamma, Some(&beta));
        close(&y, &twin(&x64, &gamma64, Some(&beta64)), 2e-6);
        let (mut dx, mut dgamma, mut dbeta) = (vec![1.0; R * C], vec![0.0; C], vec![0.0; C]);
        layer_norm_backward(&mut dx, &mut dgamma, Some(&mut dbeta), &dy, &x, [&mean, &rstd], &gamma);
        dx.iter_mut().for_each(|dx| *dx -= 1.0);
        close(&dx, &slope(&x64, |x| loss(x, &gamma64, Some(&beta64), &dy)), 2e-6);
        close(&dgamma, &slope(&gamma64, |gamma| loss(&x64, gamma, Some(&beta64), &dy)), 2e-6);
        close(&dbeta, &slope(&beta64, |beta| loss(&x64, &gamma64, Some(beta), &dy)), 2e-6);
    }

    #[test]
    fn rms_norm_and_its_gradients_equal_their_twins() {
        let (x, gamma, dy) = (noise(R * C, 1), noise(C, 2), noise(R * C, 4));
        let (x64, gamma64) = (wide(&x), wide(&gamma));
        let (mut y, mut rstd) = (vec![0.0; R * C], [0.0; R]);
        rms_norm(&mut y, &mut rstd, &x, &gamma);
        close(&y, &twin(&x64, &gamma64, None), 2e-6);
        let (mut dx, mut dgamma) = (vec![0.0; R * C], vec![0.0; C]);
        rms_norm_backward(&mut dx, &mut dgamma, &dy, &x, &rstd, &gamma);
        close(&dx, &slope(&x64, |x| loss(x, &gamma64, None, &dy)), 2e-6);
        close(&dgamma, &slope(&gamma64, |gamma| loss(&x64, gamma, None, &dy)), 2e-6);
    }
}
