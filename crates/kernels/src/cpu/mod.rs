//! The operations on the CPU, on one thread: loops over slices of f32, row-major. Outputs go to the caller's
//! slices; the gradient of a weight is added to the existing value. The same inputs always give the same
//! bits. After its functions, each file registers them as kernels of burn's CPU backend; `tensors.rs`
//! converts tensors to slices and back.

mod activation;
mod adamw;
mod attention;
mod cached;
mod elementwise;
mod embedding;
mod gemv;
mod linear;
mod loss;
mod math;
mod matmul;
mod norm;
mod rotary;
pub mod row;
mod tensors;
mod tile;
#[cfg(test)]
mod twin;
