//! Which numbers a dropout drops: a hash of a seed and the number's index, so that every device drops the
//! same ones and nothing is kept for the gradient. The hash is Chris Wellons' lowbias32: each input bit
//! affects every output bit.

/// A dropout's rate and the seed of this use of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dropout {
    /// The share dropped, 0 up to but not including 1.
    pub rate: f32,
    /// Each use needs its own seed, or it drops the same indices.
    pub seed: u32,
}

/// 2^32 over the golden ratio.
const ODD: u32 = 0x9E37_79B9;

impl Dropout {
    /// Drops nothing.
    pub const NONE: Self = Self { rate: 0.0, seed: 0 };

    /// `x[i] *= factor(first + i)`: forward, and backward on the gradient.
    pub(crate) fn apply(&self, x: &mut [f32], first: u32) {
        if self.rate == 0.0 {
            return;
        }
        let [stream, threshold, scale] = self.words();
        for (i, x) in (0u32..).zip(x) {
            let hash = mix(first.wrapping_add(i).wrapping_mul(ODD) ^ stream);
            *x *= if hash < threshold { 0.0 } else { f32::from_bits(scale) };
        }
    }

    /// A kernel's inputs: the seed's part of the hash, the hash below which a number is dropped, and the bits
    /// of the factor for the others.
    pub(crate) fn words(&self) -> [u32; 3] {
        let threshold = (f64::from(self.rate) * 4_294_967_296.0) as u32;
        [mix(self.seed.wrapping_add(ODD)), threshold, (1.0 / (1.0 - self.rate)).to_bits()]
    }
}

pub(crate) fn mix(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x7FEB_352D);
    x = (x ^ (x >> 15)).wrapping_mul(0x846C_A68B);
    x ^ (x >> 16)
}
