//! Attention of new tokens over a cache of all earlier keys and values, for generation (one sequence).

use crate::attention::{CacheOps, Heads};
use crate::cpu::attention::QkvShape;
use crate::cpu::gemv;
use crate::cpu::math::{dot, softmax};
use crate::cpu::tensors::{known, numbers, tensor, zeros};
use crate::record::Maybe;
use crate::start::StartOf;
use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

/// Copies the keys and values of `qkv[T, (H + 2 Hkv) D]` to positions from `start` on of `keys` and `values`, each
/// [Hkv, context, D].
#[inline(never)]
pub fn append(keys: &mut [f32], values: &mut [f32], qkv: &[f32], heads: &QkvShape, start: usize) {
    let QkvShape { heads: h, kv_heads, d, .. } = *heads;
    let context = keys.len() / (kv_heads * d);
    for (t, row) in qkv.chunks_exact(heads.width()).enumerate() {
        let (k, v) = row[h * d..].split_at(kv_heads * d);
        for g in 0..kv_heads {
            let to = (g * context + start + t) * d;
            keys[to..][..d].copy_from_slice(&k[g * d..][..d]);
            values[to..][..d].copy_from_slice(&v[g * d..][..d]);
        }
    }
}

/// `out[T, H D]`: the queries of `qkv`, at positions from `start` on, over the cache filled by [`append`].
#[inline(never)]
pub fn attend(out: &mut [f32], qkv: &[f32], keys: &[f32], values: &[f32], heads: &QkvShape, start: usize) {
    let QkvShape { heads: h, kv_heads, d, .. } = *heads;
    let context = keys.len() / (kv_heads * d);
    let mut weights = vec![0.0; start + out.len() / (h * d)];
    for (t, (out, row)) in out.chunks_exact_mut(h * d).zip(qkv.chunks_exact(heads.width())).enumerate() {
        let weights = &mut weights[..=start + t];
        for (head, (out, q)) in out.chunks_exact_mut(d).zip(row.chunks_exact(d)).enumerate() {
            let from = head / (h / kv_heads) * context * d;
            gemv::matmul_transposed(weights, q, &keys[from..]);
            softmax(weights, start + t + 1, 1.0 / (d as f32).sqrt(), |_, _| ());
            out.fill(0.0);
            gemv::matmul(out, weights, &values[from..]);
        }
    }
}

/// The weights [B, H, T, start + T] of attention: `keys` [Hkv, context, D] holds the first `start`, the rows
/// of `qkv` the others.
pub fn weights(weights: &mut [f32], qkv: &[f32], keys: Option<&[f32]>, heads: &QkvShape, start: usize) {
    let QkvShape { heads: h, kv_heads, d, tokens, .. } = *heads;
    let row = |b: usize, t: usize, column: usize| &qkv[(b * tokens + t) * heads.width() + column * d..][..d];
    for (at, weights) in weights.chunks_exact_mut(start + tokens).enumerate() {
        let (b, head, t) = (at / (h * tokens), at / tokens % h, at % tokens);
        let g = head / (h / kv_heads);
        let seen = &mut weights[..=start + t];
        for (j, weight) in seen.iter_mut().enumerate() {
            let key = match keys {
                Some(keys) if j < start => &keys[(g * keys.len() / (kv_heads * d) + j) * d..][..d],
                _ => row(b, j - start, h + g),
            };
            *weight = dot(row(b, t, head), key);
        }
        softmax(seen, start + t + 1, 1.0 / (d as f32).sqrt(), |_, _| ());
    }
}

impl CacheOps for Flex {
    fn attention_cached(
        qkv: FlexTensor,
        mut keys: FlexTensor,
        mut values: FlexTensor,
        heads: Heads,
        start: StartOf<Self>,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let (sizes, start) = (QkvShape::of(&qkv, heads), known(&start));
        let mut y = zeros(sizes.tokens * heads.width());
        let numbers = numbers(&qkv);
        append(keys.storage_mut(), values.storage_mut(), &numbers, &sizes, start);
        attend(&mut y, &numbers, keys.storage(), values.storage(), &sizes, start);
        (tensor(y, [1, sizes.tokens, heads.width()]), keys, values)
    }

    fn attention_weights(qkv: FlexTensor, keys: Maybe<Self>, heads: Heads, start: usize) -> FlexTensor {
        let sizes = QkvShape::of(&qkv, heads);
        let keys = keys.option();
        let keys = keys.as_ref().map(numbers);
        let mut weights = zeros(sizes.batch * sizes.heads * sizes.tokens * (start + sizes.tokens));
        self::weights(&mut weights, &numbers(&qkv), keys.as_deref(), &sizes, start);
        tensor(weights, [sizes.batch, sizes.heads, sizes.tokens, start + sizes.tokens])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::attention::attention;
    use crate::cpu::twin::{close, noise, wide};
    use crate::dropout::Dropout;

    #[test]
    fn tokens_one_by_one_or_some_at_a_time_equal_all_at_once() {
        let (d, tokens) = (16, 9);
        let heads = QkvShape { batch: 1, tokens, heads: 4, kv_heads: 2, d };
        let qkv = noise(tokens * heads.width(), 1);
        let (mut whole, mut lse) = (vec![0.0; tokens * 4 * d], vec![0.0; 4 * tokens]);
        attention(&mut whole, &mut lse, &qkv, &heads, Dropout::default());
        for step in [1, 4, 9] {
            let (mut keys, mut values) = (vec![0.0; 2 * 10 * d], vec![0.0; 2 * 10 * d]);
            let mut out = vec![0.0; whole.len()];
            let rows = qkv.chunks(step * heads.width()).zip(out.chunks_mut(step * 4 * d));
            for (at, (qkv, out)) in rows.enumerate() {
                append(&mut keys, &mut values, qkv, &heads, at * step);
                attend(out, qkv, &keys, &values, &heads, at * step);
            }
            close(&out, &wide(&whole), 1e-6);
        }
    }
}
