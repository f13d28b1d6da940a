//! The operations on the CPU, on one thread: loops over slices of f32, row-major. Outputs go to the caller's slices; the
//! gradient of a weight is added to what is there. The same inputs give the same bits each time. `flex.rs` joins them to burn.

mod activation;
mod adamw;
mod attention;
mod cached;
mod embedding;
mod flex;
mod gemv;
mod linear;
mod loss;
mod math;
mod matmul;
mod norm;
mod rotary;
pub mod row;
mod tile;
#[cfg(test)]
mod twin;
