//! The trainer against a naive twin that recounts every pair for each merge; chunks, ties, sizes, speed.
#[path = "common/mod.rs"]
mod common;

use common::{Random, varied_text};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Instant;
use tadpole_tokenizer::{Error, GPT2_PATTERN, Tokenizer, TokenizerConfig, TokenizerKind, TokenizerTrainer};

fn config(vocab_size: usize) -> TokenizerConfig {
    TokenizerConfig { vocab_size, ..TokenizerConfig::default() }
}

fn train(config: TokenizerConfig, chunks: &[&str]) -> Tokenizer {
    let mut trainer = TokenizerTrainer::new(config).expect("a valid config");
    chunks.iter().for_each(|chunk| trainer.feed(chunk).expect("any text"));
    trainer.finish().expect("a corpus")
}

/// (left, right, count) for each merge, by counting everything every time.
fn naive(corpus: &str, merges: usize) -> Vec<(u32, u32, u64)> {
    let regex = fancy_regex::Regex::new(GPT2_PATTERN).expect("GPT-2's");
    let words = regex.find_iter(corpus).map(|word| word.expect("within the limit").as_str());
    let mut words: Vec<Vec<u32>> = words.map(|word| word.bytes().map(u32::from).collect()).collect();
    let mut learnt = Vec::new();
    for id in (256..).take(merges) {
        let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        words
            .iter()
            .flat_map(|word| word.windows(2))
            .for_each(|pair| *counts.entry((pair[0], pair[1])).or_default() += 1);
        // The first of the most frequent: a BTreeMap is ordered by id.
        let Some((&(left, right), &count)) = counts.iter().rev().max_by_key(|(_, count)| **count) else {
            break;
        };
        if count < 2 {
            break;
        }
        learnt.push((left, right, count));
        for word in &mut words {
            let mut at = 0;
            while at + 1 < word.len() {
                if (word[at], word[at + 1]) == (left, right) {
                    word[at] = id;
                    word.remove(at + 1);
                }
                at += 1;
            }
        }
    }
    learnt
}

fn learnt(tokenizer: &Tokenizer) -> Vec<(u32, u32, u64)> {
    tokenizer.merges().map(|merge| (merge.left, merge.right, merge.count.expect("just trained"))).collect()
}

#[test]
fn learns_what_the_naive_twin_learns() {
    for (seed, merges) in [(1, 300), (2, 60), (3, 60)] {
        let corpus = varied_text(seed, 20_000);
        let tokenizer = train(config(256 + merges), &[&corpus]);
        assert_eq!(learnt(&tokenizer), naive(&corpus, merges));
    }
    for corpus in ["aaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaa", "abababababab ababa", "aabaabaabaab baab", "x"] {
        assert_eq!(learnt(&train(config(300), &[corpus])), naive(corpus, 44), "{corpus}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_make_no_difference(corpus in "[ab c'\n1é中]{1,80}", cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8), digits: bool) {
        let config = TokenizerConfig { split_digits: digits, ..config(280) };
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| corpus.floor_char_boundary(cut.index(corpus.len() + 1))).collect();
        cuts.extend([0, corpus.len()]);
        cuts.sort_unstable();
        let chunks: Vec<&str> = cuts.windows(2).map(|cut| &corpus[cut[0]..cut[1]]).collect();
        let (whole, parts) = (train(config.clone(), &[&corpus]), train(config, &chunks));
        prop_assert_eq!(learnt(&whole), learnt(&parts));
        if !digits {
            prop_assert_eq!(learnt(&whole), naive(&corpus, 24));
        }
    }
}

#[test]
fn learns_1024_tokens_from_1_2_mb_in_well_under_a_second() {
    for (name, corpus) in [
        ("english", english(1_200_000)),
        ("varied", varied_text(5, 1_200_000)),
        ("one word", "ab".repeat(600_000)),
    ] {
        let start = Instant::now();
        let tokenizer = train(config(1024), &[&corpus]);
        println!("{name}: {:?}, {} tokens", start.elapsed(), tokenizer.vocab_size());
        assert!(
            cfg!(debug_assertions) || start.elapsed().as_secs_f64() < 3.0,
            "{name}: {:?}",
            start.elapsed()
        );
        let ids = tokenizer.encode(&corpus).expect("any text");
        assert_eq!(tokenizer.decode(&ids).expect("own ids"), corpus);
    }
}

/// Words with a Zipf-like distribution, so that there are common and rare ones.
fn english(bytes: usize) -> String {
    let mut random = Random(9);
    let words: Vec<String> = (0..20_000)
        .map(|_| {
            (0..2 + random.below(4))
                .map(|_| random.pick(&["ta", "re", "ing", "o", "th", "e", "lo", "st", "an", "qu", "ee"]))
                .collect()
        })
        .collect();
    let mut out = String::new();
    while out.len() < bytes {
        let bound = 1 + random.below(words.len());
        out.push_str(&words[random.below(bound)]);
        out.push_str(random.pick(&[" ", " ", " ", " ", ", ", ".\n"]));
    }
    out
}

#[test]
fn merges_come_one_by_one_and_replay_on_text() {
    let mut trainer = TokenizerTrainer::new(config(260)).expect("a valid config");
    trainer.feed("low lower lowest").expect("any text");
    assert_eq!(trainer.total_merges(), 4);
    let first = trainer.next_merge().expect("any text").expect("a repeated pair");
    // "lo" and "ow" both occur three times: the pair with the smaller left id comes first.
    assert_eq!((first.index, first.id, first.bytes.as_slice(), first.count), (0, 256, &b"lo"[..], Some(3)));
    assert_eq!(trainer.feed("more"), Err(Error::TrainingStarted));
    let tokenizer = trainer.finish().expect("a corpus");
    let tokens = |n| {
        let encoding = tokenizer.encode_with_merges("lowest", n).expect("any text");
        assert_eq!(encoding.ends.last(), Some(&6));
        encoding
            .ids
            .iter()
            .map(|&id| String::from_utf8_lossy(tokenizer.token_bytes(id).expect("a token")).into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(tokens(0), ["l", "o", "w", "e", "s", "t"]);
    assert_eq!(tokens(1), ["lo", "w", "e", "s", "t"]);
    assert_eq!(tokens(2), ["low", "e", "s", "t"]);
    assert_eq!(tokenizer.encode_with_merges("lowest", 99), tokenizer.encode_spans("lowest"));
}

#[test]
fn special_tokens_come_last_and_are_never_learnt() {
    let special_tokens = vec!["<|endoftext|>".to_string(), "the".to_string()];
    let tokenizer = train(TokenizerConfig { special_tokens, ..config(400) }, &["the the the then then"]);
    let size = tokenizer.vocab_size() as u32;
    assert_eq!(
        (tokenizer.special_id("<|endoftext|>"), tokenizer.special_id("the")),
        (Ok(size - 2), Ok(size - 1))
    );
    assert!(tokenizer.is_special(size - 1) && !tokenizer.is_special(size - 3));
    assert!(tokenizer.merges().all(|merge| merge.bytes != b"the"));
    assert!(
        !tokenizer.encode("the <|endoftext|>").expect("any text").iter().any(|&id| tokenizer.is_special(id))
    );
    assert_eq!(tokenizer.special_id("<|x|>").unwrap_err().code(), "unknownSpecialToken");
    let loaded = Tokenizer::from_json(tokenizer.to_json().as_bytes()).expect("our own file");
    assert_eq!(
        (loaded.config(), loaded.encode("the then")),
        (tokenizer.config(), tokenizer.encode("the then"))
    );
}

#[test]
fn small_corpora_give_small_vocabularies() {
    let trainer = TokenizerTrainer::new(config(300)).expect("a valid config");
    assert_eq!(trainer.finish().err(), Some(Error::EmptyCorpus));
    assert_eq!(train(config(300), &["x"]).vocab_size(), 256);
    assert_eq!(train(config(300), &["", "xx xx"]).vocab_size(), 257);
}

#[test]
fn characters_are_the_sorted_distinct_ones_of_the_corpus() {
    let config = TokenizerConfig {
        kind: TokenizerKind::Char,
        special_tokens: vec!["<|end|>".into()],
        ..TokenizerConfig::default()
    };
    let tokenizer = train(config.clone(), &["乙b", "aba\n"]);
    assert_eq!(tokenizer.vocab_size(), 5);
    assert_eq!(tokenizer.encode("\nab乙"), Ok(vec![0, 1, 2, 3]));
    assert_eq!(tokenizer.special_id("<|end|>"), Ok(4));
    let error = tokenizer.encode("ab你").unwrap_err();
    assert_eq!(error, Error::UnknownCharacter { character: '你', offset: 2 });
    assert!(error.to_string().contains("U+4F60"), "{error}");
    assert_eq!(error.details()[0], ("character", "你".to_string()));
    assert_eq!(tokenizer.encode_bytes(b"ab\xFF").unwrap_err(), Error::InvalidUtf8 { offset: 2 });
    assert_eq!(tokenizer.encode_spans("乙a").expect("known characters").ends, [3, 4]);
    let loaded = Tokenizer::from_json(tokenizer.to_json().as_bytes()).expect("our own file");
    assert_eq!((loaded.config(), loaded.encode("\nab乙")), (tokenizer.config(), Ok(vec![0, 1, 2, 3])));
    let mut trainer = TokenizerTrainer::new(config).expect("a valid config");
    assert_eq!((trainer.total_merges(), trainer.next_merge()), (0, Ok(None)));
    trainer.feed("a").expect("any text");
}
