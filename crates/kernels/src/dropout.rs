//! Which numbers a dropout drops: a hash of a seed and the number's place, so that every device drops the same ones and nothing
//! needs to be kept for the gradient.

/// A dropout's rate and the seed of this use of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dropout {
    /// The share that is dropped, 0 up to but not including 1.
    pub rate: f32,
    /// Each use wants a seed of its own, or it drops the same places.
    pub seed: u32,
}

impl Dropout {
    /// Drops nothing.
    pub const NONE: Self = Self { rate: 0.0, seed: 0 };

    /// A hash below this drops the number.
    pub(crate) fn threshold(&self) -> u32 {
        (f64::from(self.rate) * 4_294_967_296.0) as u32
    }

    /// What is kept is multiplied by this.
    pub(crate) fn scale(&self) -> f32 {
        1.0 / (1.0 - self.rate)
    }

    /// Seed, threshold and the bits of the scale, as the WGSL takes them.
    #[cfg(feature = "gpu")]
    pub(crate) fn words(&self) -> [usize; 3] {
        [self.seed, self.threshold(), self.scale().to_bits()].map(|word| word as usize)
    }

    /// 0 or [`scale`](Self::scale), for the number at `index`.
    pub(crate) fn factor(&self, index: u32) -> f32 {
        if hash(self.seed ^ hash(index)) < self.threshold() { 0.0 } else { self.scale() }
    }
}

/// Chris Wellons' `lowbias32`: each bit of the output depends on each bit of the input.
pub(crate) fn hash(x: u32) -> u32 {
    let x = (x ^ (x >> 16)).wrapping_mul(0x7FEB_352D);
    let x = (x ^ (x >> 15)).wrapping_mul(0x846C_A68B);
    x ^ (x >> 16)
}
