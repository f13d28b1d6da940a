//! Cached decoding against the plain forward pass over the same window, past the end of the context, for
//! every kind of position; and what a generator refuses.

use futures_lite::future::block_on;
use tadpole_gpt::config::{MlpKind, NormKind, PositionKind};
use tadpole_gpt::generate::{Drawing, Generator, last_logits};
use tadpole_gpt::sampling::{SamplingConfig, distribution, draw, logprobs};
use tadpole_gpt::{Device, Error, Gpt, ModelConfig, Tensor, params};

const CONTEXT: usize = 12;

fn model(position: PositionKind, n_kv_head: usize) -> Gpt {
    made(ModelConfig { n_kv_head, position, ..ModelConfig::gpt2_family(31, CONTEXT, 2, 4, 32) })
}

fn made(config: ModelConfig) -> Gpt {
    config.validate().expect("a valid configuration");
    let model = Gpt::new(&config, 5, &Device::flex());
    // So that no bias is 0 and no norm 1.
    let uneven = |len| (0..len).map(|i| 0.3 * ((37 * i % 101) as f32 / 101.0 - 0.5)).collect::<Vec<_>>();
    params::map(model, |info, weight| {
        weight + Tensor::from_floats(uneven(info.len()).as_slice(), &Device::flex())
    })
}

fn generator(model: &Gpt, sampling: SamplingConfig) -> Generator {
    Generator::new(model.clone(), Drawing { sampling, vocab_size: 29, keeps_logits: false })
}

/// The logits after the pushed ids.
fn logits_after(generator: &mut Generator, ids: &[u32]) -> tadpole_gpt::Result<Vec<f32>> {
    generator.push(ids)?;
    block_on(generator.logits())
}

fn id(place: usize) -> u32 {
    (place * place + 3 * place) as u32 % 31
}

/// Where the window of a sequence begins, computed the slow way: replay the pushes and note each time the
/// cache is full.
fn window_start(pushes: &[usize]) -> usize {
    let (mut start, mut len) = (0, 0);
    for &push in pushes {
        len += push;
        if len - start > CONTEXT {
            start = len - (CONTEXT / 2).max(push);
        }
    }
    start
}

fn cached_equals_uncached(model: &Gpt, first: usize) {
    let mut generator = generator(model, SamplingConfig::default());
    let (mut pushes, mut ids) = (vec![], vec![]);
    for push in std::iter::once(first).chain(std::iter::repeat_n(1, 3 * CONTEXT)) {
        let new: Vec<u32> = (ids.len()..ids.len() + push).map(id).collect();
        let cached = logits_after(&mut generator, &new).expect("the CPU generates");
        ids.extend(new);
        pushes.push(push);
        let window = &ids[window_start(&pushes)..];
        let plain = last_logits(model, window, None, &mut (), &Device::flex()).into_data();
        for (cached, plain) in cached.iter().zip(plain.iter::<f32>()) {
            assert!((cached - plain).abs() < 1e-4, "after {} tokens: {cached} and {plain}", ids.len());
        }
    }
}

#[test]
fn cached_equals_uncached_for_every_kind_of_position() {
    for position in
        [PositionKind::Learned, PositionKind::Sinusoidal, PositionKind::Rotary, PositionKind::None]
    {
        cached_equals_uncached(&model(position, 4), 5);
    }
}

#[test]
fn cached_equals_uncached_with_shared_heads_and_a_full_prompt() {
    cached_equals_uncached(&model(PositionKind::Rotary, 2), CONTEXT);
    cached_equals_uncached(&model(PositionKind::Learned, 1), 1);
}

#[test]
fn cached_equals_uncached_for_every_kind_of_norm_and_mlp_with_and_without_biases_and_an_own_head() {
    for norm in [NormKind::LayerNorm, NormKind::RmsNorm] {
        for mlp in [MlpKind::Gelu, MlpKind::Swiglu] {
            for plain in [true, false] {
                let config = ModelConfig {
                    norm,
                    mlp,
                    bias: plain,
                    tied_embeddings: plain,
                    d_ff: 52,
                    ..ModelConfig::gpt2_family(31, CONTEXT, 2, 4, 32)
                };
                cached_equals_uncached(&made(config), 5);
            }
        }
    }
}

#[test]
fn what_cannot_be_generated_from_is_refused_and_changes_nothing() {
    let mut generator = generator(&model(PositionKind::Learned, 4), SamplingConfig::default());
    assert_eq!(block_on(generator.draw(1)), Err(Error::PromptEmpty));
    logits_after(&mut generator, &[1, 2]).expect("two tokens");
    assert_eq!(generator.push(&[]), Err(Error::PromptEmpty));
    assert_eq!(generator.push(&[31]), Err(Error::TokenOutOfRange { id: 31, vocab_size: 31 }));
    let long = Error::PromptTooLong { tokens: 13, context_length: CONTEXT };
    assert_eq!(generator.push(&[0; 13]), Err(long));
    let next = logits_after(&mut generator, &[3]).expect("a third token");
    let plain = last_logits(&model(PositionKind::Learned, 4), &[1, 2, 3], None, &mut (), &Device::flex());
    assert!(next.iter().zip(plain.into_data().iter::<f32>()).all(|(a, b)| (a - b).abs() < 1e-4));
}

#[test]
fn weights_that_are_no_numbers_are_told_instead_of_drawn_from() {
    let spoilt = params::map(model(PositionKind::Learned, 4), |_, weight| weight * f32::NAN);
    let mut generator = generator(&spoilt, SamplingConfig::default());
    generator.push(&[1]).expect("a token of the vocabulary");
    assert_eq!(block_on(generator.draw(1)), Err(Error::LogitsNotFinite { value: "NaN".into() }));
}

#[test]
fn tokens_are_drawn_from_the_logits_by_the_stages_and_the_seed() {
    let model = model(PositionKind::Rotary, 2);
    let sampling =
        SamplingConfig { repetition_penalty: 1.5, presence_penalty: 0.5, ..SamplingConfig::default() };
    let mut generator = generator(&model, sampling.clone());
    generator.push(&[7, 7]).expect("a prompt");
    let mut ids = vec![7, 7];
    while ids.len() < CONTEXT {
        for drawn in block_on(generator.draw(4)).expect("the CPU draws") {
            let plain = last_logits(&model, &ids, None, &mut (), &Device::flex()).into_data();
            let plain: Vec<f32> = plain.iter::<f32>().take(29).collect();
            assert!(drawn.logits.iter().zip(&plain).all(|(a, b)| (a - b).abs() < 1e-4));
            let probs = distribution(&plain, &sampling, &ids, &ids[2..]);
            assert_eq!(drawn.id, draw(&probs, sampling.seed, ids.len() as u64 - 2));
            assert!((drawn.logprob - logprobs(&plain)[drawn.id as usize]).abs() < 1e-4);
            ids.push(drawn.id);
        }
    }
}
