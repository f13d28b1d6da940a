//! Autoregressive generation of one sequence: prefill the prompt, then one token at a time, through a fixed-size KV cache.
//! When the cache is full it slides: the newer half of the context is prefilled again at the first positions.
//! On the CPU the host draws each token from its logits; a GPU draws a chunk of tokens before the host reads them.

use crate::cache::KvCache;
use crate::model::row::RowModel;
use crate::observe::Observer;
use crate::sampling::{PENALTY_WINDOW, SamplingConfig, distribution, draw, logprobs, uniform};
use crate::{Error, Gpt, Result};
use burn::tensor::{Device, Int, Tensor, TensorData};
pub use tadpole_kernels::Drawn;
use tadpole_kernels::{CHUNK, Rules, SampleError, Sampler, Sequence};

/// How tokens are chosen.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The stages and the seed.
    pub sampling: SamplingConfig,
    /// Tokens that may be drawn: a model may have more embeddings than its tokenizer has tokens.
    pub vocab_size: usize,
    /// Whether the logits of each token are wanted too.
    pub keeps_logits: bool,
}

/// A sequence being generated.
pub struct Generator {
    /// On a GPU; dropped before the model and the cache, whose launches it has recorded.
    sampler: Option<Sampler>,
    /// On the CPU.
    row: Option<RowModel>,
    drawing: Drawing,
    model: Gpt,
    cache: KvCache,
    device: Device,
    ids: Vec<u32>,
    /// How many of the last ids are not in the cache.
    unseen: usize,
    /// How many of the last ids were drawn since the prompt's last [`Generator::push`].
    drawn: usize,
}

impl Generator {
    /// Begins an empty sequence; the model must track no gradients.
    pub fn new(model: Gpt, drawing: Drawing) -> Self {
        let device = model.device();
        let Drawing { sampling, vocab_size, keeps_logits } = &drawing;
        let sampler = Sampler::new(&device, rules(sampling), *vocab_size, *keeps_logits);
        let cache = KvCache::new(model.config(), &device);
        let row = RowModel::of(&model);
        Self { sampler, row, drawing, model, cache, device, ids: vec![], unseen: 0, drawn: 0 }
    }

    /// Adds `ids` (at least one) of a prompt.
    ///
    /// # Errors
    /// [`Error::PromptEmpty`], [`Error::PromptTooLong`] when `ids` exceed the context, [`Error::TokenOutOfRange`].
    pub fn push(&mut self, ids: &[u32]) -> Result<()> {
        let config = self.model.config();
        let (context_length, vocab_size) = (config.context_length, config.vocab_size);
        let tokens = self.unseen + ids.len();
        if ids.is_empty() {
            return Err(Error::PromptEmpty);
        }
        if tokens > context_length {
            return Err(Error::PromptTooLong { tokens, context_length });
        }
        if let Some(&id) = ids.iter().find(|&&id| id as usize >= vocab_size) {
            return Err(Error::TokenOutOfRange { id, vocab_size });
        }
        self.ids.extend_from_slice(ids);
        (self.unseen, self.drawn) = (tokens, 0);
        Ok(())
    }

    /// The logits [V] of the token that comes next.
    ///
    /// # Errors
    /// [`Error::PromptEmpty`] before the first [`Generator::push`], [`Error::LogitsNotFinite`], [`Error::Device`].
    pub async fn logits(&mut self) -> Result<Vec<f32>> {
        let unseen = self.make_room()?;
        match (&mut self.row, &self.ids[self.ids.len() - unseen..]) {
            (Some(row), &[id]) => {
                self.unseen = 0;
                finite(row.next_logits(id, &mut self.cache))
            }
            _ => read_logits(self.forward(unseen)).await,
        }
    }

    /// Draws at least one and at most `count` tokens, which continue all ids so far.
    ///
    /// # Errors
    /// As [`Generator::logits`].
    pub async fn draw(&mut self, count: usize) -> Result<Vec<Drawn>> {
        let drawn =
            if self.sampler.is_some() { self.draw_there(count).await } else { self.draw_here().await }?;
        self.ids.extend(drawn.iter().map(|drawn| drawn.id));
        self.drawn += drawn.len();
        self.unseen = 1;
        Ok(drawn)
    }

    /// The host samples.
    async fn draw_here(&mut self) -> Result<Vec<Drawn>> {
        let mut logits = self.logits().await?;
        let Drawing { sampling, vocab_size, .. } = &self.drawing;
        logits.truncate(*vocab_size);
        let generated = &self.ids[self.ids.len() - self.drawn..];
        let probs = distribution(&logits, sampling, &self.ids, generated);
        let id = draw(&probs, sampling.seed, self.drawn as u64);
        Ok(vec![Drawn { id, logprob: logprobs(&logits)[id as usize], logits }])
    }

    /// The GPU samples.
    async fn draw_there(&mut self, count: usize) -> Result<Vec<Drawn>> {
        let unseen = self.make_room()?;
        let prefills = unseen > 1 || self.cache.is_empty();
        let place = self.cache.len() + unseen - 1;
        let count = count.min(CHUNK).min(self.model.config().context_length - place);
        let first = self.drawn as u64;
        let seed = self.drawing.sampling.seed;
        let uniforms: Vec<f32> = (first..first + count as u64).map(|i| uniform(seed, i) as f32).collect();
        let logits = prefills.then(|| self.forward(unseen));
        let sampler = self.sampler.as_mut().expect("the caller looked");
        sampler.begin(Sequence { history: &self.ids, generated: self.drawn, place, uniforms: &uniforms });
        let rest = count - usize::from(prefills);
        if let Some(logits) = logits {
            sampler.draw(logits);
        }
        sampler.extend(rest, |id, cursor| self.model.next_logits(id, cursor, &mut self.cache));
        self.cache.advance(rest);
        sampler.read(count).await.map_err(|error| match error {
            SampleError::Device(error) => error.into(),
            SampleError::NotFinite(value) => Error::LogitsNotFinite { value: value.to_string() },
        })
    }

    /// How many ids the model must see next: the unseen ones, or half a context if they would not fit.
    fn make_room(&mut self) -> Result<usize> {
        if self.ids.is_empty() {
            return Err(Error::PromptEmpty);
        }
        if self.unseen == 0 {
            self.cache.forget_last();
            self.unseen = 1;
        }
        let context = self.model.config().context_length;
        if self.cache.len() + self.unseen <= context {
            return Ok(self.unseen);
        }
        self.cache.clear();
        Ok((context / 2).max(self.unseen).min(self.ids.len()))
    }

    /// Logits [V] after the last `count` ids, which are added to the cache.
    fn forward(&mut self, count: usize) -> Tensor<1> {
        let ids = &self.ids[self.ids.len() - count..];
        self.unseen = 0;
        last_logits(&self.model, ids, Some(&mut self.cache), &mut (), &self.device)
    }
}

fn rules(sampling: &SamplingConfig) -> Rules {
    Rules {
        temperature: sampling.temperature as f32,
        top_k: sampling.top_k,
        top_p: sampling.top_p as f32,
        min_p: sampling.min_p as f32,
        repetition_penalty: sampling.repetition_penalty as f32,
        penalty_window: PENALTY_WINDOW,
        frequency_penalty: sampling.frequency_penalty as f32,
        presence_penalty: sampling.presence_penalty as f32,
    }
}

/// Waits for logits [V].
///
/// # Errors
/// [`Error::LogitsNotFinite`] when one is no number, [`Error::Device`] when the device fails.
pub async fn read_logits(logits: Tensor<1>) -> Result<Vec<f32>> {
    let data = logits.into_data_async().await?;
    finite(data.iter::<f32>().collect())
}

fn finite(logits: Vec<f32>) -> Result<Vec<f32>> {
    match logits.iter().find(|logit| !logit.is_finite()) {
        Some(value) => Err(Error::LogitsNotFinite { value: value.to_string() }),
        None => Ok(logits),
    }
}

/// Logits [V] of the token after `ids`; only the last position goes through the output layer.
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

/// Rows of equal length as a tensor [B, T].
pub fn id_tensor(rows: &[&[u32]], device: &Device) -> Tensor<2, Int> {
    let ids: Vec<i32> = rows.iter().flat_map(|row| row.iter().map(|&id| id as i32)).collect();
    Tensor::from_data(TensorData::new(ids, [rows.len(), rows.first().map_or(0, |row| row.len())]), device)
}
