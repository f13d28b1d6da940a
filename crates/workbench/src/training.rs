//! A BPE being trained on the workbench of the Tokens lab, a few merges per call.

use crate::{Corpus, MergeInfo, Result, TokenizerInfo, TrainingEvent};
use tadpole_tokenizer::{Tokenizer, TokenizerConfig, TokenizerTrainer};
use web_time::{Duration, Instant};

/// Time a call may take before it reports.
pub const BUDGET: Duration = Duration::from_millis(50);

/// A tokenizer in training: first the corpus is counted, then merges are learnt.
pub(crate) struct Training {
    corpus: Corpus,
    at: usize,
    specials: Vec<String>,
    trainer: Option<TokenizerTrainer>,
}

impl Training {
    pub fn new(corpus: Corpus, config: TokenizerConfig) -> Result<Self> {
        let specials = config.special_tokens.clone();
        Ok(Self { corpus, at: 0, specials, trainer: Some(TokenizerTrainer::new(config)?) })
    }

    /// Works for about [`BUDGET`], or makes exactly one merge. Returns the tokenizer at the end; none after
    /// that.
    pub fn next(&mut self, one: bool) -> Result<Option<(Vec<TrainingEvent>, Option<Tokenizer>)>> {
        let Some(trainer) = &mut self.trainer else { return Ok(None) };
        if self.at < self.corpus.text.len() {
            feed(&self.corpus, &mut self.at, &self.specials, trainer)?;
            let (done, total) = (self.at, self.corpus.text.len());
            return Ok(Some((vec![TrainingEvent::Progress { stage: "count", done, total }], None)));
        }
        let (total, start) = (trainer.total_merges(), Instant::now());
        let mut merges = vec![];
        while merges.is_empty() || (!one && start.elapsed() < BUDGET) {
            match trainer.next_merge()? {
                Some(merge) => merges.push(merge.into()),
                None => return self.finish(merges, total).map(Some),
            }
        }
        Ok(Some((vec![TrainingEvent::Merges { merges, total }], None)))
    }

    fn finish(
        &mut self,
        merges: Vec<MergeInfo>,
        total: usize,
    ) -> Result<(Vec<TrainingEvent>, Option<Tokenizer>)> {
        let trainer = self.trainer.take().expect("next() has just used it");
        let tokenizer = trainer.finish()?;
        let last = TrainingEvent::Tokenizer { tokenizer: TokenizerInfo::from(&tokenizer) };
        Ok((vec![TrainingEvent::Merges { merges, total }, last], Some(tokenizer)))
    }
}

/// Feeds a trainer from byte `at` of a corpus on for about [`BUDGET`].
///
/// # Errors
/// What the trainer refuses.
pub fn feed(
    corpus: &Corpus,
    at: &mut usize,
    specials: &[String],
    trainer: &mut TokenizerTrainer,
) -> Result<()> {
    let start = Instant::now();
    while *at < corpus.text.len() && start.elapsed() < BUDGET {
        *at += corpus.feed_piece(*at, specials, trainer)?;
    }
    Ok(())
}
