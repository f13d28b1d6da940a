//! A training run as a stream: count words, learn the tokenizer, encode, make the model, then updates with evaluations
//! and samples between them. Each call works for about a tenth of a second and says what came of it.

use crate::corpus::Corpus;
use crate::generation::Generation;
use crate::history::History;
use crate::memory::memory_use;
use crate::session::Live;
use crate::tokenizer_run::{BUDGET, count};
use crate::{EvalMetrics, Event, GenerateRequest, Preparation, Result, SampleText, TrainRequest};
use std::collections::VecDeque;
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::dataset::Dataset;
use tadpole_gpt::train::{Evaluation, Trainer};
use tadpole_gpt::{Device, Error, Gpt};
use tadpole_tokenizer::{Encoder, Tokenizer};
use web_time::Instant;

/// Seconds of updates a call aims at.
const CALL_SECONDS: f64 = 0.1;
/// Updates a call makes at most, so that no queue grows long on a device that answers late.
const CALL_STEPS: usize = 64;

/// A run, from its corpus to its last update.
pub(crate) struct Run {
    corpus: Corpus,
    request: TrainRequest,
    phase: Phase,
    device: Device,
    memory_limit: u64,
}

/// Where a run goes on, when it does not begin.
pub(crate) struct Carry {
    pub model: Gpt,
    pub optimizer: AdamW,
    pub step: usize,
    pub history: History,
    pub learning_rate: Option<f64>,
}

enum Phase {
    Count {
        trainer: Box<tadpole_tokenizer::Trainer>,
        at: usize,
    },
    Merge {
        trainer: Box<tadpole_tokenizer::Trainer>,
        done: usize,
    },
    Encode {
        tokenizer: Tokenizer,
        encoder: Box<Encoder>,
        ids: Vec<u32>,
        at: usize,
        carry: Option<Box<Carry>>,
    },
    Init {
        tokenizer: Tokenizer,
        ids: Vec<u32>,
        carry: Option<Box<Carry>>,
    },
    Updates(Box<Updates>),
    Over,
}

impl Run {
    /// A run from the beginning. Refuses what cannot work before anything is computed.
    pub fn new(corpus: Corpus, request: TrainRequest, device: Device, memory_limit: u64) -> Result<Self> {
        request.train.validate()?;
        let trainer = Box::new(tadpole_tokenizer::Trainer::new(request.tokenizer.clone())?);
        // The vocabulary is not known yet; the rest of the configuration is.
        request.model.validate()?;
        fits(&request, memory_limit)?;
        Ok(Self { corpus, request, phase: Phase::Count { trainer, at: 0 }, device, memory_limit })
    }

    /// A run that goes on, on a device with so much memory.
    pub fn resume(
        corpus: Corpus,
        request: TrainRequest,
        tokenizer: Tokenizer,
        carry: Carry,
        (device, memory_limit): (Device, u64),
    ) -> Result<Self> {
        request.train.validate()?;
        fits(&request, memory_limit)?;
        let encoder = Box::new(Encoder::new(&tokenizer));
        let phase = Phase::Encode { tokenizer, encoder, ids: vec![], at: 0, carry: Some(Box::new(carry)) };
        Ok(Self { corpus, request, phase, device, memory_limit })
    }

    /// Works for a while and tells what came of it; none when the run is over. `live` is replaced when the first
    /// update can be made, not before, and follows the run from then on. `one` makes exactly one update.
    pub async fn next(&mut self, live: &mut Option<Live>, one: bool) -> Result<Option<Vec<Event>>> {
        let event = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Count { trainer, at } => self.count(trainer, at)?,
            Phase::Merge { trainer, done } => self.merge(trainer, done)?,
            Phase::Encode { tokenizer, encoder, ids, at, carry } => {
                self.encode(tokenizer, encoder, ids, at, carry)?
            }
            Phase::Init { tokenizer, ids, carry } => self.init(tokenizer, ids, carry, live)?,
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

    fn count(&mut self, mut trainer: Box<tadpole_tokenizer::Trainer>, mut at: usize) -> Result<Event> {
        let event = count(&self.corpus, &mut at, &mut trainer)?;
        let more = at < self.corpus.text.len();
        self.phase = if more { Phase::Count { trainer, at } } else { Phase::Merge { trainer, done: 0 } };
        Ok(event)
    }

    fn merge(&mut self, mut trainer: Box<tadpole_tokenizer::Trainer>, mut done: usize) -> Result<Event> {
        let (total, start) = (trainer.total_merges(), Instant::now());
        while start.elapsed() < BUDGET {
            if trainer.next_merge()?.is_none() {
                let tokenizer = trainer.finish()?;
                let encoder = Box::new(Encoder::new(&tokenizer));
                self.phase = Phase::Encode { tokenizer, encoder, ids: vec![], at: 0, carry: None };
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
        carry: Option<Box<Carry>>,
    ) -> Result<Event> {
        let (total, start) = (self.corpus.text.len(), Instant::now());
        while at < total && start.elapsed() < BUDGET {
            let chunk = self.corpus.chunk(at);
            encoder.push(chunk, &mut ids)?;
            at += chunk.len();
        }
        self.phase = if at < total {
            Phase::Encode { tokenizer, encoder, ids, at, carry }
        } else {
            encoder.finish(&mut ids)?;
            Phase::Init { tokenizer, ids, carry }
        };
        Ok(Event::Progress { stage: Preparation::Encode, done: at, total })
    }

    fn init(
        &mut self,
        tokenizer: Tokenizer,
        ids: Vec<u32>,
        carry: Option<Box<Carry>>,
        live: &mut Option<Live>,
    ) -> Result<Event> {
        self.request.model.vocab_size = tokenizer.vocab_size();
        let TrainRequest { model: config, train, .. } = &self.request;
        config.validate()?;
        fits(&self.request, self.memory_limit)?;
        let first: Vec<u32> = ids.iter().take(1).copied().collect();
        let dataset = Dataset::new(ids, config, train)?;
        let prompts = sample_prompts(&train.sample_prompts, &tokenizer, &first)?;
        let bytes_per_token = {
            let bytes = tokenizer.decode_bytes(dataset.validation_ids())?.len();
            bytes as f64 / dataset.validation_ids().len().max(1) as f64
        };
        let carry = carry.map_or_else(
            || {
                let model = Gpt::new(config, train.seed, &self.device);
                let optimizer = AdamW::new(&model);
                Carry { model, optimizer, step: 0, history: History::default(), learning_rate: None }
            },
            |carry| *carry,
        );
        let started = (dataset.train_ids().len(), dataset.validation_ids().len());
        let trained = carry.model.clone().to_autodiff();
        let trainer = Trainer::new(trained, carry.optimizer.clone(), carry.step, train.clone(), dataset);
        let next = Live {
            tokenizer,
            model: carry.model,
            optimizer: Some(carry.optimizer),
            step: carry.step,
            version: live.as_ref().map_or(0, |live| live.version) + 1,
            corpus: Some((self.corpus.info(), Some(self.corpus.clone()))),
            request: Some(self.request.clone()),
            history: carry.history,
            learning_rate: carry.learning_rate,
        };
        let model = Box::new(next.info());
        *live = Some(next);
        self.device.memory_cleanup();
        self.phase = Phase::Updates(Box::new(Updates::new(trainer, prompts, bytes_per_token)));
        Ok(Event::Started { model, train_tokens: started.0, val_tokens: started.1 })
    }
}

/// Refuses a run that would not fit in memory.
fn fits(request: &TrainRequest, limit: u64) -> Result<()> {
    let needed = request.model.training_bytes(request.train.batch_size);
    if needed > limit { Err(Error::DoesNotFit { needed, limit }.into()) } else { Ok(()) }
}

/// The prompts to sample from. Where none is given: a new line, or the corpus's first token when the tokenizer has no
/// line break. Refuses a prompt that the tokenizer cannot encode.
fn sample_prompts(prompts: &[String], tokenizer: &Tokenizer, first: &[u32]) -> Result<Vec<String>> {
    if prompts.is_empty() {
        let line = tokenizer.encode("\n").map(|_| "\n".to_string());
        return Ok(vec![line.or_else(|_| tokenizer.decode(first))?]);
    }
    for prompt in prompts {
        if tokenizer.encode(prompt)?.is_empty() {
            return Err(Error::PromptEmpty.into());
        }
    }
    Ok(prompts.to_vec())
}

/// The part of a run that makes updates.
struct Updates {
    trainer: Trainer,
    prompts: Vec<String>,
    bytes_per_token: f64,
    evaluation: Option<Evaluation>,
    sampling: Option<Sampling>,
    seconds_per_step: f64,
    over: bool,
}

/// Samples in the making, all at one step.
struct Sampling {
    step: usize,
    left: VecDeque<String>,
    current: Option<(String, String, Box<Generation>)>,
}

impl Updates {
    fn new(trainer: Trainer, prompts: Vec<String>, bytes_per_token: f64) -> Self {
        Self {
            trainer,
            prompts,
            bytes_per_token,
            evaluation: None,
            sampling: None,
            seconds_per_step: 0.0,
            over: false,
        }
    }

    async fn next(&mut self, live: &mut Live, one: bool) -> Result<Option<Vec<Event>>> {
        self.trainer.set_learning_rate(live.learning_rate);
        if self.evaluation_due(live) {
            return self.evaluate(live).await.map(Some);
        }
        if self.samples_due(live) {
            return self.sample(live).await.map(Some);
        }
        let (step, total) = (self.trainer.step_count(), self.trainer.config().steps);
        if step >= total {
            let done = std::mem::replace(&mut self.over, true);
            return Ok((!done).then(|| vec![Event::Done { step }]));
        }
        let count = if one { 1 } else { self.steps_ahead() };
        let start = Instant::now();
        (0..count).for_each(|_| self.trainer.step());
        let read = self.trainer.read().await;
        live.follow(&self.trainer);
        live.history.rewind(self.trainer.step_count());
        let steps = read?;
        live.history.add(&steps);
        let seconds = start.elapsed().as_secs_f64() / count as f64;
        let smooth = if self.seconds_per_step == 0.0 { 0.0 } else { 0.7 };
        self.seconds_per_step = smooth * self.seconds_per_step + (1.0 - smooth) * seconds;
        Ok(Some(vec![self.report(live, steps)]))
    }

    fn report(&self, live: &Live, steps: Vec<crate::StepMetrics>) -> Event {
        let config = self.trainer.config();
        let tokens = config.batch_size * config.grad_accumulation * live.model.config().context_length;
        let memory = memory_use(&live.model.device());
        let tokens_per_second = tokens as f64 / self.seconds_per_step.max(1e-9);
        Event::Step { steps, tokens_per_second, total_steps: config.steps, memory }
    }

    /// Updates for one call: as many as fit its time, none beyond the next evaluation, sample or end.
    fn steps_ahead(&self) -> usize {
        let config = self.trainer.config();
        let step = self.trainer.step_count();
        let to_next = |interval: usize| if interval == 0 { usize::MAX } else { interval - step % interval };
        let fitting = (CALL_SECONDS / self.seconds_per_step.max(1e-6)) as usize;
        let fitting = if self.seconds_per_step == 0.0 { 1 } else { fitting.clamp(1, CALL_STEPS) };
        fitting
            .min(to_next(config.eval_interval))
            .min(to_next(config.sample_interval))
            .min(config.steps - step)
    }

    /// Whether `interval` asks for something at this step.
    fn at_interval(&self, interval: usize) -> bool {
        let (step, total) = (self.trainer.step_count(), self.trainer.config().steps);
        interval > 0 && (step.is_multiple_of(interval) || step == total)
    }

    fn evaluation_due(&self, live: &Live) -> bool {
        let step = self.trainer.step_count();
        self.at_interval(self.trainer.config().eval_interval)
            && !self.trainer.dataset().validation_ids().is_empty()
            && live.history.evals.last().is_none_or(|last| last.step != step)
    }

    fn samples_due(&self, live: &Live) -> bool {
        let step = self.trainer.step_count();
        let done = live.history.samples.last().is_some_and(|last| last.step == step);
        self.sampling.is_some() || (self.at_interval(self.trainer.config().sample_interval) && !done)
    }

    async fn evaluate(&mut self, live: &mut Live) -> Result<Vec<Event>> {
        let start = Instant::now();
        let mut evaluation =
            self.evaluation.take().unwrap_or_else(|| Evaluation::new(self.trainer.snapshot()));
        while evaluation.advance(self.trainer.dataset(), self.trainer.config()) {
            if start.elapsed() >= BUDGET {
                // Waiting for what was asked so far keeps the device's queue short.
                evaluation.settle().await?;
                self.evaluation = Some(evaluation);
                return Ok(vec![]);
            }
        }
        let val_loss = evaluation.finish().await?;
        if !val_loss.is_finite() {
            let error = self.trainer.back_to_good(self.trainer.step_count(), val_loss);
            live.follow(&self.trainer);
            return Err(error.into());
        }
        let metrics = EvalMetrics::new(self.trainer.step_count(), val_loss, self.bytes_per_token);
        live.history.evals.push(metrics);
        Ok(vec![Event::Eval(metrics)])
    }

    async fn sample(&mut self, live: &mut Live) -> Result<Vec<Event>> {
        let step = self.trainer.step_count();
        let prompts = &self.prompts;
        let sampling = self.sampling.get_or_insert_with(|| Sampling {
            step,
            left: prompts.iter().cloned().collect(),
            current: None,
        });
        let done =
            sampling.advance(&live.tokenizer, || self.trainer.snapshot(), self.trainer.config()).await?;
        if sampling.left.is_empty() && sampling.current.is_none() {
            self.sampling = None;
        }
        live.history.samples.extend(done.clone());
        Ok(done.into_iter().map(Event::Sample).collect())
    }
}

impl Sampling {
    /// Writes for about [`BUDGET`]; the sample that was finished meanwhile, if one was.
    async fn advance(
        &mut self,
        tokenizer: &Tokenizer,
        model: impl Fn() -> Gpt,
        config: &tadpole_gpt::TrainConfig,
    ) -> Result<Option<SampleText>> {
        let start = Instant::now();
        if self.current.is_none() {
            let Some(prompt) = self.left.pop_front() else { return Ok(None) };
            let sampling = crate::SamplingConfig { seed: config.seed, ..Default::default() };
            let request = GenerateRequest {
                prompt: prompt.clone(),
                sampling,
                max_new_tokens: config.sample_tokens,
                truncate_prompt: true,
                ..Default::default()
            };
            self.current =
                Some((prompt, String::new(), Box::new(Generation::new(model(), tokenizer, request)?)));
        }
        let Some((_, text, generation)) = &mut self.current else { return Ok(None) };
        while start.elapsed() < BUDGET {
            match generation.next().await? {
                Some(Event::Token { text: more, .. } | Event::Finished { text: more, .. }) => {
                    text.push_str(&more)
                }
                _ => {
                    let (prompt, text, _) = self.current.take().expect("it was just written to");
                    return Ok(Some(SampleText { step: self.step, prompt, text }));
                }
            }
        }
        Ok(None)
    }
}
