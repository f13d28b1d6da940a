//! What a person can do with tokenizers alone: two of them on the bench, one in training. Knows no model and no burn, so that a page that
//! shows tokens alone loads a small module; also the corpus, from which models learn, too.

#![deny(missing_docs)]

mod corpus;
mod error;
mod training;
mod wire;
mod workbench;

pub use corpus::{Corpus, CorpusInfo};
pub use error::{Error, ErrorData, Result};
pub use tadpole_tokenizer::{Encoding, TokenizerConfig, TokenizerKind};
pub use training::{BUDGET, feed};
pub use wire::{KnownRanks, MergeInfo, TokenizerInfo, TrainingEvent};
pub use workbench::{Place, Workbench};
