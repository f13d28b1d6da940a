//! The keys and values of the tokens seen so far: two tensors a layer, allocated once at the model's context length.

use crate::ModelConfig;
use burn::tensor::{Device, Int, Tensor};
use tadpole_kernels::Start;
use tadpole_kernels::row::Numbers;

/// Keys and values of all layers for one sequence.
#[derive(Debug, Clone)]
pub struct KvCache {
    layers: Layers,
    len: usize,
    cursor: Option<Tensor<1, Int>>,
}

/// The memory in its last form.
#[derive(Debug, Clone)]
enum Layers {
    Tensors(Vec<LayerCache>),
    /// Keys and values on the CPU.
    Rows(Vec<[Numbers; 2]>),
}

/// Keys and values of one layer, [H_kv, context_length, D].
#[derive(Debug, Clone)]
pub(crate) struct LayerCache {
    pub keys: Tensor<3>,
    pub values: Tensor<3>,
}

impl KvCache {
    /// An empty cache for a model.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let shape = [config.n_kv_head, config.context_length, config.d_head()];
        let layer =
            || LayerCache { keys: Tensor::zeros(shape, device), values: Tensor::zeros(shape, device) };
        Self { layers: Layers::Tensors((0..config.n_layer).map(|_| layer()).collect()), len: 0, cursor: None }
    }

    /// The number of tokens.
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

    /// Forgets the last token.
    pub(crate) fn forget_last(&mut self) {
        self.len -= 1;
    }

    /// The position of the next token.
    pub(crate) fn start(&self) -> Start {
        self.cursor.clone().map_or(Start::At(self.len), |cursor| Start::Cursor(Box::new(cursor)))
    }

    /// Runs `work` with a device that counts the positions itself; `len` does not change meanwhile.
    pub(crate) fn with_cursor<T>(&mut self, cursor: Tensor<1, Int>, work: impl FnOnce(&mut Self) -> T) -> T {
        let len = self.len;
        self.cursor = Some(cursor);
        let done = work(self);
        (self.cursor, self.len) = (None, len);
        done
    }

    pub(crate) fn layer(&mut self, index: usize) -> &mut LayerCache {
        if let Layers::Rows(rows) = &mut self.layers {
            let tensors = rows.drain(..).map(|row| row.map(Numbers::into_tensor));
            self.layers =
                Layers::Tensors(tensors.map(|[keys, values]| LayerCache { keys, values }).collect());
        }
        match &mut self.layers {
            Layers::Tensors(tensors) => &mut tensors[index],
            Layers::Rows(_) => unreachable!("they have become tensors"),
        }
    }

    /// The position of the next token, and each layer's keys and values, which must be on the CPU.
    pub(crate) fn rows(&mut self) -> (usize, &mut [[Numbers; 2]]) {
        if let Layers::Tensors(tensors) = &mut self.layers {
            let numbers = |tensor| Numbers::of(tensor).expect("a cache lies where its model's weights do");
            let rows = tensors.drain(..).map(|LayerCache { keys, values }| [keys, values].map(numbers));
            self.layers = Layers::Rows(rows.collect());
        }
        match &mut self.layers {
            Layers::Rows(rows) => (self.len, rows),
            Layers::Tensors(_) => unreachable!("they have become rows"),
        }
    }

    pub(crate) fn advance(&mut self, tokens: usize) {
        self.len += tokens;
    }
}
