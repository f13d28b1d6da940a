//! How a model is trained: a plain struct with nanoGPT's recipe as defaults, bounds, and the learning rate's
//! schedule.

use crate::Result;
use crate::error::within;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The largest seed: the largest whole number that a page can hold.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// How a model is trained: nanoGPT's recipe by default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Optimizer updates in all.
    pub steps: usize,
    /// Sequences a batch.
    pub batch_size: usize,
    /// Batches whose gradients are averaged before each update.
    pub grad_accumulation: usize,
    /// Peak learning rate, reached after the warm-up.
    pub learning_rate: f64,
    /// Learning rate at the end of the cosine.
    pub min_learning_rate: f64,
    /// Updates of linear warm-up.
    pub warmup_steps: usize,
    /// AdamW's decay, on matrices and embeddings only.
    pub weight_decay: f64,
    /// Decay of the first moment.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Largest global gradient norm; 0 turns clipping off.
    pub grad_clip: f64,
    /// Share of the tokens, at the end of the corpus, reserved for validation.
    pub validation_fraction: f64,
    /// Steps between evaluations; 0 turns them off.
    pub eval_interval: usize,
    /// Batches an evaluation averages over.
    pub eval_batches: usize,
    /// Steps between samples; 0 turns them off.
    pub sample_interval: usize,
    /// Prompts to sample from while training; by default a new line or the corpus's first token.
    pub sample_prompts: Vec<String>,
    /// Tokens per sample.
    pub sample_tokens: usize,
    /// Seed of weights, batches, dropout and samples.
    pub seed: u64,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            steps: 2_000,
            batch_size: 12,
            grad_accumulation: 1,
            learning_rate: 1e-3,
            min_learning_rate: 1e-4,
            warmup_steps: 100,
            weight_decay: 0.1,
            beta1: 0.9,
            beta2: 0.99,
            grad_clip: 1.0,
            validation_fraction: 0.1,
            eval_interval: 250,
            eval_batches: 20,
            sample_interval: 250,
            sample_prompts: vec![],
            sample_tokens: 100,
            seed: 1337,
        }
    }
}

impl TrainConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// [`crate::Error::OutOfRange`] with the field's serialized name.
    pub fn validate(&self) -> Result<()> {
        within("steps", self.steps, 1, 10_000_000)?;
        within("batchSize", self.batch_size, 1, 4_096)?;
        within("gradAccumulation", self.grad_accumulation, 1, 1_024)?;
        within("learningRate", self.learning_rate, 0.0, 10.0)?;
        within("minLearningRate", self.min_learning_rate, 0.0, 10.0)?;
        within("warmupSteps", self.warmup_steps, 0, 10_000_000)?;
        within("weightDecay", self.weight_decay, 0.0, 10.0)?;
        within("beta1", self.beta1, 0.0, 0.999_999)?;
        within("beta2", self.beta2, 0.0, 0.999_999)?;
        within("gradClip", self.grad_clip, 0.0, 1e6)?;
        within("validationFraction", self.validation_fraction, 0.0, 0.9)?;
        within("evalBatches", self.eval_batches, 1, 10_000)?;
        within("sampleTokens", self.sample_tokens, 1, 10_000)?;
        within("samplePrompts", self.sample_prompts.len(), 0, 16)?;
        within("seed", self.seed, 0, MAX_SEED)
    }

    /// Learning rate of update `step` (counted from 0): linear warm-up, then a cosine to `min_learning_rate`,
    /// or to the peak if that is smaller.
    pub fn learning_rate_at(&self, step: usize) -> f64 {
        let floor = self.min_learning_rate.min(self.learning_rate);
        if step < self.warmup_steps {
            return self.learning_rate * (step + 1) as f64 / (self.warmup_steps + 1) as f64;
        }
        if step >= self.steps {
            return floor;
        }
        let progress = (step - self.warmup_steps) as f64 / (self.steps - self.warmup_steps) as f64;
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * progress).cos());
        floor + cosine * (self.learning_rate - floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn schedule_warms_up_then_falls_to_its_floor() {
        let config = TrainConfig {
            steps: 10,
            warmup_steps: 3,
            learning_rate: 1.0,
            min_learning_rate: 0.1,
            ..TrainConfig::default()
        };
        let rates: Vec<f64> = (0..11).map(|step| config.learning_rate_at(step)).collect();
        assert_eq!(&rates[..3], &[0.25, 0.5, 0.75]);
        assert_eq!(rates[3], 1.0);
        assert!(rates[3..].windows(2).all(|pair| pair[0] > pair[1]), "{rates:?}");
        assert_eq!(rates[10], 0.1);
    }

    #[test]
    fn a_refusal_names_the_field_and_the_value() {
        let config = TrainConfig { learning_rate: f64::NAN, ..TrainConfig::default() };
        assert_eq!(config.validate(), Err(Error::range("learningRate", "NaN", 0, 10)));
    }
}
