//! Autoregressive generation of one sequence: prefill the prompt, then one token a call, through a fixed-size KV cache.
//! When the cache is full it slides: the newer half of the context is prefilled again at the first positions.

use crate::cache::KvCache;
use crate::observe::Observer;
use crate::{Error, Gpt, Result};
use burn::tensor::{Device, Int, Tensor, TensorData};

/// A sequence being generated.
pub struct Generator {
    model: Gpt,
    cache: KvCache,
    ids: Vec<u32>,
    device: Device,
}

impl Generator {
    /// Begins an empty sequence; the model must track no gradients.
    pub fn new(model: Gpt) -> Self {
        let device = model.device();
        Self { cache: KvCache::new(model.config(), &device), model, ids: vec![], device }
    }

    /// Adds `ids` (at least one) and returns the logits [V] of the token that comes next.
    ///
    /// # Errors
    /// [`Error::PromptEmpty`], [`Error::PromptTooLong`] when `ids` exceed the context, [`Error::TokenOutOfRange`],
    /// [`Error::LogitsNotFinite`], [`Error::Device`].
    pub async fn push(&mut self, ids: &[u32]) -> Result<Vec<f32>> {
        let config = self.model.config();
        let context = config.context_length;
        if ids.is_empty() {
            return Err(Error::PromptEmpty);
        }
        if ids.len() > context {
            return Err(Error::PromptTooLong { tokens: ids.len(), context_length: context });
        }
        if let Some(&id) = ids.iter().find(|&&id| id as usize >= config.vocab_size) {
            return Err(Error::TokenOutOfRange { id, vocab_size: config.vocab_size });
        }
        self.ids.extend_from_slice(ids);
        let slides = self.cache.len() + ids.len() > context;
        let new = if slides {
            self.cache.clear();
            (context / 2).max(ids.len()).min(self.ids.len())
        } else {
            ids.len()
        };
        let logits = last_logits(
            &self.model,
            &self.ids[self.ids.len() - new..],
            Some(&mut self.cache),
            &mut (),
            &self.device,
        );
        read_logits(logits).await
    }
}

/// Waits for logits [V].
///
/// # Errors
/// [`Error::LogitsNotFinite`] when one is no number, [`Error::Device`] when the device fails.
pub async fn read_logits(logits: Tensor<1>) -> Result<Vec<f32>> {
    let data = logits.into_data_async().await?;
    let logits: Vec<f32> = data.iter::<f32>().collect();
    match logits.iter().find(|logit| !logit.is_finite()) {
        Some(value) => Err(Error::LogitsNotFinite { value: value.to_string() }),
        None => Ok(logits),
    }
}

/// Logits [V] of the token after `ids`; only the last position meets the output layer.
pub fn last_logits<O: Observer>(
    model: &Gpt,
    ids: &[u32],
    cache: Option<&mut KvCache>,
    observer: &mut O,
    device: &Device,
) -> Tensor<1> {
    let t = ids.len();
    let hidden = model.hidden(id_tensor(&[ids], device), cache, observer); // [1, T, C]
    let logits = model.logits(hidden.narrow(1, t - 1, 1), observer); // [1, 1, V]
    let [_, _, v] = logits.dims();
    logits.reshape([v])
}

/// Rows of equally many ids as a tensor [B, T].
pub fn id_tensor(rows: &[&[u32]], device: &Device) -> Tensor<2, Int> {
    let ids: Vec<i32> = rows.iter().flat_map(|row| row.iter().map(|&id| id as i32)).collect();
    Tensor::from_data(TensorData::new(ids, [rows.len(), rows.first().map_or(0, |row| row.len())]), device)
}
