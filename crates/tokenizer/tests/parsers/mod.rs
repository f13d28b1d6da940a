//! The invariants for foreign files: no panic, and what is accepted works. The fuzz targets and the tests
//! over their kept files both call these.

#![allow(dead_code, reason = "each fuzz target uses one")]

use tadpole_tokenizer::{TiktokenOptions, Tokenizer, TokenizerConfig, TokenizerTrainer};

/// `tokenizer.json`: an accepted file encodes and decodes, and can be reread as we write it.
pub fn tokenizer_json(file: &[u8]) {
    let Ok(tokenizer) = Tokenizer::from_json(file) else { return };
    let text = "the frog 青蛙 12\n";
    if let Ok(ids) = tokenizer.encode(text) {
        assert_eq!(tokenizer.decode(&ids).expect("its own ids"), text);
    }
    Tokenizer::from_json(tokenizer.to_json().as_bytes()).expect("what we write we read");
}

/// `.tiktoken` rank files: an accepted file encodes and decodes every byte.
pub fn tiktoken(file: &[u8]) {
    let Ok(tokenizer) = Tokenizer::from_tiktoken(file, &TiktokenOptions::default()) else { return };
    let ids = tokenizer.encode_bytes(file).expect("every byte has a token");
    assert_eq!(tokenizer.decode_bytes(&ids).expect("its own ids"), file);
}

/// Pre-split patterns: no endless match, and the words are the text.
pub fn pattern(pattern: &str) {
    let config =
        TokenizerConfig { vocab_size: 260, pattern: Some(pattern.into()), ..TokenizerConfig::default() };
    let Ok(mut trainer) = TokenizerTrainer::new(config) else { return };
    let text = "The frogs' 12 ponds,  青蛙跳过  池塘。\n\tab ab ab";
    if trainer.feed(text).is_err() {
        return;
    }
    let Ok(tokenizer) = trainer.finish() else { return };
    if let Ok(ids) = tokenizer.encode(text) {
        assert_eq!(tokenizer.decode(&ids).expect("its own ids"), text);
    }
}
