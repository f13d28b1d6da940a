//! The same ids as tiktoken: r50k on 10 MB of varied text, cl100k and o200k with their patterns.
#[path = "common/mod.rs"]
mod common;

use common::{Random, r50k, rank_file, varied_text};
use std::time::Instant;
use tadpole_tokenizer::{CL100K_PATTERN, Encoder, O200K_PATTERN, TiktokenOptions, Tokenizer};

fn megabytes_per_second(bytes: usize, start: Instant) -> f64 {
    bytes as f64 / 1e6 / start.elapsed().as_secs_f64()
}

#[test]
fn r50k_gives_the_ids_of_tiktoken_on_10_mb() {
    let text = varied_text(1, 10_000_000);
    let (ours, oracle) = (r50k(), tiktoken_rs::r50k_base_singleton());
    let start = Instant::now();
    let ids = ours.encode(&text).expect("any text");
    println!("ours: {:.1} MB/s, {} ids", megabytes_per_second(text.len(), start), ids.len());
    let start = Instant::now();
    let expected = oracle.encode_ordinary(&text);
    println!("tiktoken-rs: {:.1} MB/s", megabytes_per_second(text.len(), start));
    if let Some(at) = ids.iter().zip(&expected).position(|(a, b)| a != b) {
        let before = ours.decode(&ids[at.saturating_sub(8)..at + 8]).expect("own ids");
        panic!("id {at}: {} is not {}, near {before:?}", ids[at], expected[at]);
    }
    assert_eq!(ids.len(), expected.len());
    assert_eq!(ours.decode(&ids).expect("own ids"), text);

    let loaded = Tokenizer::from_json(ours.to_json().as_bytes()).expect("our own file");
    assert!(loaded.encode(&text).expect("any text") == ids, "ids change through tokenizer.json");
    assert_eq!(loaded.to_json(), ours.to_json());

    let mut random = Random(2);
    let (mut encoder, mut chunked, mut at) = (Encoder::new(ours), Vec::new(), 0);
    while at < text.len() {
        let end = text.floor_char_boundary((at + 4 + random.below(200_000)).min(text.len()));
        encoder.push(&text[at..end], &mut chunked).expect("any text");
        at = end;
    }
    encoder.finish(&mut chunked).expect("any text");
    assert!(chunked == ids, "ids change when the text comes in chunks");
}

#[test]
fn patterns_of_later_models_give_the_ids_of_tiktoken() {
    let text = varied_text(3, 1_000_000);
    for (oracle, ranks, pattern) in [
        (tiktoken_rs::cl100k_base_singleton(), 100_256, CL100K_PATTERN),
        (tiktoken_rs::o200k_base_singleton(), 199_998, O200K_PATTERN),
    ] {
        let options = TiktokenOptions { pattern: Some(pattern.into()), ..TiktokenOptions::default() };
        let ours =
            Tokenizer::from_tiktoken(rank_file(oracle, ranks).as_bytes(), &options).expect("a rank file");
        let start = Instant::now();
        let ids = ours.encode(&text).expect("any text");
        println!("{ranks}: {:.1} MB/s", megabytes_per_second(text.len(), start));
        assert!(ids == oracle.encode_ordinary(&text), "{ranks}");
    }
}

#[test]
fn long_words_are_not_quadratic() {
    let oracle = tiktoken_rs::r50k_base_singleton();
    for unit in ["a", " ", "ab", "中", "!", "1"] {
        let small = unit.repeat(3000);
        assert_eq!(r50k().encode(&small).expect("any text"), oracle.encode_ordinary(&small));
        let large = unit.repeat(1_000_000);
        let start = Instant::now();
        let ids = r50k().encode(&large).expect("any text");
        assert!(
            cfg!(debug_assertions) || start.elapsed().as_secs() < 5,
            "1,000,000 times {unit:?} took {:?}",
            start.elapsed()
        );
        assert_eq!(r50k().decode_bytes(&ids).expect("own ids"), large.as_bytes());
    }
}
