//! Encodes a large text piece by piece, with exactly the ids of a single call, so that a caller can show
//! progress.

use crate::bpe::Scratch;
use crate::presplit::PreSplit;
use crate::tokenizer::Model;
use crate::{Result, Tokenizer};

/// Holds back the end of a stream of text that later text could cut differently.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    text: String,
    /// Not scanned again before it has this many bytes: an endless word would otherwise be scanned for each
    /// chunk.
    retry: usize,
}

impl Tail {
    /// Passes the words that are now certain to `each`; all remaining ones with `at_end`.
    pub(crate) fn push(
        &mut self,
        split: &PreSplit,
        chunk: &str,
        at_end: bool,
        mut each: impl FnMut(&[u8]),
    ) -> Result<()> {
        let held = !self.text.is_empty();
        if held {
            self.text.push_str(chunk);
            if !at_end && self.text.len() < self.retry {
                return Ok(());
            }
        }
        let text = if held { self.text.as_str() } else { chunk };
        let mut words = split.words(text, at_end);
        while let Some(word) = words.next()? {
            each(word);
        }
        let done = words.position();
        if held {
            self.text.drain(..done);
        } else {
            self.text.push_str(&chunk[done..]);
        }
        self.retry = self.text.len() * 2;
        Ok(())
    }
}

/// Encodes successive chunks of one text. The ids of all the calls together are those of [`Tokenizer::encode`].
///
/// To show progress, give it some 64 KiB at a time (`str::floor_char_boundary` finds where to cut).
#[derive(Debug, Clone)]
pub struct Encoder {
    tokenizer: Tokenizer,
    scratch: Scratch,
    tail: Tail,
    bytes: usize,
}

impl Encoder {
    /// Starts a text.
    pub fn new(tokenizer: &Tokenizer) -> Self {
        Self { tokenizer: tokenizer.clone(), scratch: Scratch::new(), tail: Tail::default(), bytes: 0 }
    }

    /// Appends the ids that are certain after this chunk. Errors as [`Tokenizer::encode`]; the encoder is then spent.
    pub fn push(&mut self, chunk: &str, out: &mut Vec<u32>) -> Result<()> {
        self.take(chunk, false, out)
    }

    /// Ends the text: appends the ids held back. The encoder is then as new.
    pub fn finish(&mut self, out: &mut Vec<u32>) -> Result<()> {
        self.take("", true, out)?;
        self.bytes = 0;
        Ok(())
    }

    fn take(&mut self, chunk: &str, at_end: bool, out: &mut Vec<u32>) -> Result<()> {
        let Self { tokenizer, scratch, tail, bytes } = self;
        let base = *bytes;
        *bytes += chunk.len();
        match tokenizer.model() {
            Model::Char(chars) => chars.encode(chunk, base, out),
            Model::Bpe { split, bpe, .. } => {
                tail.push(split, chunk, at_end, |word| bpe.encode_word(word, scratch, out))
            }
        }
    }
}
