//! AdamW (Loshchilov & Hutter, 2019) with decay on matrices only and global-norm clipping, as nanoGPT and PyTorch do it.
//! burn's own optimizer reads its state synchronously, which a browser cannot; here the moments are plain tensors.

use crate::config::TrainConfig;
use crate::{Gpt, params};
use burn::tensor::Tensor;

/// PyTorch's default.
const EPSILON: f64 = 1e-8;

/// First and second moments of every parameter, flat, in the order of [`params::infos`].
#[derive(Debug, Clone)]
pub struct AdamW {
    /// Running means of the gradients.
    pub first: Vec<Tensor<1>>,
    /// Running means of their squares.
    pub second: Vec<Tensor<1>>,
}

impl AdamW {
    /// Zero moments for a model.
    pub fn new(model: &Gpt) -> Self {
        let zeros: Vec<Tensor<1>> = params::flat(model).iter().map(Tensor::zeros_like).collect();
        Self { first: zeros.clone(), second: zeros }
    }

    /// Update `step` (counted from 0). `gradients` are flat, in the same order. Returns the model and the gradients'
    /// global norm before clipping, a tensor of one number that nobody has waited for.
    pub fn update(
        &mut self,
        model: Gpt,
        gradients: Vec<Tensor<1>>,
        config: &TrainConfig,
        step: usize,
    ) -> (Gpt, Tensor<1>) {
        let norm = global_norm(&gradients);
        let scale = (config.grad_clip > 0.0)
            .then(|| (norm.clone() + 1e-6).recip().mul_scalar(config.grad_clip).clamp_max(1.0));
        let rate = config.learning_rate_at(step);
        let [bias1, bias2] = [config.beta1, config.beta2].map(|beta| 1.0 - beta.powi(step as i32 + 1));
        let mut moments = self.first.iter_mut().zip(self.second.iter_mut()).zip(gradients);
        let model = params::map(model, |info, weight| {
            let ((first, second), gradient) = moments.next().expect("one gradient for each parameter");
            let gradient = match &scale {
                Some(scale) => gradient * scale.clone(),
                None => gradient,
            };
            first.inplace(|m| m * config.beta1 + gradient.clone() * (1.0 - config.beta1));
            second.inplace(|v| v * config.beta2 + gradient.square() * (1.0 - config.beta2));
            let denominator = second.clone().sqrt() / bias2.sqrt() + EPSILON;
            let decay = if info.shape.len() == 2 { 1.0 - rate * config.weight_decay } else { 1.0 };
            weight * decay - first.clone() / denominator * (rate / bias1)
        });
        (model, norm)
    }
}

/// The Euclidean norm of all gradients together, a tensor of one number.
fn global_norm(gradients: &[Tensor<1>]) -> Tensor<1> {
    let squares = gradients.iter().map(|gradient| gradient.clone().square().sum()).collect();
    Tensor::cat(squares, 0).sum().sqrt()
}
