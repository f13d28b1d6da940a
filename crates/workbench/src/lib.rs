//! What a person can do with tokenizers alone: two of them on the workbench, one in training. Independent of
//! models and burn, so that a page that only shows tokens loads a small module. Also the corpus that models
//! learn from.

mod corpus;
mod error;
mod foreign;
mod ranks;
mod training;
mod wire;
mod workbench;

pub use corpus::{Corpus, CorpusInfo};
pub use error::{Error, ErrorData, Result};
pub use foreign::{Foreign, foreign};
pub use ranks::named_pattern;
pub use tadpole_tokenizer::{Encoding, TokenizerConfig, TokenizerKind};
pub use training::{BUDGET, feed};
pub use wire::*;
pub use workbench::{Workbench, read_tokenizer};
