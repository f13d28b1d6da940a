//! A corpus: UTF-8 text with a name and a fingerprint. Refuses other encodings, saying where they break.

use crate::{CorpusInfo, Error, Result};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// A text to learn from.
#[derive(Debug, Clone)]
pub(crate) struct Corpus {
    pub name: String,
    /// Shared, not copied; a `String` behind the pointer takes the file's own bytes over.
    pub text: Arc<String>,
    fingerprint: String,
}

impl Corpus {
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let fingerprint = format!("{:016x}", xxh3_64(&bytes));
        let text = String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            Error::NotUtf8 { offset, byte: error.as_bytes()[offset] }
        })?;
        Ok(Self { name: name.into(), text: Arc::new(text), fingerprint })
    }

    pub fn info(&self) -> CorpusInfo {
        CorpusInfo {
            name: self.name.clone(),
            bytes: self.text.len(),
            fingerprint: self.fingerprint.clone(),
            attached: true,
        }
    }

    /// Refuses a corpus other than the one that `info` tells of.
    pub fn expect(&self, info: &CorpusInfo) -> Result<()> {
        if self.fingerprint == info.fingerprint {
            return Ok(());
        }
        Err(Error::CorpusMismatch { found: self.text.len(), expected: info.bytes })
    }

    /// The next piece of about 64 KiB from byte `at` on, cut between characters.
    pub fn chunk(&self, at: usize) -> &str {
        let end = self.text.floor_char_boundary((at + (64 << 10)).min(self.text.len()));
        &self.text[at..end]
    }
}
