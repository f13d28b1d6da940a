//! What a model is: a plain struct with presets and bounds. `layout.rs` derives its parameters, `cost.rs` its
//! costs. Refuses what the arithmetic cannot do before anything is allocated.

use crate::error::within;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Normalisation before attention, before the MLP and at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NormKind {
    /// Mean and variance (Ba et al., 2016), as in GPT-2.
    LayerNorm,
    /// Root mean square only (Zhang & Sennrich, 2019).
    RmsNorm,
}

/// How the model learns the order of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MlpKind {
    /// Linear, GELU (tanh form), linear, as in GPT-2.
    Gelu,
    /// Gated: `silu(x W_gate) * (x W_up)`, then `W_down` (Shazeer, 2020).
    Swiglu,
}

/// Shape and kind of a model. The default is GPT-2's family at the size of a nanoGPT toy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ModelConfig {
    /// Size of the vocabulary.
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

    /// A preset by name (see [`PRESETS`]); the tokenizer determines the vocabulary, except for `gpt2`.
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid() {
        for name in PRESETS {
            ModelConfig::preset(name).expect("every name has a preset").validate().expect("it is valid");
        }
    }

    #[test]
    fn a_refusal_names_the_values() {
        let config = ModelConfig { n_head: 3, ..ModelConfig::default() };
        assert_eq!(config.validate(), Err(Error::HeadsDoNotDivide { n_head: 3, d_model: 128 }));
    }
}
