//! `y = x W + b` for rows x [R, K], W [K, N] (Hugging Face's layout for GPT-2), b [N], fused with what
//! follows it in a block: adding a residual stream, or GELU. Gradients: dx = dy Wᵀ, dW = xᵀ dy, db = the sum
//! of dy over its rows.

use crate::norm::{layer_norm, rms_norm};
use crate::record::{Maybe, maybe, record};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// `x W + b` on the last axis: x [.., K], weight [K, N], bias [N] to [.., N].
pub fn linear<const D: usize>(x: Tensor<D>, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::linear(
        x.into_dispatch(),
        weight.into_dispatch(),
        maybe(bias),
        Maybe::Missing,
    ))
}

/// `x W + b + residual`: x [.., K], weight [K, N], bias [N], residual [.., N] to [.., N].
pub fn linear_add<const D: usize>(
    x: Tensor<D>,
    weight: Tensor<2>,
    bias: Option<Tensor<1>>,
    residual: Tensor<D>,
) -> Tensor<D> {
    let residual = Maybe::Given(residual.into_dispatch());
    Tensor::from_dispatch(Dispatch::linear(x.into_dispatch(), weight.into_dispatch(), maybe(bias), residual))
}

/// `gelu(x W + b)` with GPT-2's tanh approximation: x [.., K], weight [K, N], bias [N] to [.., N].
pub fn linear_gelu<const D: usize>(x: Tensor<D>, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::linear_gelu(x.into_dispatch(), weight.into_dispatch(), maybe(bias)))
}

/// A norm before a linear map.
#[derive(Clone, Debug)]
pub struct Norm {
    /// [C].
    pub weight: Tensor<1>,
    /// [C].
    pub bias: Option<Tensor<1>>,
    /// Layer norm if true, else RMS norm.
    pub centred: bool,
}

impl Norm {
    /// The norm over the last axis, x [.., C].
    pub fn apply<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        if self.centred {
            layer_norm(x, self.weight.clone(), self.bias.clone())
        } else {
            rms_norm(x, self.weight.clone())
        }
    }
}

/// What [`normed`] does with the normalised rows.
pub enum Map {
    /// `x W + b`.
    Linear(Tensor<2>, Option<Tensor<1>>),
    /// `gelu(x W + b)`.
    Gelu(Tensor<2>, Option<Tensor<1>>),
    /// `x Wᵀ`.
    Unembed(Tensor<2>),
}

impl Map {
    fn apply(self, x: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Linear(weight, bias) => linear(x, weight, bias),
            Self::Gelu(weight, bias) => linear_gelu(x, weight, bias),
            Self::Unembed(weight) => unembed(x, weight),
        }
    }

    /// Weight, bias and kind.
    pub(crate) fn into_parts(self) -> (Tensor<2>, Option<Tensor<1>>, RowKind) {
        match self {
            Self::Linear(weight, bias) => (weight, bias, RowKind::Linear),
            Self::Gelu(weight, bias) => (weight, bias, RowKind::Gelu),
            Self::Unembed(weight) => (weight, None, RowKind::Unembed),
        }
    }
}

/// A norm and the map that follows it, [B, T, C] to [B, T, N]: a single launch for the one row of decoding.
pub fn normed(x: Tensor<3>, norm: &Norm, map: Map) -> Tensor<3> {
    let [b, t, _] = x.dims();
    if b * t > 1 || x.is_autodiff() {
        return map.apply(norm.apply(x));
    }
    let (weight, bias, kind) = map.into_parts();
    Tensor::from_dispatch(Dispatch::row(
        x.into_dispatch(),
        norm.weight.clone().into_dispatch(),
        maybe(norm.bias.clone()),
        norm.centred,
        weight.into_dispatch(),
        maybe(bias),
        kind,
    ))
}

/// [`Map`] without its tensors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RowKind {
    Linear,
    Gelu,
    Unembed,
}

/// The operation for one row, which has no gradient.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub(crate) trait RowOps: Backend {
    fn row(
        x: FloatTensor<Self>,
        norm_weight: FloatTensor<Self>,
        #[extension_type] norm_bias: Maybe<Self>,
        centred: bool,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Maybe<Self>,
        kind: RowKind,
    ) -> FloatTensor<Self>;
}

/// `x Wᵀ`, the residual stream times every token's vector: x [.., C], weight [V, C] to [.., V].
pub fn unembed<const D: usize>(x: Tensor<D>, weight: Tensor<2>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::unembed(x.into_dispatch(), weight.into_dispatch()))
}

/// The operations as burn dispatches them to a device.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub(crate) trait LinearOps: Backend {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Maybe<Self>,
        #[extension_type] residual: Maybe<Self>,
    ) -> FloatTensor<Self>;
    fn linear_gelu(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Maybe<Self>,
    ) -> FloatTensor<Self>;
    fn unembed(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// What a device computes, forward and backward.
pub(crate) trait LinearKernels: Backend {
    /// `x W + b + residual`.
    fn forward(
        x: &FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: Option<&FloatTensor<Self>>,
        residual: Option<&FloatTensor<Self>>,
    ) -> FloatTensor<Self>;
    /// dx, dW and, with a bias, db.
    fn backward(
        x: &FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: bool,
        dy: FloatTensor<Self>,
    ) -> Vec<FloatTensor<Self>>;
    /// `gelu(pre)` and `pre = x W + b`.
    fn gelu_forward(
        x: &FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: Option<&FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 2];
    /// `dy gelu'(pre)`.
    fn gelu_backward(pre: FloatTensor<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self>;
    /// `x Wᵀ`.
    fn unembed_forward(x: &FloatTensor<Self>, weight: &FloatTensor<Self>) -> FloatTensor<Self>;
    /// dx = dy W and dW = dyᵀ x.
    fn unembed_backward(
        x: &FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> Vec<FloatTensor<Self>>;
}

impl<B: LinearKernels> LinearOps for B {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Maybe<Self>,
        residual: Maybe<Self>,
    ) -> FloatTensor<Self> {
        B::forward(&x, &weight, bias.option().as_ref(), residual.option().as_ref())
    }

    fn linear_gelu(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: Maybe<Self>) -> FloatTensor<Self> {
        let [y, _] = B::gelu_forward(&x, &weight, bias.option().as_ref());
        y
    }

    fn unembed(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        B::unembed_forward(&x, &weight)
    }
}

impl<B: LinearKernels, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Maybe<Self>,
        residual: Maybe<Self>,
    ) -> FloatTensor<Self> {
        let (bias, residual) = (bias.option(), residual.option());
        let optional = [&bias, &residual].into_iter().flatten();
        let parents = [&x, &weight].into_iter().chain(optional).map(|parent| parent.node()).collect();
        let [bias, residual] = [bias, residual].map(|tensor| tensor.map(|tensor| tensor.into_primitive()));
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let y = B::forward(&x, &weight, bias.as_ref(), residual.as_ref());
        let saved = (x, weight, bias.is_some(), residual.is_some());
        record::<B, C, _>(parents, y, saved, |(x, weight, bias, residual), dy| {
            let mut gradients = B::backward(&x, &weight, bias, dy.clone());
            gradients.extend(residual.then_some(dy));
            gradients
        })
    }

    fn linear_gelu(x: FloatTensor<Self>, weight: FloatTensor<Self>, bias: Maybe<Self>) -> FloatTensor<Self> {
        let bias = bias.option();
        let parents = [&x, &weight].into_iter().chain(&bias).map(|parent| parent.node()).collect();
        let bias = bias.map(|bias| bias.into_primitive());
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let [y, pre] = B::gelu_forward(&x, &weight, bias.as_ref());
        record::<B, C, _>(parents, y, (x, weight, bias.is_some(), pre), |(x, weight, bias, pre), dy| {
            B::backward(&x, &weight, bias, <B as LinearKernels>::gelu_backward(pre, dy))
        })
    }

    fn unembed(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let y = B::unembed_forward(&x, &weight);
        record::<B, C, _>(vec![x_node, weight_node], y, (x, weight), |(x, weight), dy| {
            B::unembed_backward(&x, &weight, dy)
        })
    }
}
