//! AdamW with decay on matrices only and global-norm clipping, as in nanoGPT and PyTorch. Weights and moments
//! are flat, in one tensor each, so that an update is one kernel; the model's parameters are views of the
//! flat weights. burn's own optimizer reads its state synchronously, which a browser cannot.

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

/// The position of each parameter in the flat tensors: matrices first, because only they decay.
#[derive(Debug)]
struct Places {
    /// Parameters by position, as indices into [`params::infos`].
    order: Vec<usize>,
    /// Where each position begins, and the end.
    offsets: Vec<usize>,
    /// Numbers at each position.
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

    /// With running means of the gradients and of their squares: the tensors that `source` has under the
    /// parameters' names after the first and the second of `prefixes`, both of which must have passed
    /// [`crate::layout::Layout::check`]. Copies one tensor at a time.
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

    /// Bytes that it takes in addition to a model with this many parameters.
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

    /// One update. Returns the model and the gradients' global norm before clipping, a tensor of one number
    /// that is not awaited.
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

    /// Flattens one tensor for each parameter.
    fn flatten(&self, list: &[Tensor<1>]) -> Tensor<1> {
        let placed = self.order.iter().map(|&index| list[index].clone()).collect();
        tadpole_kernels::flatten(placed, &self.offsets)
    }

    /// [`flatten`](Self::flatten) on the host: the values of each parameter, from `values`, in one row.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::with_gradients;
    use burn::module::Param;

    /// Not one of our models: `x W + b`.
    #[derive(Module, Debug)]
    struct Line {
        bias: Param<Tensor<1>>,
        weight: Param<Tensor<2>>,
    }

    fn numbers(tensor: Tensor<1>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn any_module_learns_and_its_matrices_alone_decay() {
        let device = Device::flex().autodiff();
        let param = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
        let mut line = Line {
            bias: Param::from_tensor(param(&[0.5])),
            weight: Param::from_tensor(param(&[1.0, -2.0]).reshape([2, 1])),
        };
        let mut optimizer = AdamW::new(&line);
        let config =
            TrainConfig { weight_decay: 0.5, learning_rate: 0.1, warmup_steps: 0, ..TrainConfig::default() };
        let still = params::flat(&line).iter().map(Tensor::zeros_like).collect();
        let still = optimizer.flatten(still);
        let (decayed, norm) = optimizer.update(line.clone(), still, rates(&config, 0, &Device::flex()));
        assert_eq!(numbers(norm), [0.0]);
        let mut flat = params::flat(&decayed).into_iter().map(numbers);
        let (bias, weight) = (flat.next().expect("a bias"), flat.next().expect("a matrix"));
        assert_eq!(bias, [0.5]);
        for (now, before) in weight.iter().zip([1.0, -2.0]) {
            assert!((now / before - 0.95).abs() < 1e-6, "{weight:?}");
        }

        let x = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, -1.0]], &device);
        let y = Tensor::<2>::from_floats([[2.0], [1.0]], &device);
        let config = TrainConfig { weight_decay: 0.0, ..config };
        let mut optimizer = AdamW::new(&line);
        let mut losses = vec![];
        for step in 0..50 {
            let miss = x.clone().matmul(line.weight.val()) + line.bias.val().reshape([1, 1]) - y.clone();
            let (loss, gradients) = with_gradients(&line, miss.powi_scalar(2).mean());
            let names: Vec<String> = params::infos(&line).into_iter().map(|info| info.name).collect();
            assert_eq!((names, gradients.len()), (vec!["bias".to_string(), "weight".to_string()], 2));
            losses.extend(numbers(loss));
            let gradients = optimizer.flatten(gradients);
            line = optimizer.update(line, gradients, rates(&config, step, &Device::flex())).0;
        }
        assert!(losses[49] < 0.1 * losses[0], "{losses:?}");
    }
}
