//! Causal attention, over a batch and over a cache. Both keep a running sum of exponentials, and differ
//! otherwise: over a batch the queries of a thread share the keys they read and store what the gradient
//! needs; over a cache a thread has one query, begins with its own key, and stores that in the cache.

use super::launch::Launch;
use super::{Bind, COMMON, Reading, VECTORS, contiguous, empty, empty_like};
use crate::attention::{AttentionKernels, CacheOps, Heads, Saved};
use crate::dropout::Dropout;
use crate::record::Maybe;
use crate::start::StartOf;
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const HEADS: &str = include_str!("heads.wgsl");
const FORWARD: &[&str] = &[COMMON, VECTORS, HEADS, include_str!("attention.wgsl")];
const QUERIES: &[&str] = &[COMMON, VECTORS, HEADS, include_str!("attention_dq.wgsl")];
const KEYS: &[&str] = &[COMMON, VECTORS, HEADS, include_str!("attention_dkv.wgsl")];
const CACHED: &[&str] = &[VECTORS, HEADS, include_str!("attention_cached.wgsl")];
const APPEND: &[&str] = &[VECTORS, HEADS, include_str!("append.wgsl")];
const WEIGHTS: &[&str] = &[VECTORS, HEADS, include_str!("attention_weights.wgsl")];
/// Threads of a workgroup, with and without a cache.
const WIDTHS: [usize; 2] = [4, 32];

/// A launch with the constants of `heads`, and of a dropout if it drops anything.
fn launch<'a>(
    name: &'static str,
    source: &'static [&'static str],
    heads: Heads,
    dropout: Dropout,
) -> (Launch<'a>, Reading<'a>) {
    let reading = Reading::of(heads.d_head);
    let launch = Launch::new(name, source)
        .constant("H", heads.n_head)
        .constant("HKV", heads.n_kv_head)
        .constant("D", heads.d_head)
        .constant("DN", heads.d_head / reading.width)
        .constant("SPAN", span(heads))
        .flag("FOURS", reading.width == 4);
    let [_, _, scale] = dropout.words();
    (if dropout.rate > 0.0 { launch.constant("DROPOUT", scale as usize) } else { launch }, reading)
}

/// Queries or keys per thread: more share a read, until a loop's body is too long for the instruction cache.
fn span(heads: Heads) -> usize {
    if heads.d_head <= 32 { 2 } else { 1 }
}

/// Threads, tokens, and the inputs of dropout.
fn sizes(rows: usize, tokens: usize, dropout: Dropout) -> [usize; 4] {
    let [stream, threshold, _] = dropout.words().map(|word| word as usize);
    [rows, tokens, stream, threshold]
}

impl AttentionKernels for CubeBackend {
    fn attention_forward(qkv: &CubeTensor, heads: Heads, dropout: Dropout) -> [CubeTensor; 2] {
        let qkv = contiguous(qkv);
        let [b, t, _] = [0, 1, 2].map(|axis| qkv.meta.shape()[axis]);
        let y = empty(&qkv, [b, t, heads.width()]);
        let logsumexp = empty(&qkv, [b, heads.n_head, t]);
        let (launch, Reading { read, write, .. }) = launch("attention", FORWARD, heads, dropout);
        let threads = b * heads.n_head * t.div_ceil(span(heads));
        write(read(launch, "qkv", &qkv), "y", &y)
            .write("logsumexp", &logsumexp)
            .sizes(&sizes(threads, t, dropout))
            .run_rows(threads.div_ceil(WIDTHS[1]));
        [y, logsumexp]
    }

    fn attention_backward(saved: &Saved<Self>, dy: CubeTensor) -> CubeTensor {
        let (qkv, dy, heads) = (contiguous(&saved.qkv), contiguous(&dy), saved.heads);
        let [b, t, _] = [0, 1, 2].map(|axis| qkv.meta.shape()[axis]);
        let dqkv = empty_like(&qkv);
        let pull = empty(&qkv, [b, heads.n_head, t]);
        let spans = t.div_ceil(span(heads));
        let (launch_dq, Reading { read, write, .. }) = launch("attention_dq", QUERIES, heads, saved.dropout);
        let threads = b * heads.n_head * spans;
        let bound = read(read(read(launch_dq, "qkv", &qkv), "y", &saved.y), "dy", &dy);
        write(bound, "dqkv", &dqkv)
            .read("logsumexp", &saved.logsumexp)
            .write("pull", &pull)
            .sizes(&sizes(threads, t, saved.dropout))
            .run_rows(threads.div_ceil(WIDTHS[1]));
        let (launch_dkv, _) = launch("attention_dkv", KEYS, heads, saved.dropout);
        let threads = b * heads.n_kv_head * spans;
        write(read(read(launch_dkv, "qkv", &qkv), "dy", &dy), "dqkv", &dqkv)
            .read("logsumexp", &saved.logsumexp)
            .read("pull", &pull)
            .sizes(&sizes(threads, t, saved.dropout))
            .run_rows(threads.div_ceil(WIDTHS[1]));
        dqkv
    }
}

impl CacheOps for CubeBackend {
    fn attention_cached(
        qkv: CubeTensor,
        keys: CubeTensor,
        values: CubeTensor,
        heads: Heads,
        start: StartOf<Self>,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let qkv = contiguous(&qkv);
        let [keys, values] = [keys, values].map(|cache| if cache.can_mut() { cache } else { cache.copy() });
        let (t, context) = (qkv.meta.shape()[1], keys.meta.shape()[1]);
        let y = empty(&qkv, [1, t, heads.width()]);
        let (place, cursor) = start.parts();
        if t > 1 {
            let (launch, Reading { read, write, width }) = launch("append", APPEND, heads, Dropout::NONE);
            let numbers = t * heads.n_kv_head * heads.d_head / width;
            write(write(read(launch, "qkv", &qkv), "keys", &keys), "values", &values)
                .constant("CONTEXT", context)
                .sizes(&[numbers, t, place])
                .run_flat(numbers);
        }
        let (launch, Reading { read, write, .. }) = launch("attention_cached", CACHED, heads, Dropout::NONE);
        let bind: Bind = if t > 1 { read } else { write };
        let cached = bind(bind(launch, "keys", &keys), "values", &values).fixed();
        write(read(cached, "qkv", &qkv), "y", &y)
            .constant("CONTEXT", context)
            .flag("APPEND", t == 1)
            .maybe(Launch::read_ids, "cursor", cursor)
            .sizes(&[heads.n_head * t, t, place])
            .run_rows((heads.n_head * t).div_ceil(WIDTHS[0]));
        (y, keys, values)
    }

    fn attention_weights(qkv: CubeTensor, keys: Maybe<Self>, heads: Heads, start: usize) -> CubeTensor {
        let qkv = contiguous(&qkv);
        let [b, t, _] = [0, 1, 2].map(|axis| qkv.meta.shape()[axis]);
        let keys = keys.option();
        let weights = empty(&qkv, [b, heads.n_head, t, start + t]);
        let (launch, Reading { read, .. }) = launch("attention_weights", WEIGHTS, heads, Dropout::NONE);
        read(launch, "qkv", &qkv)
            .constant("CONTEXT", keys.as_ref().map_or(0, |keys| keys.meta.shape()[1]))
            .maybe(read, "keys", keys.as_ref())
            .write("weights", &weights)
            .sizes(&[b * heads.n_head * t, t, start])
            .run_rows((b * heads.n_head * t).div_ceil(WIDTHS[0]));
        weights
    }
}
