//! A training run as a stream: count words, learn the tokenizer, encode, make the model; then `updates.rs`
//! continues. Each call works for about a tenth of a second and returns events.

use crate::devices::ReadyDevice;
use crate::live::{Live, RunRecord};
use crate::next_tokens::opening;
use crate::updates::Updates;
use crate::{Event, Preparation, Result, TrainRequest};
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::dataset::Dataset;
use tadpole_gpt::train::Trainer;
use tadpole_gpt::{Error, Gpt};
use tadpole_tokenizer::{Encoder, Tokenizer, TokenizerTrainer};
use tadpole_workbench::Corpus;
use tadpole_workbench::{BUDGET, feed};
use web_time::Instant;

/// A run, from its corpus to its last update.
pub(crate) struct Run {
    corpus: Corpus,
    request: TrainRequest,
    phase: Phase,
    place: ReadyDevice,
}

enum Phase {
    Count { trainer: Box<TokenizerTrainer>, at: usize },
    Merge { trainer: Box<TokenizerTrainer>, done: usize },
    Encode { tokenizer: Tokenizer, encoder: Box<Encoder>, ids: Vec<u32>, at: usize, from: Option<Box<Live>> },
    Init { tokenizer: Tokenizer, ids: Vec<u32>, from: Option<Box<Live>> },
    Updates(Box<Updates>),
    Over,
}

impl Run {
    /// A new run. Refuses what cannot work before anything is computed.
    pub fn new(corpus: Corpus, request: TrainRequest, place: ReadyDevice) -> Result<Self> {
        request.train.validate()?;
        let trainer = Box::new(TokenizerTrainer::new(request.tokenizer.clone())?);
        // The vocabulary is not known yet; the rest of the configuration is.
        request.model.validate()?;
        fits(&request, &place)?;
        Ok(Self { corpus, request, phase: Phase::Count { trainer, at: 0 }, place })
    }

    /// A run that continues from a model, its optimizer and its record.
    pub fn resume(corpus: Corpus, request: TrainRequest, from: Live, place: ReadyDevice) -> Result<Self> {
        request.train.validate()?;
        fits(&request, &place)?;
        let tokenizer = from.tokenizer.clone();
        let encoder = Box::new(Encoder::new(&tokenizer));
        let phase = Phase::Encode { tokenizer, encoder, ids: vec![], at: 0, from: Some(Box::new(from)) };
        Ok(Self { corpus, request, phase, place })
    }

    /// Works for a while and returns events; none when the run is over. `live` is replaced when the first
    /// update can be made, not before, and follows the run from then on. `one` makes exactly one update.
    pub async fn next(&mut self, live: &mut Option<Live>, one: bool) -> Result<Option<Vec<Event>>> {
        let event = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Count { trainer, at } => self.count(trainer, at)?,
            Phase::Merge { trainer, done } => self.merge(trainer, done)?,
            Phase::Encode { tokenizer, encoder, ids, at, from } => {
                self.encode(tokenizer, encoder, ids, at, from)?
            }
            Phase::Init { tokenizer, ids, from } => self.init(tokenizer, ids, from, live)?,
            Phase::Updates(mut updates) => {
                let Some(live) = live else { return Ok(None) };
                let events = updates.next(live, one).await?;
                if events.is_some() {
                    self.phase = Phase::Updates(updates);
                }
                return Ok(events);
            }
            Phase::Over => return Ok(None),
        };
        Ok(Some(vec![event]))
    }

    /// The updates, if it has come so far.
    pub fn updates(&mut self) -> Option<&mut Updates> {
        if let Phase::Updates(updates) = &mut self.phase { Some(updates) } else { None }
    }

    fn count(&mut self, mut trainer: Box<TokenizerTrainer>, mut at: usize) -> Result<Event> {
        feed(&self.corpus, &mut at, &self.request.tokenizer.special_tokens, &mut trainer)?;
        let total = self.corpus.text.len();
        let more = at < total;
        self.phase = if more { Phase::Count { trainer, at } } else { Phase::Merge { trainer, done: 0 } };
        Ok(Event::Progress { stage: Preparation::Count, done: at, total })
    }

    fn merge(&mut self, mut trainer: Box<TokenizerTrainer>, mut done: usize) -> Result<Event> {
        let (total, start) = (trainer.total_merges(), Instant::now());
        while start.elapsed() < BUDGET {
            if trainer.next_merge()?.is_none() {
                let tokenizer = trainer.finish()?;
                let encoder = Box::new(Encoder::new(&tokenizer));
                self.phase = Phase::Encode { tokenizer, encoder, ids: vec![], at: 0, from: None };
                return Ok(Event::Progress { stage: Preparation::Merge, done: total, total });
            }
            done += 1;
        }
        self.phase = Phase::Merge { trainer, done };
        Ok(Event::Progress { stage: Preparation::Merge, done, total })
    }

    fn encode(
        &mut self,
        tokenizer: Tokenizer,
        mut encoder: Box<Encoder>,
        mut ids: Vec<u32>,
        mut at: usize,
        from: Option<Box<Live>>,
    ) -> Result<Event> {
        let (total, start) = (self.corpus.text.len(), Instant::now());
        while at < total && start.elapsed() < BUDGET {
            at += self.corpus.encode_piece(at, &tokenizer, &mut encoder, &mut ids)?;
        }
        self.phase = if at < total {
            Phase::Encode { tokenizer, encoder, ids, at, from }
        } else {
            encoder.finish(&mut ids)?;
            Phase::Init { tokenizer, ids, from }
        };
        Ok(Event::Progress { stage: Preparation::Encode, done: at, total })
    }

    fn init(
        &mut self,
        tokenizer: Tokenizer,
        ids: Vec<u32>,
        from: Option<Box<Live>>,
        live: &mut Option<Live>,
    ) -> Result<Event> {
        self.request.model.vocab_size = tokenizer.vocab_size();
        let TrainRequest { model: config, train, .. } = &self.request;
        config.validate()?;
        fits(&self.request, &self.place)?;
        let first: Vec<u32> = ids.iter().take(1).copied().collect();
        let dataset = Dataset::new(ids, config, train)?;
        let prompts = sample_prompts(&train.sample_prompts, &tokenizer, &first)?;
        let bytes_per_token = bytes_per_token(&tokenizer, &dataset)?;
        let (version, device) = (live.as_ref().map_or(0, |live| live.version) + 1, self.place.info.clone());
        let mut next = from.map_or_else(
            || {
                Live::without_run(
                    Gpt::new(config, train.seed, &self.place.device),
                    tokenizer,
                    0,
                    device.clone(),
                )
            },
            |from| *from,
        );
        let optimizer = next.optimizer.take().unwrap_or_else(|| AdamW::new(&next.model));
        let started = (dataset.train_ids().len(), dataset.validation_ids().len());
        let trained = next.model.clone().to_autodiff();
        let trainer = Trainer::new(trained, optimizer.clone(), next.run.step, train.clone(), dataset);
        let run =
            RunRecord { request: Some(self.request.clone()), corpus: Some(self.corpus.info()), ..next.run };
        let (optimizer, corpus) = (Some(optimizer), Some(self.corpus.clone()));
        let next = Live { optimizer, version, corpus, run, device, ..next };
        let model = Box::new(next.info());
        *live = Some(next);
        self.place.device.memory_cleanup();
        self.phase = Phase::Updates(Box::new(Updates::new(trainer, prompts, bytes_per_token)));
        Ok(Event::Started { model, train_tokens: started.0, val_tokens: started.1 })
    }
}

/// Refuses a run that would not fit in memory.
pub(crate) fn fits(request: &TrainRequest, place: &ReadyDevice) -> Result<()> {
    let (model, batch_size) = (&request.model, request.train.batch_size);
    place.expect(model.training_bytes(batch_size), model.training_buffer(batch_size))
}

/// The prompts to sample from; [`opening`] if none is given. Refuses a prompt that the tokenizer cannot
/// encode.
fn sample_prompts(prompts: &[String], tokenizer: &Tokenizer, first: &[u32]) -> Result<Vec<String>> {
    if prompts.is_empty() {
        return Ok(vec![opening(tokenizer, first)?]);
    }
    for prompt in prompts {
        if tokenizer.encode(prompt)?.is_empty() {
            return Err(Error::PromptEmpty.into());
        }
    }
    Ok(prompts.to_vec())
}

/// Mean bytes per token in the validation part; 0 if there is none.
pub(crate) fn bytes_per_token(tokenizer: &Tokenizer, dataset: &Dataset) -> Result<f64> {
    let ids = dataset.validation_ids();
    Ok(tokenizer.decode_bytes(ids)?.len() as f64 / ids.len().max(1) as f64)
}
