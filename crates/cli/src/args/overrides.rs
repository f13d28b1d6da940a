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
    /// Weight of stories in the made world.
    stories: f64,
    /// Weight of facts in the made world.
    facts: f64,
    /// Weight of arithmetic in the made world.
    arithmetic: f64,
    /// Weight of tasks that are learnt from examples in the prompt.
    tasks: f64,
    /// Weight of passages with questions.
    passages: f64,
    /// Weight of conversations.
    chat: f64,
    /// Share of documents in Chinese.
    chinese: f64,
});

overrides!(ModelArgs for ModelConfig {
    /// Context length: tokens that the model sees at once.
    context_length: usize,
    /// Number of blocks.
    n_layer: usize,
    /// Attention heads per block.
    n_head: usize,
    /// Key/value heads per block [default: as many as attention heads].
    n_kv_head: usize,
    /// Width of the residual stream.
    d_model: usize,
    /// Width of the MLP's hidden layer [default: 4 times d-model].
    d_ff: usize,
    /// Share of activations set to 0 while training.
    dropout: f64,
    /// Position embedding: learned, sinusoidal, rotary or none.
    #[arg(value_parser = named::<PositionKind>)]
    position: PositionKind,
    /// Norm: layerNorm or rmsNorm.
    #[arg(value_parser = named::<NormKind>)]
    norm: NormKind,
    /// MLP: gelu or swiglu.
    #[arg(value_parser = named::<MlpKind>)]
    mlp: MlpKind,
});

/// A value by its name in checkpoints.
pub fn named<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(name.into())
}

overrides!(PaceArgs for TrainConfig {
    /// Optimizer steps in all.
    steps: usize,
    /// Peak learning rate; with --resume, the rate from here on.
    learning_rate: f64,
});

overrides!(TrainingArgs for TrainConfig {
    /// Sequences in a batch.
    batch_size: usize,
    /// Batches whose gradients one step averages.
    grad_accumulation: usize,
    /// Learning rate at the end.
    min_learning_rate: f64,
    /// Steps in which the learning rate rises to its peak.
    warmup_steps: usize,
    /// Weight decay, of matrices only.
    weight_decay: f64,
    /// AdamW: decay of the first moment.
    beta1: f64,
    /// AdamW: decay of the second moment.
    beta2: f64,
    /// Largest norm of the gradient; 0 for no limit.
    grad_clip: f64,
    /// Share of the corpus kept for validation.
    validation_fraction: f64,
    /// Steps between evaluations; 0 for none.
    eval_interval: usize,
    /// Batches whose loss an evaluation averages.
    eval_batches: usize,
    /// Steps between samples; 0 for none.
    sample_interval: usize,
    /// Prompt of the samples; may be given several times.
    sample_prompts: Vec<String>,
    /// Length of a sample, in tokens.
    sample_tokens: usize,
    /// Seed of all random numbers.
    seed: u64,
});

overrides!(SamplingArgs for SamplingConfig {
    /// Temperature; 0 always takes the likeliest token.
    temperature: f64,
    /// Keep this many of the likeliest tokens; 0 for all.
    top_k: usize,
    /// Keep the likeliest tokens up to this total probability; 1 for all.
    top_p: f64,
    /// Keep tokens of at least this share of the largest probability; 0 for all.
    min_p: f64,
    /// Makes tokens that were seen lately less likely; 1 for no change.
    repetition_penalty: f64,
    /// Subtracted from a token's logit for each time it was written.
    frequency_penalty: f64,
    /// Subtracted once from the logit of every token that was written.
    presence_penalty: f64,
    /// Seed of the sampling.
    seed: u64,
});
