//! Causal self-attention over packed rows qkv [B, T, (H + 2 H_kv) D]: H heads of queries, then H_kv of keys,
//! then H_kv of values (grouped queries, Ainslie et al., 2023, if H_kv < H). With S = Q Kᵀ / sqrt(D),
//! P = softmax of S over the visible keys, O = P V; no row of P is kept, as in FlashAttention (Dao et al.,
//! 2022), only each row's log of the sum of exponentials.
//! Gradients: dV = Pᵀ dO, dP = dO Vᵀ, dS = P (dP - sum(dO O)), dQ = dS K / sqrt(D), dK = dSᵀ Q / sqrt(D).

use crate::dropout::Dropout;
use crate::record::{Maybe, maybe, record};
use crate::start::{Start, StartOf};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// How a packed row divides into heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// Heads of queries, H.
    pub n_head: usize,
    /// Heads of keys and of values, H_kv; divides H.
    pub n_kv_head: usize,
    /// Width of a head, D.
    pub d_head: usize,
}

impl Heads {
    /// Numbers in a packed row, (H + 2 H_kv) D.
    pub fn row(&self) -> usize {
        (self.n_head + 2 * self.n_kv_head) * self.d_head
    }

    /// Numbers in an output row, H D.
    pub fn width(&self) -> usize {
        self.n_head * self.d_head
    }
}

/// Each token's mix of its own value and those before it: qkv [B, T, (H + 2 H_kv) D] to [B, T, H D].
/// `dropout` drops weights after the softmax.
pub fn attention(qkv: Tensor<3>, heads: Heads, dropout: Dropout) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::attention(qkv.into_dispatch(), heads, dropout))
}

/// Attention of new tokens over a cache of `start` earlier ones, which grows by them:
/// qkv [1, T, (H + 2 H_kv) D] and keys, values [H_kv, context, D] to [1, T, H D]. Tracks no gradients.
pub fn attention_cached(
    qkv: Tensor<3>,
    keys: &mut Tensor<3>,
    values: &mut Tensor<3>,
    heads: Heads,
    start: impl Into<Start>,
) -> Tensor<3> {
    let start = start.into().into_dispatch();
    let mut out = None;
    keys.inplace(|k| {
        let mut grown = None;
        values.inplace(|v| {
            let (y, k, v) = Dispatch::attention_cached(
                qkv.into_dispatch(),
                k.into_dispatch(),
                v.into_dispatch(),
                heads,
                start,
            );
            (out, grown) = (Some(Tensor::from_dispatch(y)), Some(Tensor::from_dispatch(k)));
            Tensor::from_dispatch(v)
        });
        grown.expect("the inner closure ran")
    });
    out.expect("the closures ran")
}

/// The weights of [`attention`], for inspection, so without gradients: qkv [B, T, ..] to [B, H, T, S].
/// Without a cache S is T; with one, the keys [H_kv, context, D] of `start` earlier tokens come first and S
/// is `start + T`.
pub fn attention_weights(qkv: Tensor<3>, keys: Option<Tensor<3>>, heads: Heads, start: usize) -> Tensor<4> {
    let qkv = qkv.without_autodiff();
    Tensor::from_dispatch(Dispatch::attention_weights(qkv.into_dispatch(), maybe(keys), heads, start))
}

/// The operation with a gradient, as burn dispatches it to a device.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub(crate) trait AttentionOps: Backend {
    fn attention(qkv: FloatTensor<Self>, heads: Heads, dropout: Dropout) -> FloatTensor<Self>;
}

/// The operations without a gradient.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub(crate) trait CacheOps: Backend {
    fn attention_cached(
        qkv: FloatTensor<Self>,
        keys: FloatTensor<Self>,
        values: FloatTensor<Self>,
        heads: Heads,
        #[extension_type] start: StartOf<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
    fn attention_weights(
        qkv: FloatTensor<Self>,
        #[extension_type] keys: Maybe<Self>,
        heads: Heads,
        start: usize,
    ) -> FloatTensor<Self>;
}

/// What a device computes, forward and backward.
pub(crate) trait AttentionKernels: Backend {
    /// The output, and the log of each row's sum of exponentials, [B, H, T].
    fn attention_forward(qkv: &FloatTensor<Self>, heads: Heads, dropout: Dropout) -> [FloatTensor<Self>; 2];
    /// dqkv.
    fn attention_backward(saved: &Saved<Self>, dy: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// What the backward pass needs from the forward pass.
#[derive(Clone, Debug)]
pub(crate) struct Saved<B: Backend> {
    pub qkv: FloatTensor<B>,
    pub y: FloatTensor<B>,
    pub logsumexp: FloatTensor<B>,
    pub heads: Heads,
    pub dropout: Dropout,
}

impl<B: AttentionKernels> AttentionOps for B {
    fn attention(qkv: FloatTensor<Self>, heads: Heads, dropout: Dropout) -> FloatTensor<Self> {
        let [y, _] = B::attention_forward(&qkv, heads, dropout);
        y
    }
}

impl<B: AttentionKernels, C: CheckpointStrategy> AttentionOps for Autodiff<B, C> {
    fn attention(qkv: FloatTensor<Self>, heads: Heads, dropout: Dropout) -> FloatTensor<Self> {
        let (qkv, parent) = qkv.into_parts();
        let [y, logsumexp] = B::attention_forward(&qkv, heads, dropout);
        let saved = Saved::<B> { qkv, y: y.clone(), logsumexp, heads, dropout };
        record::<B, C, _>(vec![parent], y, saved, |saved, dy| vec![B::attention_backward(&saved, dy)])
    }
}
