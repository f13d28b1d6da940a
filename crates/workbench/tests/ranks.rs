//! Published rank files give tiktoken's ids without further information; others wait for their pattern.
#[path = "../../tokenizer/tests/common/mod.rs"]
mod common;

use common::{base64, varied_text};
use std::fmt::Write;
use tadpole_workbench::{Slot, Workbench, read_tokenizer};
use tiktoken_rs::{
    CoreBPE, cl100k_base_singleton, o200k_base_singleton, p50k_base_singleton, r50k_base_singleton,
};

/// Its ranks below `end`, without those of special tokens.
fn rank_file(of: &CoreBPE, end: u32) -> String {
    let special = |rank| of.decode_bytes(&[rank]).is_ok_and(|token| token == b"<|endoftext|>");
    (0..end).filter(|&rank| !special(rank)).fold(String::new(), |mut file, rank| {
        let token = of.decode_bytes(&[rank]).expect("a rank");
        writeln!(file, "{} {rank}", base64(&token)).expect("a string takes text");
        file
    })
}

#[test]
fn published_vocabularies_are_recognised() {
    let text = format!("2023-12-31 {}", varied_text(5, 100_000));
    for (oracle, end, vocab_size) in [
        (r50k_base_singleton(), 50_256, 50_257),
        (p50k_base_singleton(), 50_281, 50_281),
        (cl100k_base_singleton(), 100_256, 100_277),
        (o200k_base_singleton(), 199_998, 200_019),
    ] {
        let file = rank_file(oracle, end);
        let marked = format!("\u{feff}{}", file.replace('\n', "\r\n"));
        for file in [&file, &marked] {
            let ours =
                read_tokenizer(file.as_bytes(), None).unwrap_or_else(|error| panic!("{vocab_size}: {error}"));
            assert_eq!(ours.vocab_size(), vocab_size);
            assert!(ours.encode(&text).expect("any text") == oracle.encode_ordinary(&text), "{vocab_size}");
            let special = oracle.encode_with_special_tokens("<|endoftext|>");
            assert_eq!(ours.special_id("<|endoftext|>"), Ok(special[0]));
            assert_eq!(ours.text_tokens() as u32, if end == 50_281 { 50_280 } else { end });
            let again = read_tokenizer(ours.to_json().as_bytes(), None).expect("our own file");
            assert_eq!(again.to_json(), ours.to_json());
        }
    }
}

#[test]
fn of_any_other_the_pattern_is_asked() {
    let file = rank_file(cl100k_base_singleton(), 100_255);
    let code = |pattern| {
        read_tokenizer(file.as_bytes(), pattern).map(|t| t.encode("2023-12-31")).map_err(|e| e.code())
    };
    assert_eq!(code(None), Err("patternUnknown"));
    assert_eq!(code(Some("cl100k")), Ok(Ok(vec![2366, 18, 12, 717, 12, 2148])));
    assert_eq!(code(Some(r"\p{N}{1,3}|\P{N}")), Ok(Ok(vec![2366, 18, 12, 717, 12, 2148])));
    assert_eq!(code(Some("(")), Err("invalidPattern"));
    let mut bench = Workbench::new();
    let json = read_tokenizer(file.as_bytes(), Some("gpt2")).expect("ranks").to_json();
    let refused = bench.load(Slot::Lab, json.as_bytes(), Some("gpt2"));
    assert_eq!(refused.map_err(|error| error.code()), Err("patternGiven"));
}
