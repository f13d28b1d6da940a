//! Operations that keep a tensor's shape: the gate of a SwiGLU, rotary positions, dropout; with their gradients.

use crate::attention::Heads;
use crate::dropout::Dropout;
use crate::record::record;
use crate::start::{Start, StartOf};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// `silu(gate) * up` (Shazeer, 2020): two tensors of one shape.
/// Gradients, with s = sigmoid(gate): dgate = dy up s (1 + gate (1 - s)), dup = dy gate s.
pub fn swiglu<const D: usize>(gate: Tensor<D>, up: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::swiglu(gate.into_dispatch(), up.into_dispatch()))
}

/// Rotary positions (Su et al., 2021) on the queries and keys of packed rows qkv [B, T, (H + 2 H_kv) D], by
/// the angles in cos and sin [context, D], counted from `start`: each head's halves (a, b) become
/// (a cos - b sin, b cos + a sin). Gradient: the inverse rotation.
pub fn rotary(
    qkv: Tensor<3>,
    cos: Tensor<2>,
    sin: Tensor<2>,
    heads: Heads,
    start: impl Into<Start>,
) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::rotary(
        qkv.into_dispatch(),
        cos.into_dispatch(),
        sin.into_dispatch(),
        heads,
        start.into().into_dispatch(),
    ))
}

/// Inverted dropout (Srivastava et al., 2014): each number is 0 with probability `rate`, else divided by `1 - rate`.
/// Gradient: the same on dy.
pub fn dropout<const D: usize>(x: Tensor<D>, dropout: Dropout) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::dropout(x.into_dispatch(), dropout))
}

/// The operations as burn dispatches them to a device.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub(crate) trait ElementwiseOps: Backend {
    fn swiglu(gate: FloatTensor<Self>, up: FloatTensor<Self>) -> FloatTensor<Self>;
    fn rotary(
        qkv: FloatTensor<Self>,
        cos: FloatTensor<Self>,
        sin: FloatTensor<Self>,
        heads: Heads,
        #[extension_type] start: StartOf<Self>,
    ) -> FloatTensor<Self>;
    fn dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self>;
}

/// What a device computes.
pub(crate) trait ElementwiseKernels: Backend {
    fn swiglu_forward(gate: &FloatTensor<Self>, up: &FloatTensor<Self>) -> FloatTensor<Self>;
    /// dgate and dup.
    fn swiglu_backward(
        gate: FloatTensor<Self>,
        up: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2];
    /// Rotates forwards, or `back`.
    fn rotate(
        qkv: FloatTensor<Self>,
        tables: &[FloatTensor<Self>; 2],
        heads: Heads,
        start: &StartOf<Self>,
        back: bool,
    ) -> FloatTensor<Self>;
    fn drop(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self>;
}

impl<B: ElementwiseKernels> ElementwiseOps for B {
    fn swiglu(gate: FloatTensor<Self>, up: FloatTensor<Self>) -> FloatTensor<Self> {
        B::swiglu_forward(&gate, &up)
    }

    fn rotary(
        qkv: FloatTensor<Self>,
        cos: FloatTensor<Self>,
        sin: FloatTensor<Self>,
        heads: Heads,
        start: StartOf<Self>,
    ) -> FloatTensor<Self> {
        B::rotate(qkv, &[cos, sin], heads, &start, false)
    }

    fn dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self> {
        B::drop(x, dropout)
    }
}

impl<B: ElementwiseKernels, C: CheckpointStrategy> ElementwiseOps for Autodiff<B, C> {
    fn swiglu(gate: FloatTensor<Self>, up: FloatTensor<Self>) -> FloatTensor<Self> {
        let ((gate, gate_node), (up, up_node)) = (gate.into_parts(), up.into_parts());
        let y = B::swiglu_forward(&gate, &up);
        record::<B, C, _>(vec![gate_node, up_node], y, (gate, up), |(gate, up), dy| {
            B::swiglu_backward(gate, up, dy).into()
        })
    }

    fn rotary(
        qkv: FloatTensor<Self>,
        cos: FloatTensor<Self>,
        sin: FloatTensor<Self>,
        heads: Heads,
        start: StartOf<Self>,
    ) -> FloatTensor<Self> {
        let start = start.known();
        let (qkv, parent) = qkv.into_parts();
        let tables = [cos.into_primitive(), sin.into_primitive()];
        let y = B::rotate(qkv, &tables, heads, &StartOf::At(start), false);
        record::<B, C, _>(vec![parent], y, (tables, heads, start), |(tables, heads, start), dy| {
            vec![B::rotate(dy, &tables, heads, &StartOf::At(start), true)]
        })
    }

    fn dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self> {
        let (x, parent) = x.into_parts();
        record::<B, C, _>(vec![parent], B::drop(x, dropout), dropout, |dropout, dy| {
            vec![B::drop(dy, dropout)]
        })
    }
}
