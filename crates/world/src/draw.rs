//! Seeded choices, and what is held out of training: everything drawn has a key, and an eighth of all keys,
//! chosen by a hash of the key alone, is never used for training and always used for tests.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The purpose of what is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// For training.
    Train,
    /// For testing.
    HeldOut,
}

/// Whether this key is held out for tests.
pub fn held_out(key: &str) -> bool {
    // FNV-1a, then the upper bits: short keys differ most there.
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) >> 7 & 7 == 0
}

/// A source of choices.
pub struct Draw {
    rng: ChaCha8Rng,
    /// The purpose of the choices.
    pub split: Split,
}

impl Draw {
    /// The choices of `seed`; `stream` numbers many independent sequences.
    pub fn new(seed: u64, stream: u64, split: Split) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self { rng, split }
    }

    /// A number from 0 to `count - 1`.
    pub fn below(&mut self, count: usize) -> usize {
        self.rng.random_range(0..count as u32) as usize
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True with this probability.
    pub fn chance(&mut self, share: f64) -> bool {
        self.rng.random::<f64>() < share
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// `count` different ones in random order.
    pub fn some<'a, T>(&mut self, from: &'a [T], count: usize) -> Vec<&'a T> {
        let mut all: Vec<&T> = from.iter().collect();
        self.shuffle(&mut all);
        all.truncate(count);
        all
    }

    /// Random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }

    /// An index into `weights`, with a probability given by the weights.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.rng.random::<f64>() * weights.iter().sum::<f64>();
        let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
        weights
            .iter()
            .position(|weight| {
                left -= weight;
                left < 0.0
            })
            .unwrap_or(last)
    }

    /// The result of `make`, redrawn until all its keys belong to this split.
    pub fn of_split<T>(
        &mut self,
        mut make: impl FnMut(&mut Self) -> T,
        keys: impl Fn(&T) -> Vec<String>,
    ) -> T {
        loop {
            let made = make(self);
            if keys(&made).iter().all(|key| held_out(key) == (self.split == Split::HeldOut)) {
                return made;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eighth_of_all_keys_is_held_out() {
        let count = (0..8_000).filter(|i| held_out(&format!("{i}"))).count();
        assert!((900..1_100).contains(&count), "{count} of 8,000");
    }

    #[test]
    fn choices_follow_their_weights_and_repeat_with_their_seed() {
        let drawn = |seed| {
            let mut draw = Draw::new(seed, 3, Split::Train);
            (0..4_000).map(|_| draw.weighted(&[1.0, 0.0, 3.0])).collect::<Vec<_>>()
        };
        let counts = drawn(1).iter().fold([0; 3], |mut counts, &at| {
            counts[at] += 1;
            counts
        });
        assert!(counts[1] == 0 && (900..1_100).contains(&counts[0]), "{counts:?}");
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }
}
