//! The three products of a linear map, each added to what the output holds: `x w`, `x w^T`, `x^T y`.
//! In WebAssembly these are our own tiles, 1.1 to 1.3 times as fast there as the `gemm` crate; elsewhere they are
//! `gemm`, which uses the vectors that the machine turns out to have (AVX2, AVX-512, NEON).

use crate::cpu::gemv;

/// `out[R, N] += x[R, K] w[K, N]`, with `shape` [R, K, N].
pub fn matmul(out: &mut [f32], x: &[f32], w: &[f32], shape: [usize; 3]) {
    let [r, k, n] = shape;
    check([out.len(), x.len(), w.len()], [r * n, r * k, k * n]);
    match r {
        1 => gemv::matmul(out, x, w),
        _ => backend::matmul(out, x, w, shape),
    }
}

/// `out[R, N] += x[R, K] w[N, K]^T`, with `shape` [R, K, N].
pub fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32], shape: [usize; 3]) {
    let [r, k, n] = shape;
    check([out.len(), x.len(), w.len()], [r * n, r * k, n * k]);
    match r {
        1 => gemv::matmul_transposed(out, x, w),
        _ => backend::matmul_transposed(out, x, w, shape),
    }
}

/// `out[K, N] += x[R, K]^T y[R, N]`, with `shape` [R, K, N].
pub fn transposed_matmul(out: &mut [f32], x: &[f32], y: &[f32], shape: [usize; 3]) {
    let [r, k, n] = shape;
    check([out.len(), x.len(), y.len()], [k * n, r * k, r * n]);
    backend::transposed_matmul(out, x, y, shape);
}

/// The lengths must be those of the shape; the native products rely on it.
fn check(lengths: [usize; 3], expected: [usize; 3]) {
    assert_eq!(lengths, expected, "the lengths of a product's slices must be those of its shape");
}

#[cfg(not(target_arch = "wasm32"))]
use native as backend;
#[cfg(target_arch = "wasm32")]
use tiled as backend;

/// The products from register tiles; on other machines only the tests call them.
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]
pub(crate) mod tiled {
    use crate::cpu::tile::{self, COLS, ROWS, Tile};
    use std::array::from_fn;

    /// The longest sum in one go: a panel of it, 8 KiB, stays in the first-level cache.
    const DEPTH: usize = 256;
    /// Rows that meet all panels before the next do, so that their ends of `out` are near too.
    const BLOCK: usize = 64;

    pub(crate) fn matmul(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
        by_rows(out, x, [r, k, n], |panel, k, j| tile::pack::<COLS>(panel, &w[k * n + j..], n, n - j));
    }

    pub(crate) fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
        by_rows(out, x, [r, k, n], |panel, from, j| {
            tile::pack_transposed(panel, &w[j * k + from..], k, n - j);
        });
    }

    pub(crate) fn transposed_matmul(out: &mut [f32], x: &[f32], y: &[f32], [r, k, n]: [usize; 3]) {
        let mut columns = vec![0.0; r.min(DEPTH) * k.next_multiple_of(ROWS)]; // [K / 4, R, 4]
        let mut panels = vec![0.0; r.min(DEPTH) * n.next_multiple_of(COLS)]; // [N / 8, R, 8]
        for from in (0..r).step_by(DEPTH) {
            let depth = DEPTH.min(r - from);
            let (x, y) = (&x[from * k..], &y[from * n..]);
            for (i, columns) in (0..k).step_by(ROWS).zip(columns.chunks_exact_mut(depth * ROWS)) {
                tile::pack::<ROWS>(columns, &x[i..], k, k - i);
            }
            for (j, panel) in (0..n).step_by(COLS).zip(panels.chunks_exact_mut(depth * COLS)) {
                tile::pack::<COLS>(panel, &y[j..], n, n - j);
            }
            sweep(out, [k, n], &panels, depth, |i, panel| {
                tile::columns(columns[i * depth..][..ROWS * depth].as_chunks().0.iter(), panel)
            });
        }
    }

    /// `out += x b`, where `pack(panel, k, j)` makes the panel of `b` that begins at row `k` and column `j`.
    #[inline(always)]
    fn by_rows(out: &mut [f32], x: &[f32], [r, k, n]: [usize; 3], pack: impl Fn(&mut [f32], usize, usize)) {
        let mut panels = vec![0.0; k.min(DEPTH) * n.next_multiple_of(COLS)]; // [N / 8, K, 8]
        for from in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - from);
            for (j, panel) in (0..n).step_by(COLS).zip(panels.chunks_exact_mut(depth * COLS)) {
                pack(panel, from, j);
            }
            sweep(out, [r, n], &panels, depth, |i, panel| {
                tile::rows(from_fn(|t| &x[(i + t).min(r - 1) * k + from..][..depth]), panel)
            });
        }
    }

    /// Adds to `out` [M, N] the tiles of rows from `i` on and of each panel.
    #[inline(always)]
    fn sweep(
        out: &mut [f32],
        [m, n]: [usize; 2],
        panels: &[f32],
        depth: usize,
        tile: impl Fn(usize, &[f32]) -> Tile,
    ) {
        for from in (0..m).step_by(BLOCK) {
            for (j, panel) in (0..n).step_by(COLS).zip(panels.chunks_exact(depth * COLS)) {
                for i in (from..m.min(from + BLOCK)).step_by(ROWS) {
                    tile::add(&mut out[i * n + j..], n, &tile(i, panel), m - i, n - j);
                }
            }
        }
    }
}

/// The products from the `gemm` crate.
#[cfg(not(target_arch = "wasm32"))]
mod native {
    /// A matrix inside a slice: the distances from a row, and from a column, to the next.
    #[derive(Clone, Copy)]
    struct Strides(usize, usize);

    pub(super) fn matmul(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
        add(out, [r, k, n], (x, Strides(k, 1)), (w, Strides(n, 1)));
    }

    pub(super) fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
        add(out, [r, k, n], (x, Strides(k, 1)), (w, Strides(1, k)));
    }

    pub(super) fn transposed_matmul(out: &mut [f32], x: &[f32], y: &[f32], [r, k, n]: [usize; 3]) {
        add(out, [k, r, n], (x, Strides(1, k)), (y, Strides(n, 1)));
    }

    /// `out[M, N] += a[M, K] b[K, N]`.
    fn add(out: &mut [f32], [m, k, n]: [usize; 3], (a, sa): (&[f32], Strides), (b, sb): (&[f32], Strides)) {
        let strides = |s: Strides| [s.1 as isize, s.0 as isize]; // columns first, as `gemm` has it
        let ([a_cs, a_rs], [b_cs, b_rs]) = (strides(sa), strides(sb));
        // SAFETY: the callers' `check` has established that the three slices hold exactly the elements that these
        // sizes and strides reach, and `out` is borrowed mutably, so it overlaps neither `a` nor `b`.
        unsafe {
            gemm::gemm(
                m,
                n,
                k,
                out.as_mut_ptr(),
                1,
                n as isize,
                true,
                a.as_ptr(),
                a_cs,
                a_rs,
                b.as_ptr(),
                b_cs,
                b_rs,
                1.0,
                1.0,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::twin::{close, noise};

    type Product = fn(&mut [f32], &[f32], &[f32], [usize; 3]);

    /// The element [i, j] of a product in f64.
    fn naive(
        shape: [usize; 3],
        a: impl Fn(usize, usize) -> f32,
        b: impl Fn(usize, usize) -> f32,
    ) -> Vec<f64> {
        let [m, k, n] = shape;
        let sum = |i, j| (0..k).map(|k| f64::from(a(i, k)) * f64::from(b(k, j))).sum::<f64>();
        (0..m * n).map(|at| 0.5 + sum(at / n, at % n)).collect()
    }

    fn compare(products: [Product; 3], [r, k, n]: [usize; 3]) {
        let (x, w, y) = (noise(r * k, 1), noise(k * n, 2), noise(r * n, 3));
        let mut out = vec![0.5; r * n];
        products[0](&mut out, &x, &w, [r, k, n]);
        close(&out, &naive([r, k, n], |i, l| x[i * k + l], |l, j| w[l * n + j]), 1e-5);
        let mut out = vec![0.5; r * n];
        products[1](&mut out, &x, &w, [r, k, n]);
        close(&out, &naive([r, k, n], |i, l| x[i * k + l], |l, j| w[j * k + l]), 1e-5);
        let mut out = vec![0.5; k * n];
        products[2](&mut out, &x, &y, [r, k, n]);
        close(&out, &naive([k, r, n], |i, l| x[l * k + i], |l, j| y[l * n + j]), 1e-5);
    }

    #[test]
    fn products_equal_their_f64_twins() {
        for shape in [[1, 1, 1], [4, 8, 8], [5, 3, 9], [12, 64, 65], [7, 600, 17], [530, 6, 5], [3, 16, 2]] {
            compare([matmul, matmul_transposed, transposed_matmul], shape);
            compare([tiled::matmul, tiled::matmul_transposed, tiled::transposed_matmul], shape);
        }
    }

    #[test]
    #[should_panic(expected = "lengths")]
    fn a_short_slice_is_refused() {
        matmul(&mut [0.0; 4], &[0.0; 3], &[0.0; 4], [2, 2, 2]);
    }
}
