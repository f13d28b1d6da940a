//! Ids to text one by one: whole characters only, with the bytes still waiting for the rest of their
//! character. All the text together equals `Tokenizer::decode` of all the ids.

use crate::{Result, Tokenizer};
use serde::Serialize;

/// The text that one more id completed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamPiece {
    /// Whole characters; bytes that belong to none are U+FFFD.
    pub text: String,
    /// The first bytes of an incomplete character: at most 3.
    pub pending: Vec<u8>,
}

/// Decodes a stream of ids.
#[derive(Debug, Clone)]
pub struct StreamDecoder {
    tokenizer: Tokenizer,
    pending: Vec<u8>,
}

impl StreamDecoder {
    /// Starts with nothing pending.
    pub fn new(tokenizer: &Tokenizer) -> Self {
        Self { tokenizer: tokenizer.clone(), pending: Vec::new() }
    }

    /// Takes one id. A special token gives its name. Refuses an id outside the vocabulary, and is then unchanged.
    pub fn push(&mut self, id: u32) -> Result<StreamPiece> {
        self.pending.extend_from_slice(self.tokenizer.token(id)?);
        let kept = self.pending.len() - incomplete(&self.pending);
        let text = String::from_utf8_lossy(&self.pending[..kept]).into_owned();
        self.pending.drain(..kept);
        Ok(StreamPiece { text, pending: self.pending.clone() })
    }

    /// Ends the stream: pending bytes become U+FFFD.
    pub fn flush(&mut self) -> StreamPiece {
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        StreamPiece { text, pending: Vec::new() }
    }
}

/// How many bytes at the end are the start of a character that could still be completed.
fn incomplete(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        match error.error_len() {
            None => return rest.len() - error.valid_up_to(),
            Some(bad) => rest = &rest[error.valid_up_to() + bad..],
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unfinished_end_waits() {
        assert_eq!(incomplete("a中".as_bytes()), 0);
        assert_eq!(incomplete(&"a中".as_bytes()[..3]), 2);
        assert_eq!(incomplete(b"\xFFa\xF0\x9F\x98"), 3);
        assert_eq!(incomplete(b"\xE4\xE4\xFF"), 0);
    }
}
