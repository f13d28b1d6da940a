//! Rotary positions on the queries and keys of packed rows; the formula is in the operation's file.

use super::attention::QkvShape;

/// Rotates the heads of queries and keys of `qkv` by the tables' angles [context, D], forwards or `back`.
pub fn rotate(qkv: &mut [f32], [cos, sin]: [&[f32]; 2], sizes: &QkvShape, start: usize, back: bool) {
    let (d, half) = (sizes.d, sizes.d / 2);
    let sign = if back { -1.0 } else { 1.0 };
    for (at, row) in qkv.chunks_exact_mut(sizes.width()).enumerate() {
        let from = (start + at % sizes.tokens) * d;
        let (cos, sin) = (&cos[from..][..half], &sin[from..][..half]);
        for head in row.chunks_exact_mut(d).take(sizes.heads + sizes.kv_heads) {
            let (a, b) = head.split_at_mut(half);
            for (((a, b), cos), sin) in a.iter_mut().zip(b).zip(cos).zip(sin) {
                let sin = sign * sin;
                (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
            }
        }
    }
}
