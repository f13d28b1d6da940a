//! Whether a device computes the same as the CPU: checked before a model is trusted to it.

use tadpole_gpt::{Device, Tensor, product};

/// The largest difference that counts as rounding.
const TOLERANCE: f32 = 1e-3;

/// Compares a matrix product with sizes that fill no tile with the CPU's.
///
/// # Errors
/// The difference, in words.
pub async fn check_device(device: &Device) -> Result<(), String> {
    let [m, k, n] = [33, 19, 29];
    let wave = |len: usize, pace: f32| (0..len).map(|i| (i as f32 * pace).sin()).collect::<Vec<_>>();
    let (a, b) = (wave(m * k, 0.7), wave(k * n, 0.3));
    let on = |device: &Device| {
        let tensor = |values: &[f32]| Tensor::<1>::from_floats(values, device);
        product(tensor(&a).reshape([m, k]), tensor(&b).reshape([k, n])).into_data_async()
    };
    let found = on(device).await.map_err(|e| e.to_string())?;
    let expected = on(&Device::flex()).await.map_err(|e| e.to_string())?;
    let pairs: Vec<(f32, f32)> = found.iter::<f32>().zip(expected.iter::<f32>()).collect();
    if pairs.len() != m * n {
        return Err(format!("{} numbers of {}", pairs.len(), m * n));
    }
    let differs = |a: f32, b: f32| (a - b).is_nan() || (a - b).abs() > TOLERANCE;
    match pairs.iter().find(|(a, b)| differs(*a, *b)) {
        Some((a, b)) => Err(format!("{a} where {b} is right")),
        None => Ok(()),
    }
}
