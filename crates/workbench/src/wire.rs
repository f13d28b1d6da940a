//! The types that cross to a page or to `--json`; their TypeScript is generated (`crates/session/tests/contract.rs`).

use serde::{Deserialize, Serialize};
use tadpole_tokenizer::{Merge, Tokenizer, TokenizerConfig, TokenizerKind};
use ts_rs::TS;

/// A tokenizer in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenizerInfo {
    /// Characters, or byte pairs.
    pub kind: TokenizerKind,
    /// Tokens it has.
    pub vocab_size: usize,
    /// Merges it has learnt.
    pub merges: usize,
    /// Tokens that text can become.
    pub text_tokens: usize,
    /// Special tokens by name.
    pub special_tokens: Vec<String>,
    /// Their ids.
    pub special_ids: Vec<u32>,
    /// Its configuration.
    pub config: TokenizerConfig,
}

impl From<&Tokenizer> for TokenizerInfo {
    fn from(tokenizer: &Tokenizer) -> Self {
        Self {
            kind: tokenizer.kind(),
            vocab_size: tokenizer.vocab_size(),
            merges: tokenizer.merges().count(),
            text_tokens: tokenizer.text_tokens(),
            special_tokens: tokenizer.config().special_tokens.clone(),
            special_ids: tokenizer.special_tokens().iter().map(|(_, id)| *id).collect(),
            config: tokenizer.config().clone(),
        }
    }
}

/// One learnt merge.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "Merge")]
pub struct MergeInfo {
    /// Place among the merges.
    pub index: usize,
    /// Id of the left part.
    pub left: u32,
    /// Id of the right part.
    pub right: u32,
    /// Id of the new token.
    pub id: u32,
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub bytes: Vec<u8>,
    /// How often the pair stood in the corpus when it was merged; 0 for a tokenizer that was loaded.
    pub count: u64,
}

impl From<Merge> for MergeInfo {
    fn from(Merge { index, left, right, id, bytes, count }: Merge) -> Self {
        Self { index, left, right, id, bytes, count: count.unwrap_or(0) }
    }
}

/// What the training of a tokenizer answers with.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TrainingEvent {
    /// Words of the corpus were counted.
    Progress {
        /// Always `count`.
        #[ts(type = "\"count\"")]
        stage: &'static str,
        /// Bytes that are done.
        done: usize,
        /// Of how many.
        total: usize,
    },
    /// Merges that it has just learnt.
    Merges {
        merges: Vec<MergeInfo>,
        /// Merges it will learn at most.
        total: usize,
    },
    /// It is ready.
    Tokenizer {
        /// In a few words.
        tokenizer: TokenizerInfo,
    },
}

/// One of the two tokenizers of a workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Slot {
    /// The lab's own, where a tokenizer that was trained is put.
    Lab,
    /// The one beside it.
    Other,
}

/// A tokenizer of the workbench.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct SlotRequest {
    /// Which.
    pub slot: Slot,
}

/// A tokenizer from a file: tokenizer.json or .tiktoken, told apart by content.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct LoadTokenizerRequest {
    /// Where it is put.
    pub slot: Slot,
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub file: Vec<u8>,
    /// How text is cut for a rank file of an unknown vocabulary: a regular expression, or gpt2, cl100k, o200k.
    #[serde(default)]
    #[ts(optional)]
    pub pattern: Option<String>,
}

/// A tokenizer to train.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct TrainTokenizerRequest {
    /// The text, UTF-8.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub corpus: Vec<u8>,
    /// What to train.
    pub config: TokenizerConfig,
}

/// A text to encode.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct EncodeRequest {
    pub text: String,
}

/// A text to encode as if only the first merges had been learnt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct ReplayRequest {
    pub text: String,
    /// How many merges.
    pub merges: usize,
}
