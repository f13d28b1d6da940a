//! The position in the sequence of the first of some tokens.

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::IntTensor;
use burn::backend::{Autodiff, Backend, Dispatch, ExtensionType};
use burn::tensor::{Int, Tensor};

/// How many tokens of the sequence came before.
#[derive(Clone, Debug)]
pub enum Start {
    /// Known here.
    At(usize),
    /// The first number of a tensor, so that launches recorded once serve every position.
    Cursor(Box<Tensor<1, Int>>),
}

impl From<usize> for Start {
    fn from(place: usize) -> Self {
        Self::At(place)
    }
}

impl Start {
    /// The number, for observers of a forward pass: recorded launches are not observed.
    pub fn known(&self) -> usize {
        match self {
            Self::At(place) => *place,
            Self::Cursor(_) => unreachable!("a recorded launch is not looked at"),
        }
    }

    pub(crate) fn into_dispatch(self) -> StartOf<Dispatch> {
        match self {
            Self::At(place) => StartOf::At(place),
            Self::Cursor(cursor) => StartOf::Cursor(cursor.into_dispatch()),
        }
    }
}

/// A [`Start`] in the form that a device's kernel receives.
#[derive(ExtensionType)]
pub(crate) enum StartOf<B: Backend> {
    /// Known here.
    At(usize),
    /// Where to read it.
    Cursor(IntTensor<B>),
}

impl<B: Backend> StartOf<B> {
    /// The number, or 0, and where to read it.
    pub fn parts(&self) -> (usize, Option<&IntTensor<B>>) {
        match self {
            Self::At(place) => (*place, None),
            Self::Cursor(cursor) => (0, Some(cursor)),
        }
    }
}

impl<B: Backend, C: CheckpointStrategy> StartOf<Autodiff<B, C>> {
    /// The number: passes with gradients are never recorded.
    pub fn known(&self) -> usize {
        match self {
            Self::At(place) => *place,
            Self::Cursor(_) => unreachable!("a recorded launch tracks no gradients"),
        }
    }
}
