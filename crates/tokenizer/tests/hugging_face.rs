//! Hugging Face tokenizers loads the files that we write and gives the same ids; we load the files that it
//! writes. `fixtures/make_hf.py` recorded its ids. With `WRITE_FIXTURES` set, this test rewrites our files;
//! then run the script.
#[path = "common/mod.rs"]
mod common;

use common::{r50k, varied_text};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tadpole_tokenizer::{TiktokenOptions, Tokenizer, TokenizerConfig, TokenizerKind, TokenizerTrainer};

const PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn train(config: TokenizerConfig) -> Tokenizer {
    let mut trainer = TokenizerTrainer::new(config).expect("a valid config");
    trainer.feed(&varied_text(11, 20_000)).expect("any text");
    trainer.finish().expect("a corpus")
}

/// A character-level tokenizer with only the characters of `texts.json`, so that its file stays small.
fn train_chars(special_tokens: Vec<String>) -> Tokenizer {
    let config = TokenizerConfig { kind: TokenizerKind::Char, special_tokens, ..TokenizerConfig::default() };
    let mut trainer = TokenizerTrainer::new(config).expect("a valid config");
    texts().iter().for_each(|text| trainer.feed(text).expect("any text"));
    trainer.finish().expect("a corpus")
}

fn texts() -> Vec<String> {
    let file = std::fs::read(fixture("texts.json")).expect("the fixture");
    serde_json::from_slice(&file).expect("a list of texts")
}

fn ours() -> Vec<(&'static str, Tokenizer)> {
    let special_tokens: Vec<String> =
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"].map(String::from).to_vec();
    let base = TokenizerConfig {
        vocab_size: 420,
        special_tokens: special_tokens.clone(),
        ..TokenizerConfig::default()
    };
    let pattern = Some(PATTERN.to_string());
    let ranks = include_str!("fixtures/small.tiktoken");
    let options = TiktokenOptions { special_tokens: vec![("<|endoftext|>".into(), 300)], pattern: None };
    vec![
        ("bpe.json", train(base.clone())),
        ("bpe_digits.json", train(TokenizerConfig { split_digits: true, ..base.clone() })),
        ("bpe_pattern.json", train(TokenizerConfig { pattern, split_digits: true, ..base })),
        ("chars.json", train_chars(special_tokens)),
        ("ranks.json", Tokenizer::from_tiktoken(ranks.as_bytes(), &options).expect("a rank file")),
    ]
}

#[test]
fn our_files_are_as_recorded() {
    for (name, tokenizer) in ours() {
        if std::env::var_os("WRITE_FIXTURES").is_some() {
            std::fs::write(fixture(name), tokenizer.to_json()).expect("the fixtures folder");
        }
        assert!(
            std::fs::read_to_string(fixture(name)).expect("the fixture") == tokenizer.to_json(),
            "{name} changed"
        );
    }
}

#[test]
fn ids_are_those_of_hugging_face() {
    let texts = texts();
    let file = std::fs::read(fixture("hf_ids.json")).expect("the fixture");
    let recorded: Value = serde_json::from_slice(&file).expect("a map of files to ids");
    let recorded = recorded["ids"].as_object().expect("a map");
    assert!(recorded.len() >= 10 && texts.len() >= 20);
    for (name, expected) in recorded {
        let tokenizer = Tokenizer::from_json(&std::fs::read(fixture(name)).expect("the fixture"))
            .expect("a supported file");
        for (text, expected) in texts.iter().zip(expected.as_array().expect("one list for each text")) {
            let expected: Vec<u32> = serde_json::from_value(expected.clone()).expect("ids");
            assert_eq!(tokenizer.encode(text), Ok(expected), "{name}: {text:?}");
        }
    }
}

#[test]
fn a_file_of_gpt2_size_comes_back_the_same() {
    let json = r50k().to_json();
    let loaded = Tokenizer::from_json(json.as_bytes()).expect("our own file");
    assert_eq!((loaded.vocab_size(), loaded.merges().count()), (50_257, 50_000));
    assert_eq!(loaded.special_id("<|endoftext|>"), Ok(50_256));
    // As in GPT-2's own file: merges decide, without whole words, and the model has no type.
    let plain = json
        .replace("\"ignore_merges\": true", "\"ignore_merges\": false")
        .replace("\"type\": \"BPE\", ", "");
    let plain = Tokenizer::from_json(plain.as_bytes()).expect("a supported file");
    let text = varied_text(12, 100_000);
    assert_eq!(plain.encode(&text), r50k().encode(&text));
}
