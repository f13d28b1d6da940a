//! The bench: two places for tokenizers, and the trainings for the first of them.

use crate::foreign::foreign;
use crate::ranks::from_ranks;
use crate::training::Training;
use crate::{Corpus, Error, Result, Slot, TokenizerInfo, TrainingEvent};
use std::collections::BTreeMap;
use tadpole_tokenizer::{BOM, Tokenizer, TokenizerConfig};

/// What a person works with.
#[derive(Default)]
pub struct Workbench {
    lab: Option<Tokenizer>,
    other: Option<Tokenizer>,
    trainings: BTreeMap<u32, Training>,
    last: u32,
}

impl Workbench {
    /// An empty bench.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a tokenizer from a file; see [`read_tokenizer`].
    ///
    /// # Errors
    /// What [`read_tokenizer`] refuses.
    pub fn load(&mut self, place: Slot, file: &[u8], pattern: Option<&str>) -> Result<TokenizerInfo> {
        Ok(TokenizerInfo::from(&*self.place(place).insert(read_tokenizer(file, pattern)?)))
    }

    /// Opens the training of a tokenizer for the lab's place.
    ///
    /// # Errors
    /// A text that is not UTF-8, or what [`TokenizerConfig::validate`] refuses.
    pub fn open_training(&mut self, corpus: Vec<u8>, config: TokenizerConfig) -> Result<u32> {
        let training = Training::new(Corpus::from_file("", corpus)?, config)?;
        self.last += 1;
        self.trainings.insert(self.last, training);
        Ok(self.last)
    }

    /// Trains for about [`BUDGET`](crate::BUDGET) and returns the events; `None` when it is over. `one`
    /// learns exactly one merge.
    ///
    /// # Errors
    /// [`Error::StreamOver`] for an unknown handle, and any error of the training, which closes it.
    pub fn next(&mut self, handle: u32, one: bool) -> Result<Option<Vec<TrainingEvent>>> {
        let mut training = self.trainings.remove(&handle).ok_or(Error::StreamOver { handle })?;
        let Some((events, tokenizer)) = training.next(one)? else { return Ok(None) };
        self.trainings.insert(handle, training);
        self.lab = tokenizer.or(self.lab.take());
        Ok(Some(events))
    }

    /// Drops a training.
    pub fn close(&mut self, handle: u32) {
        self.trainings.remove(&handle);
    }

    /// The tokenizer in a place.
    ///
    /// # Errors
    /// [`Error::NoTokenizer`].
    pub fn tokenizer(&self, place: Slot) -> Result<&Tokenizer> {
        match place {
            Slot::Lab => &self.lab,
            Slot::Other => &self.other,
        }
        .as_ref()
        .ok_or(Error::NoTokenizer)
    }

    fn place(&mut self, place: Slot) -> &mut Option<Tokenizer> {
        match place {
            Slot::Lab => &mut self.lab,
            Slot::Other => &mut self.other,
        }
    }
}

/// The tokenizer of a `tokenizer.json` or a `.tiktoken` file. The latter does not say how text is cut before
/// merging: the published ones are recognised, for others `pattern` gives a regular expression or one of the
/// names `gpt2`, `cl100k`, `o200k`.
///
/// # Errors
/// [`Error::Foreign`], [`Error::PatternUnknown`], [`Error::PatternGiven`], and what the parsers refuse.
pub fn read_tokenizer(file: &[u8], pattern: Option<&str>) -> Result<Tokenizer> {
    if let Some(known) = foreign(file) {
        return Err(Error::Foreign(known));
    }
    let text = file.strip_prefix(BOM).unwrap_or(file).trim_ascii_start();
    if !text.starts_with(b"{") {
        return from_ranks(file, pattern);
    }
    match pattern {
        Some(pattern) => Err(Error::PatternGiven { pattern: pattern.into() }),
        None => Ok(Tokenizer::from_json(file)?),
    }
}
