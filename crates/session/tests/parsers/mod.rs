//! The invariants for foreign checkpoints: no panic, and what is accepted works. The fuzz targets and the
//! tests over their kept files both call these.

#![allow(dead_code, reason = "each fuzz target uses one")]

use futures_lite::future::block_on;
use tadpole_gpt::hugging_face;
use tadpole_session::{Device, DeviceInfo, SamplingConfig, SaveOptions, Session};

/// Calls on a resumed run; a run of many updates is not followed to its end.
const CALLS: usize = 4;

/// Bytes that a session may use.
const MEMORY: u64 = 4 << 20;

fn session(memory_limit: u64) -> Session {
    let info = DeviceInfo {
        kind: tadpole_session::DeviceKind::Cpu,
        name: String::new(),
        fallback: None,
        detail: String::new(),
        memory_limit,
        buffer_limit: None,
        estimates: None,
    };
    Session::new(Device::flex(), info)
}

/// Checkpoints: a refused file leaves no model behind; an accepted one is saved, queried and resumed.
pub fn checkpoint(file: &[u8]) {
    let mut session = session(MEMORY);
    assert_eq!(session.load(file).is_ok(), session.model().is_some());
    if session.model().is_none() {
        return;
    }
    let everything = SaveOptions { training: true, corpus: true, ..SaveOptions::default() };
    let saved = block_on(session.save(everything)).expect("what was read can be written");
    // Rewritten in full precision it may be larger.
    self::session(16 * MEMORY).load(&saved).expect("what we write we read");
    drop(block_on(session.next_tokens("the frog", &[], &SamplingConfig::default(), 3)));
    drop(block_on(session.evaluate()));
    let Ok(handle) = block_on(session.open_resume(None)) else { return };
    for _ in 0..CALLS {
        if !matches!(block_on(session.next(handle, true)), Ok(Some(_))) {
            break;
        }
    }
}

/// Hugging Face's `config.json` and `model.safetensors`, one after the other, separated by a zero byte.
pub fn hugging_face(files: &[u8]) {
    let cut = files.iter().position(|&byte| byte == 0).unwrap_or(files.len());
    let Ok(config) = hugging_face::config_from_json(&files[..cut]) else { return };
    if config.parameters() < 1 << 20 {
        let weights = files.get(cut + 1..).unwrap_or_default();
        drop(hugging_face::model_from_safetensors(weights, config, &Device::flex()));
    }
}
