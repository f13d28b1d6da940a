//! The scanner and the pattern engine against fancy-regex, which tiktoken uses; and cutting a stream against
//! cutting the whole.

use super::*;
use crate::Error;
use crate::{CL100K_PATTERN, O200K_PATTERN};
use proptest::prelude::*;

const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Every feature at least once; the last leaves much text unmatched.
const PATTERNS: [&str; 18] = [
    GPT2_PATTERN,
    CL100K_PATTERN,
    LLAMA3,
    O200K_PATTERN,
    r"[\s\S]+",
    r"\s",
    r"(?:ab|a(?=b)|[b-d]{2,3}|\d+?)+!?",
    r"(?:ab|a)+c|(?>a+)b|\p{Han}+|\P{Han}",
    r"(a|b)*?c|x{2,}|.\n",
    r"(?:a|ab)(?:c|bcd)(?:d*)|[-a\]\\]|\x41|\u4E2d|\x{1F600}",
    r"(?i)(?:st|k)+|[^a-y]\S*+",
    r"(?:ab){1,2}|(?:ca){2,}b?",
    // These match the empty string in many positions.
    r" ?\p{L}*",
    "a|b|",
    "|a",
    "(?=[bT中])",
    r"\s*?|1",
    r"(?:ab)?(?=c)|\d{0,2}",
];

fn cut(split: &PreSplit, text: &str) -> Vec<String> {
    let mut words = split.words(text, true);
    let mut out = Vec::new();
    while let Some(word) = words.next().expect("within the budget") {
        out.push(String::from_utf8(word.to_vec()).expect("cut between characters"));
    }
    out
}

/// Matches and the text between them, without empty ones.
fn oracle(regex: &fancy_regex::Regex, text: &str) -> Vec<String> {
    let (mut out, mut at) = (Vec::new(), 0);
    for found in regex.find_iter(text).map(|found| found.expect("within the limit")) {
        out.extend([text[at..found.start()].to_string(), found.as_str().to_string()]);
        at = found.end();
    }
    out.push(text[at..].to_string());
    out.retain(|word| !word.is_empty());
    out
}

fn text() -> impl Strategy<Value = String> {
    let near = prop::sample::select(
        "aabbccdstkKſKSTx'''   \n\r\t\u{85}\u{a0}\u{2028}\u{200b}\u{3000}019٣½Ⅷ²中文國éÉǅʰ\u{301}\u{903}!?-_/<|>€😀\u{1F3FB}\u{E000}\u{378}\u{10FFFF}\0"
            .chars()
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![8 => near, 1 => any::<char>()], 0..60)
        .prop_map(|chars| chars.into_iter().collect())
}

fn pieces(text: &str, sizes: &[usize]) -> Vec<String> {
    let mut chars = text.chars();
    let mut out: Vec<String> = sizes.iter().map(|&size| chars.by_ref().take(size).collect()).collect();
    out.push(chars.collect());
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_as_fancy_regex_does(text in text()) {
        thread_local! {
            static ORACLES: Vec<(PreSplit, fancy_regex::Regex)> = PATTERNS.iter().map(|pattern| {
                let split = PreSplit::new(Some(pattern), false).expect("a supported pattern");
                (split, fancy_regex::Regex::new(pattern).expect("a pattern"))
            }).collect();
        }
        ORACLES.with(|oracles| for (split, regex) in oracles {
            assert_eq!(cut(split, &text), oracle(regex, &text), "{:?}", split.pattern());
        });
    }

    #[test]
    fn engine_agrees_with_the_scanner(text in text()) {
        let engine = PreSplit { first: Cut::Pattern(Box::new(Pattern::new(GPT2_PATTERN).expect("GPT-2's"))), rest: vec![] };
        let scanner = PreSplit::new(None, false).expect("GPT-2's");
        prop_assert_eq!(cut(&engine, &text), cut(&scanner, &text));
    }

    #[test]
    fn a_stream_is_cut_as_the_whole(text in text(), sizes in prop::collection::vec(0usize..6, 0..20), number in 0..PATTERNS.len(), cuts in 0usize..5) {
        let pattern = || Cut::pattern(PATTERNS[number]).expect("a supported pattern");
        let cuts = match cuts {
            0 => vec![pattern()],
            1 => vec![pattern(), Cut::Digits],
            2 => vec![Cut::Digits, pattern()],
            3 => vec![pattern(), Cut::Gpt2],
            _ => vec![Cut::pattern(r"\p{Han}+").expect("a pattern"), pattern(), Cut::Digits],
        };
        let split = PreSplit::in_a_row(cuts).expect("some cuts");
        let mut tail = crate::encoder::Tail::default();
        let mut out = Vec::new();
        let mut each = |word: &[u8]| out.push(String::from_utf8_lossy(word).into_owned());
        for piece in pieces(&text, &sizes) {
            tail.push(&split, &piece, false, &mut each).expect("within the budget");
        }
        tail.push(&split, "", true, &mut each).expect("within the budget");
        prop_assert_eq!(out, cut(&split, &text));
    }

    #[test]
    fn no_pattern_panics(pattern in r"[a-c()\[\]{}|*+?\\.^$,:!=>pisSdDzLNu0-9<& -]{0,24}", text in text()) {
        if let Ok(split) = PreSplit::new(Some(&pattern), false) {
            let mut words = split.words(&text, true);
            let mut out = Vec::new();
            while let Ok(Some(word)) = words.next() {
                out.extend_from_slice(word);
            }
            prop_assert_eq!(out, text.as_bytes());
        }
    }
}

#[test]
fn digits_are_cut_after_or_before_the_pattern() {
    let words = |cuts| cut(&PreSplit::in_a_row(cuts).expect("some cuts"), "x  12½ a");
    assert_eq!(words(vec![Cut::Gpt2]), ["x", " ", " 12½", " a"]);
    assert_eq!(words(vec![Cut::Gpt2, Cut::Digits]), ["x", " ", " ", "1", "2", "½", " a"]);
    assert_eq!(words(vec![Cut::Digits, Cut::Gpt2]), ["x", "  ", "1", "2", "½", " a"]);
}

#[test]
fn patterns_that_engines_read_differently_are_refused() {
    for (pattern, offset) in [
        ("", 0),
        ("(", 1),
        ("a)", 1),
        ("[a", 2),
        ("a**", 2),
        ("(a*)*", 5),
        ("a{2}+", 4),
        (r"\w", 2),
        ("^a", 0),
        ("a$", 1),
        ("(?<=a)b", 0),
        ("(?P<n>a)", 0),
        (r"\p{Greek}", 2),
        (r"\pL", 2),
        ("a(?i)b|c", 1),
        (r"[\PN]", 3),
        ("[[:alpha:]]", 1),
        ("[b-a]", 4),
        ("(?i)é", 6),
        ("a{1001}", 1),
        ("é\\", 3),
    ] {
        let error = PreSplit::new(Some(pattern), false).expect_err(pattern);
        assert!(
            matches!(&error, Error::InvalidPattern { offset: at, .. } if *at == offset),
            "{pattern}: {error:?}"
        );
    }
    assert_eq!(PreSplit::new(Some(&"(".repeat(5000)), false).expect_err("deep").code(), "invalidPattern");
    assert_eq!(
        PreSplit::new(Some("((((a|b){1000}){1000}){1000})"), false).expect_err("large").code(),
        "invalidPattern"
    );
}

/// Recorded from `Split(Regex(..), "isolated")` of Hugging Face tokenizers 0.22, whose engine is Oniguruma.
#[test]
fn matches_of_nothing_cut_as_hugging_face_does() {
    for (pattern, words) in [
        (r" ?\p{L}*", &["ab", "1", "2", " cd", "."][..]),
        ("b|", &["a", "b", "1", "2", " ", "c", "d", "."]),
        ("(?=c)", &["ab12 ", "cd."]),
        (r"\p{L}{0,1}", &["a", "b", "1", "2", " ", "c", "d", "."]),
    ] {
        let split = PreSplit::new(Some(pattern), false).expect("a pattern");
        assert_eq!(cut(&split, "ab12 cd."), words, "{pattern}");
    }
}

#[test]
fn a_runaway_pattern_ends_in_an_error() {
    let split = PreSplit::new(Some("(?:a|a)+(?:a|a)+(?:a|a)+b"), false).expect("a pattern");
    let text = "a".repeat(200);
    let error = split.words(&text, true).next().expect_err("too slow");
    assert_eq!(error.code(), "patternTooSlow");
}

#[test]
fn han_is_what_the_regex_crate_sees() {
    let han = fancy_regex::Regex::new(r"^\p{Han}$").expect("a pattern");
    let split = PreSplit::new(Some(r"\p{Han}+"), false).expect("a pattern");
    for c in '\0'..=char::MAX {
        let text = String::from_iter(['x', c, 'x']);
        let is_word = cut(&split, &text).len() == 3;
        if (c as u32).is_multiple_of(7)
            || (0x2E00..0xFB00).contains(&(c as u32))
            || c as u32 > 0x16F00 && (c as u32) < 0x34000
        {
            assert_eq!(is_word, han.is_match(c.encode_utf8(&mut [0; 4])).expect("a match"), "{:x}", c as u32);
        }
    }
}
