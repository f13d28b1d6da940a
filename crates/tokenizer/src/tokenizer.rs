//! The tokenizer itself: encode, decode, and information about tokens. Cheap to clone; never changes.

use crate::bpe::{Bpe, Rule, Scratch};
use crate::chars::Chars;
use crate::presplit::PreSplit;
use crate::template::Piece;
use crate::vocab::Vocab;
use crate::{Error, Result, TokenizerConfig, TokenizerKind};
use serde::Serialize;
use std::sync::Arc;
use ts_rs::TS;

/// One learnt merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Merge {
    /// Its place in the order of learning, from 0.
    pub index: usize,
    /// The id on the left.
    pub left: u32,
    /// The id on the right.
    pub right: u32,
    /// The id they become.
    pub id: u32,
    /// The bytes of that token.
    pub bytes: Vec<u8>,
    /// How often the pair occurred in the corpus when it was merged; unknown for a loaded tokenizer.
    pub count: Option<u64>,
}

/// Tokens as two columns of equal length.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Encoding {
    /// Token ids.
    #[ts(type = "Uint32Array")]
    pub ids: Vec<u32>,
    /// Byte offset in the text where each token ends; it starts where the one before ends.
    #[ts(type = "Uint32Array")]
    pub ends: Vec<u32>,
}

/// How ids are found.
#[derive(Debug)]
pub(crate) enum Model {
    Char(Box<Chars>),
    Bpe { split: PreSplit, bpe: Box<Bpe>, counts: Vec<u64> },
}

#[derive(Debug)]
struct Inner {
    config: TokenizerConfig,
    vocab: Vocab,
    model: Model,
}

/// Text to ids and back. Cloning shares the vocabulary.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    inner: Arc<Inner>,
}

impl Tokenizer {
    /// The parts must belong together: every rule's ids are in the vocabulary.
    pub(crate) fn from_parts(vocab: Vocab, model: Model) -> Self {
        let (kind, split_digits, pattern) = match &model {
            Model::Char(_) => (TokenizerKind::Char, false, None),
            Model::Bpe { split, .. } => (TokenizerKind::Bpe, split.has_digits(), split.pattern()),
        };
        let special_tokens = vocab.special_names();
        let config = TokenizerConfig { kind, vocab_size: vocab.len(), split_digits, pattern, special_tokens };
        Self { inner: Arc::new(Inner { config, vocab, model }) }
    }

    pub(crate) fn model(&self) -> &Model {
        &self.inner.model
    }

    pub(crate) fn vocab(&self) -> &Vocab {
        &self.inner.vocab
    }

    pub(crate) fn token(&self, id: u32) -> Result<&[u8]> {
        self.inner.vocab.require(id)
    }

    /// This tokenizer's configuration: `vocab_size` is its actual size, special tokens are in order of id.
    pub fn config(&self) -> &TokenizerConfig {
        &self.inner.config
    }

    /// Characters or byte-level BPE.
    pub fn kind(&self) -> TokenizerKind {
        self.inner.config.kind
    }

    /// The number of ids, special tokens included; they run from 0.
    pub fn vocab_size(&self) -> usize {
        self.inner.vocab.len()
    }

    /// The bytes of a token; a special token's name.
    pub fn token_bytes(&self, id: u32) -> Option<&[u8]> {
        self.inner.vocab.get(id)
    }

    /// Whether the id is a special token's.
    pub fn is_special(&self, id: u32) -> bool {
        self.inner.vocab.is_special(id)
    }

    /// The special tokens with their ids, in order of id.
    pub fn special_tokens(&self) -> &[(String, u32)] {
        &self.inner.vocab.specials
    }

    /// How many tokens text can become: all ids except special tokens and unused ids.
    pub fn text_tokens(&self) -> usize {
        self.inner.vocab.ordinary().count()
    }

    /// The id of a special token; refuses one that this tokenizer does not have.
    pub fn special_id(&self, name: &str) -> Result<u32> {
        self.inner.vocab.special_id(name)
    }

    /// The learnt merges in order; none for a character-level tokenizer.
    pub fn merges(&self) -> impl Iterator<Item = Merge> + '_ {
        let (rules, counts): (&[Rule], &[u64]) = match &self.inner.model {
            Model::Char(_) => (&[], &[]),
            Model::Bpe { bpe, counts, .. } => (&bpe.rules, counts),
        };
        rules.iter().enumerate().map(|(index, rule)| Merge {
            index,
            left: rule.left,
            right: rule.right,
            id: rule.id,
            bytes: self.token_bytes(rule.id).unwrap_or_default().to_vec(),
            count: counts.get(index).copied(),
        })
    }

    /// Text to ids. The names of special tokens are ordinary text; see [`Self::encode_pieces`]. Refuses a
    /// character missing from a character-level vocabulary, and text on which a custom pattern runs away.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let mut out = Vec::new();
        self.encode_text(text, 0, &mut Scratch::new(), &mut out)?;
        Ok(out)
    }

    /// Appends the ids of a text that starts at byte `base` of the caller's.
    pub(crate) fn encode_text(
        &self,
        text: &str,
        base: usize,
        scratch: &mut Scratch,
        out: &mut Vec<u32>,
    ) -> Result<()> {
        match &self.inner.model {
            Model::Char(chars) => chars.encode(text, base, out),
            Model::Bpe { split, bpe, .. } => {
                let mut words = split.words(text, true);
                while let Some(word) = words.next()? {
                    bpe.encode_word(word, scratch, out);
                }
                Ok(())
            }
        }
    }

    /// [`Self::encode`], with the end of each token. Also refuses a text of 4 GiB or more.
    pub fn encode_spans(&self, text: &str) -> Result<Encoding> {
        self.spans(text, self.encode(text)?)
    }

    /// As if only the first `merges` merges had been learnt: replays the training on the reader's own text. A
    /// character-level tokenizer has no merges and encodes as always.
    pub fn encode_with_merges(&self, text: &str, merges: usize) -> Result<Encoding> {
        let Model::Bpe { split, bpe, .. } = &self.inner.model else { return self.encode_spans(text) };
        if merges >= bpe.rules.len() {
            return self.encode_spans(text);
        }
        let (mut ids, mut scratch) = (Vec::new(), Scratch::new());
        let mut words = split.words(text, true);
        while let Some(word) = words.next()? {
            bpe.merge_word(word, merges as u32, &mut scratch, &mut ids);
        }
        self.spans(text, ids)
    }

    fn spans(&self, text: &str, ids: Vec<u32>) -> Result<Encoding> {
        // Checked first: the running end below must not overflow.
        if u32::try_from(text.len()).is_err() {
            return Err(Error::TextTooLong { bytes: text.len() });
        }
        let mut end = 0;
        let ends = ids.iter().map(|&id| {
            end += self.inner.vocab.length(id);
            end
        });
        let ends = ends.collect();
        Ok(Encoding { ids, ends })
    }

    /// Bytes to ids, so that [`Self::decode_bytes`] returns the same bytes. Each run of valid UTF-8 is cut as
    /// a separate text; each invalid sequence between them is one word. A character-level tokenizer refuses
    /// invalid bytes.
    pub fn encode_bytes(&self, bytes: &[u8]) -> Result<Vec<u32>> {
        let (mut out, mut scratch, mut at) = (Vec::new(), Scratch::new(), 0);
        for chunk in bytes.utf8_chunks() {
            self.encode_text(chunk.valid(), at, &mut scratch, &mut out)?;
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                match &self.inner.model {
                    Model::Char(_) => return Err(Error::InvalidUtf8 { offset: at }),
                    Model::Bpe { bpe, .. } => bpe.encode_word(chunk.invalid(), &mut scratch, &mut out),
                }
            }
            at += chunk.invalid().len();
        }
        Ok(out)
    }

    /// A rendered prompt to ids. Neighbouring texts are encoded together. Refuses an unknown special token.
    pub fn encode_pieces(&self, pieces: &[Piece]) -> Result<Vec<u32>> {
        let (mut out, mut scratch) = (Vec::new(), Scratch::new());
        let (mut text, mut base) = (String::new(), 0);
        for piece in pieces {
            match piece {
                Piece::Text(more) => text.push_str(more),
                Piece::Special(name) => {
                    self.encode_text(&text, base, &mut scratch, &mut out)?;
                    base += text.len() + name.len();
                    text.clear();
                    out.push(self.special_id(name)?);
                }
            }
        }
        self.encode_text(&text, base, &mut scratch, &mut out)?;
        Ok(out)
    }

    /// Ids to bytes; a special token gives its name. Refuses an id outside the vocabulary.
    pub fn decode_bytes(&self, ids: &[u32]) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(ids.len() * 4);
        for &id in ids {
            bytes.extend_from_slice(self.token(id)?);
        }
        Ok(bytes)
    }

    /// Ids to text; bytes that are not UTF-8 become U+FFFD. Refuses an id outside the vocabulary.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        let bytes = self.decode_bytes(ids)?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }
}
