//! Makes an operation a step of burn's autodiff graph: its output, what its gradient needs, and the gradient
//! as a function.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, ExtensionType};
use burn::tensor::Tensor;
use std::fmt::Debug;

/// A tensor in the form that a device's kernel receives.
pub(crate) fn maybe<const D: usize>(tensor: Option<Tensor<D>>) -> Maybe<Dispatch> {
    tensor.map_or(Maybe::Missing, |tensor| Maybe::Given(tensor.into_dispatch()))
}

/// An optional tensor of an operation. (burn's extensions accept no `Option`.)
#[derive(ExtensionType)]
pub(crate) enum Maybe<B: Backend> {
    /// It is there.
    Given(FloatTensor<B>),
    /// It is not.
    Missing,
}

impl<B: Backend> Maybe<B> {
    /// As an `Option`.
    pub fn option(self) -> Option<FloatTensor<B>> {
        match self {
            Self::Given(tensor) => Some(tensor),
            Self::Missing => None,
        }
    }
}

/// From the saved values and the output's gradient to the gradients of the parents, in the parents' order.
pub(crate) type Gradient<B, S> = fn(S, FloatTensor<B>) -> Vec<FloatTensor<B>>;

/// Puts `output` into the graph as computed from `parents` (one to four).
pub(crate) fn record<B: Backend, C: CheckpointStrategy, S: Clone + Send + Debug + 'static>(
    parents: Vec<NodeGuard>,
    output: FloatTensor<B>,
    saved: S,
    gradient: Gradient<B, S>,
) -> FloatTensor<Autodiff<B, C>> {
    match parents.len() {
        1 => record_of::<B, C, S, 1>(parents, output, saved, gradient),
        2 => record_of::<B, C, S, 2>(parents, output, saved, gradient),
        3 => record_of::<B, C, S, 3>(parents, output, saved, gradient),
        4 => record_of::<B, C, S, 4>(parents, output, saved, gradient),
        count => unreachable!("an operation of {count} parents"),
    }
}

fn record_of<B: Backend, C: CheckpointStrategy, S: Clone + Send + Debug + 'static, const N: usize>(
    parents: Vec<NodeGuard>,
    output: FloatTensor<B>,
    saved: S,
    gradient: Gradient<B, S>,
) -> FloatTensor<Autodiff<B, C>> {
    let parents: [NodeGuard; N] = parents.try_into().expect("the caller counted them");
    match (Step { gradient }).prepare::<C>(parents).compute_bound().stateful() {
        OpsKind::Tracked(step) => step.finish(saved, output),
        OpsKind::UnTracked(step) => step.finish(output),
    }
}

struct Step<B: Backend, S> {
    gradient: Gradient<B, S>,
}

impl<B: Backend, S> Debug for Step<B, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Step")
    }
}

impl<B: Backend, S: Clone + Send + Debug + 'static, const N: usize> Backward<B, N> for Step<B, S> {
    type State = S;

    fn backward(self, ops: Ops<S, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        for (parent, gradient) in ops.parents.into_iter().zip((self.gradient)(ops.state, gradient)) {
            if let Some(node) = parent {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}
