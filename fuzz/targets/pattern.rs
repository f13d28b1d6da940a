//! Pre-split patterns: no panic, no endless match, and the words are the text.
#![no_main]
use libfuzzer_sys::fuzz_target;
use tadpole_tokenizer::{TokenizerConfig, Trainer};

fuzz_target!(|pattern: &str| {
    let config = TokenizerConfig { vocab_size: 260, pattern: Some(pattern.into()), ..TokenizerConfig::default() };
    let Ok(mut trainer) = Trainer::new(config) else { return };
    let text = "The frogs' 12 ponds,  青蛙跳过  池塘。\n\tab ab ab";
    if trainer.feed(text).is_err() {
        return;
    }
    let Ok(tokenizer) = trainer.finish() else { return };
    if let Ok(ids) = tokenizer.encode(text) {
        assert_eq!(tokenizer.decode(&ids).expect("its own ids"), text);
    }
});
