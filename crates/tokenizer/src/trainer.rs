//! Learns a vocabulary. BPE merges the most frequent pair again and again (Sennrich et al. 2016), over the
//! distinct words of the corpus, with incremental pair counts and a heap, so that a merge costs only what it
//! changes. Ties: the pair with the smaller left id, then the smaller right id, comes first, as in Hugging
//! Face tokenizers.

use crate::bpe::{Bpe, Rule};
use crate::chars::Chars;
use crate::encoder::Tail;
use crate::presplit::PreSplit;
use crate::table::{PairMap, WordMap, pair_key};
use crate::tokenizer::{Merge, Model};
use crate::vocab::Vocab;
use crate::{Error, Result, Tokenizer, TokenizerConfig, TokenizerKind, byte_level};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// A pair seen once is not worth a token: it would only store the corpus.
const LEAST_COUNT: u64 = 2;

/// Learns one tokenizer: feed the corpus, take the merges one by one (or not), finish.
///
/// Ids: bytes 0 to 255 (or the sorted characters), then the merges in order, then the special tokens. A merge
/// whose token would read like a special token is skipped.
#[derive(Debug)]
pub struct TokenizerTrainer {
    config: TokenizerConfig,
    split: PreSplit,
    tail: Tail,
    words: Words,
    chars: BTreeSet<char>,
    fed: bool,
    pairs: Option<Pairs>,
    vocab: Vocab,
    rules: Vec<Rule>,
    counts: Vec<u64>,
    forbidden: Vec<Vec<u8>>,
}

impl TokenizerTrainer {
    /// Refuses a config that [`TokenizerConfig::validate`] refuses.
    pub fn new(config: TokenizerConfig) -> Result<Self> {
        config.validate()?;
        let is_bpe = config.kind == TokenizerKind::Bpe;
        let split = PreSplit::new(config.pattern.as_deref().filter(|_| is_bpe), config.split_digits)?;
        let mut vocab = Vocab::default();
        if is_bpe {
            (0..=255u8).for_each(|byte| vocab.push(&[byte]));
        }
        Ok(Self {
            forbidden: config.special_tokens.iter().filter_map(|name| byte_level::to_bytes(name)).collect(),
            words: Words::new(),
            tail: Tail::default(),
            chars: BTreeSet::new(),
            fed: false,
            pairs: None,
            rules: Vec::new(),
            counts: Vec::new(),
            config,
            split,
            vocab,
        })
    }

    /// Adds the next chunk of the corpus. Chunks are joined: where they are cut makes no difference. Refuses
    /// text after the first merge, and text on which a custom pattern runs away.
    pub fn feed(&mut self, chunk: &str) -> Result<()> {
        if self.pairs.is_some() {
            return Err(Error::TrainingStarted);
        }
        self.fed |= !chunk.is_empty();
        if self.config.kind == TokenizerKind::Char {
            self.chars.extend(chunk.chars());
            return Ok(());
        }
        let Self { split, tail, words, .. } = self;
        tail.push(split, chunk, false, |word| words.count(word))
    }

    /// Ends a text: the next input is a new text, and no merge joins the two. Refuses text on which a custom
    /// pattern runs away.
    pub fn end_text(&mut self) -> Result<()> {
        if self.config.kind == TokenizerKind::Char {
            return Ok(());
        }
        let Self { split, tail, words, .. } = self;
        tail.push(split, "", true, |word| words.count(word))
    }

    /// The most merges that this run will make; a corpus with too few repeated pairs makes fewer.
    pub fn total_merges(&self) -> usize {
        match self.config.kind {
            TokenizerKind::Char => 0,
            TokenizerKind::Bpe => self.config.vocab_size - 256 - self.config.special_tokens.len(),
        }
    }

    /// Learns one merge; `None` when there is no further one. The first call counts the pairs of the whole
    /// corpus.
    pub fn next_merge(&mut self) -> Result<Option<Merge>> {
        if self.rules.len() >= self.total_merges() {
            return Ok(None);
        }
        if self.pairs.is_none() {
            self.end_text()?;
            self.pairs = Some(Pairs::new(std::mem::replace(&mut self.words, Words::new())));
        }
        let Some(pairs) = &mut self.pairs else { return Ok(None) };
        while let Some((left, right, count)) = pairs.most_frequent() {
            let parts = [left, right].map(|id| self.vocab.get(id).unwrap_or_default());
            let bytes = parts.concat();
            if self.forbidden.contains(&bytes) {
                continue;
            }
            let id = self.vocab.len() as u32;
            self.vocab.push(&bytes);
            pairs.merge(left, right, id);
            self.rules.push(Rule { left, right, id });
            self.counts.push(count);
            return Ok(Some(Merge {
                index: self.rules.len() - 1,
                left,
                right,
                id,
                bytes,
                count: Some(count),
            }));
        }
        Ok(None)
    }

    /// Learns the remaining merges and returns the tokenizer. Refuses an empty corpus.
    pub fn finish(mut self) -> Result<Tokenizer> {
        if !self.fed {
            return Err(Error::EmptyCorpus);
        }
        while self.next_merge()?.is_some() {}
        let mut letter = [0; 4];
        self.chars.iter().for_each(|c| self.vocab.push(c.encode_utf8(&mut letter).as_bytes()));
        self.config.special_tokens.iter().for_each(|name| self.vocab.push_special(name));
        let model = match self.config.kind {
            TokenizerKind::Char => Model::Char(Box::new(Chars::new(&self.vocab)?)),
            TokenizerKind::Bpe => {
                let bpe = Box::new(Bpe::new(&self.vocab, self.rules, false)?);
                Model::Bpe { split: self.split, bpe, counts: self.counts }
            }
        };
        Ok(Tokenizer::from_parts(self.vocab, model))
    }
}

/// The distinct words of the corpus and how often each was seen.
#[derive(Debug)]
struct Words {
    index: WordMap,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    counts: Vec<u64>,
}

impl Words {
    fn new() -> Self {
        Self { index: WordMap::with_capacity(0), bytes: Vec::new(), ends: Vec::new(), counts: Vec::new() }
    }

    fn count(&mut self, word: &[u8]) {
        if let Some((index, _)) = self.index.get(word) {
            self.counts[index as usize] += 1;
            return;
        }
        self.index.insert(word, self.counts.len() as u32, 0);
        self.bytes.extend_from_slice(word);
        self.ends.push(self.bytes.len());
        self.counts.push(1);
    }
}

/// No symbol here, and no neighbour.
const NONE: u32 = u32::MAX;

/// One position in the row of all distinct words; neighbours are linked, since merged positions drop out.
#[derive(Debug, Clone, Copy)]
struct Place {
    id: u32,
    previous: u32,
    next: u32,
    word: u32,
}

/// Count, pair, and the pair's number.
type Entry = (u64, Reverse<(u32, u32)>, u32);

#[derive(Debug)]
struct Pair {
    left: u32,
    right: u32,
    count: u64,
    /// Positions of the pair, now or earlier: checked when used.
    places: Vec<u32>,
}

/// Pair counts over the row of words.
#[derive(Debug)]
struct Pairs {
    places: Vec<Place>,
    word_counts: Vec<u64>,
    index: PairMap,
    pairs: Vec<Pair>,
    /// (count, smallest pair first); an entry with an outdated count is corrected when it comes up.
    heap: BinaryHeap<Entry>,
    /// Pairs that the current merge made more frequent.
    risen: Vec<u32>,
}

impl Pairs {
    fn new(words: Words) -> Self {
        let mut places = Vec::with_capacity(words.bytes.len());
        let mut start = 0;
        for (word, &end) in words.ends.iter().enumerate() {
            for at in start..end {
                let previous = if at == start { NONE } else { at as u32 - 1 };
                let next = if at + 1 == end { NONE } else { at as u32 + 1 };
                places.push(Place { id: u32::from(words.bytes[at]), previous, next, word: word as u32 });
            }
            start = end;
        }
        let (index, heap) = (PairMap::with_capacity(4096), BinaryHeap::new());
        let mut all =
            Self { places, word_counts: words.counts, index, pairs: Vec::new(), heap, risen: Vec::new() };
        for at in 0..all.places.len() {
            all.add(at as u32);
        }
        all.queue_risen();
        all
    }

    /// Counts the pair that starts at this position, if there is one.
    fn add(&mut self, at: u32) {
        let place = self.places[at as usize];
        if place.next == NONE {
            return;
        }
        let right = self.places[place.next as usize].id;
        let fresh = self.pairs.len() as u32;
        let known = self.index.get_or_insert(pair_key(place.id, right), fresh);
        let number = known.unwrap_or(fresh);
        if known.is_none() {
            self.pairs.push(Pair { left: place.id, right, count: 0, places: Vec::new() });
        }
        let pair = &mut self.pairs[number as usize];
        if pair.places.is_empty() {
            self.risen.push(number);
        }
        pair.count += self.word_counts[place.word as usize];
        pair.places.push(at);
    }

    /// Stops counting the pair that starts at this position.
    fn remove(&mut self, at: u32) {
        let place = self.places[at as usize];
        if place.next == NONE {
            return;
        }
        let right = self.places[place.next as usize].id;
        if let Some(number) = self.index.get(pair_key(place.id, right)) {
            let pair = &mut self.pairs[number as usize];
            pair.count = pair.count.saturating_sub(self.word_counts[place.word as usize]);
        }
    }

    fn queue_risen(&mut self) {
        for number in self.risen.drain(..) {
            let pair = &self.pairs[number as usize];
            if pair.count >= LEAST_COUNT {
                self.heap.push((pair.count, Reverse((pair.left, pair.right)), number));
            }
        }
    }

    /// Takes the most frequent pair off the heap.
    fn most_frequent(&mut self) -> Option<(u32, u32, u64)> {
        while let Some((count, Reverse((left, right)), number)) = self.heap.pop() {
            let now = self.pairs[number as usize].count;
            if now == count {
                return Some((left, right, count));
            }
            if now >= LEAST_COUNT {
                self.heap.push((now, Reverse((left, right)), number));
            }
        }
        None
    }

    /// Replaces `left right` with `id`, from left to right in each word.
    fn merge(&mut self, left: u32, right: u32, id: u32) {
        let Some(number) = self.index.get(pair_key(left, right)) else { return };
        let mut places = std::mem::take(&mut self.pairs[number as usize].places);
        places.sort_unstable();
        for at in places {
            let place = self.places[at as usize];
            let stands =
                place.id == left && place.next != NONE && self.places[place.next as usize].id == right;
            if stands {
                self.merge_at(at, id);
            }
        }
        self.queue_risen();
    }

    fn merge_at(&mut self, at: u32, id: u32) {
        let Place { previous, next, .. } = self.places[at as usize];
        if previous != NONE {
            self.remove(previous);
        }
        self.remove(at);
        self.remove(next);
        let after = self.places[next as usize].next;
        self.places[next as usize] = Place { id: NONE, previous: NONE, next: NONE, word: 0 };
        self.places[at as usize].id = id;
        self.places[at as usize].next = after;
        if after != NONE {
            self.places[after as usize].previous = at;
        }
        if previous != NONE {
            self.add(previous);
        }
        self.add(at);
    }
}
