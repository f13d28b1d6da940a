//! Tensors of burn's CPU backend to slices and back.

use crate::start::StartOf;
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape};
use std::borrow::Cow;

/// A tensor's numbers, contiguous; copied only if they are not.
pub fn numbers(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice::<f32>() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(tensor.to_contiguous().storage::<f32>().to_vec()),
    }
}

/// A tensor's ids.
pub fn ids(tensor: &FlexTensor) -> Vec<u32> {
    let tensor = tensor.to_contiguous();
    match tensor.dtype() {
        DType::I64 => tensor.as_slice::<i64>().expect("contiguous").iter().map(|id| *id as u32).collect(),
        _ => tensor.as_slice::<i32>().expect("contiguous").iter().map(|id| *id as u32).collect(),
    }
}

/// The position of the first token.
pub fn known(start: &StartOf<Flex>) -> usize {
    let (place, cursor) = start.parts();
    cursor.map_or(place, |cursor| ids(cursor)[0] as usize)
}

/// A contiguous f32 tensor of these values.
pub fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape.into()), DType::F32)
}

/// A tensor with the leading axes of `like` and a last axis of `width`.
pub fn row_tensor(values: Vec<f32>, like: &FlexTensor, width: usize) -> FlexTensor {
    let mut shape = like.shape();
    let last = shape.num_dims() - 1;
    shape[last] = width;
    tensor(values, shape)
}

/// The number of rows, and the length of the last axis.
pub fn rows(tensor: &FlexTensor) -> [usize; 2] {
    let shape = tensor.shape();
    let width = shape[shape.num_dims() - 1];
    [shape.num_elements() / width, width]
}

/// So many zeros, to be added to.
pub fn zeros(len: usize) -> Vec<f32> {
    vec![0.0; len]
}
