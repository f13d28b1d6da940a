//! A block: attention and MLP, each on a normalised copy of the residual stream, each added back to it.
//! Fields have Hugging Face's names. Shapes: B batch, T tokens, S keys, C width, F the MLP's width, H heads,
//! D head width.

use super::parts::{Linear, Norm, Normed, Projected};
use crate::cache::LayerCache;
use crate::config::ModelConfig;
use crate::init::Init;
use crate::observe::{LayerObserver, Observer};
use crate::tables::Tables;
use burn::module::Module;
use burn::tensor::Tensor;
use tadpole_kernels::{Dropout, Heads, Start};

/// Attention and MLP on a residual stream.
#[derive(Module, Debug)]
pub(super) struct Block {
    pub ln_1: Norm,
    pub attn: Attention,
    pub ln_2: Norm,
    pub mlp: Mlp,
}

/// Causal self-attention; queries, keys and values come from one projection.
#[derive(Module, Debug)]
pub(super) struct Attention {
    pub c_attn: Linear,
    pub c_proj: Linear,
}

/// The feed-forward half; `c_gate` only for SwiGLU.
#[derive(Module, Debug)]
pub(super) struct Mlp {
    pub c_gate: Option<Linear>,
    pub c_fc: Linear,
    pub c_proj: Linear,
}

/// A block's inputs besides the residual stream.
pub(super) struct Pass<'a, O> {
    pub config: &'a ModelConfig,
    pub tables: &'a Tables,
    pub start: &'a Start,
    pub cache: Option<&'a mut LayerCache>,
    /// The first of the block's three places; the others follow.
    pub dropout: Dropout,
    pub observer: LayerObserver<'a, O>,
}

impl Block {
    /// In the order of the layout, which is that of the draws.
    pub fn new(config: &ModelConfig, at: &str, init: &mut Init) -> Self {
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

    /// The residual stream through the block: [B, T, C] to [B, T, C].
    pub fn forward<O: Observer>(&self, x: Tensor<3>, pass: &mut Pass<O>) -> Tensor<3> {
        let x = x.clone() + self.attn.of(self.ln_1.of(x, "ln_1"), pass);
        x.clone() + self.mlp.of(self.ln_2.of(x, "ln_2"), pass)
    }
}

impl Attention {
    /// [B, T, C] to [B, T, C].
    fn of<'a, 'o, O: Observer>(&'a self, x: Normed, pass: &'a mut Pass<'o, O>) -> Projected<'a, 'o, O> {
        x.look(&mut pass.observer);
        let qkv = x.through(self.c_attn.as_map()); // [B, T, (H + 2 H_kv) D]
        let x = pass.attend(qkv); // [B, T, C]
        let dropout = pass.dropout(1);
        let names = ["attention", "residual_mid"];
        Projected { linear: &self.c_proj, x, dropout, names, observer: &mut pass.observer }
    }
}

impl Mlp {
    /// [B, T, C] to [B, T, C].
    fn of<'a, 'o, O: Observer>(&'a self, x: Normed, pass: &'a mut Pass<'o, O>) -> Projected<'a, 'o, O> {
        x.look(&mut pass.observer);
        let x = match &self.c_gate {
            Some(gate) => {
                let up = x.clone().through(self.c_fc.as_map());
                tadpole_kernels::swiglu(x.through(gate.as_map()), up)
            }
            None => x.through(self.c_fc.as_gelu()),
        }; // [B, T, F]
        pass.observer.look("hidden", &x);
        let (dropout, names) = (pass.dropout(2), ["mlp", "residual"]);
        Projected { linear: &self.c_proj, x, dropout, names, observer: &mut pass.observer }
    }
}

impl<O: Observer> Pass<'_, O> {
    /// The dropout of one of the block's three places.
    fn dropout(&self, place: u32) -> Dropout {
        Dropout { seed: self.dropout.seed.wrapping_add(place), ..self.dropout }
    }

    /// Each token's mix of values, before the projection: [B, T, (H + 2 H_kv) D] to [B, T, C].
    fn attend(&mut self, qkv: Tensor<3>) -> Tensor<3> {
        let (heads, start) = (heads(self.config), self.start.clone());
        let qkv = self.rotate(qkv);
        self.look_at_heads(&qkv);
        let mixed = match &mut self.cache {
            Some(LayerCache { keys, values }) => {
                tadpole_kernels::attention_cached(qkv, keys, values, heads, start)
            }
            None => tadpole_kernels::attention(qkv, heads, self.dropout(0)),
        };
        self.observer.look("mixed", &mixed);
        mixed
    }

    /// Rotates queries and keys by their positions, if the model does.
    fn rotate(&mut self, qkv: Tensor<3>) -> Tensor<3> {
        let Some([cos, sin]) = &self.tables.rotary else { return qkv };
        self.look_at_parts(&qkv, [Some("q_raw"), Some("k_raw"), None]);
        tadpole_kernels::rotary(qkv, cos.clone(), sin.clone(), heads(self.config), self.start.clone())
    }

    /// Shows what the fused attention does not store: queries, keys, values and weights.
    fn look_at_heads(&mut self, qkv: &Tensor<3>) {
        if !O::LOOKS {
            return;
        }
        self.look_at_parts(qkv, [Some("q"), Some("k"), Some("v")]);
        let keys = self.cache.as_ref().map(|cache| cache.keys.clone());
        let (heads, start) = (heads(self.config), self.start.known());
        self.observer.look("weights", &tadpole_kernels::attention_weights(qkv.clone(), keys, heads, start));
    }

    /// Shows queries, keys and values, each under its name if it has one.
    fn look_at_parts(&mut self, qkv: &Tensor<3>, names: [Option<&'static str>; 3]) {
        if !O::LOOKS {
            return;
        }
        let [b, t, _] = qkv.dims();
        let Heads { n_head, n_kv_head, d_head } = heads(self.config);
        let places = [(0, n_head), (n_head, n_kv_head), (n_head + n_kv_head, n_kv_head)];
        for (name, (from, count)) in names.into_iter().zip(places) {
            let Some(name) = name else { continue };
            let part = qkv.clone().narrow(2, from * d_head, count * d_head);
            self.observer.look(name, &part.reshape([b, t, count, d_head]).swap_dims(1, 2));
        }
    }
}

pub(super) fn heads(config: &ModelConfig) -> Heads {
    Heads { n_head: config.n_head, n_kv_head: config.n_kv_head, d_head: config.d_head() }
}
