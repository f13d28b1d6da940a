//! The measurement of the devices before a model is given to one: which tiles suit the GPU, and how fast each
//! device is at a model's matrix products. Takes about a second on a slow adapter; the result can be kept.

use crate::Result;
use serde::{Deserialize, Serialize};
use tadpole_gpt::{Device, ModelConfig, TILES, Tensor, Tile, product, set_tiles, wait};
use ts_rs::TS;
use web_time::Instant;

/// Sizes [M, N, K] of products that represent a model's: a gradient of weights and activations times weights,
/// for a slow device and for one that does those within [`FAST_SECONDS`]; the row of decoding; and one so
/// small that it costs only its launch.
const SLOW_SIZES: [[usize; 3]; 2] = [[128, 128, 128], [512, 256, 64]];
const FAST_SIZES: [[usize; 3]; 2] = [[128, 128, 1_024], [2_048, 512, 256]];
const FAST_SECONDS: f64 = 1e-3;
const ROW: [usize; 3] = [1, 1_024, 1_024];
const TINY: [usize; 3] = [8, 8, 8];
/// A product is repeated for this long, so that waiting for the answer is a small part of it.
const ENOUGH_SECONDS: f64 = 0.015;
const MOST_REPEATS: usize = 256;
/// After this many seconds no other tile is tried: software adapters take a second to compile one.
const PATIENCE_SECONDS: f64 = 1.0;
/// A tile this many times slower than another in small products is not tried in large ones.
const HOPELESS: f64 = 4.0;
/// The share of products in a training step, on either device.
const SHARE_OF_PRODUCTS: f64 = 0.75;

/// How fast a device is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Speed {
    /// Billions of operations a second in products of matrices.
    pub gigaflops: f64,
    /// The same for one row times a matrix.
    pub row_gigaflops: f64,
    /// Milliseconds of the smallest product.
    pub launch_ms: f64,
}

/// What a tile came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    pub tile: String,
    /// Billions of operations a second in a small product; 0 if it was not tried.
    pub small: f64,
    /// The same in a large one.
    pub large: f64,
}

/// What was measured on an adapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// The adapter's name: the results apply to no other.
    pub adapter: String,
    /// Every tile.
    pub trials: Vec<Trial>,
    pub cpu: Speed,
    /// The GPU, in the tiles that suit it.
    pub gpu: Speed,
}

impl Calibration {
    /// Measures a GPU with that name and the CPU, and sets the tiles.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn measure(gpu: &Device, adapter: &str) -> Result<Self> {
        let start = Instant::now();
        set_tiles(TILES[0], TILES[0]);
        let is_fast = seconds(gpu, SLOW_SIZES[1]).await? < FAST_SECONDS;
        let [small_size, large_size] = if is_fast { FAST_SIZES } else { SLOW_SIZES };
        let mut trials: Vec<Trial> = vec![];
        for tile in TILES {
            set_tiles(tile, tile);
            let best = trials.iter().map(|trial| trial.small).fold(0.0, f64::max);
            let [mut small, mut large] = [0.0; 2];
            if start.elapsed().as_secs_f64() < PATIENCE_SECONDS {
                small = rate(gpu, small_size).await?;
                if small * HOPELESS > best {
                    large = rate(gpu, large_size).await?;
                }
            }
            trials.push(Trial { tile: tile.name.into(), small, large });
        }
        let cpu = speed(&Device::flex(), SLOW_SIZES[1]).await?;
        let mut found = Self { adapter: adapter.into(), trials, cpu, gpu: cpu };
        found.use_tiles();
        found.gpu = speed(gpu, large_size).await?;
        Ok(found)
    }

    /// The kept result, if it is for this adapter and the current tiles; sets the tiles.
    pub fn kept(text: &str, adapter: &str) -> Option<Self> {
        let kept: Self = serde_json::from_str(text).ok()?;
        let fits = kept.adapter == adapter
            && kept.trials.iter().map(|trial| trial.tile.as_str()).eq(TILES.iter().map(|tile| tile.name));
        fits.then(|| {
            kept.use_tiles();
            kept
        })
    }

    /// In the form that [`Calibration::kept`] reads.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names and numbers serialize")
    }

    /// The best tile for small products and for large ones.
    pub fn tiles(&self) -> [&str; 2] {
        [|trial: &Trial| trial.small, |trial: &Trial| trial.large].map(|rate| {
            let best = self.trials.iter().max_by(|a, b| rate(a).total_cmp(&rate(b)));
            best.map_or(TILES[0].name, |trial| trial.tile.as_str())
        })
    }

    fn use_tiles(&self) {
        let [small, large] = self.tiles().map(|name| Tile::named(name).unwrap_or(TILES[0]));
        set_tiles(small, large);
    }
}

impl Speed {
    /// The expected milliseconds of a training step.
    pub fn step_ms(&self, model: &ModelConfig, batch_size: usize) -> f64 {
        let tokens = (batch_size * model.context_length) as f64;
        let products = 3.0 * model.matmul_operations() * tokens / (self.gigaflops * 1e6);
        self.launch_ms * model.step_launches() as f64 + products / SHARE_OF_PRODUCTS
    }

    /// The expected milliseconds of a token.
    pub fn token_ms(&self, model: &ModelConfig) -> f64 {
        self.launch_ms * model.token_launches() as f64
            + model.matmul_operations() / (self.row_gigaflops * 1e6)
    }
}

async fn speed(device: &Device, sizes: [usize; 3]) -> Result<Speed> {
    Ok(Speed {
        gigaflops: rate(device, sizes).await?,
        row_gigaflops: rate(device, ROW).await?,
        launch_ms: 1e3 * seconds(device, TINY).await?,
    })
}

/// Billions of operations a second.
async fn rate(device: &Device, sizes: [usize; 3]) -> Result<f64> {
    let [m, n, k] = sizes.map(|size| size as f64);
    Ok(2.0 * m * n * k / seconds(device, sizes).await? / 1e9)
}

/// Seconds of a product.
async fn seconds(device: &Device, [m, n, k]: [usize; 3]) -> Result<f64> {
    let wave = |rows, columns| {
        let values: Vec<f32> = (0..rows * columns).map(|i| (i as f32).sin()).collect();
        Tensor::<1>::from_floats(values.as_slice(), device).reshape([rows, columns])
    };
    let factors = [wave(m, k), wave(k, n)];
    repeat(&factors, 1).await?; // compiles the kernel
    let mut repeats = 1;
    loop {
        let seconds = repeat(&factors, repeats).await?;
        if seconds >= ENOUGH_SECONDS || repeats >= MOST_REPEATS {
            return Ok(seconds / repeats as f64);
        }
        repeats *= 4;
    }
}

/// Seconds for this many products, until the device has done them.
async fn repeat([a, b]: &[Tensor<2>; 2], times: usize) -> Result<f64> {
    let start = Instant::now();
    let mut last = product(a.clone(), b.clone());
    (1..times).for_each(|_| last = product(a.clone(), b.clone()));
    wait(last).await?;
    Ok(start.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;

    /// A calibration whose "GPU" is also the CPU: the measurements are real, only the adapter is not.
    fn measured() -> Calibration {
        block_on(Calibration::measure(&Device::flex(), "adapter")).expect("the CPU computes")
    }

    #[test]
    fn what_was_measured_is_kept_for_its_adapter() {
        let measured = measured();
        assert_eq!(measured.trials.len(), TILES.len());
        assert!(measured.cpu.gigaflops > 0.0 && measured.gpu.launch_ms > 0.0);
        let text = measured.to_json();
        let kept = Calibration::kept(&text, "adapter").expect("it is of this adapter");
        assert_eq!(kept.tiles(), measured.tiles());
        assert!((kept.gpu.gigaflops / measured.gpu.gigaflops - 1.0).abs() < 1e-9);
        for (text, adapter) in [(text.as_str(), "another"), ("{}", "adapter"), ("", "adapter")] {
            assert_eq!(Calibration::kept(text, adapter), None);
        }
    }

    #[test]
    fn a_device_of_many_launches_is_for_large_models() {
        let cpu = Speed { gigaflops: 20.0, row_gigaflops: 6.0, launch_ms: 0.001 };
        let gpu = Speed { gigaflops: 1_000.0, row_gigaflops: 100.0, launch_ms: 0.2 };
        let [small, large] = [2, 512].map(|width| ModelConfig {
            d_model: 8 * width,
            d_ff: 32 * width,
            ..ModelConfig::preset("nano").expect("a preset")
        });
        assert!(cpu.step_ms(&small, 1) < gpu.step_ms(&small, 1));
        assert!(cpu.step_ms(&large, 8) > gpu.step_ms(&large, 8));
        assert!(cpu.token_ms(&small) < gpu.token_ms(&small));
    }
}
