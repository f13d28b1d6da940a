//! Checkpoints: no panic; a file that is refused leaves no model behind.
#![no_main]
use libfuzzer_sys::fuzz_target;
use tadpole_session::{Device, DeviceInfo, Session};

fuzz_target!(|file: &[u8]| {
    let info = DeviceInfo {
        kind: "cpu",
        name: String::new(),
        fallback: None,
        detail: String::new(),
        memory_limit: 64 << 20,
    };
    let mut session = Session::new(Device::flex(), info);
    assert_eq!(session.load(file).is_ok(), session.model().is_some());
});
