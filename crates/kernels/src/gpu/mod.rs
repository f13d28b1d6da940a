//! The operations on a GPU: a WGSL file for each, and the Rust that launches it.

mod adamw;
mod attention;
mod cross_entropy;
mod elementwise;
mod embedding;
mod launch;
mod linear;
mod norm;
pub mod sampler;

use burn::tensor::{DType, Shape};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use launch::Launch;

/// Functions that several kernels use.
const COMMON: &str = include_str!("common.wgsl");

/// Reads rows four numbers at a time, or one.
const VECTORS: &str = include_str!("vectors.wgsl");

/// Shared by the threads of a workgroup.
const TOGETHER: &str = include_str!("together.wgsl");

/// How a kernel with [`VECTORS`] reads rows.
struct Reading<'a> {
    /// Binds a buffer to read.
    read: Bind<'a>,
    /// Binds a buffer to write.
    write: Bind<'a>,
    /// Numbers at a time; 4 needs the constant FOURS.
    width: usize,
}

type Bind<'a> = fn(Launch<'a>, &'static str, &'a CubeTensor) -> Launch<'a>;

impl Reading<'_> {
    /// For rows of that length.
    fn of(columns: usize) -> Self {
        if columns.is_multiple_of(4) {
            Self { read: Launch::read4, write: Launch::write4, width: 4 }
        } else {
            Self { read: Launch::read, write: Launch::write, width: 1 }
        }
    }
}

/// The tensor with contiguous numbers.
fn contiguous(tensor: &CubeTensor) -> CubeTensor {
    into_contiguous(tensor.clone())
}

/// A new tensor of f32 beside `like`, not yet written.
fn empty(like: &CubeTensor, shape: impl Into<Shape>) -> CubeTensor {
    let (client, device) = (like.client.clone(), like.device.clone());
    empty_device_contiguous_dtype(client, device, shape.into(), DType::F32)
}

/// A new tensor with that shape, not yet written.
fn empty_like(like: &CubeTensor) -> CubeTensor {
    empty(like, like.meta.shape().clone())
}

/// The length of the last axis, and the number of rows of that length.
fn rows(tensor: &CubeTensor) -> [usize; 2] {
    let shape = tensor.meta.shape();
    let width = shape[shape.num_dims() - 1];
    [shape.num_elements() / width, width]
}

/// A new tensor with the leading axes of `like` and a last axis of `width`.
fn empty_rows(like: &CubeTensor, width: usize) -> CubeTensor {
    let mut shape = like.meta.shape().clone();
    let last = shape.num_dims() - 1;
    shape[last] = width;
    empty(like, shape)
}
