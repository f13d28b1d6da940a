//! The GPT-2 family in one file: embeddings, blocks of attention and MLP on a residual stream, logits.
//! Fields carry Hugging Face's names, weights lie as [in, out], so that a checkpoint's names are the paths here.
//! Shapes: B batch, T tokens, S keys (T, or those in the cache), C width, H heads, D head width, V vocabulary.

use crate::cache::{KvCache, LayerCache};
use crate::config::{MlpKind, ModelConfig, NormKind, PositionKind};
use crate::observe::Observer;
use burn::module::{Module, Param};
use burn::tensor::activation::{gelu_approximate, log_softmax, silu, softmax};
use burn::tensor::module::{embedding, layer_norm, linear};
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Normal};

const NORM_EPSILON: f64 = 1e-5;
const ROTARY_BASE: f64 = 10_000.0;
/// Added to the scores of tokens that may not be seen: after the softmax their weight is exactly 0, without the
/// infinities that WGSL compilers may assume away.
const MASKED: f32 = -1e9;

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

/// Constants that depend on the configuration alone.
#[derive(Module, Debug)]
struct Tables {
    mask: Tensor<2>,                // [context, context]
    sinusoids: Option<Tensor<2>>,   // [context, C]
    rotary: Option<[Tensor<2>; 2]>, // cos and sin, [context, D]
}

impl Gpt {
    /// A model with random weights: normal with deviation 0.02, the projections that write to the residual stream
    /// smaller by the square root of their number (GPT-2, section 2.3); biases 0, norms 1.
    ///
    /// The weights depend on `seed` alone, not on the device. `config` must be valid.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        Self::with(config, Some(ChaCha8Rng::seed_from_u64(seed)), device)
    }

    /// A model whose matrices are all zero, to load weights into. `config` must be valid.
    pub fn zeros(config: &ModelConfig, device: &Device) -> Self {
        Self::with(config, None, device)
    }

    fn with(config: &ModelConfig, rng: Option<ChaCha8Rng>, device: &Device) -> Self {
        let mut init = Init { rng, bias: config.bias, device: device.clone() };
        let [v, t, c] = [config.vocab_size, config.context_length, config.d_model];
        Self {
            wte: Embedding { weight: init.normal([v, c], 0.02) },
            wpe: (config.position == PositionKind::Learned)
                .then(|| Embedding { weight: init.normal([t, c], 0.02) }),
            h: (0..config.n_layer).map(|_| Block::new(config, &mut init)).collect(),
            ln_f: init.norm(config),
            lm_head: (!config.tied_embeddings)
                .then(|| Linear { weight: init.normal([c, v], 0.02), bias: None }),
            tables: Tables::new(config, device),
            config: config.clone(),
        }
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
        let hidden = self.hidden(ids, cache, observer); // [B, T, C]
        let logits = self.logits(hidden); // [B, T, V]
        observer.observe(None, "logits", &logits);
        logits
    }

    /// Ids to the normalised end of the residual stream: [B, T] to [B, T, C].
    pub fn hidden<O: Observer>(
        &self,
        ids: Tensor<2, Int>,
        mut cache: Option<&mut KvCache>,
        observer: &mut O,
    ) -> Tensor<3> {
        let [_, t] = ids.dims();
        let start = cache.as_ref().map_or(0, |cache| cache.len());
        let mut x = self.embed(ids, start, observer); // [B, T, C]
        for (layer, block) in self.h.iter().enumerate() {
            let mut site = Site { layer, start, cache: cache.as_mut().map(|cache| cache.layer(layer)) };
            x = block.forward(x, &self.config, &self.tables, &mut site, observer);
        }
        if let Some(cache) = cache {
            cache.advance(t);
        }
        let x = self.ln_f.forward(x);
        observer.observe(None, "ln_f", &x);
        x
    }

    /// The residual stream to logits: [B, T, C] to [B, T, V].
    pub fn logits(&self, hidden: Tensor<3>) -> Tensor<3> {
        match &self.lm_head {
            Some(head) => head.forward(hidden),
            None => linear(hidden, self.wte.weight.val().transpose(), None),
        }
    }

    fn embed<O: Observer>(&self, ids: Tensor<2, Int>, start: usize, observer: &mut O) -> Tensor<3> {
        let [_, t] = ids.dims();
        let x = embedding(self.wte.weight.val(), ids); // [B, T, C]
        observer.observe(None, "embedding", &x);
        let table = self.wpe.as_ref().map(|wpe| wpe.weight.val()).or_else(|| self.tables.sinusoids.clone());
        let x = match table {
            Some(table) => {
                let position = table.narrow(0, start, t); // [T, C]
                observer.observe(None, "position", &position);
                x + position.unsqueeze()
            }
            None => x,
        };
        dropout(x, self.config.dropout)
    }
}

/// Where in the model, and in the sequence, a block is at work.
struct Site<'a> {
    layer: usize,
    start: usize,
    cache: Option<&'a mut LayerCache>,
}

impl Block {
    fn new(config: &ModelConfig, init: &mut Init) -> Self {
        let [c, f] = [config.d_model, config.d_ff];
        let qkv = c + 2 * config.n_kv_head * config.d_head();
        let residual = 0.02 / (2.0 * config.n_layer as f64).sqrt();
        Self {
            ln_1: init.norm(config),
            attn: Attention { c_attn: init.linear([c, qkv], 0.02), c_proj: init.linear([c, c], residual) },
            ln_2: init.norm(config),
            mlp: Mlp {
                c_gate: (config.mlp == MlpKind::Swiglu).then(|| init.linear([c, f], 0.02)),
                c_fc: init.linear([c, f], 0.02),
                c_proj: init.linear([f, c], residual),
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
        let normed = self.ln_1.forward(x.clone());
        observer.observe(layer, "ln_1", &normed);
        let attention = self.attn.forward(normed, config, tables, site, observer);
        observer.observe(layer, "attention", &attention);
        let x = x + dropout(attention, config.dropout);
        observer.observe(layer, "residual_mid", &x);
        let normed = self.ln_2.forward(x.clone());
        observer.observe(layer, "ln_2", &normed);
        let mlp = self.mlp.forward(normed);
        observer.observe(layer, "mlp", &mlp);
        let x = x + dropout(mlp, config.dropout);
        observer.observe(layer, "residual", &x);
        x
    }
}

impl Attention {
    fn forward<O: Observer>(
        &self,
        x: Tensor<3>,
        config: &ModelConfig,
        tables: &Tables,
        site: &mut Site,
        observer: &mut O,
    ) -> Tensor<3> {
        let layer = Some(site.layer);
        let [b, t, c] = x.dims();
        let [h, h_kv, d] = [config.n_head, config.n_kv_head, config.d_head()];
        let qkv = self.c_attn.forward(x); // [B, T, (H + 2 H_kv) D]
        let heads = |from: usize, count: usize| {
            qkv.clone().narrow(2, from * d, count * d).reshape([b, t, count, d]).swap_dims(1, 2)
        };
        let q = tables.rotate(heads(0, h), site.start); // [B, H, T, D]
        let k = tables.rotate(heads(h, h_kv), site.start); // [B, H_kv, T, D]
        let v = heads(h + h_kv, h_kv); // [B, H_kv, T, D]
        observer.observe(layer, "q", &q);
        observer.observe(layer, "k", &k);
        observer.observe(layer, "v", &v);
        let (k, v) = match &mut site.cache {
            Some(cache) => cache.append(site.start, k, v), // [1, H_kv, S, D]
            None => (k, v),
        };
        let (k, v) = (share_heads(k, h / h_kv), share_heads(v, h / h_kv)); // [B, H, S, D]
        let scores = q.matmul(k.transpose()) / (d as f64).sqrt(); // [B, H, T, S]
        let weights = softmax(scores + tables.causal(site.start, t), 3); // [B, H, T, S]
        observer.observe(layer, "weights", &weights);
        let mixed = dropout(weights, config.dropout).matmul(v); // [B, H, T, D]
        self.c_proj.forward(mixed.swap_dims(1, 2).reshape([b, t, c])) // [B, T, C]
    }
}

impl Mlp {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let hidden = match &self.c_gate {
            Some(gate) => silu(gate.forward(x.clone())) * self.c_fc.forward(x), // [B, T, F]
            None => gelu_approximate(self.c_fc.forward(x)),                     // [B, T, F]
        };
        self.c_proj.forward(hidden) // [B, T, C]
    }
}

impl Linear {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        linear(x, self.weight.val(), self.bias.as_ref().map(Param::val))
    }
}

impl Norm {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let bias = self.bias.as_ref().map(Param::val);
        match self.kind {
            NormKind::LayerNorm => layer_norm(x, self.weight.val(), bias, NORM_EPSILON),
            NormKind::RmsNorm => {
                let rms = (x.clone().square().mean_dim(2) + NORM_EPSILON).sqrt(); // [B, T, 1]
                x / rms * self.weight.val().unsqueeze()
            }
        }
    }
}

impl Tables {
    fn new(config: &ModelConfig, device: &Device) -> Self {
        let [t, c, d] = [config.context_length, config.d_model, config.d_head()];
        let table = |rows: usize, columns: usize, value: &dyn Fn(usize, usize) -> f32| {
            let values: Vec<f32> = (0..rows).flat_map(|r| (0..columns).map(move |c| value(r, c))).collect();
            Tensor::from_data(TensorData::new(values, [rows, columns]), device)
        };
        let angle = |position: usize, pair: usize, width: usize| {
            position as f64 / ROTARY_BASE.powf(2.0 * pair as f64 / width as f64)
        };
        let sinusoid = |row: usize, column: usize| {
            let angle = angle(row, column / 2, c);
            (if column.is_multiple_of(2) { angle.sin() } else { angle.cos() }) as f32
        };
        Self {
            mask: table(t, t, &|row, column| if column > row { MASKED } else { 0.0 }),
            sinusoids: (config.position == PositionKind::Sinusoidal).then(|| table(t, c, &sinusoid)),
            rotary: (config.position == PositionKind::Rotary).then(|| {
                let half = d / 2;
                [
                    table(t, d, &|row, column| angle(row, column % half, d).cos() as f32),
                    table(t, d, &|row, column| angle(row, column % half, d).sin() as f32),
                ]
            }),
        }
    }

    /// What is added to the scores of tokens `start..start + t` against all keys up to there, [1, 1, T, S].
    fn causal(&self, start: usize, t: usize) -> Tensor<4> {
        self.mask.clone().slice([start..start + t, 0..start + t]).unsqueeze()
    }

    /// Rotary positions on [B, H, T, D], counted from `start`; the identity for other kinds of position.
    fn rotate(&self, x: Tensor<4>, start: usize) -> Tensor<4> {
        let Some([cos, sin]) = &self.rotary else { return x };
        let [_, _, t, d] = x.dims();
        let rows = |table: &Tensor<2>| table.clone().narrow(0, start, t).unsqueeze(); // [1, 1, T, D]
        let swapped = Tensor::cat(vec![-x.clone().narrow(3, d / 2, d / 2), x.clone().narrow(3, 0, d / 2)], 3);
        x * rows(cos) + swapped * rows(sin)
    }
}

/// Grouped-query attention: each key/value head serves `group` query heads. [B, H_kv, S, D] to [B, H, S, D].
fn share_heads(x: Tensor<4>, group: usize) -> Tensor<4> {
    let [b, h, s, d] = x.dims();
    if group == 1 { x } else { x.unsqueeze_dim::<5>(2).repeat_dim(2, group).reshape([b, h * group, s, d]) }
}

/// Inverted dropout; only where gradients are tracked, so that evaluation and generation never drop anything.
fn dropout<const D: usize>(x: Tensor<D>, rate: f64) -> Tensor<D> {
    if rate == 0.0 || !x.is_autodiff() {
        return x;
    }
    let keep = x.random_like(Distribution::Bernoulli(1.0 - rate));
    x * keep / (1.0 - rate)
}

/// Mean cross-entropy in nats of logits [B, T, V] against target ids [B, T]; a tensor of one number.
pub fn cross_entropy(logits: Tensor<3>, targets: Tensor<2, Int>) -> Tensor<1> {
    let [b, t, v] = logits.dims();
    let logprobs = log_softmax(logits.reshape([b * t, v]), 1); // [B T, V]
    -logprobs.gather(1, targets.reshape([b * t, 1])).mean()
}

/// Draws initial weights on the host, so that every device begins with the same; without a generator, zeros.
struct Init {
    rng: Option<ChaCha8Rng>,
    bias: bool,
    device: Device,
}

impl Init {
    fn normal(&mut self, shape: [usize; 2], deviation: f64) -> Param<Tensor<2>> {
        let Some(rng) = &mut self.rng else {
            return Param::from_tensor(Tensor::zeros(shape, &self.device));
        };
        let normal = Normal::new(0.0, deviation).expect("a fixed positive deviation is valid");
        let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| normal.sample(rng) as f32).collect();
        Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), &self.device))
    }

    fn linear(&mut self, shape: [usize; 2], deviation: f64) -> Linear {
        let bias = self.bias.then(|| Param::from_tensor(Tensor::zeros([shape[1]], &self.device)));
        Linear { weight: self.normal(shape, deviation), bias }
    }

    fn norm(&self, config: &ModelConfig) -> Norm {
        let shape = [config.d_model];
        let bias = self.bias && config.norm == NormKind::LayerNorm;
        Norm {
            weight: Param::from_tensor(Tensor::ones(shape, &self.device)),
            bias: bias.then(|| Param::from_tensor(Tensor::zeros(shape, &self.device))),
            kind: config.norm,
        }
    }
}
