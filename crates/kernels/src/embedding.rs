//! Token vectors, plus the vectors of their positions: `y[b, t] = tokens[ids[b, t]] + positions[start + t]`.
//! Gradients: dtokens[v] = the sum of dy over the positions of v, dpositions[p] = the sum of dy over the
//! batch.

use crate::record::{Maybe, maybe, record};
use crate::start::{Start, StartOf};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{Int, Tensor};

/// tokens [V, C], positions [context, C], ids [B, T] below V, `start + T` at most the context, to [B, T, C].
pub fn embedding(
    tokens: Tensor<2>,
    positions: Option<Tensor<2>>,
    ids: Tensor<2, Int>,
    start: impl Into<Start>,
) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::embedding(
        tokens.into_dispatch(),
        maybe(positions),
        ids.into_dispatch(),
        start.into().into_dispatch(),
    ))
}

/// The operation as burn dispatches it to a device.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub(crate) trait EmbeddingOps: Backend {
    fn embedding(
        tokens: FloatTensor<Self>,
        #[extension_type] positions: Maybe<Self>,
        ids: IntTensor<Self>,
        #[extension_type] start: StartOf<Self>,
    ) -> FloatTensor<Self>;
}

/// What a device computes, forward and backward.
pub(crate) trait EmbeddingKernels: Backend {
    fn embedding_forward(
        tokens: &FloatTensor<Self>,
        positions: Option<&FloatTensor<Self>>,
        ids: &IntTensor<Self>,
        start: &StartOf<Self>,
    ) -> FloatTensor<Self>;
    /// dtokens and, with positions, dpositions.
    fn embedding_backward(saved: &Saved<Self>, dy: FloatTensor<Self>) -> Vec<FloatTensor<Self>>;
}

/// What the backward pass needs from the forward pass.
#[derive(Clone, Debug)]
pub(crate) struct Saved<B: Backend> {
    pub ids: IntTensor<B>,
    pub start: usize,
    /// V.
    pub tokens: usize,
    /// The context, or 0 if no positions were added.
    pub positions: usize,
}

impl<B: EmbeddingKernels> EmbeddingOps for B {
    fn embedding(
        tokens: FloatTensor<Self>,
        positions: Maybe<Self>,
        ids: IntTensor<Self>,
        start: StartOf<Self>,
    ) -> FloatTensor<Self> {
        B::embedding_forward(&tokens, positions.option().as_ref(), &ids, &start)
    }
}

impl<B: EmbeddingKernels, C: CheckpointStrategy> EmbeddingOps for Autodiff<B, C> {
    fn embedding(
        tokens: FloatTensor<Self>,
        positions: Maybe<Self>,
        ids: IntTensor<Self>,
        start: StartOf<Self>,
    ) -> FloatTensor<Self> {
        let start = start.known();
        let positions = positions.option();
        let parents = [&tokens].into_iter().chain(&positions).map(|parent| parent.node()).collect();
        let positions = positions.map(|positions| positions.into_primitive());
        let tokens = tokens.into_primitive();
        let y = B::embedding_forward(&tokens, positions.as_ref(), &ids, &StartOf::At(start));
        let rows = positions.map_or(0, |positions| positions.shape()[0]);
        let saved = Saved::<B> { ids, start, tokens: tokens.shape()[0], positions: rows };
        record::<B, C, _>(parents, y, saved, |saved, dy| {
            <B as EmbeddingKernels>::embedding_backward(&saved, dy)
        })
    }
}
