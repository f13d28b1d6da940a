//! Byte-pair encoding of one word: the pair of lowest rank is merged, leftmost first, until no pair is a
//! merge (Sennrich et al. 2016; the order of GPT-2, tiktoken and Hugging Face). Short words scan a row, long
//! ones use a heap.

use crate::seams::Seams;
use crate::table::{PairMap, WordMap, pair_key};
use crate::vocab::Vocab;
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const NONE: u32 = u32::MAX;
/// Above this many bytes the heap is faster than scanning the row.
const LONG_WORD: usize = 96;
/// A cache is emptied at this size, so that a text of distinct words does not fill the memory.
const MAX_CACHED: usize = 1 << 15;
/// Longer words seldom recur, and would need memory for their bytes.
const LONGEST_CACHED: usize = 16;

/// One merge: two ids that become a third. Its rank is its index in the list, unless ranks are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) id: u32,
}

/// The merges, indexed for lookup.
#[derive(Debug, Clone)]
pub(crate) struct Bpe {
    byte_ids: [u32; 256],
    pub(crate) rules: Vec<Rule>,
    pairs: PairMap,
    seams: Seams,
    /// Whole words that are tokens whatever the merges say (tiktoken; Hugging Face's `ignore_merges`).
    whole: Option<WordMap>,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    id: u32,
    /// The rank of the pair with the part on its right; `NONE` if that is not a merge.
    rank: u32,
}

/// Memory kept across words: the row being merged, and caches. Pieces and words have separate caches: if a
/// vocabulary has a token that its merges do not make, the same bytes may be that token only as a word.
#[derive(Debug, Clone)]
pub(crate) struct Scratch {
    parts: Vec<Part>,
    words: Known,
    pieces: Known,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new(), words: Known::new(), pieces: Known::new() }
    }
}

/// Short words with their ids; for several ids, where they start in `ids` and how many there are.
#[derive(Debug, Clone)]
struct Known {
    words: WordMap,
    ids: Vec<u32>,
}

impl Known {
    fn new() -> Self {
        Self { words: WordMap::with_capacity(0), ids: Vec::new() }
    }

    /// Appends the ids of a cached word; otherwise returns false.
    #[inline]
    fn recall(&self, word: &[u8], out: &mut Vec<u32>) -> bool {
        if word.len() > LONGEST_CACHED {
            return false;
        }
        match self.words.get(word) {
            Some((id, 0)) => out.push(id),
            Some((first, count)) => out.extend_from_slice(&self.ids[first as usize..][..count as usize]),
            None => return false,
        }
        true
    }

    fn remember(&mut self, word: &[u8], ids: &[u32]) {
        if word.len() > LONGEST_CACHED {
            return;
        }
        if self.words.len() >= MAX_CACHED {
            self.words.clear();
            self.ids.clear();
        }
        match *ids {
            [id] => self.words.insert(word, id, 0),
            _ => {
                self.words.insert(word, self.ids.len() as u32, ids.len() as u32);
                self.ids.extend_from_slice(ids);
            }
        }
    }
}

impl Bpe {
    /// Checks that each byte has a token and that no pair is merged twice. `whole_words` as in [`Bpe::has_whole_words`].
    pub(crate) fn new(vocab: &Vocab, rules: Vec<Rule>, whole_words: bool) -> Result<Self> {
        let mut byte_ids = [NONE; 256];
        let ids = vocab.ordinary();
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
        let seams = Seams::new(ids.clone().filter_map(|id| vocab.get(id)));
        let whole = whole_words.then(|| {
            let mut words = WordMap::with_capacity(vocab.len());
            ids.for_each(|id| words.insert(vocab.get(id).unwrap_or_default(), id, 0));
            words
        });
        Ok(Self { byte_ids, rules, pairs, seams, whole })
    }

    /// Whether a word that is a token is taken whole, before any merge.
    pub(crate) fn has_whole_words(&self) -> bool {
        self.whole.is_some()
    }

    /// Appends the ids of a word, from the cache if it is there.
    #[inline]
    pub(crate) fn encode_word(&self, word: &[u8], scratch: &mut Scratch, out: &mut Vec<u32>) {
        match *word {
            [byte] => out.push(self.byte_ids[usize::from(byte)]),
            _ if scratch.words.recall(word, out) => {}
            _ => self.encode_new_word(word, scratch, out),
        }
    }

    #[inline(never)]
    fn encode_new_word(&self, word: &[u8], scratch: &mut Scratch, out: &mut Vec<u32>) {
        if self.seams.first_piece(word) < word.len() {
            return self.encode_pieces(word, scratch, out);
        }
        let from = out.len();
        match self.whole.as_ref().and_then(|words| words.get(word)) {
            Some((id, _)) => out.push(id),
            None => self.merge_word(word, NONE, scratch, out),
        }
        scratch.words.remember(word, &out[from..]);
    }

    /// A word with seams is not a token, and its pieces are merged separately.
    fn encode_pieces(&self, word: &[u8], scratch: &mut Scratch, out: &mut Vec<u32>) {
        let mut rest = word;
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(self.seams.first_piece(rest));
            rest = more;
            match *piece {
                [byte] => out.push(self.byte_ids[usize::from(byte)]),
                _ if scratch.pieces.recall(piece, out) => {}
                _ => {
                    let from = out.len();
                    self.merge_word(piece, NONE, scratch, out);
                    scratch.pieces.remember(piece, &out[from..]);
                }
            }
        }
    }

    /// Appends the ids of a word after the first `limit` merges.
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

    /// The same order in O(n log n): a heap of (rank, position) whose stale entries are skipped, and a linked
    /// row. Parts that were merged away keep their position with the id `NONE`.
    fn merge_long(&self, parts: &mut [Part], limit: u32) {
        let count = parts.len();
        let mut next: Vec<u32> = (1..=count as u32).collect();
        let mut previous: Vec<u32> = (0..count as u32).map(|at| at.wrapping_sub(1)).collect();
        let entries = parts.iter().enumerate().filter(|(_, part)| part.rank != NONE);
        let mut heap: BinaryHeap<_> = entries.map(|(at, part)| entry(part.rank, at)).collect();
        while let Some(Reverse(first)) = heap.pop() {
            let (rank, at) = ((first >> 32) as u32, first as u32);
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
                    heap.push(entry(parts[place].rank, place));
                }
            }
        }
    }
}

/// The heap's order: rank, then position, as one number for a single comparison.
#[inline]
fn entry(rank: u32, place: usize) -> Reverse<u64> {
    Reverse(u64::from(rank) << 32 | place as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// Bytes that occur in tokens and bytes that do not, so that words have seams.
    const LETTERS: &[u8] = b"aab \xE4\xB8\xAD";

    /// A vocabulary of merges that join any two earlier tokens.
    fn random_bpe(pairs: &[(usize, usize)], whole_words: bool) -> (Bpe, Vocab) {
        let mut vocab = Vocab::default();
        (0..=255u8).for_each(|byte| vocab.push(&[byte]));
        let mut parts: Vec<u32> = LETTERS[1..].iter().map(|&byte| u32::from(byte)).collect();
        let mut rules: Vec<Rule> = Vec::new();
        for (left, right) in pairs {
            let [left, right] = [left, right].map(|at| parts[at % parts.len()]);
            let bytes = [left, right].map(|id| vocab.get(id).unwrap()).concat();
            if (0..vocab.len() as u32).all(|id| vocab.get(id) != Some(&bytes)) {
                let id = vocab.len() as u32;
                vocab.push(&bytes);
                parts.push(id);
                rules.push(Rule { left, right, id });
            }
        }
        (Bpe::new(&vocab, rules, whole_words).unwrap(), vocab)
    }

    /// By the definition: no seams, no cache, no tables.
    fn naive(bpe: &Bpe, vocab: &Vocab, word: &[u8]) -> Vec<u32> {
        if bpe.has_whole_words()
            && let Some(id) = (0..vocab.len() as u32).find(|&id| vocab.get(id) == Some(word))
        {
            return vec![id];
        }
        let mut ids: Vec<u32> = word.iter().map(|&byte| u32::from(byte)).collect();
        let place = |ids: &[u32], rule: &Rule| ids.windows(2).position(|two| two == [rule.left, rule.right]);
        while let Some((at, rule)) = bpe.rules.iter().find_map(|rule| Some((place(&ids, rule)?, rule))) {
            ids.splice(at..at + 2, [rule.id]);
        }
        ids
    }

    proptest! {
        #[test]
        fn words_become_what_the_naive_twin_makes_of_them(
            pairs in prop::collection::vec((0usize..100, 0usize..100), 0..30),
            words in prop::collection::vec(prop::collection::vec(prop::sample::select(LETTERS), 1..40), 1..20),
            long in prop::collection::vec(prop::sample::select(LETTERS), LONG_WORD..2 * LONG_WORD),
            whole_words in any::<bool>(),
        ) {
            let (bpe, vocab) = random_bpe(&pairs, whole_words);
            let mut scratch = Scratch::new();
            for word in words.iter().chain([&long]).chain(&words) {
                let mut ids = Vec::new();
                bpe.encode_word(word, &mut scratch, &mut ids);
                prop_assert_eq!(ids, naive(&bpe, &vocab, word));
            }
        }
    }

    #[test]
    fn what_is_known_stays_small() {
        let (mut known, mut ids) = (Known::new(), Vec::new());
        for number in 0..MAX_CACHED as u32 + 10 {
            let word = number.to_be_bytes().map(|byte| b'a' + byte % 2).to_vec();
            let word: Vec<u8> = [word, number.to_le_bytes().to_vec()].concat();
            known.remember(&word, &[number, number]);
            assert!(known.recall(&word, &mut ids) && ids.ends_with(&[number, number]));
        }
        assert_eq!((known.words.len(), known.ids.len()), (10, 20));
        known.remember(&[b'a'; LONGEST_CACHED + 1], &[1]);
        assert_eq!(known.words.len(), 10);
    }
}
