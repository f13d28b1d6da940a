//! A BPE being trained on the bench of the Tokens lab, a few merges a call.

use crate::corpus::Corpus;
use crate::session::tokenizer_info;
use crate::{Event, MergeInfo, Preparation, Result};
use tadpole_tokenizer::{Merge, Tokenizer, TokenizerConfig, Trainer};
use web_time::{Duration, Instant};

/// Time a call may take before it reports.
pub(crate) const BUDGET: Duration = Duration::from_millis(50);

/// A tokenizer in training: first the corpus is counted, then merges are learnt.
pub(crate) struct TokenizerRun {
    corpus: Corpus,
    at: usize,
    specials: Vec<String>,
    trainer: Option<Trainer>,
}

impl TokenizerRun {
    pub fn new(corpus: Corpus, config: TokenizerConfig) -> Result<Self> {
        let specials = config.special_tokens.clone();
        Ok(Self { corpus, at: 0, specials, trainer: Some(Trainer::new(config)?) })
    }

    /// Works for about [`BUDGET`], or makes exactly one merge. Hands out the tokenizer at the end; none when it has done so.
    pub fn next(&mut self, one: bool) -> Result<Option<(Vec<Event>, Option<Tokenizer>)>> {
        let Some(trainer) = &mut self.trainer else { return Ok(None) };
        if self.at < self.corpus.text.len() {
            let event = count(&self.corpus, &mut self.at, &self.specials, trainer)?;
            return Ok(Some((vec![event], None)));
        }
        let (total, start) = (trainer.total_merges(), Instant::now());
        let mut merges = vec![];
        while merges.is_empty() || (!one && start.elapsed() < BUDGET) {
            match trainer.next_merge()? {
                Some(merge) => merges.push(merge_info(merge)),
                None => return self.finish(merges, total).map(Some),
            }
        }
        Ok(Some((vec![Event::Merges { merges, total }], None)))
    }

    fn finish(&mut self, merges: Vec<MergeInfo>, total: usize) -> Result<(Vec<Event>, Option<Tokenizer>)> {
        let trainer = self.trainer.take().expect("next() has just used it");
        let tokenizer = trainer.finish()?;
        let last = Event::Tokenizer { tokenizer: tokenizer_info(&tokenizer) };
        Ok((vec![Event::Merges { merges, total }, last], Some(tokenizer)))
    }
}

/// Feeds the trainer for about [`BUDGET`].
pub(crate) fn count(
    corpus: &Corpus,
    at: &mut usize,
    specials: &[String],
    trainer: &mut Trainer,
) -> Result<Event> {
    let start = Instant::now();
    while *at < corpus.text.len() && start.elapsed() < BUDGET {
        *at += corpus.feed_piece(*at, specials, trainer)?;
    }
    Ok(Event::Progress { stage: Preparation::Count, done: *at, total: corpus.text.len() })
}

/// A merge as it crosses to a page.
pub(crate) fn merge_info(merge: Merge) -> MergeInfo {
    let Merge { index, left, right, id, bytes, count } = merge;
    MergeInfo { index, left, right, id, bytes, count: count.unwrap_or(0) }
}
