//! What a run has measured so far, thinned so that it stays small however long the run is; it travels in the checkpoint.

use crate::memory::memory_use;
use crate::{EvalMetrics, Event, SampleText, StepMetrics};
use serde::{Deserialize, Serialize};
use tadpole_gpt::Device;

/// Steps kept at most; beyond that every second one is dropped.
const STEPS: usize = 4_000;

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
    /// Forgets what came after `step`, because the run is back there.
    pub fn rewind(&mut self, step: usize) {
        self.steps.retain(|metrics| metrics.step <= step);
        self.evals.retain(|eval| eval.step <= step);
        self.samples.retain(|sample| sample.step <= step);
    }

    /// Whether it could have come from a run: steps rise from 1, and thinning has its bounds.
    pub fn is_sound(&self) -> bool {
        let rises = self.steps.windows(2).all(|pair| pair[0].step < pair[1].step);
        rises
            && self.thinning < 24
            && self.steps.len() <= STEPS
            && self.steps.first().is_none_or(|m| m.step > 0)
    }

    pub fn add(&mut self, steps: &[StepMetrics]) {
        let kept = |step: &StepMetrics, thinning: u32| step.step.is_multiple_of(1usize << thinning);
        self.steps.extend(steps.iter().filter(|step| kept(step, self.thinning)));
        while self.steps.len() > STEPS {
            self.thinning += 1;
            self.steps.retain(|step| kept(step, self.thinning));
        }
    }

    /// The run as the events that told it.
    pub fn events(&self, total_steps: usize, device: &Device) -> Vec<Event> {
        let memory = memory_use(device);
        let steps = Event::Step { steps: self.steps.clone(), tokens_per_second: 0.0, total_steps, memory };
        let evals = self.evals.iter().copied().map(Event::Eval);
        let samples = self.samples.iter().cloned().map(Event::Sample);
        std::iter::once(steps).chain(evals).chain(samples).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_stays_small_and_keeps_its_ends() {
        let mut history = History::default();
        for step in 1..=100_000 {
            history.add(&[StepMetrics { step, train_loss: 1.0, grad_norm: 1.0, learning_rate: 1.0 }]);
        }
        assert!((STEPS / 2..=STEPS).contains(&history.steps.len()), "{}", history.steps.len());
        assert!(history.steps[0].step <= 64);
        assert!(history.steps.last().is_some_and(|last| last.step > 99_900));
    }
}
