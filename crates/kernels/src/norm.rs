//! Layer norm (Ba et al., 2016) and RMS norm (Zhang & Sennrich, 2019) over rows x [R, C]:
//! `y = (x - mean) / deviation * weight + bias`, where RMS norm takes the mean for 0 and has no bias.
//! Gradients, with n = (x - mean) / deviation and g = dy weight: dx = (g - mean(g) - n mean(g n)) / deviation
//! (RMS norm without mean(g)), dweight = Σ dy n, dbias = Σ dy.

use crate::record::{Maybe, maybe, record};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// Added to the variance.
pub(crate) const EPSILON: f32 = 1e-5;

/// Layer norm over the last axis: x [.., C], weight [C], bias [C].
pub fn layer_norm<const D: usize>(x: Tensor<D>, weight: Tensor<1>, bias: Option<Tensor<1>>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::norm(x.into_dispatch(), weight.into_dispatch(), maybe(bias), true))
}

/// RMS norm over the last axis: x [.., C], weight [C].
pub fn rms_norm<const D: usize>(x: Tensor<D>, weight: Tensor<1>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::norm(x.into_dispatch(), weight.into_dispatch(), Maybe::Missing, false))
}

/// The operation as burn dispatches it to a device; `centred` for layer norm.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub(crate) trait NormOps: Backend {
    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Maybe<Self>,
        centred: bool,
    ) -> FloatTensor<Self>;
}

/// What a device computes, forward and backward.
pub(crate) trait NormKernels: Backend {
    /// y, and each row's mean and 1 / deviation as [R, 2].
    fn norm_forward(
        x: &FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: Option<&FloatTensor<Self>>,
        centred: bool,
    ) -> [FloatTensor<Self>; 2];
    /// dx, dweight and, with a bias, dbias.
    fn norm_backward(saved: &Saved<Self>, dy: FloatTensor<Self>) -> Vec<FloatTensor<Self>>;
}

/// What the backward pass needs from the forward pass.
#[derive(Clone, Debug)]
pub(crate) struct Saved<B: Backend> {
    pub x: FloatTensor<B>,
    pub weight: FloatTensor<B>,
    /// [R, 2].
    pub statistics: FloatTensor<B>,
    pub bias: bool,
    pub centred: bool,
}

impl<B: NormKernels> NormOps for B {
    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Maybe<Self>,
        centred: bool,
    ) -> FloatTensor<Self> {
        let [y, _] = B::norm_forward(&x, &weight, bias.option().as_ref(), centred);
        y
    }
}

impl<B: NormKernels, C: CheckpointStrategy> NormOps for Autodiff<B, C> {
    fn norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Maybe<Self>,
        centred: bool,
    ) -> FloatTensor<Self> {
        let bias = bias.option();
        let parents = [&x, &weight].into_iter().chain(&bias).map(|parent| parent.node()).collect();
        let bias = bias.map(|bias| bias.into_primitive());
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let [y, statistics] = B::norm_forward(&x, &weight, bias.as_ref(), centred);
        let saved = Saved::<B> { x, weight, statistics, bias: bias.is_some(), centred };
        record::<B, C, _>(parents, y, saved, |saved, dy| B::norm_backward(&saved, dy))
    }
}
