//! A tokenizer's configuration: its kind, its size, how it cuts text into words, its special tokens.

use crate::pattern::Pattern;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// The largest `vocab_size` for training.
pub(crate) const MAX_VOCAB_SIZE: usize = 1_000_000;

/// How text becomes tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TokenizerKind {
    /// One token for each distinct character of the corpus.
    Char,
    /// Byte-level byte-pair encoding: any byte string has an encoding.
    #[default]
    Bpe,
}

/// What to train, and what a trained or loaded tokenizer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenizerConfig {
    /// Characters or byte-level BPE.
    pub kind: TokenizerKind,
    /// The number of tokens to reach, special tokens included. A corpus with too few repeated pairs gives
    /// fewer. A character-level tokenizer takes its size from the corpus and ignores this.
    pub vocab_size: usize,
    /// Whether each numeric character (`\p{N}`) is a separate word, cut out after the pattern has cut.
    pub split_digits: bool,
    /// The pre-split pattern; `None` is GPT-2's. Ignored by a character-level tokenizer.
    pub pattern: Option<String>,
    /// Names such as `<|endoftext|>`; they take the last ids, in this order.
    pub special_tokens: Vec<String>,
}

impl Default for TokenizerConfig {
    fn default() -> Self {
        Self {
            kind: TokenizerKind::Bpe,
            vocab_size: 1024,
            split_digits: false,
            pattern: None,
            special_tokens: Vec::new(),
        }
    }
}

impl TokenizerConfig {
    /// Refuses a size too small for the bytes, a pattern that does not parse, special tokens that are
    /// ambiguous.
    pub fn validate(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        for name in &self.special_tokens {
            check_special(name)?;
            if !seen.insert(name) {
                return Err(Error::InvalidSpecialToken { name: name.clone(), reason: "it is listed twice" });
            }
        }
        if self.kind == TokenizerKind::Char {
            return Ok(());
        }
        let minimum = 256 + self.special_tokens.len();
        if self.vocab_size < minimum {
            return Err(Error::VocabTooSmall { vocab_size: self.vocab_size, minimum });
        }
        if self.vocab_size > MAX_VOCAB_SIZE {
            return Err(Error::VocabTooLarge { vocab_size: self.vocab_size, maximum: MAX_VOCAB_SIZE });
        }
        if let Some(pattern) = &self.pattern {
            Pattern::new(pattern)?;
        }
        Ok(())
    }
}

/// A single character would be the same entry in a `tokenizer.json` as that character's (or byte's) own
/// token.
pub(crate) fn check_special(name: &str) -> Result<()> {
    if name.chars().nth(1).is_none() {
        let reason = "it needs at least two characters, or it is one with an ordinary token";
        return Err(Error::InvalidSpecialToken { name: name.to_string(), reason });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_cannot_be_trained() {
        let small =
            TokenizerConfig { vocab_size: 256, special_tokens: vec!["<|a|>".into()], ..Default::default() };
        assert_eq!(small.validate(), Err(Error::VocabTooSmall { vocab_size: 256, minimum: 257 }));
        let large = TokenizerConfig { vocab_size: usize::MAX, ..Default::default() };
        assert_eq!(large.validate().unwrap_err().code(), "vocabTooLarge");
        let twice =
            TokenizerConfig { special_tokens: vec!["<|a|>".into(), "<|a|>".into()], ..Default::default() };
        assert_eq!(twice.validate().unwrap_err().code(), "invalidSpecialToken");
        let short = TokenizerConfig { special_tokens: vec!["a".into()], ..Default::default() };
        assert_eq!(short.validate().unwrap_err().code(), "invalidSpecialToken");
        let pattern = TokenizerConfig { pattern: Some("(".into()), ..Default::default() };
        assert_eq!(pattern.validate().unwrap_err().code(), "invalidPattern");
    }

    #[test]
    fn crosses_to_javascript_in_camel_case() {
        let config: TokenizerConfig = serde_json::from_str(r#"{"kind":"char","vocabSize":3}"#).unwrap();
        assert_eq!((config.kind, config.vocab_size), (TokenizerKind::Char, 3));
        assert!(serde_json::to_string(&config).unwrap().contains("splitDigits"));
    }
}
