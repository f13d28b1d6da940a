//! Seeing inside: the forward pass names each intermediate as it makes it, and an [`Observer`] takes what it
//! wants. There is only one forward pass; with `()` as observer it costs nothing.

use crate::Result;
use burn::tensor::{Tensor, Transaction};

/// Receives the intermediates of a forward pass, in the order in which they are made.
///
/// Names, with `h.N.` before those of block N: `embedding` [B, T, C], `position` [T, C], `ln_1` [B, T, C],
/// `q_raw` [B, H, T, D] and `k_raw` [B, H_kv, T, D]
/// (before rotation, in a rotary model), `q` [B, H, T, D], `k` and `v` [B, H_kv, T, D], `weights` [B, H, T,
/// S], `mixed` (the heads' results side by side) [B, T, C],
/// `attention` [B, T, C], `residual_mid` [B, T, C], `ln_2` [B, T, C], `hidden` [B, T, F], `mlp` [B, T, C], `residual` [B, T, C],
/// then `ln_f` [B, T, C] and `logits` [B, T, V].
/// S counts the keys: T, or those in the cache.
pub trait Observer {
    /// Whether it takes anything at all; if not, the pass fuses what need not be stored.
    const LOOKS: bool = true;

    /// Receives one intermediate; `layer` is the block, or none outside the blocks.
    fn observe<const D: usize>(&mut self, layer: Option<usize>, name: &'static str, tensor: &Tensor<D>);
}

impl Observer for () {
    const LOOKS: bool = false;

    fn observe<const D: usize>(&mut self, _: Option<usize>, _: &'static str, _: &Tensor<D>) {}
}

/// An observer of one block, or of everything outside the blocks.
pub(crate) struct LayerObserver<'a, O> {
    pub layer: Option<usize>,
    pub observer: &'a mut O,
}

impl<O: Observer> LayerObserver<'_, O> {
    pub fn look<const D: usize>(&mut self, name: &'static str, tensor: &Tensor<D>) {
        self.observer.observe(self.layer, name, tensor);
    }
}

/// An intermediate that has been read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Activation {
    /// Full name, such as `h.0.weights`.
    pub name: String,
    pub shape: Vec<usize>,
    /// Values, last dimension fastest.
    pub values: Vec<f32>,
}

/// Keeps the intermediates whose full name passes a filter; reads them together, later.
pub struct Recorder<F> {
    filter: F,
    kept: Vec<(String, Vec<usize>, Tensor<1>)>,
}

impl<F: Fn(&str) -> bool> Recorder<F> {
    /// A recorder of the names that pass `filter`.
    pub fn new(filter: F) -> Self {
        Self { filter, kept: Vec::new() }
    }

    /// Reads the kept intermediates.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when the device fails.
    pub async fn read(self) -> Result<Vec<Activation>> {
        let mut names = Vec::with_capacity(self.kept.len());
        let mut transaction = Transaction::default();
        for (name, shape, tensor) in self.kept {
            names.push((name, shape));
            transaction = transaction.register(tensor);
        }
        let data = transaction.execute_async().await?;
        Ok(names
            .into_iter()
            .zip(data)
            .map(|((name, shape), data)| Activation { name, shape, values: data.iter::<f32>().collect() })
            .collect())
    }
}

impl<F: Fn(&str) -> bool> Observer for Recorder<F> {
    fn observe<const D: usize>(&mut self, layer: Option<usize>, name: &'static str, tensor: &Tensor<D>) {
        let name = layer.map_or_else(|| name.to_string(), |layer| format!("h.{layer}.{name}"));
        if (self.filter)(&name) {
            let flat = tensor.clone().without_autodiff();
            let elements = flat.dims().iter().product::<usize>();
            self.kept.push((name, tensor.dims().to_vec(), flat.reshape([elements])));
        }
    }
}
