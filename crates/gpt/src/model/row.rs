//! [`Gpt::forward`] of one token on the CPU, over the weights in place and rows that are reused for every
//! token. It computes the same without building tensors; the tests compare the two.

use super::Gpt;
use super::block::{Block, Mlp, heads};
use super::parts::Norm;
use crate::cache::KvCache;
use tadpole_kernels::Heads;
use tadpole_kernels::row::{self, Numbers, RowMap, RowNorm};

/// A model on the CPU, ready for one token at a time.
pub(crate) struct RowModel {
    wte: Numbers,
    positions: Option<Numbers>,
    rotary: Option<[Numbers; 2]>,
    h: Vec<RowBlock>,
    ln_f: RowNorm,
    head: RowMap,
    heads: Heads,
    rows: Rows,
}

struct RowBlock {
    ln_1: RowNorm,
    c_attn: RowMap,
    attn_c_proj: RowMap,
    ln_2: RowNorm,
    c_gate: Option<RowMap>,
    c_fc: RowMap,
    c_proj: RowMap,
}

/// The outputs of the steps, each [its width].
struct Rows {
    x: Vec<f32>,
    normed: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    hidden: Vec<f32>,
    gate: Vec<f32>,
}

impl RowModel {
    /// The model's weights in place; none if they are on a GPU.
    pub fn of(model: &Gpt) -> Option<Self> {
        let config = &model.config;
        let rotary = model.tables.rotary.clone();
        let row = |width| vec![0.0; width];
        let [c, f] = [config.d_model, config.d_ff];
        Some(Self {
            wte: Numbers::of(model.wte.weight.val())?,
            positions: model.positions().and_then(Numbers::of),
            rotary: rotary.and_then(|[cos, sin]| Some([Numbers::of(cos)?, Numbers::of(sin)?])),
            h: model.h.iter().map(RowBlock::of).collect::<Option<_>>()?,
            ln_f: model.ln_f.as_row()?,
            head: RowMap::of(model.head())?,
            heads: heads(config),
            rows: Rows {
                x: row(c),
                normed: row(c),
                qkv: row(heads(config).row()),
                mixed: row(c),
                hidden: row(f),
                gate: row(f),
            },
        })
    }

    /// Logits [V] after one more token, which is added to the cache; the cache must have room.
    pub fn next_logits(&mut self, id: u32, cache: &mut KvCache) -> Vec<f32> {
        let (place, layers) = cache.rows();
        let rows = &mut self.rows;
        row::embed(&mut rows.x, id, &self.wte, self.positions.as_deref(), place);
        for (block, [keys, values]) in self.h.iter().zip(layers) {
            block.ln_1.apply(&mut rows.normed, &rows.x);
            block.c_attn.apply(&mut rows.qkv, &rows.normed);
            if let Some([cos, sin]) = &self.rotary {
                row::rotate(&mut rows.qkv, cos, sin, self.heads, place);
            }
            row::attend(&mut rows.mixed, &rows.qkv, keys, values, self.heads, place);
            block.attn_c_proj.add(&mut rows.x, &rows.mixed);
            block.ln_2.apply(&mut rows.normed, &rows.x);
            block.c_fc.apply(&mut rows.hidden, &rows.normed);
            if let Some(gate) = &block.c_gate {
                gate.apply(&mut rows.gate, &rows.normed);
                row::swiglu(&mut rows.hidden, &rows.gate);
            }
            block.c_proj.add(&mut rows.x, &rows.hidden);
        }
        cache.advance(1);
        let mut logits = vec![0.0; self.head.width()];
        self.ln_f.apply(&mut rows.normed, &rows.x);
        self.head.apply(&mut logits, &rows.normed);
        logits
    }
}

impl RowBlock {
    fn of(block: &Block) -> Option<Self> {
        let Mlp { c_gate, c_fc, c_proj } = &block.mlp;
        let gated = c_gate.is_some();
        Some(Self {
            ln_1: block.ln_1.as_row()?,
            c_attn: RowMap::of(block.attn.c_attn.as_map())?,
            attn_c_proj: RowMap::of(block.attn.c_proj.as_map())?,
            ln_2: block.ln_2.as_row()?,
            c_gate: c_gate.as_ref().and_then(|gate| RowMap::of(gate.as_map())),
            c_fc: RowMap::of(if gated { c_fc.as_map() } else { c_fc.as_gelu() })?,
            c_proj: RowMap::of(c_proj.as_map())?,
        })
    }
}

impl Norm {
    fn as_row(&self) -> Option<RowNorm> {
        RowNorm::of(self.as_norm())
    }
}
