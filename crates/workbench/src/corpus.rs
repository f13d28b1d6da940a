//! A corpus: UTF-8 text with a name and a fingerprint. Refuses other encodings, saying where they break.

use crate::foreign::foreign;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tadpole_tokenizer::{BOM, Encoder, Tokenizer, TokenizerTrainer};
use ts_rs::TS;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes processed at a time.
const CHUNK: usize = 64 << 10;

/// A corpus in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CorpusInfo {
    /// The person's name for it.
    pub name: String,
    /// Bytes of text.
    pub bytes: usize,
    /// XXH3 of the bytes, in hexadecimal.
    pub fingerprint: String,
    /// Whether the text is available.
    pub attached: bool,
}

/// A stretch of a corpus.
enum Piece<'a> {
    Text(&'a str),
    /// The name of a special token, which is one token and ends the text before it.
    Special(&'a str),
}

/// A text to learn from.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The person's name for it.
    pub name: String,
    /// Shared, not copied; a `String` behind the pointer reuses the file's own bytes.
    pub text: Arc<String>,
    fingerprint: String,
}

impl Corpus {
    /// A file's bytes as a corpus.
    ///
    /// # Errors
    /// [`Error::NotUtf8`].
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let fingerprint = format!("{:016x}", xxh3_64(&bytes));
        let text = String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            Error::NotUtf8 { offset, byte: error.as_bytes()[offset] }
        })?;
        Ok(Self { name: name.into(), text: Arc::new(text), fingerprint })
    }

    /// A person's file as a corpus: without the byte order mark that some editors put before UTF-8.
    ///
    /// # Errors
    /// [`Error::NotUtf8`], [`Error::ZeroByte`], or [`Error::Foreign`] for a recognised kind of file.
    pub fn from_file(name: &str, mut bytes: Vec<u8>) -> Result<Self> {
        if bytes.starts_with(BOM) {
            bytes.drain(..BOM.len());
        }
        let known = foreign(&bytes);
        let text = match bytes.iter().position(|&byte| byte == 0) {
            Some(offset) => Err(Error::ZeroByte { offset }),
            None => Self::new(name, bytes),
        };
        text.map_err(|error| known.map_or(error, Error::Foreign))
    }

    /// A brief description.
    pub fn info(&self) -> CorpusInfo {
        CorpusInfo {
            name: self.name.clone(),
            bytes: self.text.len(),
            fingerprint: self.fingerprint.clone(),
            attached: true,
        }
    }

    /// Whether it is the one that `info` describes.
    pub fn is(&self, info: &CorpusInfo) -> bool {
        self.fingerprint == info.fingerprint
    }

    /// The piece from byte `at` on: the name of one of these special tokens, or the text before the next one,
    /// at most about 64 KiB of it, cut between characters.
    fn piece<'a>(&'a self, at: usize, specials: &'a [String]) -> Piece<'a> {
        let rest = &self.text[at..];
        if let Some(name) = special(rest, specials) {
            return Piece::Special(name);
        }
        let chunk = &rest[..rest.floor_char_boundary(CHUNK.min(rest.len()))];
        let begins = |c: char| specials.iter().any(|name| name.starts_with(c));
        let mut places = chunk.match_indices(begins).map(|(place, _)| place);
        let end = places.find(|&place| special(&rest[place..], specials).is_some());
        Piece::Text(&chunk[..end.unwrap_or(chunk.len())])
    }

    /// Appends the ids of the piece from byte `at` on, as in [`Corpus::piece`], and returns its length in
    /// bytes. At the end of the text `encoder` still holds some back.
    ///
    /// # Errors
    /// A character that the tokenizer does not know.
    pub fn encode_piece(
        &self,
        at: usize,
        tokenizer: &Tokenizer,
        encoder: &mut Encoder,
        ids: &mut Vec<u32>,
    ) -> Result<usize> {
        match self.piece(at, &tokenizer.config().special_tokens) {
            Piece::Text(text) => {
                encoder.push(text, ids)?;
                Ok(text.len())
            }
            Piece::Special(name) => {
                encoder.finish(ids)?;
                ids.push(tokenizer.special_id(name)?);
                Ok(name.len())
            }
        }
    }

    /// Feeds a trainer the piece from byte `at` on, and returns its length in bytes.
    ///
    /// # Errors
    /// What the trainer refuses.
    pub fn feed_piece(
        &self,
        at: usize,
        specials: &[String],
        trainer: &mut TokenizerTrainer,
    ) -> Result<usize> {
        match self.piece(at, specials) {
            Piece::Text(text) => {
                trainer.feed(text)?;
                Ok(text.len())
            }
            Piece::Special(name) => {
                trainer.end_text()?;
                Ok(name.len())
            }
        }
    }

    /// All ids of the text.
    ///
    /// # Errors
    /// A character that the tokenizer does not know.
    pub fn encode(&self, tokenizer: &Tokenizer) -> Result<Vec<u32>> {
        let (mut encoder, mut ids, mut at) = (Encoder::new(tokenizer), vec![], 0);
        while at < self.text.len() {
            at += self.encode_piece(at, tokenizer, &mut encoder, &mut ids)?;
        }
        encoder.finish(&mut ids)?;
        Ok(ids)
    }
}

/// The longest of these names at the beginning of a text.
fn special<'a>(text: &str, specials: &'a [String]) -> Option<&'a str> {
    let names = specials.iter().map(String::as_str);
    names.filter(|name| text.starts_with(name)).max_by_key(|name| name.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tadpole_tokenizer::TokenizerConfig;

    #[test]
    fn a_file_is_text_or_is_told_what_it_is() {
        let code = |bytes: &[u8]| {
            Corpus::from_file("a", bytes.to_vec()).map(|c| c.text.to_string()).map_err(|e| e.code())
        };
        assert_eq!(code("\u{feff}呱".as_bytes()), Ok("呱".into()));
        assert_eq!(code(b"a\0b\0"), Err("zeroByte"));
        assert_eq!(code(b"\xff\xfea\0"), Err("zeroByte"));
        assert_eq!(code(b"caf\xe9"), Err("notUtf8"));
        assert_eq!(code(b"GGUF\x03\0\0\0"), Err("foreignFile"));
        assert_eq!(code(b"<html>"), Ok("<html>".into()), "a text about anything");
    }

    #[test]
    fn names_of_special_tokens_end_a_text() {
        let corpus = Corpus::new("frogs", "<s>frog frog<s><end>frog <frog<end".into()).expect("it is UTF-8");
        let config = TokenizerConfig {
            vocab_size: 262,
            special_tokens: vec!["<s>".into(), "<end>".into()],
            ..TokenizerConfig::default()
        };
        let mut trainer = TokenizerTrainer::new(config.clone()).expect("a valid configuration");
        let mut at = 0;
        while at < corpus.text.len() {
            at += corpus.feed_piece(at, &config.special_tokens, &mut trainer).expect("it is fed");
        }
        let tokenizer = trainer.finish().expect("it learns");
        let ids = corpus.encode(&tokenizer).expect("it is encoded");
        let pieces: Vec<String> =
            ids.iter().map(|&id| tokenizer.decode(&[id]).expect("it is text")).collect();
        assert_eq!(pieces.concat(), *corpus.text);
        let special: Vec<&str> = pieces
            .iter()
            .zip(&ids)
            .filter(|(_, id)| tokenizer.is_special(**id))
            .map(|(p, _)| p.as_str())
            .collect();
        assert_eq!(special, ["<s>", "<s>", "<end>"]);
        assert!(pieces.iter().any(|piece| piece == "frog"), "{pieces:?}");
    }
}
