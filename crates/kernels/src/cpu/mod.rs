//! tmp
use burn::backend::Flex;
use burn::backend::flex::FlexTensor as F;
use crate::attention::*;
use crate::dropout::Dropout;
impl crate::linear::LinearKernels for Flex {
    fn forward(_: &F, _: &F, _: Option<&F>, _: Option<&F>) -> F { todo!() }
    fn backward(_: &F, _: &F, _: bool, _: F) -> Vec<F> { todo!() }
    fn gelu_forward(_: &F, _: &F, _: Option<&F>) -> [F; 2] { todo!() }
    fn gelu_backward(_: F, _: F) -> F { todo!() }
    fn unembed_forward(_: &F, _: &F) -> F { todo!() }
    fn unembed_backward(_: &F, _: &F, _: F) -> Vec<F> { todo!() }
}
impl crate::norm::NormKernels for Flex {
    fn norm_forward(_: &F, _: &F, _: Option<&F>, _: bool) -> [F; 2] { todo!() }
    fn norm_backward(_: &crate::norm::Saved<Self>, _: F) -> Vec<F> { todo!() }
}
impl AttentionKernels for Flex {
    fn attention_forward(_: &F, _: Heads, _: Dropout) -> [F; 2] { todo!() }
    fn attention_backward(_: &Saved<Self>, _: F) -> F { todo!() }
}
impl CacheOps for Flex {
    fn attention_cached(_: F, _: F, _: F, _: Heads, _: usize) -> (F, F, F) { todo!() }
    fn attention_weights(_: F, _: crate::record::Maybe<Self>, _: Heads, _: usize) -> F { todo!() }
}
impl crate::embedding::EmbeddingKernels for Flex {
    fn embedding_forward(_: &F, _: Option<&F>, _: &F, _: usize) -> F { todo!() }
    fn embedding_backward(_: &crate::embedding::Saved<Self>, _: F) -> Vec<F> { todo!() }
}
impl crate::cross_entropy::CrossEntropyKernels for Flex {
    fn cross_entropy_forward(_: &F, _: &F) -> [F; 2] { todo!() }
    fn cross_entropy_backward(_: F, _: F, _: F, _: F) -> F { todo!() }
}
impl crate::elementwise::ElementwiseKernels for Flex {
    fn swiglu_forward(_: &F, _: &F) -> F { todo!() }
    fn swiglu_backward(_: F, _: F, _: F) -> [F; 2] { todo!() }
    fn rotate(_: F, _: &[F; 2], _: Heads, _: usize, _: bool) -> F { todo!() }
    fn drop(_: F, _: Dropout) -> F { todo!() }
}
impl crate::adamw::Flatten for Flex {
    fn flatten(_: Vec<F>, _: &[usize]) -> F { todo!() }
}
impl crate::adamw::AdamWOps for Flex {
    fn views(_: F, _: Vec<usize>, _: Vec<usize>) -> Vec<F> { todo!() }
    fn adamw(_: F, _: F, _: F, _: F, _: usize) -> (F, F, F) { todo!() }
}
