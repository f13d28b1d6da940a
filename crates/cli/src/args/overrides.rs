//! Flags named as the fields of the configurations: what is given is copied over the defaults, or over a preset.

use clap::Args;
use tadpole_session::{Mix, MlpKind, ModelConfig, NormKind, PositionKind, SamplingConfig, TrainConfig};

/// A struct of optional flags, and what is set copied over a configuration.
macro_rules! overrides {
    ($name:ident for $config:ty { $($(#[$doc:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        #[derive(Args, Default)]
        pub struct $name {
            $($(#[$doc])* #[arg(long, allow_hyphen_values = true)] pub $field: Option<$kind>,)*
        }
        impl $name {
            pub fn apply(&self, config: &mut $config) {
                $(if let Some(value) = &self.$field { config.$field = value.clone(); })*
            }
        }
    };
}

overrides!(MixArgs for Mix {
    /// Weight of stories in the world.
    stories: f64,
    /// Weight of facts.
    facts: f64,
    /// Weight of arithmetic.
    arithmetic: f64,
    /// Weight of tasks to be learnt from examples.
    tasks: f64,
    /// Weight of passages with questions.
    passages: f64,
    /// Weight of conversations.
    chat: f64,
    /// Share of documents in Chinese.
    chinese: f64,
});

overrides!(ModelArgs for ModelConfig {
    /// Tokens that the model sees at once.
    context_length: usize,
    /// Blocks.
    n_layer: usize,
    /// Attention heads.
    n_head: usize,
    /// Key/value heads [default: n_head].
    n_kv_head: usize,
    /// Width.
    d_model: usize,
    /// Width within the MLP [default: 4 d_model].
    d_ff: usize,
    /// Share of activations dropped while training.
    dropout: f64,
    /// learned, sinusoidal, rotary or none.
    #[arg(value_parser = named::<PositionKind>)]
    position: PositionKind,
    /// layerNorm or rmsNorm.
    #[arg(value_parser = named::<NormKind>)]
    norm: NormKind,
    /// gelu or swiglu.
    #[arg(value_parser = named::<MlpKind>)]
    mlp: MlpKind,
});

/// A value by its name in checkpoints.
pub fn named<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(name.into())
}

overrides!(PaceArgs for TrainConfig {
    /// Updates in all.
    steps: usize,
    /// Peak learning rate; from here on, with --resume.
    learning_rate: f64,
});

overrides!(TrainingArgs for TrainConfig {
    /// Sequences a batch.
    batch_size: usize,
    /// Batches an update averages over.
    grad_accumulation: usize,
    /// Learning rate at the end.
    min_learning_rate: f64,
    /// Updates of warm-up.
    warmup_steps: usize,
    /// Decay of matrices.
    weight_decay: f64,
    /// Decay of the first moment.
    beta1: f64,
    /// Decay of the second moment.
    beta2: f64,
    /// Largest gradient norm; 0 for any.
    grad_clip: f64,
    /// Share of the corpus for validation.
    validation_fraction: f64,
    /// Updates between evaluations; 0 for none.
    eval_interval: usize,
    /// Batches an evaluation averages over.
    eval_batches: usize,
    /// Updates between samples; 0 for none.
    sample_interval: usize,
    /// A prompt to sample from; may be given several times.
    sample_prompts: Vec<String>,
    /// Tokens a sample is long.
    sample_tokens: usize,
    /// Seed of everything random.
    seed: u64,
});

overrides!(SamplingArgs for SamplingConfig {
    /// 0 takes the likeliest token always.
    temperature: f64,
    /// Likeliest tokens kept; 0 for all.
    top_k: usize,
    /// Probability kept; 1 for all.
    top_p: f64,
    /// Least probability, as a share of the largest.
    min_p: f64,
    /// Makes tokens seen lately less likely; 1 for none.
    repetition_penalty: f64,
    /// Taken from a token's logit for each time it was written.
    frequency_penalty: f64,
    /// Taken from a token's logit once it was written.
    presence_penalty: f64,
    /// Seed of the draws.
    seed: u64,
});
