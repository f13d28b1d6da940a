//! The fused operations of a GPT, each with its gradient, for burn's autodiff: on a GPU as WGSL, on the CPU
//! as loops over slices. A file here has a formula and its gradient; `gpu/` and `cpu/` have the devices'
//! computations for it.
//!
//! Tensors are f32. Shapes: B batch, T tokens, R rows (B T), C width, H heads, D head width, V vocabulary.

mod adamw;
mod attention;
mod cpu;
mod cross_entropy;
mod draw;
mod dropout;
mod elementwise;
mod embedding;
#[cfg(feature = "gpu")]
mod gpu;
mod linear;
#[cfg(not(feature = "gpu"))]
mod no_sampler;
mod norm;
mod record;
mod start;
mod tile;
// Only text, so that its tests run without the GPU half.
#[cfg(any(feature = "gpu", test))]
mod wgsl;

pub use adamw::{ALIGNMENT, Rates, adamw, flatten, views};
pub use attention::{Heads, attention, attention_cached, attention_weights};
pub use cpu::row;
pub use cross_entropy::cross_entropy;
pub use draw::{CHUNK, Drawn, Rules, SampleError, Sequence};
pub use dropout::Dropout;
pub use elementwise::{dropout, rotary, swiglu};
pub use embedding::embedding;
#[cfg(feature = "gpu")]
pub use gpu::sampler::Sampler;
pub use linear::{Map, Norm, linear, linear_add, linear_gelu, normed, unembed};
#[cfg(not(feature = "gpu"))]
pub use no_sampler::Sampler;
pub use norm::{layer_norm, rms_norm};
pub use start::Start;
pub use tile::{TILES, Tile, set_tiles};
