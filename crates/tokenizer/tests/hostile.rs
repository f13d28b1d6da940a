//! Damaged and hostile files: each is refused by name, none panics, and whatever is accepted still round-trips.
#[path = "common/mod.rs"]
mod common;

use common::{Random, base64, varied_text};
use std::time::{Duration, Instant};
use tadpole_tokenizer::{TiktokenOptions, Tokenizer, TokenizerConfig, TokenizerKind, TokenizerTrainer};

fn trained(config: TokenizerConfig) -> Tokenizer {
    let mut trainer = TokenizerTrainer::new(config).expect("a valid config");
    trainer.feed(&varied_text(6, 3000)).expect("any text");
    trainer.finish().expect("a corpus")
}

fn small() -> String {
    let special_tokens = vec!["<|end|>".to_string()];
    trained(TokenizerConfig { vocab_size: 290, special_tokens, ..TokenizerConfig::default() }).to_json()
}

fn code(json: &str) -> &'static str {
    let error = Tokenizer::from_json(json.as_bytes()).expect_err("refused");
    let (message, remedy) = (error.to_string(), error.remedy());
    assert!(!message.contains(&remedy) && remedy.ends_with('.') && remedy.starts_with(char::is_uppercase));
    error.code()
}

/// The file with one thing replaced; fails if that is not in it.
fn changed(from: &str, to: &str) -> String {
    let file = small();
    assert!(file.contains(from), "{from}");
    file.replacen(from, to, 1)
}

#[test]
fn json_that_asks_for_what_is_not_done_is_refused_by_name() {
    for (from, to, expected) in [
        ("\"normalizer\": null", "\"normalizer\": {\"type\":\"Lowercase\"}", "unsupportedTokenizer"),
        (
            "\"normalizer\": null",
            "\"normalizer\": {\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"}]}",
            "unsupportedTokenizer",
        ),
        (
            "\"post_processor\": null",
            "\"post_processor\": {\"type\":\"BertProcessing\"}",
            "unsupportedTokenizer",
        ),
        ("\"truncation\": null", "\"truncation\": {\"max_length\":3}", "unsupportedTokenizer"),
        ("\"padding\": null", "\"padding\": {}", "unsupportedTokenizer"),
        ("\"type\": \"BPE\"", "\"type\": \"WordPiece\"", "unsupportedTokenizer"),
        (
            "\"type\": \"BPE\"",
            "\"type\": \"Unigram\", \"vocab\": [[\"a\", -1.5]], \"x\": {\"y\": [{}]}, \"unk_id\": 0}, \"z\": {\"q\": 0",
            "unsupportedTokenizer",
        ),
        ("\"dropout\": null", "\"dropout\": 0.1", "unsupportedTokenizer"),
        ("\"byte_fallback\": false", "\"byte_fallback\": true", "unsupportedTokenizer"),
        ("\"end_of_word_suffix\": null", "\"end_of_word_suffix\": \"</w>\"", "unsupportedTokenizer"),
        ("\"add_prefix_space\":false", "\"add_prefix_space\":true", "unsupportedTokenizer"),
        ("\"special\":true", "\"special\":false", "unsupportedTokenizer"),
        ("\"decoder\": {", "\"decoder\": {\"type\":\"Metaspace\"}, \"x\": {", "unsupportedTokenizer"),
        ("\"!\":33", "\"!\":34", "duplicateId"),
        ("\"!\":33", "\"!\":4000000000", "idHole"),
        ("\"!\":33", "\"!\":-1", "invalidJson"),
        ("\"!\":33", "\"!\":1.5", "invalidJson"),
        ("\"!\":33", "\"!\":99999999999", "invalidJson"),
        ("\"!\":33", "\"\\\"\":33", "duplicateToken"),
        ("\"!\":33", "\"\":33", "invalidToken"),
        ("\"!\":33", "\"中\":33", "invalidToken"),
        ("\"!\":33", "\"!!\":33", "missingByte"),
        ("\"<|end|>\":", "\"<|done|>\":", "duplicateId"),
        ("\"merges\": [", "\"merges\": [\"! 中\", ", "invalidMerge"),
        ("\"merges\": [", "\"merges\": [\"a b c\", ", "invalidMerge"),
        ("\"merges\": [", "\"merges\": [[\"a\"], ", "invalidMerge"),
        ("\"merges\": [", "\"merges\": [7, ", "invalidJson"),
        ("\"model\"", "\"molde\"", "invalidJson"),
    ] {
        assert_eq!(code(&changed(from, to)), expected, "{from} -> {to}");
    }
    for (json, expected) in [
        ("", "invalidJson"),
        ("[]", "invalidJson"),
        ("{\"model\":{}}", "ok"),
        ("{\"model\":{\"vocab\":[[1]]}}", "invalidJson"),
    ] {
        match Tokenizer::from_json(json.as_bytes()) {
            Ok(tokenizer) => assert_eq!((expected, tokenizer.vocab_size()), ("ok", 0)),
            Err(error) => assert_eq!(error.code(), expected, "{json}"),
        }
    }
    assert_eq!(code(&"[".repeat(1_000_000)), "invalidJson");
    assert_eq!(
        code(&changed("\"normalizer\": null", &format!("\"normalizer\": {}", "[".repeat(1_000_000)))),
        "invalidJson"
    );
    let json = small();
    assert!(
        (0..json.len())
            .filter(|&at| json.is_char_boundary(at))
            .all(|at| at >= json.trim_end().len() || code(&json[..at]) == "invalidJson")
    );
}

#[test]
fn rank_files_with_holes_doubles_and_gaps_are_refused() {
    let all: Vec<String> = (0..=255u8).map(|byte| format!("{} {byte}", base64(&[byte]))).collect();
    let code = |lines: &[String], special: &[(&str, u32)]| {
        let special_tokens = special.iter().map(|&(name, id)| (name.to_string(), id)).collect();
        let options = TiktokenOptions { special_tokens, pattern: None };
        Tokenizer::from_tiktoken(lines.join("\n").as_bytes(), &options).map_err(|error| error.code()).err()
    };
    assert_eq!(code(&all, &[("<|end|>", 256)]), None);
    assert_eq!(code(&all[..255], &[]), Some("missingByte"));
    assert_eq!(code(&[], &[]), Some("missingByte"));
    assert_eq!(code(&all[1..], &[]), Some("idHole"));
    assert_eq!(code(&all, &[("<|end|>", 4_000_000_000)]), Some("idHole"));
    assert_eq!(code(&all, &[("<|end|>", 7)]), Some("duplicateId"));
    assert_eq!(code(&all, &[("<|end|>", 256), ("<|end|>", 257)]), Some("duplicateToken"));
    assert_eq!(code(&all, &[("x", 256)]), Some("invalidSpecialToken"));
    let with = |line: &str| [all.clone(), vec![line.to_string()]].concat();
    assert_eq!(code(&with("YQ== 256"), &[]), Some("duplicateToken"));
    assert_eq!(code(&with("YWI= 256"), &[("ab", 257)]), Some("duplicateToken"));
    assert_eq!(code(&with("YWI= 256 "), &[]), Some("invalidTiktokenLine"));
    assert_eq!(code(&with(&"A".repeat(4000)), &[]), Some("invalidTiktokenLine"));
}

fn mutate(random: &mut Random, file: &[u8]) -> Vec<u8> {
    const WORDS: [&[u8]; 12] = [
        b"null",
        b"[",
        b"}",
        b"\"",
        b"-1",
        b"4294967295",
        b"1e999",
        b"\\ud800",
        b"Digits",
        b"{\"type\":\"Sequence\"}",
        b" ",
        b"\xFF",
    ];
    let mut out = file.to_vec();
    for _ in 0..1 + random.below(3) {
        let at = random.below(out.len().max(1)).min(out.len());
        let end = (at + random.below(12)).min(out.len());
        match random.below(5) {
            0 => out.truncate(at),
            1 => drop(out.drain(at..end)),
            2 => drop(out.splice(at..at, random.pick(&WORDS).to_vec())),
            3 => {
                let copy = out[at..end].to_vec();
                let to = random.below(out.len() + 1);
                drop(out.splice(to..to, copy));
            }
            _ => out[at..end]
                .iter_mut()
                .take(1)
                .for_each(|byte| *byte = b"0123456789 abz\"{}[]:,\\=\n"[random.below(24)]),
        }
    }
    out
}

/// Any bytes for a byte-level tokenizer; its own characters for a character-level one.
fn round_trips(tokenizer: &Tokenizer, noise: &[u8]) {
    let bytes = match tokenizer.kind() {
        TokenizerKind::Bpe => noise.to_vec(),
        TokenizerKind::Char => (0..tokenizer.vocab_size() as u32)
            .filter(|&id| !tokenizer.is_special(id))
            .flat_map(|id| tokenizer.token_bytes(id).expect("an id").to_vec())
            .collect(),
    };
    match tokenizer.encode_bytes(&bytes) {
        Ok(ids) => assert_eq!(tokenizer.decode_bytes(&ids).expect("own ids"), bytes),
        Err(error) => assert_eq!(error.code(), "patternTooSlow"),
    }
    let again = Tokenizer::from_json(tokenizer.to_json().as_bytes()).expect("what was accepted can be saved");
    assert_eq!(again.encode_bytes(&bytes), tokenizer.encode_bytes(&bytes));
}

#[test]
fn mutated_files_never_panic_and_what_is_accepted_round_trips() {
    let pattern = Some(r"\p{L}+|\p{N}{1,3}|\s+(?!\S)|[^a-z]".to_string());
    let with_pattern =
        TokenizerConfig { vocab_size: 280, pattern, split_digits: true, ..TokenizerConfig::default() };
    let chars = TokenizerConfig {
        kind: TokenizerKind::Char,
        special_tokens: vec!["<|end|>".into()],
        ..TokenizerConfig::default()
    };
    let ranks: Vec<String> = (0..=255u8).map(|byte| format!("{} {byte}\n", base64(&[byte]))).collect();
    let ranks = ranks.concat() + "YWI= 256\nYWJj 257\n4Lg= 258\nYWFhYQ== 259\n";
    let files = [small(), trained(with_pattern).to_json(), trained(chars).to_json(), ranks];
    let mut random = Random(7);
    let (start, mut tried, mut accepted) = (Instant::now(), 0, 0);
    while start.elapsed() < Duration::from_secs(2) {
        let number = random.below(files.len());
        let mutant = mutate(&mut random, files[number].as_bytes());
        let loaded = match number {
            3 => Tokenizer::from_tiktoken(&mutant, &TiktokenOptions::default()),
            _ => Tokenizer::from_json(&mutant),
        };
        tried += 1;
        if let Ok(tokenizer) = loaded {
            accepted += 1;
            let noise: Vec<u8> = (0..80)
                .map(
                    |_| if random.below(2) == 0 { b'a' + random.below(4) as u8 } else { random.next() as u8 },
                )
                .collect();
            round_trips(&tokenizer, &noise);
        }
    }
    println!("{tried} mutants, {accepted} accepted");
    assert!(tried > 100 && accepted > 10);
}
