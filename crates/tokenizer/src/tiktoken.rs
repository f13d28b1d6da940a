//! Reads `.tiktoken` rank files: a token in base64, one space, its rank, on each line. The rank is both the
//! id and the order of merging. Refuses lines of another form, missing or duplicate ranks, and vocabularies
//! without all 256 bytes.

use crate::bpe::{Bpe, Rule};
use crate::config::check_special;
use crate::presplit::PreSplit;
use crate::table::WordMap;
use crate::tokenizer::Model;
use crate::vocab::{Token, Vocab, in_order};
use crate::{BOM, Error, Result, Tokenizer, byte_level};
use serde::{Deserialize, Serialize};

/// Longer tokens are refused: finding their merges takes time quadratic in the length.
const MAX_TOKEN: usize = 256;

/// What a rank file does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TiktokenOptions {
    /// The pre-split pattern; `None` is GPT-2's, which `r50k_base` uses.
    pub pattern: Option<String>,
    /// Names and ids of special tokens. There may be gaps between their ids, but not between ranks.
    pub special_tokens: Vec<(String, u32)>,
}

/// The pre-split pattern of `cl100k_base`, as in tiktoken 0.9.
pub const CL100K_PATTERN: &str = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++\z|\s*[\r\n]|\s+(?!\S)|\s";

/// The pre-split pattern of `o200k_base`, as in tiktoken 0.9.
pub const O200K_PATTERN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

impl Tokenizer {
    /// Reads a `.tiktoken` file. A word that is a token is taken whole, as in tiktoken.
    pub fn from_tiktoken(file: &[u8], options: &TiktokenOptions) -> Result<Self> {
        let split = PreSplit::new(options.pattern.as_deref(), false)?;
        let vocab = read_vocab(file, options)?;
        let words = word_ids(&vocab)?;
        let mut rules = Vec::new();
        for id in vocab.ordinary() {
            let token = vocab.require(id)?;
            if token.len() > 1 {
                find_rules(token, id, &words, &mut rules);
            }
        }
        let bpe = Box::new(Bpe::new(&vocab, rules, true)?);
        Ok(Self::from_parts(vocab, Model::Bpe { split, bpe, counts: Vec::new() }))
    }
}

fn read_vocab(file: &[u8], options: &TiktokenOptions) -> Result<Vocab> {
    let mut entries = Vec::new();
    let file = file.strip_prefix(BOM).unwrap_or(file);
    for (index, line) in file.split(|&byte| byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() {
            let (token, rank) = read_line(line).map_err(|reason| {
                let text = String::from_utf8_lossy(&line[..line.len().min(320)]).chars().take(80).collect();
                Error::InvalidTiktokenLine { line: index + 1, text, reason }
            })?;
            entries.push((u64::from(rank), Token::Bytes(token)));
        }
    }
    for (name, id) in &options.special_tokens {
        check_special(name)?;
        entries.push((u64::from(*id), Token::Special(name)));
    }
    in_order(entries)
}

fn read_line(line: &[u8]) -> std::result::Result<(Vec<u8>, u32), &'static str> {
    let space = line.iter().position(|&byte| byte == b' ').ok_or("there is no space")?;
    let token = base64(&line[..space]).ok_or("the token is not base64")?;
    let digits = &line[space + 1..];
    let rank = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let rank = rank.and_then(|text| text.parse().ok()).ok_or("the rank is not a whole number from 0")?;
    match token.len() {
        0 => Err("the token is empty"),
        1..=MAX_TOKEN => Ok((token, rank)),
        _ => Err("the token is longer than 256 bytes"),
    }
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let data = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::with_capacity(data.len() * 3 / 4));
    for &byte in data {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    (bits & ((1 << held) - 1) == 0).then_some(out)
}

/// Token to id; refuses a token that appears twice, or that a saved file could not distinguish from a special
/// token.
fn word_ids(vocab: &Vocab) -> Result<WordMap> {
    let mut words = WordMap::with_capacity(vocab.len());
    for id in vocab.ordinary() {
        let token = vocab.require(id)?;
        if words.get(token).is_some() {
            return Err(Error::DuplicateToken { token: byte_level::to_text(&byte_level::alphabet(), token) });
        }
        words.insert(token, id, 0);
    }
    let mut names = std::collections::BTreeSet::new();
    for (name, _) in &vocab.specials {
        let same = byte_level::to_bytes(name).is_some_and(|bytes| words.get(&bytes).is_some());
        if same || !names.insert(name) {
            return Err(Error::DuplicateToken { token: name.clone() });
        }
    }
    Ok(words)
}

/// The pair that merges into a token: the result of its bytes when only lower ranks merge. A vocabulary not
/// made by BPE can leave more than two parts; then every pair of tokens that makes it merges, as in tiktoken.
fn find_rules(token: &[u8], id: u32, words: &WordMap, rules: &mut Vec<Rule>) {
    let known = |bytes: &[u8]| words.get(bytes).map(|(id, _)| id);
    let mut cuts: Vec<usize> = (0..=token.len()).collect();
    while cuts.len() > 3 {
        let ranks = cuts
            .windows(3)
            .enumerate()
            .filter_map(|(at, cut)| known(&token[cut[0]..cut[2]]).map(|rank| (rank, at)));
        match ranks.filter(|&(rank, _)| rank < id).min() {
            Some((_, at)) => drop(cuts.remove(at + 1)),
            None => break,
        }
    }
    let mut push = |cut: usize| {
        if let (Some(left), Some(right)) = (known(&token[..cut]), known(&token[cut..])) {
            rules.push(Rule { left, right, id });
        }
    };
    match cuts[..] {
        [_, cut, _] => push(cut),
        _ => (1..token.len()).for_each(push),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict() {
        assert_eq!(base64(b"IQ==").as_deref(), Some(&b"!"[..]));
        assert_eq!(base64(b"4Lib4Lij").as_deref(), Some("ปร".as_bytes()));
        for bad in [&b"IQ"[..], b"IQ=", b"I===", b"IR==", b"I Q=", b"\xFF\xFF\xFF\xFF"] {
            assert_eq!(base64(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn lines_of_another_shape_are_refused() {
        for (line, reason) in [
            ("IQ==", "space"),
            ("!! 3", "base64"),
            ("IQ== -1", "rank"),
            ("IQ== 99999999999", "rank"),
            (" 1", "empty"),
        ] {
            let error = Tokenizer::from_tiktoken(line.as_bytes(), &TiktokenOptions::default()).unwrap_err();
            assert_eq!(error.code(), "invalidTiktokenLine");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
