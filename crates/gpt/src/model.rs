//! The GPT-2 family: embeddings, blocks of attention and MLP on a residual stream (`model/block.rs`), logits.
//! Fields have Hugging Face's names and weights are [in, out], so that a checkpoint's names are the paths
//! here. Shapes: B batch, T tokens, S keys (T, or those in the cache), C width, H heads, D head width, V
//! vocabulary.

mod block;
mod parts;
pub(crate) mod row;

use crate::Result;
use crate::cache::KvCache;
use crate::config::ModelConfig;
use crate::init::Init;
use crate::layout::Layout;
use crate::observe::{LayerObserver, Observer};
use crate::params::{self, Source};
use crate::tables::Tables;
use block::{Block, Pass};
use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor};
use parts::{Linear, Norm, drop};
use tadpole_kernels::{Dropout, Map, Start};

/// A decoder-only transformer.
#[derive(Module, Debug)]
pub struct Gpt {
    wte: Embedding,
    wpe: Option<Embedding>,
    h: Vec<Block>,
    ln_f: Norm,
    lm_head: Option<Linear>,
    tables: Tables,
    #[module(skip)]
    config: ModelConfig,
    #[module(skip)]
    dropout_seed: u32,
}

/// A vector for each index, [V, C].
#[derive(Module, Debug)]
struct Embedding {
    weight: Param<Tensor<2>>,
}

impl Gpt {
    /// A model with random weights: normal with deviation 0.02, the projections to the residual stream
    /// smaller by the square root of their number (GPT-2, section 2.3); biases 0, norms 1.
    ///
    /// The weights depend only on `seed`, not on the device. `config` must be valid.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        Self::with(config, Init::random(config, seed, device))
    }

    /// A model with all matrices zero, to load weights into. `config` must be valid.
    pub fn zeros(config: &ModelConfig, device: &Device) -> Self {
        Self::with(config, Init::zeros(config, device))
    }

    /// A model with these weights, whose names and shapes are checked before anything is allocated. `config`
    /// must be valid.
    ///
    /// # Errors
    /// What [`Layout::check`] refuses.
    pub fn load(config: &ModelConfig, weights: &impl Source, device: &Device) -> Result<Self> {
        Layout::of(config).check(weights, "")?;
        Ok(params::load(Self::zeros(config, device), weights))
    }

    fn with(config: &ModelConfig, mut init: Init) -> Self {
        Self {
            wte: Embedding { weight: init.param("wte.weight") },
            wpe: init.optional("wpe.weight").map(|weight| Embedding { weight }),
            h: (0..config.n_layer)
                .map(|layer| Block::new(config, &format!("h.{layer}."), &mut init))
                .collect(),
            ln_f: Norm::new(config, "ln_f", &mut init),
            lm_head: Linear::optional("lm_head", &mut init),
            tables: Tables::new(config, &init.device),
            config: config.clone(),
            dropout_seed: 0,
        }
    }

    /// Seeds the dropout of the next forward passes, if gradients are tracked and the configuration has
    /// dropout.
    pub fn seed_dropout(&mut self, seed: u32) {
        self.dropout_seed = seed;
    }

    /// The configuration.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The device of the weights, on which inputs must be.
    pub fn device(&self) -> Device {
        self.wte.weight.val().device()
    }

    /// The same weights on the same device, tracking gradients.
    pub fn to_autodiff(self) -> Self {
        let device = self.device().autodiff();
        self.to_device(&device).unfreeze()
    }

    /// Ids to logits: [B, T] to [B, T, V]. With a cache the ids continue where it ends, and it grows by them
    /// (B is 1 then).
    ///
    /// T, plus the tokens in the cache, must not exceed the context length; ids must be below the vocabulary
    /// size.
    pub fn forward<O: Observer>(
        &self,
        ids: Tensor<2, Int>,
        cache: Option<&mut KvCache>,
        observer: &mut O,
    ) -> Tensor<3> {
        let x = self.hidden(ids, cache, observer); // [B, T, C]
        self.logits(x, observer) // [B, T, V]
    }

    /// Ids to the end of the residual stream: [B, T] to [B, T, C].
    pub fn hidden<O: Observer>(
        &self,
        ids: Tensor<2, Int>,
        mut cache: Option<&mut KvCache>,
        observer: &mut O,
    ) -> Tensor<3> {
        let [_, t] = ids.dims();
        let start = cache.as_ref().map_or(Start::At(0), |cache| cache.start());
        let mut x = self.embed(ids, &start, observer); // [B, T, C]
        for (layer, block) in self.h.iter().enumerate() {
            let mut pass = Pass {
                config: &self.config,
                tables: &self.tables,
                start: &start,
                cache: cache.as_mut().map(|cache| cache.layer(layer)),
                dropout: self.dropout(3 * layer as u32 + 1, &x),
                observer: LayerObserver { layer: Some(layer), observer },
            };
            x = block.forward(x, &mut pass);
        }
        if let Some(cache) = cache {
            cache.advance(t);
        }
        x
    }

    /// The end of the residual stream to logits: [B, T, C] to [B, T, V].
    pub fn logits<O: Observer>(&self, x: Tensor<3>, observer: &mut O) -> Tensor<3> {
        let normed = self.ln_f.of(x, "ln_f");
        normed.look(&mut LayerObserver { layer: None, observer });
        let logits = normed.through(self.head());
        observer.observe(None, "logits", &logits);
        logits
    }

    fn head(&self) -> Map {
        self.lm_head.as_ref().map_or_else(|| Map::Unembed(self.wte.weight.val()), Linear::as_map)
    }

    /// The vectors added by position, [context, C].
    fn positions(&self) -> Option<Tensor<2>> {
        self.wpe.as_ref().map(|wpe| wpe.weight.val()).or_else(|| self.tables.sinusoids.clone())
    }

    /// Logits [V] after one token's id [1, 1], with its cache position in `cursor`.
    pub(crate) fn next_logits(
        &self,
        id: Tensor<2, Int>,
        cursor: Tensor<1, Int>,
        cache: &mut KvCache,
    ) -> Tensor<1> {
        let logits = cache.with_cursor(cursor, |cache| self.forward(id, Some(cache), &mut ())); // [1, 1, V]
        let [_, _, v] = logits.dims();
        logits.reshape([v])
    }

    fn embed<O: Observer>(&self, ids: Tensor<2, Int>, start: &Start, observer: &mut O) -> Tensor<3> {
        let [_, t] = ids.dims();
        let table = self.positions();
        if O::LOOKS {
            let tokens = tadpole_kernels::embedding(self.wte.weight.val(), None, ids.clone(), 0);
            observer.observe(None, "embedding", &tokens);
        }
        if let (true, Some(table)) = (O::LOOKS, &table) {
            observer.observe(None, "position", &table.clone().narrow(0, start.known(), t));
        }
        let x = tadpole_kernels::embedding(self.wte.weight.val(), table, ids, start.clone()); // [B, T, C]
        let dropout = self.dropout(0, &x);
        drop(x, dropout)
    }

    /// The dropout at one place in the model; none if no gradients are tracked, so that evaluation and
    /// generation never drop anything.
    fn dropout(&self, place: u32, x: &Tensor<3>) -> Dropout {
        let rate = if x.is_autodiff() { self.config.dropout as f32 } else { 0.0 };
        Dropout { rate, seed: self.dropout_seed.wrapping_add(place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    /// A file with every parameter of a configuration; none of them may be copied.
    struct Closed(Vec<params::ParamInfo>);

    impl Source for Closed {
        fn shape(&self, name: &str) -> Option<&[usize]> {
            self.0.iter().find(|info| info.name == name).map(|info| info.shape.as_slice())
        }

        fn values(&self, name: &str) -> Vec<f32> {
            panic!("{name} is copied")
        }
    }

    #[test]
    fn weights_of_another_configuration_are_refused_before_any_is_copied() {
        let config = ModelConfig::gpt2_family(30, 10, 2, 4, 8);
        let deeper = ModelConfig { n_layer: 3, ..config.clone() };
        // Its weights alone would take 340 GB.
        let wider = ModelConfig::gpt2_family(1 << 20, 10, 96, 4, 8_192);
        let file = Closed(Layout::of(&config).infos().collect());
        let refusal =
            |config: &ModelConfig| Gpt::load(config, &file, &Device::flex()).map(|_| ()).unwrap_err();
        assert_eq!(refusal(&deeper), Error::TensorMissing { name: "h.2.ln_1.weight".into() });
        let shapes = ("[30, 8]".to_string(), "[1048576, 8192]".to_string());
        let (name, (found, expected)) = ("wte.weight".into(), shapes);
        assert_eq!(refusal(&wider), Error::TensorShape { name, found, expected });
    }
}
