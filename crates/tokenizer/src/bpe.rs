//! Byte-pair encoding of one word: the pair of lowest rank is merged, leftmost first, until no pair is a merge
//! (Sennrich et al. 2016; the order of GPT-2, tiktoken and Hugging Face). Short words scan a row, long ones use a heap.

use crate::table::{PairMap, WordMap, pair_key};
use crate::vocab::Vocab;
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const NONE: u32 = u32::MAX;
/// Above this many bytes the heap is faster than scanning the row.
const LONG_WORD: usize = 96;
/// A cache is emptied at this size, so that a text of distinct words does not fill the memory.
const MAX_CACHED: usize = 1 << 17;
const MAX_CACHED_BYTES: usize = 4 << 20;

/// One merge: two ids that become a third. Its rank is its index in the list, unless ranks are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) id: u32,
}

/// The merges, ready to be looked up.
#[derive(Debug, Clone)]
pub(crate) struct Bpe {
    byte_ids: [u32; 256],
    pub(crate) rules: Vec<Rule>,
    pairs: PairMap,
    /// Whole words that are tokens whatever the merges say (tiktoken; Hugging Face's `ignore_merges`).
    whole: Option<WordMap>,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    id: u32,
    /// Of the pair that it makes with the part on its right; `NONE` if that is no merge.
    rank: u32,
}

/// Memory kept from word to word: the row that is being merged, and the words already known.
#[derive(Debug, Clone)]
pub(crate) struct Scratch {
    parts: Vec<Part>,
    words: WordMap,
    ids: Vec<u32>,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new(), words: WordMap::with_capacity(64), ids: Vec::new() }
    }
}

impl Bpe {
    /// Checks that each byte has a token and that no pair is merged twice. `whole_words` as in [`Bpe::has_whole_words`].
    pub(crate) fn new(vocab: &Vocab, rules: Vec<Rule>, whole_words: bool) -> Result<Self> {
        let mut byte_ids = [NONE; 256];
        let ids = (0..vocab.len() as u32).filter(|&id| !vocab.is_special(id));
        for id in ids.clone() {
            if let Some([byte]) = vocab.get(id) {
                byte_ids[usize::from(*byte)] = id;
            }
        }
        if let Some(byte) = byte_ids.iter().position(|&id| id == NONE) {
            return Err(Error::MissingByte { byte: byte as u8 });
        }
        let mut pairs = PairMap::with_capacity(rules.len());
        for (index, rule) in rules.iter().enumerate() {
            if pairs.get_or_insert(pair_key(rule.left, rule.right), index as u32).is_some() {
                let merge = format!("{} {}", rule.left, rule.right);
                return Err(Error::InvalidMerge { index, merge, reason: "the same pair is merged twice" });
            }
        }
        let whole = whole_words.then(|| {
            let mut words = WordMap::with_capacity(vocab.len());
            ids.for_each(|id| words.insert(vocab.get(id).unwrap_or_default(), id, 0));
            words
        });
        Ok(Self { byte_ids, rules, pairs, whole })
    }

    /// Whether a word that is a token is taken whole, before any merge.
    pub(crate) fn has_whole_words(&self) -> bool {
        self.whole.is_some()
    }

    /// Appends the ids of a word, from memory where the word is known.
    #[inline]
    pub(crate) fn encode_word(&self, word: &[u8], scratch: &mut Scratch, out: &mut Vec<u32>) {
        if let Some((first, count)) = scratch.words.get(word) {
            match count {
                0 => out.push(first),
                n => out.extend_from_slice(&scratch.ids[first as usize..][..n as usize]),
            }
            return;
        }
        self.encode_new_word(word, scratch, out);
    }

    #[inline(never)]
    fn encode_new_word(&self, word: &[u8], scratch: &mut Scratch, out: &mut Vec<u32>) {
        let from = out.len();
        match self.whole.as_ref().and_then(|words| words.get(word)) {
            Some((id, _)) => out.push(id),
            None => self.merge_word(word, NONE, scratch, out),
        }
        if word.len() > 1024 {
            return;
        }
        if scratch.words.len() >= MAX_CACHED || scratch.words.long_bytes() >= MAX_CACHED_BYTES {
            scratch.words.clear();
            scratch.ids.clear();
        }
        match out[from..] {
            [id] => scratch.words.insert(word, id, 0),
            ref ids => {
                scratch.words.insert(word, scratch.ids.len() as u32, ids.len() as u32);
                scratch.ids.extend_from_slice(ids);
            }
        }
    }

    /// Appends the ids of a word as the first `limit` merges make them.
    pub(crate) fn merge_word(&self, word: &[u8], limit: u32, scratch: &mut Scratch, out: &mut Vec<u32>) {
        let parts = &mut scratch.parts;
        parts.clear();
        parts.extend(word.iter().map(|&byte| Part { id: self.byte_ids[usize::from(byte)], rank: NONE }));
        for index in 1..parts.len() {
            self.rank(parts, index - 1, index, limit);
        }
        if word.len() > LONG_WORD {
            self.merge_long(parts, limit);
            out.extend(parts.iter().map(|part| part.id).filter(|&id| id != NONE));
        } else {
            self.merge_row(parts, limit);
            out.extend(parts.iter().map(|part| part.id));
        }
    }

    #[inline]
    fn rank(&self, parts: &mut [Part], left: usize, right: usize, limit: u32) {
        let rank = self.pairs.get(pair_key(parts[left].id, parts[right].id));
        parts[left].rank = rank.filter(|&rank| rank < limit).unwrap_or(NONE);
    }

    fn merge_row(&self, parts: &mut Vec<Part>, limit: u32) {
        loop {
            let mut best = (NONE, 0);
            for (index, part) in parts.iter().enumerate() {
                if part.rank < best.0 {
                    best = (part.rank, index);
                }
            }
            let (rank, at) = best;
            if rank == NONE {
                return;
            }
            parts[at].id = self.rules[rank as usize].id;
            parts.remove(at + 1);
            if at + 1 < parts.len() {
                self.rank(parts, at, at + 1, limit);
            } else {
                parts[at].rank = NONE;
            }
            if at > 0 {
                self.rank(parts, at - 1, at, limit);
            }
        }
    }

    /// The same order in O(n log n): a heap of (rank, place) whose stale entries are skipped, and a linked row.
    /// Parts that were merged away keep their place with the id `NONE`.
    fn merge_long(&self, parts: &mut [Part], limit: u32) {
        let count = parts.len();
        let mut next: Vec<u32> = (1..=count as u32).collect();
        let mut previous: Vec<u32> = (0..count as u32).map(|at| at.wrapping_sub(1)).collect();
        let entries = parts.iter().enumerate().filter(|(_, part)| part.rank != NONE);
        let mut heap: BinaryHeap<_> = entries.map(|(at, part)| Reverse((part.rank, at as u32))).collect();
        while let Some(Reverse((rank, at))) = heap.pop() {
            let left = at as usize;
            if parts[left].rank != rank {
                continue;
            }
            let right = next[left] as usize;
            parts[left].id = self.rules[rank as usize].id;
            parts[right] = Part { id: NONE, rank: NONE };
            next[left] = next[right];
            let after = next[left] as usize;
            if after < count {
                previous[after] = at;
                self.rank(parts, left, after, limit);
            } else {
                parts[left].rank = NONE;
            }
            let before = previous[left] as usize;
            if before < count {
                self.rank(parts, before, left, limit);
            }
            for place in [before, left] {
                if place < count && parts[place].rank != NONE {
                    heap.push(Reverse((parts[place].rank, place as u32)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bpe() -> (Bpe, Vocab) {
        let mut vocab = Vocab::default();
        (0..=255u8).for_each(|byte| vocab.push(&[byte]));
        let mut rules = Vec::new();
        let a = u32::from(b'a');
        let b = u32::from(b'b');
        for (left, right) in [(a, a), (256, 256), (a, b), (257, 258), (b, b)] {
            let bytes = [vocab.get(left).unwrap(), vocab.get(right).unwrap()].concat();
            let id = vocab.len() as u32;
            vocab.push(&bytes);
            rules.push(Rule { left, right, id });
        }
        (Bpe::new(&vocab, rules, false).unwrap(), vocab)
    }

    #[test]
    fn row_and_heap_agree() {
        let (bpe, vocab) = bpe();
        let mut scratch = Scratch::new();
        let mut seed = 1u64;
        for length in 1..200 {
            let word: Vec<u8> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1);
                    b"aaab"[(seed >> 60) as usize & 3]
                })
                .collect();
            let parts = || {
                let mut parts: Vec<_> =
                    word.iter().map(|&b| Part { id: bpe.byte_ids[usize::from(b)], rank: NONE }).collect();
                (1..parts.len()).for_each(|i| bpe.rank(&mut parts, i - 1, i, NONE));
                parts
            };
            let (mut row, mut heap) = (parts(), parts());
            bpe.merge_row(&mut row, NONE);
            bpe.merge_long(&mut heap, NONE);
            let row: Vec<u32> = row.iter().map(|part| part.id).collect();
            let heap: Vec<u32> = heap.iter().map(|part| part.id).filter(|&id| id != NONE).collect();
            assert_eq!(row, heap);
            let mut out = Vec::new();
            bpe.encode_word(&word, &mut scratch, &mut out);
            bpe.encode_word(&word, &mut scratch, &mut out);
            assert_eq!(out, [row.clone(), row].concat());
            let bytes: Vec<u8> = heap.iter().flat_map(|&id| vocab.get(id).unwrap().to_vec()).collect();
            assert_eq!(bytes, word);
        }
    }
}
