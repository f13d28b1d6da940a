//! `.tiktoken` rank files: no panic, and what is accepted encodes and decodes.
#![no_main]
use libfuzzer_sys::fuzz_target;
use tadpole_tokenizer::{TiktokenOptions, Tokenizer};

fuzz_target!(|file: &[u8]| {
    let Ok(tokenizer) = Tokenizer::from_tiktoken(file, &TiktokenOptions::default()) else { return };
    let ids = tokenizer.encode_bytes(file).expect("every byte has a token");
    assert_eq!(tokenizer.decode_bytes(&ids).expect("its own ids"), file);
});
