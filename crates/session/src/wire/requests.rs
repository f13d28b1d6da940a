//! What the calls and streams of a page bring, where that is more than one of the types beside this file.

use super::{NamedFile, TrainRequest};
use serde::Deserialize;
use tadpole_gpt::sampling::SamplingConfig;
use tadpole_gpt::{ModelConfig, TrainConfig};
use ts_rs::TS;

/// A model to be planned.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
pub struct EstimateRequest {
    /// Its configuration.
    pub model: ModelConfig,
    /// How it would be trained.
    pub train: TrainConfig,
}

/// A place in a text whose next tokens are asked for.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
pub struct NextTokensRequest {
    /// The text before it.
    pub prompt: String,
    /// Ids that follow the prompt as they are.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<u32>>")]
    pub forced: Vec<u32>,
    /// The stages that the distribution goes through.
    pub sampling: SamplingConfig,
    /// Candidates that are told.
    pub top: usize,
}

/// A token whose nearest ones are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct NearestRequest {
    pub id: u32,
    /// How many, nearest first.
    pub count: usize,
}

/// A learning rate in place of the schedule's.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LearningRateRequest {
    /// None for the schedule.
    pub learning_rate: Option<f64>,
}

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct LoadRequest {
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub file: Vec<u8>,
}

/// A model in Hugging Face's GPT-2 layout.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct ImportRequest {
    /// config.json, model.safetensors, tokenizer.json.
    pub files: Vec<NamedFile>,
}

/// A run to begin, with its corpus.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
pub struct RunRequest {
    /// The text, UTF-8.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub corpus: Vec<u8>,
    /// What is asked for.
    pub request: TrainRequest,
}

/// The corpus of a run whose checkpoint came without it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct AttachRequest {
    /// The text, UTF-8.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub corpus: Vec<u8>,
}

/// A run to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct ResumeRequest {
    /// Its new total of steps; none keeps the old one.
    pub steps: Option<usize>,
}
