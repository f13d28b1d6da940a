//! Shared by the tests: repeatable noise, comparison with an f64 twin, gradients by central differences.

/// `count` repeatable values in [-1, 1).
pub(crate) fn noise(count: usize, seed: u32) -> Vec<f32> {
    let value = |i| f64::from(crate::dropout::mix(i ^ crate::dropout::mix(seed))) / 2f64.powi(31) - 1.0;
    (0..count as u32).map(|i| value(i) as f32).collect()
}

/// The values in f64.
pub(crate) fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// The sum of `a[i] b[i]`: a loss whose gradient with respect to `a` is `b`.
pub(crate) fn dot(a: &[f64], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, &b)| a * f64::from(b)).sum()
}

/// Asserts that every value is within `tolerance` of the expected one, relative to the larger of 1 and the
/// largest expected value.
#[track_caller]
pub(crate) fn close(values: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(values.len(), expected.len());
    let scale = expected.iter().fold(1.0, |a: f64, b| a.max(b.abs()));
    for (i, (&value, expected)) in values.iter().zip(expected).enumerate() {
        let error = (f64::from(value) - expected).abs() / scale;
        assert!(error <= tolerance, "at {i}: {value} instead of {expected}, off by {error:e} of {scale}");
    }
}

/// The gradient of `f` at `x`, by central differences in f64.
pub(crate) fn slope(x: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let mut moved = x.to_vec();
    let mut at = |i: usize| {
        let [up, down] = [STEP, -STEP].map(|step| {
            moved[i] = x[i] + step;
            f(&moved)
        });
        moved[i] = x[i];
        (up - down) / (2.0 * STEP)
    };
    (0..x.len()).map(&mut at).collect()
}
