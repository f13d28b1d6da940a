#![no_main]
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/session/tests/parsers/mod.rs"]
mod parsers;

fuzz_target!(|file: &[u8]| parsers::checkpoint(file));
