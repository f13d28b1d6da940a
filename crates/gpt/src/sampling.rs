//! From logits to one token. The stages run in this order, each on the result of the previous one: repetition
//! penalty, frequency and presence penalties, temperature, top_k, top_p, min_p, then a seeded draw. Sources:
//! CTRL (Keskar et al., 2019), OpenAI's penalties, nucleus sampling (Holtzman et al., 2020), min-p (Nguyen et
//! al., 2024).

use crate::Result;
use crate::error::within;
use crate::train_config::MAX_SEED;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use ts_rs::TS;

/// The number of recent tokens that the repetition penalty covers.
pub const PENALTY_WINDOW: usize = 64;

/// How the next token is chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SamplingConfig {
    /// Divides the logits; 0 always takes the likeliest token.
    pub temperature: f64,
    /// Keeps this many of the likeliest tokens; 0 keeps all.
    pub top_k: usize,
    /// Keeps the likeliest tokens until their probabilities reach this sum; 1 keeps all.
    pub top_p: f64,
    /// Keeps tokens at least this many times as likely as the likeliest; 0 keeps all.
    pub min_p: f64,
    /// Divides positive and multiplies negative logits of the last [`PENALTY_WINDOW`] tokens; 1 changes nothing.
    pub repetition_penalty: f64,
    /// Subtracted from a logit for each time its token was generated.
    pub frequency_penalty: f64,
    /// Subtracted once from a logit if its token was generated.
    pub presence_penalty: f64,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for SamplingConfig {
    fn default() -> Self {
        Self {
            temperature: 0.8,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            repetition_penalty: 1.0,
            frequency_penalty: 0.0,
            presence_penalty: 0.0,
            seed: 42,
        }
    }
}

impl SamplingConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] with the field's serialized name.
    pub fn validate(&self) -> Result<()> {
        within("temperature", self.temperature, 0.0, 2.0)?;
        within("topP", self.top_p, 0.0, 1.0)?;
        within("minP", self.min_p, 0.0, 1.0)?;
        within("repetitionPenalty", self.repetition_penalty, 0.1, 10.0)?;
        within("frequencyPenalty", self.frequency_penalty, -2.0, 2.0)?;
        within("presencePenalty", self.presence_penalty, -2.0, 2.0)?;
        within("seed", self.seed, 0, MAX_SEED)
    }
}

/// The distributions of the next token, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SamplingStage")]
pub enum Stage {
    /// Softmax of the model's logits.
    Raw,
    /// After the repetition penalty.
    RepetitionPenalty,
    /// After the frequency and presence penalties.
    FrequencyPresencePenalty,
    /// After the temperature.
    Temperature,
    /// After top_k.
    TopK,
    /// After top_p.
    TopP,
    /// After min_p; the draw uses this one.
    MinP,
}

/// All stages in order.
pub const STAGES: [Stage; 7] = [
    Stage::Raw,
    Stage::RepetitionPenalty,
    Stage::FrequencyPresencePenalty,
    Stage::Temperature,
    Stage::TopK,
    Stage::TopP,
    Stage::MinP,
];

/// The distribution [V] for the draw. `logits` are [V]; `history` is the prompt plus the generated tokens,
/// `generated` only the latter. A removed token has 0.
pub fn distribution(logits: &[f32], config: &SamplingConfig, history: &[u32], generated: &[u32]) -> Vec<f32> {
    run_stages(logits, config, (history, generated), None)
}

/// Passes the probabilities [V] after each stage to `each`; the last are those of [`distribution`].
pub fn stages(
    logits: &[f32],
    config: &SamplingConfig,
    history: &[u32],
    generated: &[u32],
    mut each: impl FnMut(Stage, &[f32]),
) {
    run_stages(logits, config, (history, generated), Some(&mut each));
}

/// Receives each stage's probabilities [V].
type Watcher<'a> = &'a mut dyn FnMut(Stage, &[f32]);

fn run_stages(
    logits: &[f32],
    config: &SamplingConfig,
    (history, generated): (&[u32], &[u32]),
    mut each: Option<Watcher<'_>>,
) -> Vec<f32> {
    let mut show = |stage, probs: &dyn Fn() -> Vec<f32>| {
        if let Some(each) = &mut each {
            each(stage, &probs());
        }
    };
    let mut z = logits.to_vec();
    show(Stage::Raw, &|| softmax(&z));
    repetition_penalty(&mut z, config.repetition_penalty as f32, history);
    show(Stage::RepetitionPenalty, &|| softmax(&z));
    count_penalties(&mut z, config, generated);
    show(Stage::FrequencyPresencePenalty, &|| softmax(&z));
    let mut probs = with_temperature(&z, config.temperature as f32);
    show(Stage::Temperature, &|| probs.clone());
    keep_top_k(&mut probs, config.top_k);
    show(Stage::TopK, &|| probs.clone());
    keep_top_p(&mut probs, config.top_p);
    show(Stage::TopP, &|| probs.clone());
    keep_min_p(&mut probs, config.min_p as f32);
    show(Stage::MinP, &|| probs.clone());
    probs
}

/// Draws a token for position `index` of the generation; the same seed, index and distribution give the same
/// token.
pub fn draw(probs: &[f32], seed: u64, index: u64) -> u32 {
    let total: f64 = probs.iter().map(|&p| f64::from(p)).sum();
    let mut left = uniform(seed, index) * total;
    let mut last = 0;
    for (id, &p) in probs.iter().enumerate().filter(|(_, p)| **p > 0.0) {
        last = id;
        left -= f64::from(p);
        if left < 0.0 {
            break;
        }
    }
    last as u32
}

/// The number from 0 to 1 that draws the token at `index` of the generation.
pub fn uniform(seed: u64, index: u64) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index);
    rng.random()
}

/// Natural logarithms of the probabilities of `logits`.
pub fn logprobs(logits: &[f32]) -> Vec<f32> {
    let max = max(logits);
    let log_sum = logits.iter().map(|&z| f64::from(z - max).exp()).sum::<f64>().ln() as f32;
    logits.iter().map(|&z| z - max - log_sum).collect()
}

/// The `n` largest values with their indices, largest first; equal values in order of index.
pub fn top(values: &[f32], n: usize) -> Vec<(u32, f32)> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    if n < order.len() {
        order.select_nth_unstable_by(n, |&a, &b| by_value_then_place(values, a, b));
        order.truncate(n);
    }
    order.sort_unstable_by(|&a, &b| by_value_then_place(values, a, b));
    order.into_iter().map(|id| (id, values[id as usize])).collect()
}

/// Probabilities of `logits`.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let max = max(logits);
    let mut probs: Vec<f32> = logits.iter().map(|&z| (z - max).exp()).collect();
    normalize(&mut probs);
    probs
}

fn max(values: &[f32]) -> f32 {
    values.iter().copied().fold(f32::NEG_INFINITY, f32::max)
}

fn normalize(probs: &mut [f32]) {
    let sum = probs.iter().map(|&p| f64::from(p)).sum::<f64>();
    probs.iter_mut().for_each(|p| *p = (f64::from(*p) / sum) as f32);
}

/// The larger value first; equal values in order of index.
fn by_value_then_place(values: &[f32], a: u32, b: u32) -> Ordering {
    values[b as usize].total_cmp(&values[a as usize]).then(a.cmp(&b))
}

fn repetition_penalty(z: &mut [f32], penalty: f32, history: &[u32]) {
    if penalty == 1.0 {
        return;
    }
    let mut seen = history[history.len().saturating_sub(PENALTY_WINDOW)..].to_vec();
    seen.sort_unstable();
    seen.dedup();
    for id in seen {
        let value = &mut z[id as usize];
        *value = if *value > 0.0 { *value / penalty } else { *value * penalty };
    }
}

fn count_penalties(z: &mut [f32], config: &SamplingConfig, generated: &[u32]) {
    if config.frequency_penalty == 0.0 && config.presence_penalty == 0.0 {
        return;
    }
    let mut counts = std::collections::BTreeMap::new();
    for &id in generated {
        *counts.entry(id).or_insert(0u32) += 1;
    }
    for (id, count) in counts {
        z[id as usize] -= (config.frequency_penalty * f64::from(count) + config.presence_penalty) as f32;
    }
}

fn with_temperature(z: &[f32], temperature: f32) -> Vec<f32> {
    if temperature == 0.0 {
        let mut probs = vec![0.0; z.len()];
        let likeliest = (1..z.len()).fold(0, |best, id| if z[id] > z[best] { id } else { best });
        probs[likeliest] = 1.0;
        return probs;
    }
    let max = max(z);
    softmax(&z.iter().map(|&z| (z - max) / temperature).collect::<Vec<_>>())
}

fn keep_top_k(probs: &mut [f32], k: usize) {
    if k == 0 || k >= probs.len() {
        return;
    }
    let mut order: Vec<u32> = (0..probs.len() as u32).collect();
    // Finds the k-th without sorting the rest, which is most of a large vocabulary.
    let (_, _, rest) = order.select_nth_unstable_by(k - 1, |&a, &b| by_value_then_place(probs, a, b));
    rest.iter().for_each(|&id| probs[id as usize] = 0.0);
    normalize(probs);
}

fn keep_top_p(probs: &mut [f32], p: f64) {
    if p >= 1.0 {
        return;
    }
    let mut sum = 0.0;
    let mut full = false;
    let mut possible: Vec<u32> = (0..probs.len() as u32).filter(|&id| probs[id as usize] > 0.0).collect();
    possible.sort_unstable_by(|&a, &b| by_value_then_place(probs, a, b));
    for id in possible {
        let value = probs[id as usize];
        if full {
            probs[id as usize] = 0.0;
        }
        sum += f64::from(value);
        full |= sum >= p;
    }
    normalize(probs);
}

fn keep_min_p(probs: &mut [f32], min_p: f32) {
    if min_p == 0.0 {
        return;
    }
    let least = max(probs) * min_p;
    probs.iter_mut().filter(|p| **p < least).for_each(|p| *p = 0.0);
    normalize(probs);
}

#[cfg(test)]
mod tests;
