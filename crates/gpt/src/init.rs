//! Initial weights: drawn on the host, so that every device begins with the same.

use crate::ModelConfig;
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

/// Makes parameters; without a generator, matrices of zeros.
pub(crate) struct Init {
    rng: Option<ChaCha8Rng>,
    /// Whether linear maps and layer norms have one.
    pub bias: bool,
    /// Where they are made.
    pub device: Device,
}

impl Init {
    /// Weights that depend on `seed` alone.
    pub fn random(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        Self { rng: Some(ChaCha8Rng::seed_from_u64(seed)), ..Self::zeros(config, device) }
    }

    /// Weights to be loaded over.
    pub fn zeros(config: &ModelConfig, device: &Device) -> Self {
        Self { rng: None, bias: config.bias, device: device.clone() }
    }

    /// A matrix from a normal distribution around 0.
    pub fn normal(&mut self, shape: [usize; 2], deviation: f64) -> Param<Tensor<2>> {
        let Some(rng) = &mut self.rng else {
            return Param::from_tensor(Tensor::zeros(shape, &self.device));
        };
        let normal = Normal::new(0.0, deviation).expect("a fixed positive deviation is valid");
        let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| normal.sample(rng) as f32).collect();
        Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), &self.device))
    }

    /// A vector of one value.
    pub fn constant(&self, len: usize, value: f32) -> Param<Tensor<1>> {
        Param::from_tensor(Tensor::full([len], value, &self.device))
    }
}
