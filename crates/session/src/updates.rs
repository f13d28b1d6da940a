//! The part of a run that makes updates, with evaluations and samples in between. Each call works for about a
//! tenth of a second, so that a large update spreads over several calls and a stop gets through between its
//! batches.

use crate::generation::Generation;
use crate::live::Live;
use crate::memory::memory_use;
use crate::{
    EvalMetrics, Event, Finished, GenerateRequest, Result, SampleText, SamplingConfig, StepMetrics,
    WrittenToken,
};
use std::collections::VecDeque;
use tadpole_gpt::params::ParamInfo;
use tadpole_gpt::train::{Evaluation, Norms, Peek, Trainer, changes};
use tadpole_gpt::{Gpt, TrainConfig};
use tadpole_tokenizer::Tokenizer;
use tadpole_workbench::BUDGET;
use web_time::Instant;

/// The intended seconds of batches per call.
const CALL_SECONDS: f64 = 0.1;
/// The most batches between two reads, so that no queue grows long on a device that answers late.
const CALL_BATCHES: usize = 64;

/// A trainer at work.
pub(crate) struct Updates {
    trainer: Trainer,
    prompts: Vec<String>,
    bytes_per_token: f64,
    evaluation: Option<Evaluation>,
    sampling: Option<Sampling>,
    /// The model last previewed before an update, and after how many updates that was.
    looked_at: Option<(usize, Gpt)>,
    seconds_per_batch: f64,
    over: bool,
}

/// Samples in progress, all at one step.
struct Sampling {
    step: usize,
    left: VecDeque<String>,
    current: Option<(String, String, Box<Generation>)>,
}

impl Updates {
    /// Samples continue `prompts`; `bytes_per_token` converts a loss to bits per byte.
    pub fn new(trainer: Trainer, prompts: Vec<String>, bytes_per_token: f64) -> Self {
        Self {
            trainer,
            prompts,
            bytes_per_token,
            evaluation: None,
            sampling: None,
            looked_at: None,
            seconds_per_batch: 0.0,
            over: false,
        }
    }

    /// Works for a while; none when the run is over. `one` makes exactly one update, however long it takes.
    pub async fn next(&mut self, live: &mut Live, one: bool) -> Result<Option<Vec<Event>>> {
        self.trainer.set_learning_rate(live.run.learning_rate);
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
        loop {
            let steps = self.update(live, if one { step + 1 } else { self.next_stop() }).await?;
            if !steps.is_empty() {
                return Ok(Some(vec![self.report(live, steps)]));
            }
            if !one {
                return Ok(Some(vec![]));
            }
        }
    }

    /// The next update, computed but not made; its weights are kept until it is.
    pub async fn peek(&mut self, rate: Option<f64>) -> Result<Peek> {
        self.trainer.set_learning_rate(rate);
        let peek = self.trainer.peek().await?;
        self.looked_at = Some((self.trainer.step_count(), self.trainer.snapshot()));
        Ok(peek)
    }

    /// What the previewed update changed; none if another was made since.
    pub async fn changes(&self) -> Result<Option<Vec<(ParamInfo, Norms)>>> {
        match &self.looked_at {
            Some((step, before)) if step + 1 == self.trainer.step_count() => {
                Ok(Some(changes(before, &self.trainer.snapshot()).await?))
            }
            _ => Ok(None),
        }
    }

    /// Computes batches for one call, none beyond update `last`, and reads the measurements of the updates
    /// among them.
    async fn update(&mut self, live: &mut Live, last: usize) -> Result<Vec<StepMetrics>> {
        let (start, most) = (Instant::now(), self.batches_a_call());
        let mut batches = 0;
        while batches < most && self.trainer.step_count() < last {
            self.trainer.advance();
            batches += 1;
        }
        let read = self.trainer.read().await;
        self.pace(start.elapsed().as_secs_f64() / batches as f64);
        if !matches!(&read, Ok(steps) if steps.is_empty()) {
            live.follow(&self.trainer);
            live.run.history.rewind(self.trainer.step_count());
        }
        // From here on that update's change is no longer needed, and its weights only take up room.
        self.looked_at.take_if(|(step, _)| *step + 1 < self.trainer.step_count());
        let steps = read?;
        live.run.history.add(&steps);
        Ok(steps)
    }

    fn pace(&mut self, seconds: f64) {
        let smooth = if self.seconds_per_batch == 0.0 { 0.0 } else { 0.7 };
        self.seconds_per_batch = smooth * self.seconds_per_batch + (1.0 - smooth) * seconds;
    }

    fn batches_a_call(&self) -> usize {
        if self.seconds_per_batch == 0.0 {
            return 1;
        }
        ((CALL_SECONDS / self.seconds_per_batch) as usize).clamp(1, CALL_BATCHES)
    }

    /// The update at which the next evaluation, sample or the end comes.
    fn next_stop(&self) -> usize {
        let (config, step) = (self.trainer.config(), self.trainer.step_count());
        let after =
            |interval: usize| if interval == 0 { config.steps } else { step + interval - step % interval };
        config.steps.min(after(config.eval_interval)).min(after(config.sample_interval))
    }

    fn report(&self, live: &Live, steps: Vec<StepMetrics>) -> Event {
        let config = self.trainer.config();
        let tokens = config.batch_size * live.model.config().context_length;
        let memory = memory_use(&live.model.device());
        let tokens_per_second = tokens as f64 / self.seconds_per_batch.max(1e-9);
        Event::Step { steps, tokens_per_second, total_steps: config.steps, memory }
    }

    /// Whether something is due at this step by `interval`.
    fn at_interval(&self, interval: usize) -> bool {
        let (step, total) = (self.trainer.step_count(), self.trainer.config().steps);
        interval > 0 && (step.is_multiple_of(interval) || step == total)
    }

    fn evaluation_due(&self, live: &Live) -> bool {
        let step = self.trainer.step_count();
        self.at_interval(self.trainer.config().eval_interval)
            && !self.trainer.dataset().validation_ids().is_empty()
            && live.run.history.evals.last().is_none_or(|last| last.step != step)
    }

    fn samples_due(&self, live: &Live) -> bool {
        let done = live.run.history.samples_at(self.trainer.step_count());
        self.sampling.is_some()
            || (self.at_interval(self.trainer.config().sample_interval) && done < self.prompts.len())
    }

    async fn evaluate(&mut self, live: &mut Live) -> Result<Vec<Event>> {
        let start = Instant::now();
        let mut evaluation =
            self.evaluation.take().unwrap_or_else(|| Evaluation::new(self.trainer.snapshot()));
        while evaluation.advance(self.trainer.dataset(), self.trainer.config()) {
            if start.elapsed() >= BUDGET {
                // Waiting for the work so far keeps the device's queue short.
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
        live.run.history.add_eval(metrics);
        Ok(vec![Event::Eval(metrics)])
    }

    async fn sample(&mut self, live: &mut Live) -> Result<Vec<Event>> {
        let step = self.trainer.step_count();
        let prompts = &self.prompts;
        let sampling = self.sampling.get_or_insert_with(|| Sampling {
            step,
            left: prompts.iter().skip(live.run.history.samples_at(step)).cloned().collect(),
            current: None,
        });
        let done =
            sampling.advance(&live.tokenizer, || self.trainer.snapshot(), self.trainer.config()).await?;
        if sampling.left.is_empty() && sampling.current.is_none() {
            self.sampling = None;
        }
        let Some(sample) = done else { return Ok(vec![]) };
        live.run.history.add_sample(sample.clone());
        Ok(vec![Event::Sample(sample)])
    }
}

impl Sampling {
    /// Writes for about [`BUDGET`]; returns a sample if one was finished.
    async fn advance(
        &mut self,
        tokenizer: &Tokenizer,
        model: impl Fn() -> Gpt,
        config: &TrainConfig,
    ) -> Result<Option<SampleText>> {
        let start = Instant::now();
        if self.current.is_none() {
            let Some(prompt) = self.left.pop_front() else { return Ok(None) };
            let sampling = SamplingConfig { seed: config.seed, ..Default::default() };
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
            match generation.next(false).await? {
                Some(
                    Event::Token(WrittenToken { text: more, .. })
                    | Event::Finished(Finished { text: more, .. }),
                ) => text.push_str(&more),
                _ => {
                    let (prompt, text, _) = self.current.take().expect("it was just written to");
                    return Ok(Some(SampleText { step: self.step, prompt, text }));
                }
            }
        }
        Ok(None)
    }
}
