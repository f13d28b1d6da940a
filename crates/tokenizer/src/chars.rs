//! The character-level model: one id for each character. An unknown character is an error, never dropped.

use crate::vocab::Vocab;
use crate::{Error, Result};

const NONE: u32 = u32::MAX;

/// Character to id.
#[derive(Debug, Clone)]
pub(crate) struct Chars {
    ascii: [u32; 128],
    /// The other characters with their ids, sorted.
    others: Vec<(char, u32)>,
}

impl Chars {
    /// From tokens of one character each, except special tokens.
    pub(crate) fn new(vocab: &Vocab) -> Result<Self> {
        let mut chars = Self { ascii: [NONE; 128], others: Vec::new() };
        for id in vocab.ordinary() {
            let token = String::from_utf8_lossy(vocab.require(id)?);
            let mut letters = token.chars();
            let (Some(c), None) = (letters.next(), letters.next()) else {
                let reason = "a token of a character-level vocabulary is one character";
                return Err(Error::InvalidToken { token: token.into_owned(), reason });
            };
            match chars.ascii.get_mut(c as usize) {
                Some(slot) => *slot = id,
                None => chars.others.push((c, id)),
            }
        }
        chars.others.sort_unstable();
        Ok(chars)
    }

    /// Appends one id for each character; `base` is the text's offset in the caller's input.
    pub(crate) fn encode(&self, text: &str, base: usize, out: &mut Vec<u32>) -> Result<()> {
        out.reserve(text.len());
        for (offset, c) in text.char_indices() {
            let id = match self.ascii.get(c as usize) {
                Some(&id) => id,
                None => {
                    self.others.binary_search_by_key(&c, |(c, _)| *c).map_or(NONE, |at| self.others[at].1)
                }
            };
            if id == NONE {
                return Err(Error::UnknownCharacter { character: c, offset: base + offset });
            }
            out.push(id);
        }
        Ok(())
    }
}
