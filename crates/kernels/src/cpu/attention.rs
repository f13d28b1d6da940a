//! Causal attention with grouped queries, without a matrix of weights: four queries at a time meet all keys before
//! them, as in FlashAttention (Dao et al., 2022) but with whole rows. Per head, with `s = q k^T / sqrt(D)`,
//! `p = softmax(s)`, `o = p v`; backward `p = e^(s - lse)`, `dv = p^T do`, `dp = do v^T`,
//! `ds = p (dp - sum(do o))`, `dq = ds k / sqrt(D)`, `dk = ds^T q / sqrt(D)`. Dropout masks `p`, and so `dp`.

use crate::attention::{AttentionKernels, Heads, Saved};
use crate::cpu::math::{dot, exp, softmax};
use crate::cpu::tensors::{numbers, tensor, zeros};
use crate::cpu::tile::{self, COLS, ROWS};
use crate::dropout::Dropout;
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use std::array::from_fn;

/// Queries whose weights the backward pass holds at a time.
const BLOCK: usize = 32;

/// The sizes of a packed attention; a row of `qkv` is H queries, then Hkv keys, then Hkv values, of D each.
#[derive(Clone, Copy, Debug)]
pub struct QkvShape {
    /// B: sequences.
    pub batch: usize,
    /// T: tokens of each.
    pub tokens: usize,
    /// H: heads of queries.
    pub heads: usize,
    /// Hkv: heads of keys and values, which divides H.
    pub kv_heads: usize,
    /// D: values of a head.
    pub d: usize,
}

impl QkvShape {
    /// The sizes for a tensor [B, T, (H + 2 Hkv) D].
    pub fn of(qkv: &FlexTensor, heads: Heads) -> Self {
        let [batch, tokens, _] = qkv.shape().dims::<3>();
        Self { batch, tokens, heads: heads.n_head, kv_heads: heads.n_kv_head, d: heads.d_head }
    }

    /// The width of a row of `qkv`.
    pub fn width(&self) -> usize {
        (self.heads + 2 * self.kv_heads) * self.d
    }

    /// Where head `column` (of queries, keys or values) of row `row` of sequence `b` begins in `qkv`.
    fn at(&self, b: usize, row: usize, column: usize) -> usize {
        (b * self.tokens + row) * self.width() + column * self.d
    }

    /// The heads of queries that share head `g` of keys.
    fn group(&self, g: usize) -> std::ops::Range<usize> {
        let size = self.heads / self.kv_heads;
        g * size..(g + 1) * size
    }

    /// The index of a head's first weight among all [B, H, T, T], for dropout.
    fn first_weight(&self, b: usize, h: usize) -> u32 {
        ((b * self.heads + h) * self.tokens * self.tokens) as u32
    }

    /// Keys as panels for `s = q k^T`: [T / 8, D, 8].
    fn pack_transposed(&self, panels: &mut [f32], qkv: &[f32], b: usize, column: usize) {
        for (j, panel) in (0..self.tokens).step_by(COLS).zip(panels.chunks_exact_mut(self.d * COLS)) {
            tile::pack_transposed(panel, &qkv[self.at(b, j, column)..], self.width(), self.tokens - j);
        }
    }

    fn transposed_panels(&self) -> Vec<f32> {
        vec![0.0; self.tokens.next_multiple_of(COLS) * self.d]
    }

    fn panels(&self) -> Vec<f32> {
        vec![0.0; self.tokens * self.d.next_multiple_of(COLS)]
    }

    /// Four rows of D from row `i` on, of values whose rows are `width` apart; past the last row, that row
    /// again.
    #[inline(always)]
    fn four<'a>(&self, x: &'a [f32], width: usize, i: usize) -> [&'a [f32]; ROWS] {
        from_fn(|t| &x[(i + t).min(self.tokens - 1) * width..][..self.d])
    }
}

/// Rows `x[T, D]`, `width` apart, as panels for a product with weights: [D / 8, T, 8].
fn pack(panels: &mut [f32], x: &[f32], width: usize, tokens: usize, d: usize) {
    for (c, panel) in (0..d).step_by(COLS).zip(panels.chunks_exact_mut(tokens * COLS)) {
        tile::pack::<COLS>(panel, &x[c..], width, d - c);
    }
}

/// Scores of four rows against the first `keys` keys, `stride` apart in `s`; up to the next multiple of 8.
#[inline(always)]
fn scores(s: &mut [f32], stride: usize, rows: [&[f32]; ROWS], panels: &[f32], keys: usize) {
    let depth = rows[0].len();
    for (j, panel) in (0..keys).step_by(COLS).zip(panels.chunks_exact(depth * COLS)) {
        tile::put(&mut s[j..], stride, &tile::rows(tile::ZERO, rows, panel), ROWS, COLS);
    }
}

/// Weights of four rows, `stride` apart in `p`, times the first `keys` of a head's D columns of panels; to `out`.
#[inline(always)]
fn mix(
    out: &mut [f32],
    width: usize,
    p: &[f32],
    stride: usize,
    panels: &[f32],
    keys: usize,
    [tokens, rows, d]: [usize; 3],
) {
    let p: [&[f32]; ROWS] = from_fn(|t| &p[t * stride..][..keys]);
    for (c, panel) in (0..d).step_by(COLS).zip(panels.chunks_exact(tokens * COLS)) {
        tile::put(&mut out[c..], width, &tile::rows(tile::ZERO, p, &panel[..keys * COLS]), rows, d - c);
    }
}

/// `out[B, T, H D]` from `qkv[B, T, (H + 2 Hkv) D]`; keeps the rows' log-sum-exps in `lse[B, H, T]`.
pub fn attention(out: &mut [f32], lse: &mut [f32], qkv: &[f32], heads: &QkvShape, dropout: Dropout) {
    let QkvShape { batch, tokens, kv_heads, d, .. } = *heads;
    let (mut k, mut v) = (heads.transposed_panels(), heads.panels());
    let mut p = vec![0.0; ROWS * tokens.next_multiple_of(COLS)];
    for (b, g) in (0..batch * kv_heads).map(|at| (at / kv_heads, at % kv_heads)) {
        heads.pack_transposed(&mut k, qkv, b, heads.heads + g);
        pack(&mut v, &qkv[heads.at(b, 0, heads.heads + kv_heads + g)..], heads.width(), tokens, d);
        for h in heads.group(g) {
            let lse = &mut lse[(b * heads.heads + h) * tokens..][..tokens];
            let out = &mut out[(b * tokens * heads.heads + h) * d..];
            let queries = &qkv[heads.at(b, 0, h)..];
            for i in (0..tokens).step_by(ROWS) {
                let (keys, rows) = (tokens.min(i + ROWS), ROWS.min(tokens - i));
                let stride = keys.next_multiple_of(COLS);
                let p = &mut p[..ROWS * stride];
                scores(p, stride, heads.four(queries, heads.width(), i), &k, keys);
                causal_softmax(p, stride, i, d, &mut lse[i..]);
                for (i, p) in p.chunks_exact_mut(stride).enumerate().map(|(t, p)| (i + t, p)).take(rows) {
                    dropout.apply(&mut p[..=i], heads.first_weight(b, h) + (i * tokens) as u32);
                }
                let width = heads.heads * d;
                mix(&mut out[i * width..], width, p, stride, &v, keys, [tokens, rows, d]);
            }
        }
    }
}

/// The softmax of four rows of scores, `stride` wide, from query `i` on: each sees the keys up to its own,
/// and the others get 0. Writes their log-sum-exps.
fn causal_softmax(s: &mut [f32], stride: usize, i: usize, d: usize, lse: &mut [f32]) {
    let hide = |s: &mut [f32], value: f32| {
        for (t, s) in s.chunks_exact_mut(stride).enumerate() {
            s[stride.min(i + t + 1)..].fill(value);
        }
    };
    hide(s, f32::NEG_INFINITY);
    lse.iter_mut().take(ROWS).for_each(|lse| *lse = 0.0);
    softmax(s, stride, 1.0 / (d as f32).sqrt(), |t, part| {
        if let Some(lse) = lse.get_mut(t) {
            *lse += part;
        }
    });
    hide(s, 0.0);
}

/// `dqkv`, from `dout`, and from the forward pass's `out` and `lse`; with the same `dropout`.
pub fn attention_backward(
    dqkv: &mut [f32],
    dout: &[f32],
    [out, lse, qkv]: [&[f32]; 3],
    heads: &QkvShape,
    dropout: Dropout,
) {
    dqkv.fill(0.0);
    let mut work = Backward::new(heads, dropout);
    for b in 0..heads.batch {
        for g in 0..heads.kv_heads {
            let (key, value) = (heads.heads + g, heads.heads + heads.kv_heads + g);
            heads.pack_transposed(&mut work.k_transposed, qkv, b, key);
            heads.pack_transposed(&mut work.v_transposed, qkv, b, value);
            pack(&mut work.k, &qkv[heads.at(b, 0, key)..], heads.width(), heads.tokens, heads.d);
            for h in heads.group(g) {
                work.head(dqkv, dout, [out, lse, qkv], [b, h, key, value]);
            }
        }
    }
}

/// The backward pass's buffers: a head's packed operands, and the weights of a block of queries.
struct Backward<'a> {
    heads: &'a QkvShape,
    dropout: Dropout,
    k_transposed: Vec<f32>, // [T / 8, D, 8]
    v_transposed: Vec<f32>, // [T / 8, D, 8]
    k: Vec<f32>,            // [D / 8, T, 8]
    q: Vec<f32>,            // [D / 8, T, 8]
    dout: Vec<f32>,         // [D / 8, T, 8]
    p: Vec<f32>,            // [BLOCK + 1, T]
    ds: Vec<f32>,           // [BLOCK + 1, T]
}

impl<'a> Backward<'a> {
    fn new(heads: &'a QkvShape, dropout: Dropout) -> Self {
        let weights = vec![0.0; (BLOCK + 1) * heads.tokens.next_multiple_of(COLS)]; // the last row for its length
        let (panels, transposed) = (heads.panels(), heads.transposed_panels());
        Self {
            heads,
            dropout,
            k_transposed: transposed.clone(),
            v_transposed: transposed,
            k: panels.clone(),
            q: panels.clone(),
            dout: panels,
            p: weights.clone(),
            ds: weights,
        }
    }

    /// One head of queries `h` of sequence `b`, with its columns of keys and of values.
    fn head(
        &mut self,
        dqkv: &mut [f32],
        dout: &[f32],
        [out, lse, qkv]: [&[f32]; 3],
        [b, h, key, value]: [usize; 4],
    ) {
        let QkvShape { tokens, heads, d, .. } = *self.heads;
        let rows = (b * tokens * heads + h) * d;
        let (out, dout, queries) = (&out[rows..], &dout[rows..], &qkv[self.heads.at(b, 0, h)..]);
        pack(&mut self.q, queries, self.heads.width(), tokens, d);
        pack(&mut self.dout, dout, heads * d, tokens, d);
        let lse = &lse[(b * heads + h) * tokens..][..tokens];
        for from in (0..tokens).step_by(BLOCK) {
            let to = tokens.min(from + BLOCK);
            for i in (from..to).step_by(ROWS) {
                self.weights([b, h, i], i - from, [out, dout, queries], lse);
                self.dq(&mut dqkv[self.heads.at(b, i, h)..], i, i - from);
            }
            self.add_columns(dqkv, &self.ds, &self.q, [b, key], from..to);
            self.add_columns(dqkv, &self.p, &self.dout, [b, value], from..to);
        }
    }

    /// Fills four rows of `p` and `ds`, from query `i` on, at row `row` of the block; `ds` with its `1 / sqrt(D)`.
    fn weights(&mut self, [b, h, i]: [usize; 3], row: usize, [out, dout, queries]: [&[f32]; 3], lse: &[f32]) {
        let QkvShape { tokens, heads, d, .. } = *self.heads;
        let stride = tokens.next_multiple_of(COLS);
        let (keys, end) = (tokens.min(i + ROWS), tokens.min(i + ROWS).next_multiple_of(COLS));
        let (p, ds) = (&mut self.p[row * stride..], &mut self.ds[row * stride..]);
        scores(p, stride, self.heads.four(queries, self.heads.width(), i), &self.k_transposed, keys);
        scores(ds, stride, self.heads.four(dout, heads * d, i), &self.v_transposed, keys);
        let scale = 1.0 / (d as f32).sqrt();
        for (t, (p, ds)) in p.chunks_mut(stride).zip(ds.chunks_mut(stride)).take(keys - i).enumerate() {
            let (i, p, ds) = (i + t, &mut p[..end], &mut ds[..end]);
            let delta = dot(&out[i * heads * d..][..d], &dout[i * heads * d..][..d]);
            let first = self.heads.first_weight(b, h) + (i * tokens) as u32;
            self.dropout.apply(&mut ds[..=i], first);
            for (p, ds) in p.iter_mut().zip(&mut *ds) {
                *p = exp(*p * scale - lse[i]);
                *ds = *p * (*ds - delta) * scale;
            }
            self.dropout.apply(&mut p[..=i], first);
            p[i + 1..].fill(0.0);
            ds[i + 1..].fill(0.0);
        }
    }

    /// Four rows of `dq = ds k`, from query `i` on, at row `row` of the block.
    fn dq(&self, dq: &mut [f32], i: usize, row: usize) {
        let QkvShape { tokens, d, .. } = *self.heads;
        let stride = tokens.next_multiple_of(COLS);
        let (keys, rows) = (tokens.min(i + ROWS), ROWS.min(tokens - i));
        let ds = &self.ds[row * stride..];
        mix(dq, self.heads.width(), ds, stride, &self.k, keys, [tokens, rows, d]);
    }

    /// `dk += ds^T q`, or `dv += p^T do`, of a block of queries, to head `column` of sequence `b`.
    fn add_columns(
        &self,
        dqkv: &mut [f32],
        weights: &[f32],
        panels: &[f32],
        [b, column]: [usize; 2],
        queries: std::ops::Range<usize>,
    ) {
        let QkvShape { tokens, d, .. } = *self.heads;
        let (width, stride) = (self.heads.width(), tokens.next_multiple_of(COLS));
        for j in (0..queries.end).step_by(ROWS) {
            let first = queries.start.max(j); // no query sees the keys after it
            let weights = weights[(first - queries.start) * stride + j..].chunks_exact(stride);
            let out = &mut dqkv[self.heads.at(b, j, column)..];
            for (c, panel) in (0..d).step_by(COLS).zip(panels.chunks_exact(tokens * COLS)) {
                let panel = &panel[first * COLS..queries.end * COLS];
                let sums = tile::load(&out[c..], width, tokens - j, d - c);
                let sums = tile::columns(sums, weights.clone().filter_map(|row| row.first_chunk()), panel);
                tile::put(&mut out[c..], width, &sums, tokens - j, d - c);
            }
        }
    }
}

impl AttentionKernels for Flex {
    fn attention_forward(qkv: &FlexTensor, heads: Heads, dropout: Dropout) -> [FlexTensor; 2] {
        let sizes = QkvShape::of(qkv, heads);
        let [b, h, t] = [sizes.batch, sizes.heads, sizes.tokens];
        let (mut y, mut logsumexp) = (zeros(b * t * heads.width()), zeros(b * h * t));
        attention(&mut y, &mut logsumexp, &numbers(qkv), &sizes, dropout);
        [tensor(y, [b, t, heads.width()]), tensor(logsumexp, [b, h, t])]
    }

    fn attention_backward(saved: &Saved<Self>, dy: FlexTensor) -> FlexTensor {
        let sizes = QkvShape::of(&saved.qkv, saved.heads);
        let mut dqkv = zeros(saved.qkv.shape().num_elements());
        let (y, logsumexp, qkv) = (numbers(&saved.y), numbers(&saved.logsumexp), numbers(&saved.qkv));
        let kept: [&[f32]; 3] = [&y, &logsumexp, &qkv];
        attention_backward(&mut dqkv, &numbers(&dy), kept, &sizes, saved.dropout);
        tensor(dqkv, saved.qkv.shape())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, noise, slope, wide};

    /// The definition, in f64.
    fn twin(qkv: &[f64], heads: &QkvShape, dropout: Dropout) -> Vec<f64> {
        let QkvShape { batch, tokens, heads: h, kv_heads, d } = *heads;
        let mut out = vec![0.0; batch * tokens * h * d];
        for (b, head, i) in
            (0..batch).flat_map(|b| (0..h).flat_map(move |h| (0..tokens).map(move |i| (b, h, i))))
        {
            let g = head / (h / kv_heads);
            let row = |t: usize, column: usize| &qkv[heads.at(b, t, column)..][..d];
            let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let e: Vec<f64> =
                (0..=i).map(|j| (product(row(i, head), row(j, h + g)) / (d as f64).sqrt()).exp()).collect();
            for (j, weight) in e.iter().enumerate() {
                let index = ((b * h + head) * tokens + i) * tokens + j;
                let mut keep = [1.0];
                dropout.apply(&mut keep, index as u32);
                let weight = f64::from(keep[0]) * weight / e.iter().sum::<f64>();
                for (c, v) in row(j, h + kv_heads + g).iter().enumerate() {
                    out[((b * tokens + i) * h + head) * d + c] += weight * v;
                }
            }
        }
        out
    }

    fn compare(heads: QkvShape, dropout: Dropout) {
        let rows = heads.batch * heads.tokens;
        let qkv: Vec<f32> = noise(rows * heads.width(), 1).iter().map(|x| 2.0 * x).collect();
        let dout = noise(rows * heads.heads * heads.d, 2);
        let (mut out, mut lse) = (vec![7.0; dout.len()], vec![7.0; rows * heads.heads]);
        attention(&mut out, &mut lse, &qkv, &heads, dropout);
        close(&out, &twin(&wide(&qkv), &heads, dropout), 2e-6);
        let mut dqkv = vec![7.0; qkv.len()];
        attention_backward(&mut dqkv, &dout, [&out, &lse, &qkv], &heads, dropout);
        let loss = |qkv: &[f64]| crate::cpu::twin::dot(&twin(qkv, &heads, dropout), &dout);
        close(&dqkv, &slope(&wide(&qkv), loss), 3e-6);
    }

    #[test]
    fn values_and_gradients_equal_their_twins() {
        compare(QkvShape { batch: 2, tokens: 5, heads: 4, kv_heads: 2, d: 3 }, Dropout::default());
        compare(QkvShape { batch: 1, tokens: 1, heads: 1, kv_heads: 1, d: 8 }, Dropout::default());
        compare(QkvShape { batch: 2, tokens: 12, heads: 2, kv_heads: 1, d: 16 }, Dropout::default());
        compare(QkvShape { batch: 1, tokens: 38, heads: 1, kv_heads: 1, d: 4 }, Dropout::default());
    }

    #[test]
    fn dropout_is_the_same_mask_in_both_passes() {
        let dropout = Dropout { rate: 0.25, seed: 9 };
        compare(QkvShape { batch: 2, tokens: 13, heads: 4, kv_heads: 2, d: 8 }, dropout);
    }
}
