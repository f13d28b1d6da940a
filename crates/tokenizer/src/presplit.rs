//! Cuts text into the words that BPE works inside of: GPT-2's pattern by a hand-written scanner, any other by `pattern.rs`.
//! No text is lost: what a pattern leaves unmatched becomes a word as well (Hugging Face's `Isolated`).
//! A cut that text still to come could move is held back, so that a stream is cut exactly as the whole would be.

use crate::Result;
use crate::matcher::Matcher;
use crate::pattern::Pattern;
use crate::unicode::{self, Categories, LETTER, NUMBER, SPACE, code_point};

/// GPT-2's pre-split pattern.
pub const GPT2_PATTERN: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

/// How a pattern cuts.
#[derive(Debug, Clone)]
enum Rule {
    Gpt2,
    Custom(Box<Pattern>),
}

/// Whether and when each numeric character (`\p{N}`) becomes a word of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digits {
    Joined,
    /// Cut inside the words that the pattern made: what `split_digits` means.
    After,
    /// Cut first, then the pattern between them: some Hugging Face files.
    Before,
}

/// A pattern and what to do with digits.
#[derive(Debug, Clone)]
pub(crate) struct PreSplit {
    rule: Rule,
    pub(crate) digits: Digits,
}

impl PreSplit {
    /// `None` is GPT-2's pattern.
    pub(crate) fn new(pattern: Option<&str>, digits: Digits) -> Result<Self> {
        let rule = match pattern {
            None | Some(GPT2_PATTERN) => Rule::Gpt2,
            Some(other) => Rule::Custom(Box::new(Pattern::new(other)?)),
        };
        Ok(Self { rule, digits })
    }

    /// The pattern, unless it is GPT-2's.
    pub(crate) fn pattern(&self) -> Option<&str> {
        match &self.rule {
            Rule::Gpt2 => None,
            Rule::Custom(pattern) => Some(&pattern.source),
        }
    }

    pub(crate) fn has_digits(&self) -> bool {
        self.digits != Digits::Joined
    }

    /// The words of a text. With `at_end` false, only those that no further text could change.
    pub(crate) fn words<'a>(&'a self, text: &'a str, at_end: bool) -> Words<'a> {
        Words {
            split: self,
            text: text.as_bytes(),
            table: unicode::categories(),
            matcher: matches!(self.rule, Rule::Custom(_)).then(|| Matcher::new(text.len())),
            at: 0,
            word_end: 0,
            segment: (0, self.digits != Digits::Before && at_end),
            matched: None,
            at_end,
        }
    }
}

/// Cuts one word after the other.
pub(crate) struct Words<'a> {
    split: &'a PreSplit,
    text: &'a [u8],
    table: &'static Categories,
    matcher: Option<Matcher>,
    at: usize,
    /// `Digits::After`: where the word that is being cut up ends.
    word_end: usize,
    /// `Digits::Before`: where the text up to the next digit ends, and whether that is certain.
    segment: (usize, bool),
    /// A match that was found beyond text that matches nothing.
    matched: Option<(usize, usize)>,
    at_end: bool,
}

impl<'a> Words<'a> {
    /// How far the words handed out reach.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next word, or `None` when there is no other (for certain).
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<&'a [u8]>> {
        let start = self.at;
        let end = match self.split.digits {
            Digits::Joined => self.cut(self.text.len(), self.at_end)?,
            Digits::After => self.cut_then_digits()?,
            Digits::Before => self.digits_then_cut()?,
        };
        Ok(end.map(|end| {
            self.at = end;
            &self.text[start..end]
        }))
    }

    fn cut_then_digits(&mut self) -> Result<Option<usize>> {
        if self.at == self.word_end {
            match self.cut(self.text.len(), self.at_end)? {
                Some(end) => self.word_end = end,
                None => return Ok(None),
            }
        }
        let digit = self.next_digit(self.at, self.word_end);
        Ok(Some(if digit == self.at { self.at + code_point(self.text, digit).1 } else { digit }))
    }

    fn digits_then_cut(&mut self) -> Result<Option<usize>> {
        if self.at == self.segment.0 {
            let digit = self.next_digit(self.at, self.text.len());
            if digit == self.at && digit < self.text.len() {
                self.segment.0 = self.at + code_point(self.text, digit).1;
                return Ok(Some(self.segment.0));
            }
            self.segment = (digit, self.at_end || digit < self.text.len());
            self.matched = None;
        }
        self.cut(self.segment.0, self.segment.1)
    }

    fn next_digit(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to {
            let (c, length) = code_point(self.text, at);
            if self.table.is(c, NUMBER) {
                return at;
            }
            at += length;
        }
        to
    }

    #[inline]
    fn cut(&mut self, end: usize, certain: bool) -> Result<Option<usize>> {
        if self.at >= end {
            return Ok(None);
        }
        match &self.split.rule {
            Rule::Gpt2 => Ok(gpt2_word(&self.text[..end], self.at, self.table, certain)),
            Rule::Custom(pattern) => self.cut_custom(pattern, end, certain),
        }
    }

    fn cut_custom(&mut self, pattern: &Pattern, end: usize, certain: bool) -> Result<Option<usize>> {
        let text = &self.text[..end];
        let matcher = self.matcher.as_mut().expect("a custom rule comes with a matcher");
        if self.matched.is_none() {
            let mut start = self.at;
            while start < end && self.matched.is_none() {
                let found = pattern.match_at(text, start, matcher)?;
                if matcher.saw_end && !certain {
                    return Ok(None);
                }
                match found.filter(|&to| to > start) {
                    Some(to) => self.matched = Some((start, to)),
                    None => start += code_point(text, start).1,
                }
            }
        }
        match self.matched {
            Some((start, to)) if start == self.at => {
                self.matched = None;
                Ok(Some(to))
            }
            Some((start, _)) => Ok(Some(start)),
            None => Ok(certain.then_some(end)),
        }
    }
}

/// What GPT-2's pattern distinguishes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Number,
    Space,
    Other,
    /// Not a kind of characters: a byte that begins or continues one beyond ASCII, whose kind the table of Unicode knows.
    Beyond,
}

/// The kind of the character that a byte is.
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
        // Most words are ASCII: their bytes need no more than a look into a table each.
        while end < text.len() && BYTES[usize::from(text[end])] == kind {
            last = end;
            end += 1;
        }
        if end >= text.len() {
            return certain.then_some(end);
        }
        let (next, length) = kind_at(text, end, table);
        if next != kind {
            // `\s+(?!\S)`: the last of several spaces goes with the word that follows.
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
