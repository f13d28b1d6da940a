//! Checkpoints: no panic; a file that is refused leaves no model behind; one that is accepted is asked, saved and gone on with.
#![no_main]
use futures_lite::future::block_on;
use libfuzzer_sys::fuzz_target;
use tadpole_session::{Device, DeviceInfo, SamplingConfig, SaveOptions, Session};

/// Calls of a run that goes on; a run of many updates is not followed to its end.
const CALLS: usize = 4;

fn session() -> Session {
    let info = DeviceInfo {
        kind: "cpu",
        name: String::new(),
        fallback: None,
        detail: String::new(),
        memory_limit: 4 << 20,
    };
    Session::new(Device::flex(), info)
}

fuzz_target!(|file: &[u8]| {
    let mut session = session();
    assert_eq!(session.load(file).is_ok(), session.model().is_some());
    if session.model().is_none() {
        return;
    }
    let everything = SaveOptions { training: true, corpus: true };
    let saved = block_on(session.save(everything)).expect("what was read can be written");
    self::session().load(&saved).expect("what we write we read");
    drop(block_on(session.next_tokens("the frog", &SamplingConfig::default(), 3)));
    drop(block_on(session.evaluate()));
    let Ok(handle) = session.open_resume(None) else { return };
    for _ in 0..CALLS {
        if !matches!(block_on(session.next(handle, true)), Ok(Some(_))) {
            break;
        }
    }
});
