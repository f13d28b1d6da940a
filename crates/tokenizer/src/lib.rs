//! Text to ids and back: character-level and byte-level BPE tokenizers, the trainer with its merge events,
//! a streaming decoder, prompt templates, and the two file formats in common use (`tokenizer.json`, `.tiktoken`).
//! Refuses what it would have to guess at: unknown characters, unsupported parts of a file, special tokens nobody declared.
//! Follows GPT-2 (Radford et al. 2019) for the pre-split and Sennrich et al. 2016 for BPE. No tensors, no JavaScript.
mod bpe;
mod byte_level;
mod chars;
mod config;
mod encoder;
mod error;
mod hf;
mod hf_write;
mod matcher;
mod pattern;
mod pattern_parser;
mod pattern_tree;
mod presplit;
mod seams;
mod stream;
mod table;
pub mod template;
mod tiktoken;
mod tokenizer;
mod trainer;
mod unicode;
mod vocab;

pub use config::{TokenizerConfig, TokenizerKind};
pub use encoder::Encoder;
pub use error::Error;
pub use presplit::GPT2_PATTERN;
pub use stream::{StreamDecoder, StreamPiece};
pub use template::Piece;
pub use tiktoken::{CL100K_PATTERN, O200K_PATTERN, TiktokenOptions};
pub use tokenizer::{Encoding, Merge, Tokenizer};
pub use trainer::TokenizerTrainer;

/// The byte order mark that some editors put before UTF-8 text; not part of it.
pub const BOM: &[u8] = "\u{feff}".as_bytes();

/// The result of every fallible function here.
pub type Result<T> = std::result::Result<T, Error>;
