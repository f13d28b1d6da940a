//! The stages against a naive twin that keeps a list of (id, probability), the draw against its distribution.

use super::*;
use proptest::prelude::*;

/// The twin's result: the distribution, and how near any token came to the edge of a cut. Nearer than
/// rounding, a token may fall on either side.
struct Naive {
    probs: Vec<f64>,
    margin: f64,
}

/// The same stages in the same order, each written the slow way on an explicit list in f64.
fn naive(logits: &[f32], config: &SamplingConfig, history: &[u32], generated: &[u32]) -> Naive {
    let recent = &history[history.len().saturating_sub(PENALTY_WINDOW)..];
    let mut list: Vec<(usize, f64)> = logits.iter().map(|&z| f64::from(z)).enumerate().collect();
    for (id, z) in &mut list {
        let penalty = config.repetition_penalty;
        let seen = recent.contains(&(*id as u32));
        *z = if !seen {
            *z
        } else if *z > 0.0 {
            *z / penalty
        } else {
            *z * penalty
        };
        let count = generated.iter().filter(|&&g| g as usize == *id).count() as f64;
        *z -= config.frequency_penalty * count;
        *z -= if count > 0.0 { config.presence_penalty } else { 0.0 };
        *z = (*z / config.temperature).exp();
    }
    renormalise(&mut list);
    list.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut margin = f64::INFINITY;
    if config.top_k > 0 && config.top_k < list.len() {
        margin = margin.min(list[config.top_k - 1].1 - list[config.top_k].1);
        list.truncate(config.top_k);
        renormalise(&mut list);
    }
    if config.top_p < 1.0 {
        let mut before = 0.0;
        list.retain(|(_, p)| {
            margin = margin.min((before - config.top_p).abs());
            let keep = before < config.top_p;
            before += p;
            keep
        });
        renormalise(&mut list);
    }
    let least = list[0].1 * config.min_p;
    list.retain(|(_, p)| {
        margin = margin.min((p - least).abs());
        *p >= least
    });
    renormalise(&mut list);
    let mut probs = vec![0.0; logits.len()];
    list.into_iter().for_each(|(id, p)| probs[id] = p);
    Naive { probs, margin }
}

fn renormalise(list: &mut [(usize, f64)]) {
    let sum: f64 = list.iter().map(|(_, p)| p).sum();
    list.iter_mut().for_each(|(_, p)| *p /= sum);
}

fn any_config() -> impl Strategy<Value = SamplingConfig> {
    (0.1..2.0, 0usize..50, 0.05..1.0, 0.0..0.5, 0.5..2.0, -2.0..2.0, -2.0..2.0).prop_map(
        |(temperature, top_k, top_p, min_p, repetition_penalty, frequency_penalty, presence_penalty)| {
            SamplingConfig {
                temperature,
                top_k,
                top_p,
                min_p,
                repetition_penalty,
                frequency_penalty,
                presence_penalty,
                seed: 0,
            }
        },
    )
}

proptest! {
    #[test]
    fn the_stages_equal_their_naive_twin(
        logits in prop::collection::vec(-8.0f32..8.0, 2..40),
        history in prop::collection::vec(0u32..40, 0..100),
        config in any_config(),
    ) {
        let history: Vec<u32> = history.into_iter().map(|id| id % logits.len() as u32).collect();
        let generated = &history[history.len() / 2..];
        let twin = naive(&logits, &config, &history, generated);
        prop_assume!(twin.margin > 1e-5);
        let probs = distribution(&logits, &config, &history, generated);
        for (fast, slow) in probs.iter().zip(&twin.probs) {
            prop_assert!((f64::from(*fast) - slow).abs() < 1e-4, "{probs:?} {:?}", twin.probs);
        }
    }

    #[test]
    fn every_stage_is_a_distribution_and_only_ever_removes(
        logits in prop::collection::vec(-30.0f32..30.0, 1..40),
        config in any_config(),
    ) {
        let mut survivors = logits.len();
        let mut names = vec![];
        stages(&logits, &config, &[], &[], |stage, probs| {
            let left = probs.iter().filter(|p| **p > 0.0).count();
            assert!((probs.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{stage:?}");
            assert!(left >= 1 && (left <= survivors || stage == Stage::Temperature), "{stage:?}");
            survivors = left;
            names.push(stage);
        });
        prop_assert_eq!(names, STAGES);
    }
}

#[test]
fn draws_follow_the_distribution() {
    let probs = [0.5f32, 0.0, 0.3, 0.15, 0.05];
    let n = 20_000u32;
    let mut counts = [0u32; 5];
    (0..n).for_each(|index| counts[draw(&probs, 7, u64::from(index)) as usize] += 1);
    assert_eq!(counts[1], 0, "what has no probability is never drawn");
    let chi_square: f64 = [0, 2, 3, 4]
        .iter()
        .map(|&i| {
            let expected = f64::from(probs[i]) * f64::from(n);
            (f64::from(counts[i]) - expected).powi(2) / expected
        })
        .sum();
    assert!(chi_square < 16.27, "{counts:?}: p below 0.001 at 3 degrees of freedom");
}

#[test]
fn a_seed_and_a_place_give_one_token() {
    let probs = softmax(&[0.0; 1_000]);
    assert_eq!(draw(&probs, 1, 5), draw(&probs, 1, 5));
    assert_ne!(draw(&probs, 1, 5), draw(&probs, 1, 6));
    assert_ne!(draw(&probs, 1, 5), draw(&probs, 2, 5));
}

#[test]
fn temperature_zero_is_greedy() {
    let config = SamplingConfig { temperature: 0.0, ..SamplingConfig::default() };
    assert_eq!(distribution(&[0.1, 3.0, 3.0, -1.0], &config, &[], &[]), [0.0, 1.0, 0.0, 0.0]);
}
