//! The costs of a configuration's model: numbers, operations, bytes and launches. The layout counts
//! parameters; this adds activations and the trainer's states.

use crate::ModelConfig;
use crate::layout::Layout;

/// Bytes of a number.
const F32: u64 = 4;
/// Launches on a GPU, about: of each block, and besides. `tests/app/launches.test.mjs` prints what a browser counts, and says how many a block may have.
const STEP_LAUNCHES: [usize; 2] = [24, 16];
const TOKEN_LAUNCHES: [usize; 2] = [5, 3];

impl ModelConfig {
    /// Trainable numbers. A tied output layer counts once.
    pub fn parameters(&self) -> u64 {
        Layout::of(self).parameters()
    }

    /// Operations of matrix products for one token in the forward pass: two for each weight that multiplies,
    /// and the attention to half a context on average. A training step takes three times as many.
    pub fn matmul_operations(&self) -> f64 {
        let attention = (self.n_layer * self.d_model * self.context_length) as f64;
        2.0 * (Layout::of(self).multiplied() as f64 + attention)
    }

    /// Launches of a training step on a GPU, about.
    pub fn step_launches(&self) -> usize {
        self.launches(STEP_LAUNCHES)
    }

    /// Launches of a token on a GPU, about.
    pub fn token_launches(&self) -> usize {
        self.launches(TOKEN_LAUNCHES)
    }

    fn launches(&self, [of_block, besides]: [usize; 2]) -> usize {
        of_block * self.n_layer + besides
    }

    /// Bytes of the weights and a full KV cache.
    pub fn inference_bytes(&self) -> u64 {
        let cache = 2 * self.n_layer * self.n_kv_head * self.d_head() * self.context_length;
        F32 * (self.parameters() + cache as u64)
    }

    /// Bytes to train with batches of `batch_size`: weights and both moments four times (now, next, and the two last good
    /// states), gradients, and the activations that the backward pass keeps.
    pub fn training_bytes(&self, batch_size: usize) -> u64 {
        let tokens = (batch_size * self.context_length) as u64;
        let [l, c, f, v, h] =
            [self.n_layer, self.d_model, self.d_ff, self.vocab_size, self.n_head].map(|n| n as u64);
        // A block keeps its input, the outputs of both norms, packed heads, their mix, and both ends of the
        // MLP's activation.
        let activations = tokens * (l * (8 * c + 3 * f + h) + 8 * c + 4 * f + 3 * v);
        F32 * (13 * self.parameters() + activations)
    }

    /// Bytes of the largest tensor of inference: a parameter.
    pub fn inference_buffer(&self) -> u64 {
        F32 * Layout::of(self).largest()
    }

    /// Bytes of the largest tensor of training: all weights are in one, and so are a batch's logits.
    pub fn training_buffer(&self, batch_size: usize) -> u64 {
        let widest = self.vocab_size.max(self.d_ff).max(3 * self.d_model) as u64;
        F32 * self.parameters().max((batch_size * self.context_length) as u64 * widest)
    }
}

#[cfg(test)]
mod tests {
    use crate::ModelConfig;
    use crate::config::{MlpKind, PRESETS};

    #[test]
    fn presets_grow_from_a_tenth_of_a_million_to_gpt2() {
        let preset = |name| ModelConfig::preset(name).expect("every name has a preset");
        let sizes = PRESETS.map(|name| preset(name).parameters());
        assert!(sizes.is_sorted(), "{sizes:?}");
        assert!((100_000..150_000).contains(&sizes[0]), "nano has {}", sizes[0]);
        assert_eq!(sizes[5], 124_439_808, "GPT-2's published size");
    }

    #[test]
    fn what_multiplies_is_counted_and_what_is_looked_up_is_not() {
        let tied = ModelConfig::gpt2_family(100, 10, 3, 2, 8);
        let block = 8 * 24 + 8 * 8 + 2 * 8 * 32 + 8 * 10;
        assert_eq!(tied.matmul_operations(), (2 * (3 * block + 100 * 8)) as f64);
        let own = ModelConfig { tied_embeddings: false, ..tied.clone() };
        assert_eq!(own.matmul_operations(), tied.matmul_operations());
        assert_eq!(own.parameters(), tied.parameters() + 800);
        let gated = ModelConfig { mlp: MlpKind::Swiglu, n_kv_head: 1, ..tied };
        let block = 8 * 16 + 8 * 8 + 3 * 8 * 32 + 8 * 10;
        assert_eq!(gated.matmul_operations(), (2 * (3 * block + 100 * 8)) as f64);
    }
}
