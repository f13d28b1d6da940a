//! The types that cross to a page or to `--json`: requests, answers and the one [`Event`] enum.
//! Their TypeScript is generated (`tests/contract.rs`).

mod device;
mod requests;
mod speed;

use crate::{Interval, Mix};
pub use device::{DeviceInfo, DeviceKind, Estimates, FallbackReason, MemoryUse};
pub use requests::*;
use serde::{Deserialize, Serialize};
pub use speed::{MeasureCase, MeasureRequest, Measured, Shape};
use tadpole_gpt::sampling::{SamplingConfig, Stage};
use tadpole_gpt::train::StepMetrics;
use tadpole_gpt::{ModelConfig, TrainConfig};
use tadpole_tokenizer::TokenizerConfig;
use tadpole_workbench::{CorpusInfo, TokenizerInfo};
use ts_rs::TS;

/// A model in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    /// Its configuration.
    pub config: ModelConfig,
    /// Trainable numbers.
    pub parameters: u64,
    /// Optimizer updates made.
    pub step: usize,
    pub tokenizer: TokenizerInfo,
    /// Whether optimizer state and corpus are at hand, so that training can go on.
    pub resumable: bool,
    /// Whether the optimizer's state came with it, without which no run goes on.
    pub has_optimizer: bool,
    /// The corpus that the run learns from.
    pub corpus: Option<CorpusInfo>,
    /// The request that began the run; none for a model that came from elsewhere.
    pub request: Option<TrainRequest>,
    /// What a text begins with where nothing is given: a line break, or the first token of a model that has none.
    pub opening: String,
    /// The device that it is on: `auto` gives each model to the faster one.
    pub device: DeviceInfo,
}

/// A run to begin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainRequest {
    /// What the person calls the corpus.
    pub corpus_name: String,
    /// The tokenizer to train first.
    pub tokenizer: TokenizerConfig,
    /// The model; its `vocab_size` is filled in from the tokenizer.
    pub model: ModelConfig,
    /// The training.
    pub train: TrainConfig,
}

/// Memory that a model would take, and how much there is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Trainable numbers.
    pub parameters: u64,
    /// Bytes to generate with it.
    pub model_bytes: u64,
    /// Bytes to train it.
    pub training_bytes: u64,
    /// Bytes that may be used.
    pub limit_bytes: u64,
}

/// Work before the first update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Preparation {
    /// Counting the corpus's words, in bytes.
    Count,
    /// Learning merges.
    Merge,
    /// Turning the corpus into ids, in bytes.
    Encode,
}

/// Text to generate.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GenerateRequest {
    /// Text to go on from.
    pub prompt: String,
    /// Ids that follow the prompt as they are, also those of parts of a character; no event tells them again.
    #[ts(optional, as = "Option<Vec<u32>>")]
    pub forced: Vec<u32>,
    /// How tokens are chosen.
    pub sampling: SamplingConfig,
    /// Tokens at most.
    pub max_new_tokens: usize,
    /// Texts that end the generation and are not part of it; four at most.
    pub stop: Vec<String>,
    /// Alternatives each token event carries.
    pub top_logprobs: usize,
    /// Cut a prompt that is too long to its end instead of refusing it.
    #[ts(optional, as = "Option<bool>")]
    pub truncate_prompt: bool,
}

impl Default for GenerateRequest {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            forced: vec![],
            sampling: SamplingConfig::default(),
            max_new_tokens: 200,
            stop: vec![],
            top_logprobs: 0,
            truncate_prompt: false,
        }
    }
}

/// A token and its log-probability by the model alone, before any sampler.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenLogprob {
    pub id: u32,
    pub bytes: Vec<u8>,
    /// Natural logarithm of its probability.
    pub logprob: f32,
}

/// Why a generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FinishReason {
    /// A stop string came.
    Stop,
    /// A special token came.
    EndToken,
    /// As many tokens as were asked for.
    Length,
}

/// What a stream answers with.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// Work before the first update.
    Progress {
        /// Which.
        stage: Preparation,
        /// How much is done.
        done: usize,
        /// Of how much.
        total: usize,
    },
    /// A run begins, or goes on.
    Started {
        model: Box<ModelInfo>,
        /// Tokens that train.
        train_tokens: usize,
        /// Tokens that validate.
        val_tokens: usize,
    },
    /// Updates were made.
    Step {
        /// What each measured.
        steps: Vec<StepMetrics>,
        /// Tokens trained on a second, lately.
        tokens_per_second: f64,
        /// Updates in all.
        total_steps: usize,
        /// Memory in use.
        memory: MemoryUse,
    },
    /// An evaluation on the validation part.
    Eval(EvalMetrics),
    /// A text by the model as it is now.
    Sample(SampleText),
    /// The run has made all its updates.
    Done {
        /// How many.
        step: usize,
    },
    /// A token was generated.
    Token(WrittenToken),
    /// A measurement is over.
    Measured(Measured),
    /// The model answered the next case.
    Graded(Graded),
    /// A generation is over.
    Finished(Finished),
}

/// A token that was generated.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WrittenToken {
    pub id: u32,
    /// Its bytes: a plain list, since a typed array for each of thousands of tokens a second would cost more than the token.
    pub bytes: Vec<u8>,
    /// Text that is certain now: whole characters, no part of a stop string.
    pub text: String,
    /// Bytes of a character that is not whole yet.
    pub pending: Vec<u8>,
    /// Natural logarithm of its probability by the model alone.
    pub logprob: f32,
    /// The likeliest tokens at its place, as many as were asked for.
    pub top: Vec<TokenLogprob>,
}

/// How a generation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finished {
    /// Why.
    pub reason: FinishReason,
    /// Text that was held back until then, because it could have become a stop text or a character.
    pub text: String,
}

/// The model's answer to a case.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Graded {
    /// What it wrote, up to the end of the line.
    pub output: String,
    /// Whether that gives the answer.
    pub correct: bool,
    /// Of all answers so far.
    pub score: Interval,
}

/// An evaluation on the validation part.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvalMetrics {
    /// Updates made.
    pub step: usize,
    /// Mean loss in nats a token.
    pub val_loss: f32,
    /// Its exponential.
    pub perplexity: f32,
    /// The loss in bits a byte of text, which tokenizers do not change.
    pub bits_per_byte: f32,
}

impl EvalMetrics {
    /// From a loss in nats a token, and how many bytes of text a token stands for.
    pub(crate) fn new(step: usize, val_loss: f32, bytes_per_token: f64) -> Self {
        let bits_per_byte = (f64::from(val_loss) / std::f64::consts::LN_2 / bytes_per_token) as f32;
        // Beyond that a perplexity is no f32 any more.
        Self { step, val_loss, perplexity: val_loss.min(88.0).exp(), bits_per_byte }
    }
}

/// A text by the model at some step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SampleText {
    /// Updates made.
    pub step: usize,
    /// What it went on from.
    pub prompt: String,
    /// What it wrote.
    pub text: String,
}

/// The next-token distribution after a prompt, stage by stage.
#[derive(Debug, Clone, PartialEq, TS)]
#[ts(rename_all = "camelCase")]
pub struct NextTokens {
    /// Ids of the prompt that the model read.
    #[ts(type = "Uint32Array")]
    pub prompt_ids: Vec<u32>,
    pub stages: Vec<Stage>,
    /// The likeliest tokens by the model alone.
    pub candidates: Vec<Candidate>,
    /// Tokens still possible after each stage.
    pub survivors: Vec<usize>,
}

/// One token of a distribution.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    pub id: u32,
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub bytes: Vec<u8>,
    pub logit: f32,
    /// Its probability after each stage; 0 from the stage on that removed it.
    pub probs: Vec<f32>,
}

/// What a checkpoint file shall hold beside weights and tokenizer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveOptions {
    /// Optimizer state and position, so that training can go on.
    pub training: bool,
    /// The corpus itself, so that the file needs nothing else.
    pub corpus: bool,
    /// Numbers rounded to 16 bits, for a model that is only read.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub half: bool,
}

/// A file by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamedFile {
    /// Name, such as `config.json`.
    pub name: String,
    /// Contents.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub bytes: Vec<u8>,
}

/// The core's own defaults.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Defaults {
    /// Model presets, smallest first.
    pub presets: Vec<Preset>,
    pub tokenizer: TokenizerConfig,
    /// Training.
    pub train: TrainConfig,
    pub sampling: SamplingConfig,
    /// Shapes that speeds are told for, smallest first.
    pub shapes: Vec<Shape>,
    /// Of the made world.
    pub mix: Mix,
}

/// A model preset.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    pub name: &'static str,
    /// Configuration.
    pub config: ModelConfig,
}
