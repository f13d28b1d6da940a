//! The loss of a language model: `-log softmax(logits)[target]`, its mean over all tokens, in nats.
//! Gradient: dlogits = (softmax(logits) - one_hot(target)) / tokens, without a one-hot.

use crate::record::record;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::{Int, Tensor};

/// Mean cross-entropy in nats of logits [B, T, V] against target ids [B, T]; a tensor of one number.
pub fn cross_entropy(logits: Tensor<3>, targets: Tensor<2, Int>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::cross_entropy(logits.into_dispatch(), targets.into_dispatch()))
}

/// The operation as burn dispatches it to a device.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff)]
pub(crate) trait CrossEntropyOps: Backend {
    fn cross_entropy(logits: FloatTensor<Self>, targets: IntTensor<Self>) -> FloatTensor<Self>;
}

/// What a device computes, forward and backward.
pub(crate) trait CrossEntropyKernels: Backend {
    /// The mean loss [1], and the log of each row's sum of exponentials [R].
    fn cross_entropy_forward(logits: &FloatTensor<Self>, targets: &IntTensor<Self>)
    -> [FloatTensor<Self>; 2];
    /// dlogits, where dy is one number.
    fn cross_entropy_backward(
        logits: FloatTensor<Self>,
        targets: IntTensor<Self>,
        logsumexp: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl<B: CrossEntropyKernels> CrossEntropyOps for B {
    fn cross_entropy(logits: FloatTensor<Self>, targets: IntTensor<Self>) -> FloatTensor<Self> {
        let [loss, _] = B::cross_entropy_forward(&logits, &targets);
        loss
    }
}

impl<B: CrossEntropyKernels, C: CheckpointStrategy> CrossEntropyOps for Autodiff<B, C> {
    fn cross_entropy(logits: FloatTensor<Self>, targets: IntTensor<Self>) -> FloatTensor<Self> {
        let (logits, parent) = logits.into_parts();
        let [loss, logsumexp] = B::cross_entropy_forward(&logits, &targets);
        let saved = (logits, targets, logsumexp);
        record::<B, C, _>(vec![parent], loss, saved, |(logits, targets, logsumexp), dy| {
            vec![B::cross_entropy_backward(logits, targets, logsumexp, dy)]
        })
    }
}
