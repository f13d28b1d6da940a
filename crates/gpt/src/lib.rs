//! The model, its training and its sampling, on token ids and tensors; text never enters here.
//! Read in this order: [`config`], [`layout`], [`model`], [`train`], [`sampling`], [`generate`], [`checkpoint`].
//! Follows GPT-2 (Radford et al., 2019) and, for the training loop, nanoGPT's recipe.

pub mod adamw;
pub mod cache;
pub mod checkpoint;
pub mod config;
mod cost;
pub mod dataset;
mod error;
pub mod generate;
pub mod hugging_face;
mod init;
pub mod layout;
pub mod model;
pub mod observe;
pub mod params;
pub mod sampling;
mod tables;
pub mod train;
pub mod train_config;

pub use burn::tensor::{Device, Tensor, TensorData};
pub use config::ModelConfig;
pub use error::{Error, Result, within};
pub use model::Gpt;
pub use tadpole_kernels::{TILES, Tile, set_tiles};
pub use train_config::TrainConfig;

/// Waits until the device has computed a tensor.
///
/// # Errors
/// [`Error::Device`] when the device fails.
pub async fn wait<const D: usize>(tensor: Tensor<D>) -> Result<()> {
    let data = tensor.slice(std::array::from_fn::<_, D, _>(|_| 0..1)).into_data_async().await?;
    // Natively the read waits until its bytes are used.
    std::hint::black_box(data.as_bytes().first());
    Ok(())
}

/// The matrix product of [M, K] and [K, N], with the model's own kernel.
pub fn product(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    tadpole_kernels::linear(a, b, None)
}
