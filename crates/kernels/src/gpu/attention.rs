//! Causal attention, over a batch and over a cache.

use super::launch::Launch;
use super::{COMMON, contiguous, empty, empty_like};
use crate::attention::{AttentionKernels, CacheOps, Heads, Saved};
use crate::dropout::Dropout;
use crate::record::Maybe;
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const HEADS: &str = include_str!("heads.wgsl");
const FORWARD: &[&str] = &[COMMON, HEADS, include_str!("attention.wgsl")];
const BACKWARD: &[&str] = &[COMMON, HEADS, include_str!("attention_backward.wgsl")];
const CACHED: &[&str] = &[COMMON, HEADS, include_str!("attention_cached.wgsl")];

/// A launch with the constants of `heads`, and of a dropout that drops anything.
fn launch<'a>(name: &'static str, source: &'static [&'static str], heads: Heads, dropout: Dropout) -> Launch<'a> {
    let launch = Launch::new(name, source)
        .constant("H", heads.n_head)
        .constant("HKV", heads.n_kv_head)
        .constant("D", heads.d_head);
    let [_, _, scale] = dropout.words();
    if dropout.rate > 0.0 { launch.constant("DROPOUT", scale) } else { launch }
}

/// Threads, tokens, and what dropout needs.
fn sizes(rows: usize, tokens: usize, dropout: Dropout) -> [usize; 4] {
    let [seed, threshold, _] = dropout.words();
    [rows, tokens, seed, threshold]
}

impl AttentionKernels for CubeBackend {
    fn attention_forward(qkv: &CubeTensor, heads: Heads, dropout: Dropout) -> [CubeTensor; 2] {
        let qkv = contiguous(qkv);
        let [b, t, _] = [0, 1, 2].map(|axis| qkv.meta.shape()[axis]);
        let y = empty(&qkv, [b, t, heads.width()]);
        let logsumexp = empty(&qkv, [b, heads.n_head, t]);
        let rows = b * heads.n_head * t;
        launch("attention", FORWARD, heads, dropout)
            .read("qkv", &qkv)
            .write("y", &y)
            .write("logsumexp", &logsumexp)
            .sizes(&sizes(rows, t, dropout))
            .run_flat(rows);
        [y, logsumexp]
    }

    fn attention_backward(saved: &Saved<Self>, dy: CubeTensor) -> CubeTensor {
        let (qkv, dy, heads) = (contiguous(&saved.qkv), contiguous(&dy), saved.heads);
        let [b, t, _] = [0, 1, 2].map(|axis| qkv.meta.shape()[axis]);
        let dqkv = empty_like(&qkv);
        launch("attention_backward", BACKWARD, heads, saved.dropout)
            .read("qkv", &qkv)
            .read("y", &saved.y)
            .read("logsumexp", &saved.logsumexp)
            .read("dy", &dy)
            .write("dqkv", &dqkv)
            .sizes(&sizes(b * heads.n_head * t, t, saved.dropout))
            .run_flat(b * (heads.n_head + heads.n_kv_head) * t);
        dqkv
    }
}

impl CacheOps for CubeBackend {
    fn attention_cached(
        qkv: CubeTensor,
        keys: CubeTensor,
        values: CubeTensor,
        heads: Heads,
        start: usize,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let qkv = contiguous(&qkv);
        let [keys, values] = [keys, values].map(|cache| if cache.can_mut() { cache } else { cache.copy() });
        let t = qkv.meta.shape()[1];
        let y = empty(&qkv, [1, t, heads.width()]);
        launch("attention_cached", CACHED, heads, Dropout::NONE)
            .constant("CONTEXT", keys.meta.shape()[1])
            .read("qkv", &qkv)
            .write("keys", &keys)
            .write("values", &values)
            .write("y", &y)
            .sizes(&[heads.n_head * t, t, start])
            .run_flat(heads.n_head * t);
        (y, keys, values)
    }

    fn attention_weights(qkv: CubeTensor, keys: Maybe<Self>, heads: Heads, start: usize) -> CubeTensor {
        let qkv = contiguous(&qkv);
        let [b, t, _] = [0, 1, 2].map(|axis| qkv.meta.shape()[axis]);
        let keys = keys.option();
        let weights = empty(&qkv, [b, heads.n_head, t, start + t]);
        launch("attention_weights", CACHED, heads, Dropout::NONE)
            .constant("WEIGHTS", 1)
            .constant("CONTEXT", keys.as_ref().map_or(0, |keys| keys.meta.shape()[1]))
            .read("qkv", &qkv)
            .maybe("keys", keys.as_ref())
            .write("weights", &weights)
            .sizes(&[b * heads.n_head * t, t, start])
            .run_flat(b * heads.n_head * t);
        weights
    }
}
