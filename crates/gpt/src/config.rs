//! What a model is and how it is trained: two plain structs with defaults, presets, bounds and a memory estimate.
//! Refuses what the hardware or the arithmetic cannot do before anything is allocated.

use crate::error::within;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Normalisation before attention, before the MLP and at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NormKind {
    /// Mean and variance (Ba et al., 2016), as in GPT-2.
    LayerNorm,
    /// Root mean square only (Zhang & Sennrich, 2019).
    RmsNorm,
}

/// How the model learns the order of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PositionKind {
    /// A trained vector for each position, as in GPT-2.
    Learned,
    /// Fixed sines and cosines (Vaswani et al., 2017).
    Sinusoidal,
    /// Rotated queries and keys (Su et al., 2021), base 10,000, half-split pairs.
    Rotary,
    /// None: the causal mask alone.
    None,
}

/// The feed-forward half of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MlpKind {
    /// Linear, GELU (tanh form), linear, as in GPT-2.
    Gelu,
    /// Gated: `silu(x W_gate) * (x W_up)`, then `W_down` (Shazeer, 2020).
    Swiglu,
}

/// Shape and kind of a model. The default is GPT-2's family at the size of a nanoGPT toy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ModelConfig {
    /// Tokens that exist.
    pub vocab_size: usize,
    /// Tokens that the model sees at once.
    pub context_length: usize,
    /// Blocks.
    pub n_layer: usize,
    /// Attention heads a block.
    pub n_head: usize,
    /// Heads of keys and values; fewer than `n_head` shares them (grouped-query attention).
    pub n_kv_head: usize,
    /// Width of the residual stream.
    pub d_model: usize,
    /// Width within the MLP.
    pub d_ff: usize,
    /// Share of activations dropped while training, 0 to below 1.
    pub dropout: f64,
    /// Normalisation.
    pub norm: NormKind,
    /// Positions.
    pub position: PositionKind,
    /// Feed-forward.
    pub mlp: MlpKind,
    /// Biases in linear layers and layer norms.
    pub bias: bool,
    /// The output layer is the token embedding.
    pub tied_embeddings: bool,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self::gpt2_family(256, 64, 4, 4, 128)
    }
}

/// The largest seed: the largest whole number that a page can hold.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// Names of the presets, smallest first.
pub const PRESETS: [&str; 6] = ["nano", "micro", "mini", "small", "medium", "gpt2"];

impl ModelConfig {
    /// A member of the GPT-2 family.
    pub fn gpt2_family(
        vocab_size: usize,
        context_length: usize,
        n_layer: usize,
        n_head: usize,
        d_model: usize,
    ) -> Self {
        Self {
            vocab_size,
            context_length,
            n_layer,
            n_head,
            n_kv_head: n_head,
            d_model,
            d_ff: 4 * d_model,
            dropout: 0.0,
            norm: NormKind::LayerNorm,
            position: PositionKind::Learned,
            mlp: MlpKind::Gelu,
            bias: true,
            tied_embeddings: true,
        }
    }

    /// A preset by name (see [`PRESETS`]); the vocabulary is the tokenizer's to fill in, but for `gpt2`.
    pub fn preset(name: &str) -> Option<Self> {
        Some(match name {
            "nano" => Self::gpt2_family(256, 64, 2, 4, 64),
            "micro" => Self::gpt2_family(256, 64, 4, 4, 128),
            "mini" => Self::gpt2_family(512, 128, 6, 6, 192),
            "small" => Self::gpt2_family(1_024, 256, 6, 8, 256),
            "medium" => Self::gpt2_family(4_096, 512, 8, 8, 512),
            "gpt2" => Self::gpt2_family(50_257, 1_024, 12, 12, 768),
            _ => return None,
        })
    }

    /// Width of one head.
    pub fn d_head(&self) -> usize {
        self.d_model / self.n_head
    }

    /// Checks every field and how they fit together.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::HeadsDoNotDivide`] or [`Error::KvHeadsDoNotDivide`].
    pub fn validate(&self) -> Result<()> {
        within("vocabSize", self.vocab_size, 1, 1 << 20)?;
        within("contextLength", self.context_length, 1, 8_192)?;
        within("nLayer", self.n_layer, 1, 96)?;
        within("nHead", self.n_head, 1, 128)?;
        within("nKvHead", self.n_kv_head, 1, 128)?;
        within("dModel", self.d_model, 1, 8_192)?;
        within("dFf", self.d_ff, 1, 65_536)?;
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(Error::range("dropout", self.dropout, 0, "below 1"));
        }
        let rotary = self.position == PositionKind::Rotary;
        if !self.d_model.is_multiple_of(self.n_head) || (rotary && !self.d_head().is_multiple_of(2)) {
            return Err(Error::HeadsDoNotDivide { n_head: self.n_head, d_model: self.d_model });
        }
        if !self.n_head.is_multiple_of(self.n_kv_head) {
            return Err(Error::KvHeadsDoNotDivide { n_kv_head: self.n_kv_head, n_head: self.n_head });
        }
        Ok(())
    }

    /// Trainable numbers. A tied output layer counts once.
    pub fn parameters(&self) -> u64 {
        let [v, t, l, c, f] =
            [self.vocab_size, self.context_length, self.n_layer, self.d_model, self.d_ff].map(|n| n as u64);
        let kv = (self.n_kv_head * self.d_head()) as u64;
        let bias = u64::from(self.bias);
        let norm = c + if self.norm == NormKind::LayerNorm { bias * c } else { 0 };
        let attention = c * (c + 2 * kv) + bias * (c + 2 * kv) + c * c + bias * c;
        let mlp = match self.mlp {
            MlpKind::Gelu => 2 * c * f + bias * (f + c),
            MlpKind::Swiglu => 3 * c * f + bias * (2 * f + c),
        };
        let position = if self.position == PositionKind::Learned { t * c } else { 0 };
        let head = if self.tied_embeddings { 0 } else { v * c };
        v * c + position + l * (2 * norm + attention + mlp) + norm + head
    }

    /// Operations of matrix products for one token going forward: two for each weight that multiplies, and the attention
    /// to half a context on average. A training step takes three times as many.
    pub fn matmul_operations(&self) -> f64 {
        let [v, t, l, c, f] =
            [self.vocab_size, self.context_length, self.n_layer, self.d_model, self.d_ff].map(|n| n as f64);
        let kv = (self.n_kv_head * self.d_head()) as f64;
        let mlp = if self.mlp == MlpKind::Swiglu { 3.0 } else { 2.0 };
        let weights = c * (c + 2.0 * kv) + c * c + mlp * c * f;
        2.0 * (l * (weights + c * t) + v * c)
    }

    /// Bytes of the weights and a full KV cache, in f32.
    pub fn inference_bytes(&self) -> u64 {
        let kv = (self.n_kv_head * self.d_head()) as u64;
        let t = self.context_length as u64;
        4 * (self.parameters() + 2 * self.n_layer as u64 * t * kv)
    }

    /// Bytes to train with batches of `batch_size`, in f32: weights and both moments four times (now, next, and the two last
    /// good states), gradients, and the activations that the backward pass keeps.
    pub fn training_bytes(&self, batch_size: usize) -> u64 {
        let [b, t, l, c, f, v, h] = [
            batch_size,
            self.context_length,
            self.n_layer,
            self.d_model,
            self.d_ff,
            self.vocab_size,
            self.n_head,
        ]
        .map(|n| n as u64);
        // A block keeps its input, what both norms made of it, packed heads, their mix, and both ends of the MLP's activation.
        let block = b * t * (8 * c + 3 * f + h);
        let activations = l * block + b * t * (8 * c + 4 * f + 3 * v);
        4 * (13 * self.parameters() + activations)
    }

    /// Bytes of the largest tensor of inference: the embeddings, or a layer's weights.
    pub fn inference_buffer(&self) -> u64 {
        4 * (self.d_model * self.vocab_size.max(self.d_ff).max(3 * self.d_model)) as u64
    }

    /// Bytes of the largest tensor of training: all weights lie in one, and so do a batch's logits.
    pub fn training_buffer(&self, batch_size: usize) -> u64 {
        let widest = self.vocab_size.max(self.d_ff).max(3 * self.d_model) as u64;
        4 * self.parameters().max((batch_size * self.context_length) as u64 * widest)
    }
}

/// How a model is trained: nanoGPT's recipe by default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Optimizer updates in all.
    pub steps: usize,
    /// Sequences a batch.
    pub batch_size: usize,
    /// Batches whose gradients are averaged before each update.
    pub grad_accumulation: usize,
    /// Peak learning rate, reached after the warm-up.
    pub learning_rate: f64,
    /// Learning rate at the end of the cosine.
    pub min_learning_rate: f64,
    /// Updates of linear warm-up.
    pub warmup_steps: usize,
    /// AdamW's decay, on matrices and embeddings only.
    pub weight_decay: f64,
    /// Decay of the first moment.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Largest global gradient norm; 0 turns clipping off.
    pub grad_clip: f64,
    /// Share of the tokens at the end of the corpus that is kept for validation.
    pub validation_fraction: f64,
    /// Steps between evaluations; 0 turns them off.
    pub eval_interval: usize,
    /// Batches an evaluation averages over.
    pub eval_batches: usize,
    /// Steps between samples; 0 turns them off.
    pub sample_interval: usize,
    /// Prompts to sample from while training; without any, a new line or the corpus's first token.
    pub sample_prompts: Vec<String>,
    /// Tokens a sample is long.
    pub sample_tokens: usize,
    /// Seed of weights, batches, dropout and samples.
    pub seed: u64,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            steps: 2_000,
            batch_size: 12,
            grad_accumulation: 1,
            learning_rate: 1e-3,
            min_learning_rate: 1e-4,
            warmup_steps: 100,
            weight_decay: 0.1,
            beta1: 0.9,
            beta2: 0.99,
            grad_clip: 1.0,
            validation_fraction: 0.1,
            eval_interval: 250,
            eval_batches: 20,
            sample_interval: 250,
            sample_prompts: vec![],
            sample_tokens: 100,
            seed: 1337,
        }
    }
}

impl TrainConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] with the field's serialized name.
    pub fn validate(&self) -> Result<()> {
        within("steps", self.steps, 1, 10_000_000)?;
        within("batchSize", self.batch_size, 1, 4_096)?;
        within("gradAccumulation", self.grad_accumulation, 1, 1_024)?;
        within("learningRate", self.learning_rate, 0.0, 10.0)?;
        within("minLearningRate", self.min_learning_rate, 0.0, 10.0)?;
        within("warmupSteps", self.warmup_steps, 0, 10_000_000)?;
        within("weightDecay", self.weight_decay, 0.0, 10.0)?;
        within("beta1", self.beta1, 0.0, 0.999_999)?;
        within("beta2", self.beta2, 0.0, 0.999_999)?;
        within("gradClip", self.grad_clip, 0.0, 1e6)?;
        within("validationFraction", self.validation_fraction, 0.0, 0.9)?;
        within("evalBatches", self.eval_batches, 1, 10_000)?;
        within("sampleTokens", self.sample_tokens, 1, 10_000)?;
        within("samplePrompts", self.sample_prompts.len(), 0, 16)?;
        within("seed", self.seed, 0, MAX_SEED)
    }

    /// Learning rate of update `step` (counted from 0): linear warm-up, then a cosine to `min_learning_rate`, or to the
    /// peak where that is smaller.
    pub fn learning_rate_at(&self, step: usize) -> f64 {
        let floor = self.min_learning_rate.min(self.learning_rate);
        if step < self.warmup_steps {
            return self.learning_rate * (step + 1) as f64 / (self.warmup_steps + 1) as f64;
        }
        if step >= self.steps {
            return floor;
        }
        let progress = (step - self.warmup_steps) as f64 / (self.steps - self.warmup_steps) as f64;
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * progress).cos());
        floor + cosine * (self.learning_rate - floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_and_grow_from_a_tenth_of_a_million_to_gpt2() {
        let sizes: Vec<u64> = PRESETS
            .iter()
            .map(|name| {
                let config = ModelConfig::preset(name).expect("every name has a preset");
                config.validate().expect("every preset is valid");
                config.parameters()
            })
            .collect();
        assert!(sizes.is_sorted(), "{sizes:?}");
        assert!((100_000..150_000).contains(&sizes[0]), "nano has {}", sizes[0]);
        assert_eq!(sizes[5], 124_439_808, "GPT-2's published size");
    }

    #[test]
    fn schedule_warms_up_then_falls_to_its_floor() {
        let config = TrainConfig {
            steps: 10,
            warmup_steps: 3,
            learning_rate: 1.0,
            min_learning_rate: 0.1,
            ..TrainConfig::default()
        };
        let rates: Vec<f64> = (0..11).map(|step| config.learning_rate_at(step)).collect();
        assert_eq!(&rates[..3], &[0.25, 0.5, 0.75]);
        assert_eq!(rates[3], 1.0);
        assert!(rates[3..].windows(2).all(|pair| pair[0] > pair[1]), "{rates:?}");
        assert_eq!(rates[10], 0.1);
    }

    #[test]
    fn refusals_name_the_field_and_the_value() {
        let config = ModelConfig { n_head: 3, ..ModelConfig::default() };
        assert_eq!(config.validate(), Err(Error::HeadsDoNotDivide { n_head: 3, d_model: 128 }));
        let config = TrainConfig { learning_rate: f64::NAN, ..TrainConfig::default() };
        assert_eq!(config.validate(), Err(Error::range("learningRate", "NaN", 0, 10)));
    }
}
