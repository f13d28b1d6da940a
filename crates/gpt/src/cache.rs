//! The keys and values of the tokens seen so far: two tensors a layer, allocated once at the model's context length.

use crate::ModelConfig;
use burn::tensor::{Device, Tensor};

/// Keys and values of all layers for one sequence.
#[derive(Debug, Clone)]
pub struct KvCache {
    layers: Vec<LayerCache>,
    len: usize,
}

/// Keys and values of one layer, [1, H_kv, context_length, D].
#[derive(Debug, Clone)]
pub struct LayerCache {
    keys: Tensor<4>,
    values: Tensor<4>,
}

impl KvCache {
    /// An empty cache for a model.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let shape = [1, config.n_kv_head, config.context_length, config.d_head()];
        let layer =
            || LayerCache { keys: Tensor::zeros(shape, device), values: Tensor::zeros(shape, device) };
        Self { layers: (0..config.n_layer).map(|_| layer()).collect(), len: 0 }
    }

    /// Tokens that it holds.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds no token.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets all tokens and keeps the memory.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    pub(crate) fn layer(&mut self, index: usize) -> &mut LayerCache {
        &mut self.layers[index]
    }

    pub(crate) fn advance(&mut self, tokens: usize) {
        self.len += tokens;
    }
}

impl LayerCache {
    /// Writes keys and values [1, H_kv, T, D] at position `start` and returns all up to there, [1, H_kv, start + T, D].
    pub(crate) fn append(
        &mut self,
        start: usize,
        keys: Tensor<4>,
        values: Tensor<4>,
    ) -> (Tensor<4>, Tensor<4>) {
        (write(&mut self.keys, start, keys), write(&mut self.values, start, values))
    }
}

/// Taking the tensor out while it is written leaves one owner, so that the backend can write in place.
fn write(slot: &mut Tensor<4>, start: usize, new: Tensor<4>) -> Tensor<4> {
    let [b, h, t, d] = new.dims();
    slot.inplace(|all| all.slice_assign([0..b, 0..h, start..start + t, 0..d], new));
    slot.clone().slice([0..b, 0..h, 0..start + t, 0..d])
}
