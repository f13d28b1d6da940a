//! `exp` and `sigmoid` without branches, which the compiler can vectorise, and sums in a fixed order of
//! lanes. exp: Cody and Waite reduction, then a polynomial with minimal relative error; short chains, for
//! speed.

const LANES: usize = 8;

/// `e^x`, to a relative 2e-7 in [-80, 87]; values beyond are clamped. NaN stays NaN.
///
/// The lower end is far enough from the subnormal numbers, which processors handle slowly, for a few more
/// products.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding it leaves the nearest whole number in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = if x > 87.0 { 87.0 } else { x };
    let x = if x < -80.0 { -80.0 } else { x };
    let t = x * std::f32::consts::LOG2_E + ROUND;
    let n = t - ROUND;
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4; // in [-ln 2 / 2, ln 2 / 2]
    let r2 = r * r;
    let high = 4.189_033_6e-2 + 8.312_503e-3 * r;
    let low = 0.499_992_3 + 0.166_671_15 * r;
    let y = 1.0 + (r + r2 * (low + r2 * high));
    f32::from_bits(y.to_bits().wrapping_add(t.to_bits() << 23)) // times 2^n
}

/// `1 / (1 + e^-x)`.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The sum over lanes of `f(x[i])`, then over the lanes: the same order on every machine.
#[inline(always)]
pub(crate) fn sum_of(x: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [0.0f32; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += f(*x);
        }
    }
    rest.iter().fold(fold(lanes), |sum, x| sum + f(*x))
}

/// The sum of `f(a[i], b[i])`, in the order of [`sum_of`].
#[inline(always)]
pub(crate) fn sum_of_pairs(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut lanes = [0.0f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += f(*a, *b);
        }
    }
    a_rest.iter().zip(b_rest).fold(fold(lanes), |sum, (a, b)| sum + f(*a, *b))
}

/// The dot product.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum_of_pairs(a, b, |a, b| a * b)
}

/// The largest value; -infinity if empty.
#[inline(always)]
pub(crate) fn max(x: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if a > b { a } else { b };
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = larger(*lane, *x);
        }
    }
    for half in [4, 2, 1] {
        for i in 0..half {
            lanes[i] = larger(lanes[i], lanes[i + half]);
        }
    }
    rest.iter().fold(lanes[0], |top, x| larger(top, *x))
}

/// Halves the lanes until one is left.
#[inline(always)]
fn fold(lanes: [f32; LANES]) -> f32 {
    let mut lanes = lanes;
    for half in [4, 2, 1] {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
    }
    lanes[0]
}

/// The softmax of `scale x` for each row of `width`, in place; `add` gets each row's number and, in two
/// parts, the logarithm of its sum of `e^(scale x)`. One pass of `exp` for all rows, since short rows would
/// not fill the pipeline.
#[inline(always)]
pub(crate) fn softmax(x: &mut [f32], width: usize, scale: f32, mut add: impl FnMut(usize, f32)) {
    for (i, row) in x.chunks_exact_mut(width).enumerate() {
        let top = max(row);
        row.iter_mut().for_each(|x| *x = (*x - top) * scale);
        add(i, top * scale);
    }
    x.iter_mut().for_each(|x| *x = exp(*x));
    for (i, row) in x.chunks_exact_mut(width).enumerate() {
        let sum = sum_of(row, |x| x);
        let inverse = 1.0 / sum;
        row.iter_mut().for_each(|x| *x *= inverse);
        add(i, sum.ln());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest error over [-12, 12], relative where the value exceeds 1.
    fn worst(f: fn(f32) -> f32, twin: fn(f64) -> f64) -> f64 {
        let error = |i: i32| {
            let x = i as f32 * 1e-4;
            let exact = twin(f64::from(x));
            (f64::from(f(x)) - exact).abs() / exact.abs().max(1.0)
        };
        (-120_000..=120_000).map(error).fold(0.0, f64::max)
    }

    #[test]
    fn errors_are_as_documented() {
        let [e, s] = [worst(exp, f64::exp), worst(sigmoid, |x| 1.0 / (1.0 + (-x).exp()))];
        assert!(e < 2e-7 && s < 2e-7, "exp {e:e}, sigmoid {s:e}");
        let relative = (-800..=870).map(|i| {
            let x = i as f32 * 0.1;
            (f64::from(exp(x)) / f64::from(x).exp() - 1.0).abs()
        });
        let relative = relative.fold(0.0, f64::max);
        assert!(relative < 2e-7, "exp over its whole range: {relative:e}");
    }

    #[test]
    fn extremes_are_kept_in_hand() {
        assert_eq!([exp(-1e9), exp(f32::NEG_INFINITY), exp(0.0)], [exp(-80.0), exp(-80.0), 1.0]);
        assert!(exp(1e9).is_finite() && exp(f32::INFINITY).is_finite());
        assert!(exp(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan());
        assert_eq!(sigmoid(40.0), 1.0);
        assert!(sigmoid(-100.0) < 1e-34);
    }

    #[test]
    fn sums_take_every_element_once() {
        for count in [0, 1, 15, 16, 17, 50] {
            let x: Vec<f32> = (0..count).map(|x| x as f32).collect();
            assert_eq!(sum_of(&x, |x| x), (count * (count - 1).max(0) / 2) as f32);
            assert_eq!(dot(&x, &x), x.iter().map(|x| x * x).sum::<f32>());
            assert_eq!(max(&x), x.last().copied().unwrap_or(f32::NEG_INFINITY));
        }
    }

    #[test]
    fn softmax_sums_to_one_and_returns_its_normaliser() {
        let (mut x, mut lse) = ([1.0, 2.0, -1e9, 500.0, 499.0], 0.0);
        softmax(&mut x, 5, 0.5, |_, part| lse += part);
        assert!((x.iter().sum::<f32>() - 1.0).abs() < 1e-6 && x[2] < 1e-34);
        assert!((lse - (250.0 + (1.0 + (-0.5f32).exp()).ln())).abs() < 1e-4);
    }
}
