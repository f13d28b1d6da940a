//! Initial weights: drawn on the host in the layout's order, so that every device begins with the same ones.

use crate::ModelConfig;
use crate::layout::{First, Layout};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

/// Makes the parameters of a layout; without a generator, matrices of zeros.
pub(crate) struct Init {
    layout: Layout,
    rng: Option<ChaCha8Rng>,
    /// The device for the parameters.
    pub device: Device,
}

impl Init {
    /// Weights that depend only on `seed`.
    pub fn random(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        Self { rng: Some(ChaCha8Rng::seed_from_u64(seed)), ..Self::zeros(config, device) }
    }

    /// Weights to be overwritten by loading.
    pub fn zeros(config: &ModelConfig, device: &Device) -> Self {
        Self { layout: Layout::of(config), rng: None, device: device.clone() }
    }

    /// The parameter with that name, which the layout must have.
    pub fn param<const D: usize>(&mut self, name: &str) -> Param<Tensor<D>> {
        self.optional(name).unwrap_or_else(|| panic!("the layout has {name}"))
    }

    /// The parameter with that name, if the layout has one.
    pub fn optional<const D: usize>(&mut self, name: &str) -> Option<Param<Tensor<D>>> {
        let (shape, first) = self.layout.find(name)?.1.first();
        let shape: [usize; D] = shape.try_into().expect("the module has the layout's dimensions");
        let tensor = match (first, &mut self.rng) {
            (First::Constant(value), _) => Tensor::full(shape, value, &self.device),
            (First::Normal(_), None) => Tensor::zeros(shape, &self.device),
            (First::Normal(deviation), Some(rng)) => {
                let normal = Normal::new(0.0, deviation).expect("a fixed positive deviation is valid");
                let len = shape.iter().product();
                let values: Vec<f32> = (0..len).map(|_| normal.sample(rng) as f32).collect();
                Tensor::from_data(TensorData::new(values, shape), &self.device)
            }
        };
        Some(Param::from_tensor(tensor))
    }
}
