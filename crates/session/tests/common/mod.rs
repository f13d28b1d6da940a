//! A session on the CPU, a small corpus, and a run that takes a second.

#![allow(dead_code, reason = "each test file uses its part")]

use futures_lite::future::block_on;
use tadpole_session::*;

/// Text with enough repetition to learn from, in two scripts.
pub fn corpus() -> Vec<u8> {
    let line =
        |i: usize| format!("the frog number {} jumps over {} ponds. 青蛙跳过池塘。\n", i % 37, (i * 7) % 11);
    (0..400).map(line).collect::<String>().into_bytes()
}

pub fn session() -> Session {
    session_of(1 << 30)
}

/// A session that may use this many bytes.
pub fn session_of(memory_limit: u64) -> Session {
    let info = DeviceInfo {
        kind: tadpole_session::DeviceKind::Cpu,
        name: "CPU".into(),
        fallback: None,
        detail: String::new(),
        memory_limit,
        buffer_limit: None,
        estimates: None,
    };
    Session::new(Device::flex(), info)
}

pub fn request() -> TrainRequest {
    let base = ModelConfig::preset("nano").expect("a preset");
    let model = ModelConfig {
        n_layer: 1,
        n_head: 2,
        n_kv_head: 2,
        d_model: 16,
        d_ff: 32,
        context_length: 16,
        ..base
    };
    let tokenizer = TokenizerConfig { vocab_size: 300, ..TokenizerConfig::default() };
    let train = TrainConfig {
        steps: 12,
        batch_size: 4,
        warmup_steps: 2,
        eval_interval: 4,
        eval_batches: 2,
        sample_interval: 6,
        sample_prompts: vec!["the frog".into()],
        sample_tokens: 8,
        ..TrainConfig::default()
    };
    TrainRequest { corpus_name: "frogs".into(), tokenizer, model, train }
}

/// All events of a stream.
pub fn drain(session: &mut Session, handle: u32) -> Vec<Event> {
    let mut all = vec![];
    while let Some(events) = block_on(session.next(handle, false)).expect("the stream goes well") {
        all.extend(events);
    }
    all
}

/// Events until `stop` says so.
pub fn drain_until(session: &mut Session, handle: u32, stop: impl Fn(&Event) -> bool) -> Vec<Event> {
    let mut all = vec![];
    while let Some(events) = block_on(session.next(handle, true)).expect("the stream goes well") {
        all.extend(events);
        if all.last().is_some_and(&stop) {
            break;
        }
    }
    all
}

/// A session whose model was trained by [`request`].
pub fn trained() -> Session {
    let mut session = session();
    let handle = session.open_train(corpus(), request()).expect("a valid run");
    drain(&mut session, handle);
    session
}

/// The training losses of some events, to the bit.
pub fn losses(events: &[Event]) -> Vec<(usize, u32)> {
    let steps = events.iter().filter_map(|event| match event {
        Event::Step { steps, .. } => Some(steps),
        _ => None,
    });
    steps.flatten().map(|m| (m.step, m.train_loss.to_bits())).collect()
}
