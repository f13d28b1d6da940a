//! `tokenizer.json`: no panic, and what is accepted encodes and decodes.
#![no_main]
use libfuzzer_sys::fuzz_target;
use tadpole_tokenizer::Tokenizer;

fuzz_target!(|file: &[u8]| {
    let Ok(tokenizer) = Tokenizer::from_json(file) else { return };
    if let Ok(ids) = tokenizer.encode("the frog 青蛙 12\n") {
        assert_eq!(tokenizer.decode(&ids).expect("its own ids"), "the frog 青蛙 12\n");
    }
    Tokenizer::from_json(tokenizer.to_json().as_bytes()).expect("what we write we read");
});
