//! The types that cross to a page or to `--json`. `web/src/worker/protocol.ts` says the same in TypeScript.

use serde::Serialize;
use tadpole_tokenizer::{Merge, Tokenizer, TokenizerConfig, TokenizerKind};

/// A tokenizer in a few words.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeInfo {
    /// Place among the merges.
    pub index: usize,
    /// Id of the left part.
    pub left: u32,
    /// Id of the right part.
    pub right: u32,
    /// Id of the new token.
    pub id: u32,
    /// Its bytes.
    #[serde(with = "serde_bytes")]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TrainingEvent {
    /// Words of the corpus were counted.
    Progress {
        /// Always `count`.
        stage: &'static str,
        /// Bytes that are done.
        done: usize,
        /// Of how many.
        total: usize,
    },
    /// Merges that it has just learnt.
    Merges {
        /// The merges.
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
