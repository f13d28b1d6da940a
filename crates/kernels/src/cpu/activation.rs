//! GELU in its tanh form (Hendrycks and Gimpel, 2016) and SwiGLU (Shazeer, 2020), with their gradients.
//! `gelu(x) = x sigmoid(2 u)` with `u = sqrt(2 / pi) (x + 0.044715 x^3)`, for `(1 + tanh u) / 2 = sigmoid(2 u)`.

use crate::cpu::math::sigmoid;

/// Twice the square root of 2 over pi.
const SCALE: f32 = 1.595_769;
const CUBE: f32 = 0.044_715;

/// `y = gelu(x)`.
pub fn gelu(y: &mut [f32], x: &[f32]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = x * sigmoid(SCALE * (x + CUBE * x * x * x));
    }
}

/// `dx *= gelu'(x)`, where `dx` holds the gradient with respect to `gelu(x)`.
pub fn gelu_backward(dx: &mut [f32], x: &[f32]) {
    for (dx, &x) in dx.iter_mut().zip(x) {
        let s = sigmoid(SCALE * (x + CUBE * x * x * x));
        *dx *= s + x * s * (1.0 - s) * SCALE * (1.0 + 3.0 * CUBE * x * x);
    }
}

/// `y = silu(gate) up`, with `silu(x) = x sigmoid(x)`.
pub fn swiglu(y: &mut [f32], gate: &[f32], up: &[f32]) {
    for ((y, &gate), up) in y.iter_mut().zip(gate).zip(up) {
        *y = gate * sigmoid(gate) * up;
    }
}

/// `dgate = dy up silu'(gate)`, `dup = dy silu(gate)`.
pub fn swiglu_backward(dgate: &mut [f32], dup: &mut [f32], dy: &[f32], gate: &[f32], up: &[f32]) {
    for ((((dgate, dup), dy), &gate), up) in dgate.iter_mut().zip(dup).zip(dy).zip(gate).zip(up) {
        let s = sigmoid(gate);
        *dgate = dy * up * s * (1.0 + gate * (1.0 - s));
        *dup = dy * gate * s;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, dot, noise, slope, wide};

    fn gelu64(x: &f64) -> f64 {
        0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh())
    }

    fn silu64(x: &f64) -> f64 {
        x / (1.0 + (-x).exp())
    }

    #[test]
    fn gelu_equals_its_twin_over_its_range() {
        let x: Vec<f32> = (-12_000..=12_000).map(|i| i as f32 * 1e-3).collect();
        let mut y = vec![0.0; x.len()];
        gelu(&mut y, &x);
        for (y, x) in y.iter().zip(&x) {
            let exact = gelu64(&f64::from(*x));
            let error = (f64::from(*y) - exact).abs() / exact.abs().max(1.0);
            assert!(error < 3e-7, "gelu({x}) is off by {error:e}");
        }
        let mut far = [0.0; 2];
        gelu(&mut far, &[-1e4, 1e4]);
        assert!(far[0].abs() < 1e-30 && far[1] == 1e4);
    }

    #[test]
    fn gradients_are_slopes() {
        let (x, up, dy) = (noise(99, 1), noise(99, 2), noise(99, 3));
        let x: Vec<f32> = x.iter().map(|x| 4.0 * x).collect();
        let mut dx = dy.clone();
        gelu_backward(&mut dx, &x);
        let slopes = slope(&wide(&x), |x| dot(&x.iter().map(gelu64).collect::<Vec<_>>(), &dy));
        close(&dx, &slopes, 1e-6);
        let twin = |gate: &[f64], up: &[f64]| {
            let y: Vec<f64> = gate.iter().zip(up).map(|(gate, up)| silu64(gate) * up).collect();
            dot(&y, &dy)
        };
        let (mut dgate, mut dup) = (vec![0.0; 99], vec![0.0; 99]);
        swiglu_backward(&mut dgate, &mut dup, &dy, &x, &up);
        close(&dgate, &slope(&wide(&x), |gate| twin(gate, &wide(&up))), 1e-6);
        close(&dup, &slope(&wide(&up), |up| twin(&wide(&x), up)), 1e-6);
        let mut y = vec![0.0; 99];
        swiglu(&mut y, &x, &up);
        let expected: Vec<f64> =
            x.iter().zip(&up).map(|(x, up)| silu64(&f64::from(*x)) * f64::from(*up)).collect();
        close(&y, &expected, 1e-6);
    }
}
