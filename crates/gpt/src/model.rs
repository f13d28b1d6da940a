//! The GPT-2 family in one file: embeddings, blocks of attention and MLP on a residual stream, logits.
//! Fields carry Hugging Face's names, weights lie as [in, out], so that a checkpoint's names are the paths here.
//! Shapes: B batch, T tokens, S keys (T, or those in the cache), C width, H heads, D head width, V vocabulary.

pub(crate) mod row;

use crate::cache::{KvCache, LayerCache};
use crate::config::{ModelConfig, NormKind};
use crate::init::Init;
use crate::observe::Observer;
use crate::tables::Tables;
use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor};
use tadpole_kernels::{Dropout, Heads, Map, Start};

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

/// `x W + b`, with W [in, out].
#[derive(Module, Debug)]
struct Linear {
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
}

/// Layer norm, or RMS norm.
#[derive(Module, Debug)]
struct Norm {
    weight: Param<Tensor<1>>,
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    kind: NormKind,
}

/// Attention and MLP, each on a normalised copy of the residual stream, each added back to it.
#[derive(Module, Debug)]
struct Block {
    ln_1: Norm,
    attn: Attention,
    ln_2: Norm,
    mlp: Mlp,
}

/// Causal self-attention; queries, keys and values come from one projection.
#[derive(Module, Debug)]
struct Attention {
    c_attn: Linear,
    c_proj: Linear,
}

/// The feed-forward half; `c_gate` only for SwiGLU.
#[derive(Module, Debug)]
struct Mlp {
    c_gate: Option<Linear>,
    c_fc: Linear,
    c_proj: Linear,
}

impl Gpt {
    /// A model with random weights: normal with deviation 0.02, the projections that write to the residual stream
    /// smaller by the square root of their number (GPT-2, section 2.3); biases 0, norms 1.
    ///
    /// The weights depend on `seed` alone, not on the device. `config` must be valid.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        Self::with(config, Init::random(config, seed, device))
    }

    /// A model whose matrices are all zero, to load weights into. `config` must be valid.
    pub fn zeros(config: &ModelConfig, device: &Device) -> Self {
        Self::with(config, Init::zeros(config, device))
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

    /// What the next forward passes drop, where gradients are tracked and the configuration has dropout.
    pub fn seed_dropout(&mut self, seed: u32) {
        self.dropout_seed = seed;
    }

    /// The configuration.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The device of the weights; tensors that meet the model are made there.
    pub fn device(&self) -> Device {
        self.wte.weight.val().device()
    }

    /// The same weights on the same device, tracking gradients.
    pub fn to_autodiff(self) -> Self {
        let device = self.device().autodiff();
        self.to_device(&device).unfreeze()
    }

    /// Ids to logits: [B, T] to [B, T, V]. With a cache the ids go on where it ends, and it grows by them (B is 1 then).
    ///
    /// T, with what the cache holds, must not exceed the context length; ids must be below the vocabulary size.
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
            let cache = cache.as_mut().map(|cache| cache.layer(layer));
            let dropout = self.dropout(3 * layer as u32 + 1, &x);
            let mut site = Site { layer, start: &start, cache, dropout };
            x = block.forward(x, &self.config, &self.tables, &mut site, observer);
        }
        if let Some(cache) = cache {
            cache.advance(t);
        }
        x
    }

    /// The end of the residual stream to logits: [B, T, C] to [B, T, V].
    pub fn logits<O: Observer>(&self, x: Tensor<3>, observer: &mut O) -> Tensor<3> {
        let logits = self.ln_f.then(self.head(), x, (None, "ln_f"), observer);
        observer.observe(None, "logits", &logits);
        logits
    }

    fn head(&self) -> Map {
        self.lm_head.as_ref().map_or_else(|| Map::Unembed(self.wte.weight.val()), Linear::as_map)
    }

    /// The vectors that are added by position, [context, C].
    fn positions(&self) -> Option<Tensor<2>> {
        self.wpe.as_ref().map(|wpe| wpe.weight.val()).or_else(|| self.tables.sinusoids.clone())
    }

    /// Logits [V] after one token's id [1, 1], whose place in the cache `cursor` tells.
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

    /// The dropout of one place in the model; none where no gradients are tracked, so that evaluation and generation never
    /// drop anything.
    fn dropout(&self, place: u32, x: &Tensor<3>) -> Dropout {
        let rate = if x.is_autodiff() { self.config.dropout as f32 } else { 0.0 };
        Dropout { rate, seed: self.dropout_seed.wrapping_add(place) }
    }
}

/// Where in the model, and in the sequence, a block is at work.
struct Site<'a> {
    layer: usize,
    start: &'a Start,
    cache: Option<&'a mut LayerCache>,
    dropout: Dropout,
}

impl Site<'_> {
    /// The dropout of one of the block's three places.
    fn dropout(&self, place: u32) -> Dropout {
        Dropout { seed: self.dropout.seed.wrapping_add(place), ..self.dropout }
    }
}

impl Block {
    /// Made in the order of the layout, which is that of the draws.
    fn new(config: &ModelConfig, at: &str, init: &mut Init) -> Self {
        let name = |part: &str| format!("{at}{part}");
        Self {
            ln_1: Norm::new(config, &name("ln_1"), init),
            attn: Attention {
                c_attn: Linear::new(&name("attn.c_attn"), init),
                c_proj: Linear::new(&name("attn.c_proj"), init),
            },
            ln_2: Norm::new(config, &name("ln_2"), init),
            mlp: Mlp {
                c_gate: Linear::optional(&name("mlp.c_gate"), init),
                c_fc: Linear::new(&name("mlp.c_fc"), init),
                c_proj: Linear::new(&name("mlp.c_proj"), init),
            },
        }
    }

    fn forward<O: Observer>(
        &self,
        x: Tensor<3>,
        config: &ModelConfig,
        tables: &Tables,
        site: &mut Site,
        observer: &mut O,
    ) -> Tensor<3> {
        let layer = Some(site.layer);
        let qkv = self.ln_1.then(self.attn.c_attn.as_map(), x.clone(), (layer, "ln_1"), observer);
        let mixed = mix(qkv, config, tables, site, observer);
        observer.observe(layer, "mixed", &mixed);
        let look = |y: &Tensor<3>| observer.observe(layer, "attention", y);
        let x = self.attn.c_proj.add_to::<O>(x, mixed, site.dropout(1), look);
        observer.observe(layer, "residual_mid", &x);
        let hidden = self.mlp.hidden(&self.ln_2, x.clone(), layer, observer);
        observer.observe(layer, "hidden", &hidden);
        let look = |y: &Tensor<3>| observer.observe(layer, "mlp", y);
        let x = self.mlp.c_proj.add_to::<O>(x, hidden, site.dropout(2), look);
        observer.observe(layer, "residual", &x);
        x
    }
}

/// Each token's mix of values, before the projection: [B, T, (H + 2 H_kv) D] to [B, T, C].
fn mix<O: Observer>(
    qkv: Tensor<3>,
    config: &ModelConfig,
    tables: &Tables,
    site: &mut Site,
    observer: &mut O,
) -> Tensor<3> {
    let heads = heads(config);
    let qkv = match &tables.rotary {
        Some([cos, sin]) => {
            if O::LOOKS {
                look_at_parts(&qkv, [Some("q_raw"), Some("k_raw"), None], heads, site.layer, observer);
            }
            tadpole_kernels::rotary(qkv, cos.clone(), sin.clone(), heads, site.start.clone())
        }
        None => qkv,
    };
    if O::LOOKS {
        let keys = site.cache.as_ref().map(|cache| cache.keys.clone());
        look_at_heads(&qkv, keys, heads, site, observer);
    }
    match &mut site.cache {
        Some(LayerCache { keys, values }) => {
            tadpole_kernels::attention_cached(qkv, keys, values, heads, site.start.clone())
        }
        None => tadpole_kernels::attention(qkv, heads, site.dropout(0)),
    }
}

/// Shows an observer what the fused attention does not write down: queries, keys, values and weights.
fn look_at_heads<O: Observer>(
    qkv: &Tensor<3>,
    keys: Option<Tensor<3>>,
    heads: Heads,
    site: &Site,
    observer: &mut O,
) {
    look_at_parts(qkv, [Some("q"), Some("k"), Some("v")], heads, site.layer, observer);
    let weights = tadpole_kernels::attention_weights(qkv.clone(), keys, heads, site.start.known());
    observer.observe(Some(site.layer), "weights", &weights);
}

/// Shows an observer queries, keys and values, each under its name where it has one.
fn look_at_parts<O: Observer>(
    qkv: &Tensor<3>,
    names: [Option<&'static str>; 3],
    heads: Heads,
    layer: usize,
    observer: &mut O,
) {
    let [b, t, _] = qkv.dims();
    let Heads { n_head, n_kv_head, d_head } = heads;
    let places = [(0, n_head), (n_head, n_kv_head), (n_head + n_kv_head, n_kv_head)];
    for (name, (from, count)) in names.into_iter().zip(places) {
        let Some(name) = name else { continue };
        let part = qkv.clone().narrow(2, from * d_head, count * d_head);
        observer.observe(Some(layer), name, &part.reshape([b, t, count, d_head]).swap_dims(1, 2));
    }
}

impl Mlp {
    /// The wide middle, of the normalised `x`: [B, T, C] to [B, T, F].
    fn hidden<O: Observer>(
        &self,
        norm: &Norm,
        x: Tensor<3>,
        layer: Option<usize>,
        observer: &mut O,
    ) -> Tensor<3> {
        let site = (layer, "ln_2");
        match &self.c_gate {
            Some(gate) => {
                let up = norm.then(self.c_fc.as_map(), x.clone(), site, &mut ());
                tadpole_kernels::swiglu(norm.then(gate.as_map(), x, site, observer), up)
            }
            None => norm.then(self.c_fc.as_gelu(), x, site, observer),
        }
    }
}

impl Linear {
    fn new(at: &str, init: &mut Init) -> Self {
        Self { weight: init.param(&format!("{at}.weight")), bias: init.optional(&format!("{at}.bias")) }
    }

    /// Where the layout has one.
    fn optional(at: &str, init: &mut Init) -> Option<Self> {
        let weight = init.optional(&format!("{at}.weight"))?;
        Some(Self { weight, bias: init.optional(&format!("{at}.bias")) })
    }

    fn as_map(&self) -> Map {
        Map::Linear(self.weight.val(), self.bias())
    }

    fn as_gelu(&self) -> Map {
        Map::Gelu(self.weight.val(), self.bias())
    }

    /// `residual + dropout(x W + b)`, at once where nobody looks and nothing is dropped in between.
    fn add_to<O: Observer>(
        &self,
        residual: Tensor<3>,
        x: Tensor<3>,
        dropout: Dropout,
        look: impl FnOnce(&Tensor<3>),
    ) -> Tensor<3> {
        if !O::LOOKS && dropout.rate == 0.0 {
            return tadpole_kernels::linear_add(x, self.weight.val(), self.bias(), residual);
        }
        let y = tadpole_kernels::linear(x, self.weight.val(), self.bias());
        look(&y);
        residual + drop(y, dropout)
    }

    fn bias(&self) -> Option<Tensor<1>> {
        self.bias.as_ref().map(Param::val)
    }
}

impl Norm {
    fn new(config: &ModelConfig, at: &str, init: &mut Init) -> Self {
        let (weight, bias) = (init.param(&format!("{at}.weight")), init.optional(&format!("{at}.bias")));
        Self { weight, bias, kind: config.norm }
    }

    fn as_norm(&self) -> tadpole_kernels::Norm {
        tadpole_kernels::Norm {
            weight: self.weight.val(),
            bias: self.bias.as_ref().map(Param::val),
            centred: self.kind == NormKind::LayerNorm,
        }
    }

    /// The map of the normalised `x`; an observer of `site` sees what lies between.
    fn then<O: Observer>(
        &self,
        map: Map,
        x: Tensor<3>,
        site: (Option<usize>, &'static str),
        observer: &mut O,
    ) -> Tensor<3> {
        let norm = self.as_norm();
        if O::LOOKS {
            observer.observe(site.0, site.1, &norm.apply(x.clone()));
        }
        tadpole_kernels::normed(x, &norm, map)
    }
}

fn heads(config: &ModelConfig) -> Heads {
    Heads { n_head: config.n_head, n_kv_head: config.n_kv_head, d_head: config.d_head() }
}

fn drop(x: Tensor<3>, dropout: Dropout) -> Tensor<3> {
    if dropout.rate == 0.0 { x } else { tadpole_kernels::dropout(x, dropout) }
}
