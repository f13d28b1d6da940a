//! Replaces `gpu/sampler.rs` in builds without the GPU half, so that callers are written once.

use crate::draw::{Drawn, Rules, SampleError, Sequence};
use burn::tensor::{Device, Int, Tensor};

/// There is none without the feature `gpu`.
pub enum Sampler {}

impl Sampler {
    /// None.
    pub fn new(_: &Device, _: Rules, _: usize, _: bool) -> Option<Self> {
        None
    }

    /// Never called.
    pub fn begin(&mut self, _: Sequence<'_>) {
        match *self {}
    }

    /// Never called.
    pub fn draw(&self, _: Tensor<1>) {
        match *self {}
    }

    /// Never called.
    pub fn extend(&mut self, _: usize, _: impl FnMut(Tensor<2, Int>, Tensor<1, Int>) -> Tensor<1>) {
        match *self {}
    }

    /// Never called.
    ///
    /// # Errors
    /// None.
    pub async fn read(&self, _: usize) -> Result<Vec<Drawn>, SampleError> {
        match *self {}
    }
}
