//! AdamW with decay on matrices only and global-norm clipping, as nanoGPT and PyTorch do it. Weights and moments lie flat in
//! one tensor each, so that an update is one kernel; the model's parameters are views of the flat weights.
//! burn's own optimizer reads its state synchronously, which a browser cannot.

use crate::params::{self, ParamInfo, Source};
use crate::train_config::TrainConfig;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use std::sync::Arc;
use tadpole_kernels::{ALIGNMENT, Rates};

/// The weights and the moments of all parameters.
#[derive(Debug, Clone)]
pub struct AdamW {
    places: Arc<Places>,
    weights: Tensor<1>, // [N]
    first: Tensor<1>,   // [N]
    second: Tensor<1>,  // [N]
}

/// Where each parameter lies in the flat tensors: matrices first, because they alone decay.
#[derive(Debug)]
struct Places {
    /// Parameters by place, as indices into [`params::infos`].
    order: Vec<usize>,
    /// Where each place begins, and the end.
    offsets: Vec<usize>,
    /// Numbers of each place.
    lens: Vec<usize>,
    /// Where the matrices end.
    decayed: usize,
}

impl AdamW {
    /// Zero moments for a model.
    pub fn new<M: Module>(model: &M) -> Self {
        let zeros: Vec<Tensor<1>> = params::flat(model).iter().map(Tensor::zeros_like).collect();
        let places = Places::new(model);
        let [weights, first, second] =
            [params::flat(model), zeros.clone(), zeros].map(|list| places.flatten(&list));
        Self { places: Arc::new(places), weights, first, second }
    }

    /// With running means of the gradients and of their squares: what `source` holds under the parameters' names after one and the
    /// other of `prefixes`, both of which must have passed [`crate::layout::Layout::check`]. One tensor at a time is copied to its place.
    pub fn with_moments<M: Module>(model: &M, source: &impl Source, prefixes: [&str; 2]) -> Self {
        let (places, infos) = (Places::new(model), params::infos(model));
        let weights = places.flatten(&params::flat(model));
        let device = weights.device();
        let [first, second] = prefixes.map(|prefix| {
            let flat = places.gather(&infos, |info| source.values(&format!("{prefix}{}", info.name)));
            let len = flat.len();
            Tensor::from_data(TensorData::new(flat, [len]), &device)
        });
        Self { places: Arc::new(places), weights, first, second }
    }

    /// Bytes that it takes beside a model of so many parameters.
    pub fn bytes(parameters: u64) -> u64 {
        3 * 4 * parameters
    }

    /// The running means of the gradients, in the order of [`params::infos`].
    pub fn first(&self) -> Vec<Tensor<1>> {
        self.places.views(&self.first)
    }

    /// The running means of their squares, in the order of [`params::infos`].
    pub fn second(&self) -> Vec<Tensor<1>> {
        self.places.views(&self.second)
    }

    /// Gradients in the order of [`params::infos`] as [`update`](Self::update) wants them.
    pub fn flatten(&self, gradients: Vec<Tensor<1>>) -> Tensor<1> {
        self.places.flatten(&gradients)
    }

    /// One update. Returns the model and the gradients' global norm before clipping, a tensor of one number that nobody
    /// has waited for.
    pub fn update<M: Module>(&mut self, model: M, gradients: Tensor<1>, rates: Tensor<1>) -> (M, Tensor<1>) {
        let (weights, moments) = (self.weights.clone(), [self.first.clone(), self.second.clone()]);
        let [weights, first, second, norm] =
            tadpole_kernels::adamw(weights, moments, gradients, rates, self.places.decayed);
        let mut views = self.places.views(&weights).into_iter();
        (self.weights, self.first, self.second) = (weights, first, second);
        (params::map(model, |_, _| views.next().expect("one view for each parameter")), norm)
    }
}

/// The rates of update `step` (counted from 0) on the device.
pub fn rates(config: &TrainConfig, step: usize, device: &Device) -> Tensor<1> {
    Rates {
        learning_rate: config.learning_rate_at(step),
        weight_decay: config.weight_decay,
        beta1: config.beta1,
        beta2: config.beta2,
        grad_clip: config.grad_clip,
        step,
    }
    .tensor(device)
}

impl Places {
    fn new<M: Module>(model: &M) -> Self {
        let infos = params::infos(model);
        let (mut order, vectors): (Vec<usize>, Vec<usize>) =
            (0..infos.len()).partition(|&index| infos[index].decays());
        let matrices = order.len();
        order.extend(vectors);
        let lens: Vec<usize> = order.iter().map(|&index| infos[index].len()).collect();
        let mut offsets = vec![0];
        for len in &lens {
            offsets.push(offsets[offsets.len() - 1] + len.next_multiple_of(ALIGNMENT));
        }
        Self { decayed: offsets[matrices], order, offsets, lens }
    }

    /// One tensor for each parameter to a flat one.
    fn flatten(&self, list: &[Tensor<1>]) -> Tensor<1> {
        let placed = self.order.iter().map(|&index| list[index].clone()).collect();
        tadpole_kernels::flatten(placed, &self.offsets)
    }

    /// [`flatten`](Self::flatten) on the host: the values of each parameter, as `values` gives them, in one row.
    fn gather(&self, infos: &[ParamInfo], values: impl Fn(&ParamInfo) -> Vec<f32>) -> Vec<f32> {
        let mut flat = vec![0.0; self.offsets[self.order.len()]];
        for ((&index, &offset), &len) in self.order.iter().zip(&self.offsets).zip(&self.lens) {
            flat[offset..][..len].copy_from_slice(&values(&infos[index]));
        }
        flat
    }

    /// One view of a flat tensor for each parameter.
    fn views(&self, flat: &Tensor<1>) -> Vec<Tensor<1>> {
        let offsets = self.offsets[..self.order.len()].to_vec();
        let views = tadpole_kernels::views(flat.clone(), offsets, self.lens.clone());
        let mut placed: Vec<(usize, Tensor<1>)> = self.order.iter().copied().zip(views).collect();
        placed.sort_by_key(|(index, _)| *index);
        placed.into_iter().map(|(_, view)| view).collect()
    }
}
