//! A run's measurements so far, thinned so that they stay small however long the run is; stored in the
//! checkpoint.

use crate::memory::memory_use;
use crate::{EvalMetrics, Event, SampleText, StepMetrics};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tadpole_gpt::Device;

/// The most steps kept; beyond that every second one is dropped.
const STEPS: usize = 4_000;
/// The same for a file with only weights.
const BRIEF_STEPS: usize = 128;
/// The most evaluations kept, thinned in the same way.
const EVALS: usize = 2_000;
/// The most steps whose samples are kept, thinned in the same way.
const SAMPLED_STEPS: usize = 200;

/// Metrics of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct History {
    pub steps: Vec<StepMetrics>,
    pub evals: Vec<EvalMetrics>,
    pub samples: Vec<SampleText>,
    /// Only steps divisible by 2 to this power are kept.
    thinning: u32,
}

impl History {
    /// Forgets what came after `step`, because the run went back to it.
    pub fn rewind(&mut self, step: usize) {
        self.steps.retain(|metrics| metrics.step <= step);
        self.evals.retain(|eval| eval.step <= step);
        self.samples.retain(|sample| sample.step <= step);
    }

    /// Whether it could have come from a run: steps rise from 1, all numbers are finite, and thinning is
    /// within bounds.
    pub fn is_sound(&self) -> bool {
        let rises = self.steps.windows(2).all(|pair| pair[0].step < pair[1].step);
        rises
            && self.steps.iter().all(|m| is_finite(&[m.train_loss, m.grad_norm, m.learning_rate as f32]))
            && self.evals.iter().all(is_number)
            && self.thinning < 24
            && self.steps.len() <= STEPS
            && self.steps.first().is_none_or(|m| m.step > 0)
    }

    pub fn add(&mut self, steps: &[StepMetrics]) {
        self.steps.extend(steps.iter().filter(|step| is_kept(step, self.thinning)));
        self.thin_steps(STEPS);
    }

    /// With so few steps that a small model's file stays small.
    pub fn brief(&self) -> Self {
        let mut brief = self.clone();
        brief.thin_steps(BRIEF_STEPS);
        brief
    }

    fn thin_steps(&mut self, most: usize) {
        while self.steps.len() > most {
            self.thinning += 1;
            self.steps.retain(|step| is_kept(step, self.thinning));
        }
    }

    /// An evaluation just after divergence is not a number, and JSON cannot hold that: the file would be
    /// unreadable.
    pub fn add_eval(&mut self, eval: EvalMetrics) {
        if !is_number(&eval) {
            return;
        }
        self.evals.push(eval);
        thin(&mut self.evals, EVALS, |eval| eval.step);
    }

    pub fn add_sample(&mut self, sample: SampleText) {
        self.samples.push(sample);
        thin(&mut self.samples, SAMPLED_STEPS, |sample| sample.step);
    }

    /// How many samples were written at `step`.
    pub fn samples_at(&self, step: usize) -> usize {
        self.samples.iter().rev().take_while(|sample| sample.step == step).count()
    }

    /// The run as its original events.
    pub fn events(&self, total_steps: usize, device: &Device) -> Vec<Event> {
        let memory = memory_use(device);
        let steps = Event::Step { steps: self.steps.clone(), tokens_per_second: 0.0, total_steps, memory };
        let evals = self.evals.iter().copied().map(Event::Eval);
        let samples = self.samples.iter().cloned().map(Event::Sample);
        std::iter::once(steps).chain(evals).chain(samples).collect()
    }
}

fn is_finite(numbers: &[f32]) -> bool {
    numbers.iter().all(|number| number.is_finite())
}

fn is_number(eval: &EvalMetrics) -> bool {
    is_finite(&[eval.val_loss, eval.perplexity, eval.bits_per_byte])
}

fn is_kept(step: &StepMetrics, thinning: u32) -> bool {
    step.step.is_multiple_of(1usize << thinning)
}

/// If `list`, ordered by step, holds more than `most` of them, drops every second one; the newest stays.
fn thin<T>(list: &mut Vec<T>, most: usize, step: impl Fn(&T) -> usize) {
    let mut steps: Vec<usize> = list.iter().map(&step).collect();
    steps.dedup();
    if steps.len() > most {
        let kept: BTreeSet<usize> = steps.into_iter().rev().step_by(2).collect();
        list.retain(|item| kept.contains(&step(item)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_neither_kept_nor_taken() {
        let mut history = History::default();
        for loss in [1.0, f32::NAN, f32::INFINITY, 2.0] {
            history.add_eval(EvalMetrics::new(1, loss, 1.0));
        }
        assert_eq!(history.evals.len(), 2);
        let text = serde_json::to_string(&history).expect("numbers");
        assert_eq!(serde_json::from_str::<History>(&text).expect("what we write"), history);
        assert!(history.is_sound());
        history.evals[0].perplexity = f32::INFINITY;
        assert!(!history.is_sound());
    }

    #[test]
    fn a_long_run_stays_small_and_keeps_its_ends() {
        let mut history = History::default();
        for step in 1..=100_000 {
            history.add(&[StepMetrics { step, train_loss: 1.0, grad_norm: 1.0, learning_rate: 1.0 }]);
        }
        assert!((STEPS / 2..=STEPS).contains(&history.steps.len()), "{}", history.steps.len());
        assert!(history.steps[0].step <= 64);
        assert!(history.steps.last().is_some_and(|last| last.step > 99_900));
        let brief = history.brief();
        assert!((BRIEF_STEPS / 2..=BRIEF_STEPS).contains(&brief.steps.len()), "{}", brief.steps.len());
        assert!(brief.is_sound() && brief.steps.last().is_some_and(|last| last.step > 98_000));
    }

    #[test]
    fn many_samples_and_evaluations_are_thinned_by_step() {
        let mut history = History::default();
        for step in 1..=10_000 {
            history.add_eval(EvalMetrics::new(step, 1.0, 1.0));
            for prompt in ["a", "b", "c"] {
                history.add_sample(SampleText { step, prompt: prompt.into(), text: String::new() });
            }
            assert_eq!(history.samples_at(step), 3, "what was just written is never dropped");
        }
        assert!((EVALS / 2..=EVALS).contains(&history.evals.len()), "{}", history.evals.len());
        let prompts = history.samples.len();
        assert!((3 * SAMPLED_STEPS / 2..=3 * SAMPLED_STEPS).contains(&prompts), "{prompts}");
        assert!(history.samples.chunks(3).all(|chunk| chunk.iter().all(|s| s.step == chunk[0].step)));
    }
}
