//! Cuts text into the words that BPE works inside of: GPT-2's pattern by a hand-written scanner, any other by
//! `pattern.rs`, digits separately; several cuts in a row, each inside the words of the previous one. No text
//! is lost: text that a pattern does not match also becomes a word (Hugging Face's `Isolated`). A cut that
//! later text could move is held back, so that a stream is cut exactly like the whole text.

use crate::Result;
use crate::matcher::Matcher;
use crate::pattern::Pattern;
use crate::unicode::{self, Categories, LETTER, NUMBER, SPACE, code_point};

/// GPT-2's pre-split pattern.
pub const GPT2_PATTERN: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

/// One way to cut.
#[derive(Debug, Clone)]
pub(crate) enum Cut {
    /// By GPT-2's pattern.
    Gpt2,
    /// By any other.
    Pattern(Box<Pattern>),
    /// Each numeric character (`\p{N}`) becomes a word of its own.
    Digits,
}

impl Cut {
    /// By this pattern.
    pub(crate) fn pattern(source: &str) -> Result<Self> {
        if source == GPT2_PATTERN {
            Ok(Self::Gpt2)
        } else {
            Ok(Self::Pattern(Box::new(Pattern::new(source)?)))
        }
    }

    /// Its pattern, if it has one.
    pub(crate) fn source(&self) -> Option<&str> {
        match self {
            Self::Gpt2 => Some(GPT2_PATTERN),
            Self::Pattern(pattern) => Some(&pattern.source),
            Self::Digits => None,
        }
    }
}

/// All cuts of a tokenizer.
#[derive(Debug, Clone)]
pub(crate) struct PreSplit {
    first: Cut,
    /// Applied inside the words of the first, one after the other.
    rest: Vec<Cut>,
}

impl PreSplit {
    /// GPT-2's pattern for `None`; then, with `digits`, each numeric character separately.
    pub(crate) fn new(pattern: Option<&str>, digits: bool) -> Result<Self> {
        let first = pattern.map_or(Ok(Cut::Gpt2), Cut::pattern)?;
        Ok(Self { first, rest: if digits { vec![Cut::Digits] } else { vec![] } })
    }

    /// These cuts in a row; none for an empty list.
    pub(crate) fn in_a_row(cuts: Vec<Cut>) -> Option<Self> {
        let mut cuts = cuts.into_iter();
        Some(Self { first: cuts.next()?, rest: cuts.collect() })
    }

    /// The cuts in their order.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = &Cut> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// The pattern, unless it is GPT-2's. Several cuts in a row are shown as an invalid pattern, so that none
    /// is trained with.
    pub(crate) fn pattern(&self) -> Option<String> {
        let sources: Vec<&str> = self.cuts().filter_map(Cut::source).collect();
        (sources != [GPT2_PATTERN]).then(|| sources.join(" ) then ("))
    }

    pub(crate) fn has_digits(&self) -> bool {
        self.cuts().any(|cut| matches!(cut, Cut::Digits))
    }

    /// The words of a text. With `at_end` false, only those that no further text could change.
    pub(crate) fn words<'a>(&'a self, text: &'a str, at_end: bool) -> Words<'a> {
        let needs_matcher = self.cuts().any(|cut| matches!(cut, Cut::Pattern(_)));
        let scan = Scan {
            text: text.as_bytes(),
            table: unicode::categories(),
            matcher: needs_matcher.then(|| Matcher::new(text.len() * (1 + self.rest.len()))),
        };
        Words { split: self, scan, at: 0, matched: None, ends: Vec::new(), at_end }
    }
}

/// Cuts one word after the other.
pub(crate) struct Words<'a> {
    split: &'a PreSplit,
    scan: Scan<'a>,
    at: usize,
    /// A match found after text that matches nothing.
    matched: Option<(usize, usize)>,
    /// Where the remaining cuts divide the current word of the first, last end first.
    ends: Vec<usize>,
    at_end: bool,
}

impl<'a> Words<'a> {
    /// The end of the words returned so far.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next word, or `None` when there is no further one (for certain).
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<&'a [u8]>> {
        let start = self.at;
        let end = match self.ends.pop() {
            Some(end) => end,
            None => match self.scan.cut(
                &self.split.first,
                start,
                (self.scan.text.len(), self.at_end),
                &mut self.matched,
            )? {
                Some(end) if self.split.rest.is_empty() => end,
                Some(end) => {
                    self.scan.cut_up(&self.split.rest, start, end, &mut self.ends)?;
                    self.ends.reverse();
                    self.ends.pop().unwrap_or(end)
                }
                None => return Ok(None),
            },
        };
        self.at = end;
        Ok(Some(&self.scan.text[start..end]))
    }
}

/// The common input of all cuts.
struct Scan<'a> {
    text: &'a [u8],
    table: &'static Categories,
    matcher: Option<Matcher>,
}

impl Scan<'_> {
    /// Appends the ends at which these cuts, one inside the other, divide the text from `from` to `to`.
    fn cut_up(&mut self, cuts: &[Cut], from: usize, to: usize, ends: &mut Vec<usize>) -> Result<()> {
        let Some((cut, rest)) = cuts.split_first() else {
            ends.push(to);
            return Ok(());
        };
        let (mut at, mut matched) = (from, None);
        while let Some(end) = self.cut(cut, at, (to, true), &mut matched)? {
            self.cut_up(rest, at, end, ends)?;
            at = end;
        }
        Ok(())
    }

    /// The end of the word that starts at `at`, in a text that ends at `end`; unless that is `certain`, none
    /// if later text could move it.
    #[inline]
    fn cut(
        &mut self,
        cut: &Cut,
        at: usize,
        (end, certain): (usize, bool),
        matched: &mut Option<(usize, usize)>,
    ) -> Result<Option<usize>> {
        if at >= end {
            return Ok(None);
        }
        match cut {
            Cut::Gpt2 => Ok(gpt2_word(&self.text[..end], at, self.table, certain)),
            Cut::Pattern(pattern) => self.cut_by_pattern(pattern, at, (end, certain), matched),
            Cut::Digits => Ok(self.cut_digits(at, (end, certain))),
        }
    }

    fn cut_digits(&self, from: usize, (end, certain): (usize, bool)) -> Option<usize> {
        let mut at = from;
        while at < end {
            let (c, length) = code_point(self.text, at);
            if self.table.is(c, NUMBER) {
                return Some(if at == from { at + length } else { at });
            }
            at += length;
        }
        certain.then_some(end)
    }

    /// Matches follow each other as in Oniguruma's search, which Hugging Face uses: an empty match is not a
    /// word, yet it ends the unmatched text before it. Directly after a match, or at the start, it is
    /// ignored.
    fn cut_by_pattern(
        &mut self,
        pattern: &Pattern,
        at: usize,
        (end, certain): (usize, bool),
        matched: &mut Option<(usize, usize)>,
    ) -> Result<Option<usize>> {
        let text = &self.text[..end];
        let matcher = self.matcher.as_mut().expect("a pattern comes with a matcher");
        let (mut start, mut found) = (at, matched.take());
        while start < end && found.is_none() {
            let to = pattern.match_at(text, start, matcher)?;
            if matcher.saw_end && !certain {
                return Ok(None);
            }
            found = to.filter(|&to| to > start || start > at).map(|to| (start, to));
            start += code_point(text, start).1;
        }
        match found {
            Some((start, to)) if start == at => Ok(Some(to)),
            Some((start, to)) => {
                *matched = Some((start, to)).filter(|_| to > start);
                Ok(Some(start))
            }
            None => Ok(certain.then_some(end)),
        }
    }
}

/// The kinds of characters in GPT-2's pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Number,
    Space,
    Other,
    /// Not a kind: a byte that begins or continues a character beyond ASCII, whose kind is in the Unicode
    /// table.
    Beyond,
}

/// The kind of the character that a byte stands for.
const BYTES: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
            b'0'..=b'9' => Kind::Number,
            b' ' | 9..=13 => Kind::Space,
            128.. => Kind::Beyond,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

#[inline]
fn kind_at(text: &[u8], at: usize, table: &Categories) -> (Kind, usize) {
    let kind = BYTES[usize::from(text[at])];
    if kind != Kind::Beyond {
        return (kind, 1);
    }
    let (c, length) = code_point(text, at);
    let set = 1u32 << table.of(c);
    let kind = match set {
        _ if set & LETTER != 0 => Kind::Letter,
        _ if set & NUMBER != 0 => Kind::Number,
        _ if set & SPACE != 0 => Kind::Space,
        _ => Kind::Other,
    };
    (kind, length)
}

/// The end of the word that starts at `start`, by `GPT2_PATTERN`; `None` if more text could move it.
#[inline]
fn gpt2_word(text: &[u8], start: usize, table: &Categories, certain: bool) -> Option<usize> {
    if text[start] == b'\'' {
        if !certain && start + 3 > text.len() {
            return None;
        }
        if let Some(length) = contraction(&text[start + 1..]) {
            return Some(start + 1 + length);
        }
    }
    let (mut kind, mut length) = kind_at(text, start, table);
    let mut at = start;
    if text[start] == b' ' && start + 1 < text.len() {
        let (next, next_length) = kind_at(text, start + 1, table);
        if next != Kind::Space {
            (kind, length, at) = (next, next_length, start + 1);
        }
    }
    let mut last = at;
    let mut end = at + length;
    loop {
        // Most words are ASCII: one table lookup per byte is enough.
        while end < text.len() && BYTES[usize::from(text[end])] == kind {
            last = end;
            end += 1;
        }
        if end >= text.len() {
            return certain.then_some(end);
        }
        let (next, length) = kind_at(text, end, table);
        if next != kind {
            // `\s+(?!\S)`: the last of several spaces belongs to the word that follows.
            return Some(if kind == Kind::Space && last > start { last } else { end });
        }
        last = end;
        end += length;
    }
}

#[inline]
fn contraction(after: &[u8]) -> Option<usize> {
    match after {
        [b's' | b't' | b'm' | b'd', ..] => Some(1),
        [b'r' | b'v', b'e', ..] | [b'l', b'l', ..] => Some(2),
        _ => None,
    }
}

#[cfg(test)]
#[path = "presplit_tests.rs"]
mod tests;
