//! The two hash tables behind encoding: pairs of ids to numbers, and words to their ids. Open addressing with
//! a multiplicative hash: fast and deterministic. Not hardened against text made to collide, which would only
//! slow down the person who loads it.

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

#[inline]
fn mix(value: u64) -> usize {
    let product = (value ^ (value >> 32)).wrapping_mul(MULTIPLIER);
    (product ^ (product >> 29)) as usize
}

/// A pair of ids as one key.
#[inline]
pub(crate) fn pair_key(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// No pair has this key, (u32::MAX, u32::MAX): no vocabulary is that large.
const FREE: u64 = u64::MAX;

/// Pair of ids -> number. Keys and numbers are stored separately: most pairs that encoding looks up are
/// missing, which the keys alone show, so that half as much memory must be in cache.
#[derive(Debug, Clone)]
pub(crate) struct PairMap {
    keys: Vec<u64>,
    numbers: Vec<u32>,
    used: usize,
}

impl PairMap {
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self::with_slots((entries * 2).next_power_of_two().max(16))
    }

    fn with_slots(slots: usize) -> Self {
        Self { keys: vec![FREE; slots], numbers: vec![0; slots], used: 0 }
    }

    /// Where the key is, or would be.
    #[inline]
    fn place(&self, key: u64) -> (usize, bool) {
        let mask = self.keys.len() - 1;
        let mut place = mix(key) & mask;
        loop {
            match self.keys[place] {
                found if found == key => return (place, true),
                FREE => return (place, false),
                _ => place = (place + 1) & mask,
            }
        }
    }

    #[inline]
    pub(crate) fn get(&self, key: u64) -> Option<u32> {
        let (place, found) = self.place(key);
        found.then(|| self.numbers[place])
    }

    /// The number at the key; if there was none, sets it and returns `None`.
    pub(crate) fn get_or_insert(&mut self, key: u64, number: u32) -> Option<u32> {
        let (place, found) = self.place(key);
        if found {
            return Some(self.numbers[place]);
        }
        self.keys[place] = key;
        self.numbers[place] = number;
        self.used += 1;
        if self.used * 2 > self.keys.len() {
            self.grow();
        }
        None
    }

    fn grow(&mut self) {
        let small = std::mem::replace(self, Self::with_slots(self.keys.len() * 2));
        for (key, number) in small.keys.into_iter().zip(small.numbers).filter(|(key, _)| *key != FREE) {
            self.get_or_insert(key, number);
        }
    }
}

/// A word as two numbers: all of it up to 16 bytes, a hash above.
#[inline]
fn word_key(word: &[u8]) -> (u64, u64) {
    let four =
        |at: usize| u64::from(u32::from_le_bytes([word[at], word[at + 1], word[at + 2], word[at + 3]]));
    match word.len() {
        0 => (0, 0),
        n @ 1..4 => (u64::from(word[0]) | u64::from(word[n / 2]) << 8 | u64::from(word[n - 1]) << 16, 0),
        n @ 4..=8 => (four(0) | four(n - 4) << 32, 0),
        n @ 9..=16 => (four(0) | four(4) << 32, four(n - 8) | four(n - 4) << 32),
        _ => (hash(word), 0),
    }
}

fn hash(word: &[u8]) -> u64 {
    word.chunks(8).fold(word.len() as u64, |hash, chunk| {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        (hash.rotate_left(5) ^ u64::from_le_bytes(bytes)).wrapping_mul(MULTIPLIER)
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct WordSlot {
    low: u64,
    high: u64,
    /// Length in bytes; 0 is a free slot.
    length: u32,
    /// Where the word's bytes start, above 16 bytes.
    start: u32,
    value: u32,
    more: u32,
}

/// Word (one byte or more) -> two numbers.
#[derive(Debug, Clone)]
pub(crate) struct WordMap {
    slots: Vec<WordSlot>,
    long: Vec<u8>,
    used: usize,
}

impl WordMap {
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self {
            slots: vec![WordSlot::default(); (entries * 2).next_power_of_two().max(64)],
            long: Vec::new(),
            used: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.used
    }

    pub(crate) fn clear(&mut self) {
        self.slots.fill(WordSlot::default());
        self.long.clear();
        self.used = 0;
    }

    #[inline]
    fn place(&self, word: &[u8], (low, high): (u64, u64)) -> usize {
        let mask = self.slots.len() - 1;
        let length = word.len() as u32;
        let mut place = mix(low ^ high.rotate_left(23) ^ u64::from(length) << 59) & mask;
        loop {
            let slot = &self.slots[place];
            if slot.length == 0
                || slot.length == length && slot.low == low && slot.high == high && self.same(slot, word)
            {
                return place;
            }
            place = (place + 1) & mask;
        }
    }

    #[inline]
    fn same(&self, slot: &WordSlot, word: &[u8]) -> bool {
        word.len() <= 16 || &self.long[slot.start as usize..][..word.len()] == word
    }

    #[inline]
    pub(crate) fn get(&self, word: &[u8]) -> Option<(u32, u32)> {
        let slot = &self.slots[self.place(word, word_key(word))];
        (slot.length != 0).then_some((slot.value, slot.more))
    }

    /// Adds a missing word.
    pub(crate) fn insert(&mut self, word: &[u8], value: u32, more: u32) {
        let (low, high) = word_key(word);
        let place = self.place(word, (low, high));
        let start = self.long.len() as u32;
        if word.len() > 16 {
            self.long.extend_from_slice(word);
        }
        self.slots[place] = WordSlot { low, high, length: word.len() as u32, start, value, more };
        self.used += 1;
        if self.used * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let slots = vec![WordSlot::default(); self.slots.len() * 2];
        for slot in std::mem::replace(&mut self.slots, slots) {
            if slot.length != 0 {
                let mask = self.slots.len() - 1;
                let mut place =
                    mix(slot.low ^ slot.high.rotate_left(23) ^ u64::from(slot.length) << 59) & mask;
                while self.slots[place].length != 0 {
                    place = (place + 1) & mask;
                }
                self.slots[place] = slot;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_length_keep_their_numbers() {
        let words: Vec<Vec<u8>> =
            (1..40u8).flat_map(|n| (0..20u8).map(move |b| vec![b.wrapping_mul(n); n.into()])).collect();
        let mut map = WordMap::with_capacity(0);
        let mut oracle = std::collections::HashMap::new();
        for (index, word) in words.iter().enumerate() {
            if map.get(word).is_none() {
                map.insert(word, index as u32, 7);
            }
            oracle.entry(word).or_insert(index as u32);
        }
        assert_eq!(map.len(), oracle.len());
        assert!(oracle.iter().all(|(word, index)| map.get(word) == Some((*index, 7))));
        map.clear();
        assert_eq!((map.get(b"a"), map.len()), (None, 0));
    }

    #[test]
    fn pairs_keep_their_numbers() {
        let mut map = PairMap::with_capacity(0);
        for n in 0..1000u32 {
            assert_eq!(map.get_or_insert(pair_key(n, n * 7), n), None);
        }
        assert!((0..1000).all(|n| map.get(pair_key(n, n * 7)) == Some(n)));
        assert_eq!(map.get_or_insert(pair_key(3, 21), 0), Some(3));
        assert_eq!(map.get(pair_key(1, 2)), None);
    }
}
