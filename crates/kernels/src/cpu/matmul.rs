//! The three products of a linear map: `x w`, `x w^T`, `x^T y`. In WebAssembly these are our own tiles, 1.1
//! to 1.3 times as fast there as the `gemm` crate; elsewhere they use `gemm`, which detects the machine's
//! vectors (AVX2, AVX-512, NEON).

use crate::cpu::gemv;

/// What a product of rows [R, N] is added to.
#[derive(Clone, Copy, Default)]
pub struct Begin<'a> {
    /// [N], to every row.
    pub bias: Option<&'a [f32]>,
    /// [R, N].
    pub residual: Option<&'a [f32]>,
}

impl Begin<'_> {
    /// Writes it out.
    fn fill(&self, out: &mut [f32]) {
        match self.residual {
            Some(residual) => out.copy_from_slice(residual),
            None => out.fill(0.0),
        }
        if let Some(bias) = self.bias {
            for row in out.chunks_exact_mut(bias.len()) {
                row.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
            }
        }
    }
}

/// `out[R, N] = x[R, K] w[K, N]` plus its initial value, with `shape` [R, K, N].
pub fn matmul(out: &mut [f32], x: &[f32], w: &[f32], shape: [usize; 3], begin: Begin<'_>) {
    let [r, k, n] = shape;
    check([out.len(), x.len(), w.len()], [r * n, r * k, k * n]);
    match r {
        1 => {
            begin.fill(out);
            gemv::matmul(out, x, w);
        }
        _ => backend::matmul(out, x, w, shape, begin),
    }
}

/// `out[R, N] = x[R, K] w[N, K]^T`, with `shape` [R, K, N].
pub fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32], shape: [usize; 3]) {
    let [r, k, n] = shape;
    check([out.len(), x.len(), w.len()], [r * n, r * k, n * k]);
    match r {
        1 => gemv::matmul_transposed(out, x, w),
        _ => backend::matmul_transposed(out, x, w, shape),
    }
}

/// `out[K, N] = x[R, K]^T y[R, N]`, with `shape` [R, K, N].
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
    use super::Begin;
    use crate::cpu::tile::{self, COLS, ROWS, Tile};
    use std::array::from_fn;

    /// The longest sum in one go: a panel of it, 8 KiB, stays in the first-level cache.
    const DEPTH: usize = 256;
    /// Rows that meet all panels before the next rows do, so that their parts of `out` stay close, too.
    const BLOCK: usize = 64;

    pub(crate) fn matmul(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3], begin: Begin<'_>) {
        by_rows(out, x, [r, k, n], begin, |panel, k, j| tile::pack::<COLS>(panel, &w[k * n + j..], n, n - j));
    }

    pub(crate) fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
        by_rows(out, x, [r, k, n], Begin::default(), |panel, from, j| {
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
            let begin = (from == 0).then_some(Begin::default());
            sweep(out, [k, n], &panels, depth, begin, |sums, i, panel| {
                tile::columns(sums, columns[i * depth..][..ROWS * depth].as_chunks().0.iter(), panel)
            });
        }
    }

    /// `out = x b + begin`, where `pack(panel, k, j)` makes the panel of `b` that begins at row `k` and column `j`.
    #[inline(always)]
    fn by_rows(
        out: &mut [f32],
        x: &[f32],
        [r, k, n]: [usize; 3],
        begin: Begin<'_>,
        pack: impl Fn(&mut [f32], usize, usize),
    ) {
        let mut panels = vec![0.0; k.min(DEPTH) * n.next_multiple_of(COLS)]; // [N / 8, K, 8]
        for from in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - from);
            for (j, panel) in (0..n).step_by(COLS).zip(panels.chunks_exact_mut(depth * COLS)) {
                pack(panel, from, j);
            }
            let begin = (from == 0).then_some(begin);
            sweep(out, [r, n], &panels, depth, begin, |sums, i, panel| {
                tile::rows(sums, from_fn(|t| &x[(i + t).min(r - 1) * k + from..][..depth]), panel)
            });
        }
    }

    /// Writes to `out` [M, N] the tiles of rows from `i` on and of each panel, which begin with `begin`, or with what `out`
    /// holds of the sums so far.
    #[inline(always)]
    fn sweep(
        out: &mut [f32],
        [m, n]: [usize; 2],
        panels: &[f32],
        depth: usize,
        begin: Option<Begin<'_>>,
        tile: impl Fn(Tile, usize, &[f32]) -> Tile,
    ) {
        for from in (0..m).step_by(BLOCK) {
            for (j, panel) in (0..n).step_by(COLS).zip(panels.chunks_exact(depth * COLS)) {
                for i in (from..m.min(from + BLOCK)).step_by(ROWS) {
                    let (at, rows, cols) = (i * n + j, m - i, n - j);
                    let sums = match begin {
                        Some(begin) => first_sums(begin, at, j, n, rows),
                        None => tile::load(&out[at..], n, rows, cols),
                    };
                    tile::put(&mut out[at..], n, &tile(sums, i, panel), rows, cols);
                }
            }
        }
    }

    /// The initial value of the tile at `at` of rows of `n`, in column `j`.
    #[inline(always)]
    fn first_sums(begin: Begin<'_>, at: usize, j: usize, n: usize, rows: usize) -> Tile {
        let mut sums = match begin.residual {
            Some(residual) => tile::load(&residual[at..], n, rows, n - j),
            None => tile::ZERO,
        };
        if let Some(bias) = begin.bias {
            for row in &mut sums {
                row.iter_mut().zip(&bias[j..]).for_each(|(sum, bias)| *sum += bias);
            }
        }
        sums
    }
}

/// The products from the `gemm` crate.
#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::Begin;

    /// A matrix inside a slice: the distances from a row, and from a column, to the next.
    #[derive(Clone, Copy)]
    struct Strides(usize, usize);

    pub(super) fn matmul(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3], begin: Begin<'_>) {
        begin.fill(out);
        product(out, [r, k, n], (x, Strides(k, 1)), (w, Strides(n, 1)), true);
    }

    pub(super) fn matmul_transposed(out: &mut [f32], x: &[f32], w: &[f32], [r, k, n]: [usize; 3]) {
        product(out, [r, k, n], (x, Strides(k, 1)), (w, Strides(1, k)), false);
    }

    pub(super) fn transposed_matmul(out: &mut [f32], x: &[f32], y: &[f32], [r, k, n]: [usize; 3]) {
        product(out, [k, r, n], (x, Strides(1, k)), (y, Strides(n, 1)), false);
    }

    /// `out[M, N] = a[M, K] b[K, N]`, or adds it.
    #[expect(unsafe_code, reason = "gemm, the fastest there is, takes pointers")]
    fn product(
        out: &mut [f32],
        [m, k, n]: [usize; 3],
        (a, sa): (&[f32], Strides),
        (b, sb): (&[f32], Strides),
        add: bool,
    ) {
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
                add,
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
        (0..m * n).map(|at| sum(at / n, at % n)).collect()
    }

    type Linear = fn(&mut [f32], &[f32], &[f32], [usize; 3], Begin<'_>);

    fn compare(matmul: Linear, others: [Product; 2], [r, k, n]: [usize; 3]) {
        let (x, w, y) = (noise(r * k, 1), noise(k * n, 2), noise(r * n, 3));
        let plain = naive([r, k, n], |i, l| x[i * k + l], |l, j| w[l * n + j]);
        let mut out = vec![7.0; r * n];
        matmul(&mut out, &x, &w, [r, k, n], Begin::default());
        close(&out, &plain, 1e-5);
        let (bias, residual) = (noise(n, 4), noise(r * n, 5));
        let begun = |at: usize| plain[at] + f64::from(bias[at % n]) + f64::from(residual[at]);
        matmul(&mut out, &x, &w, [r, k, n], Begin { bias: Some(&bias), residual: Some(&residual) });
        close(&out, &(0..r * n).map(begun).collect::<Vec<_>>(), 1e-5);
        out.fill(7.0);
        others[0](&mut out, &x, &w, [r, k, n]);
        close(&out, &naive([r, k, n], |i, l| x[i * k + l], |l, j| w[j * k + l]), 1e-5);
        let mut out = vec![7.0; k * n];
        others[1](&mut out, &x, &y, [r, k, n]);
        close(&out, &naive([k, r, n], |i, l| x[l * k + i], |l, j| y[l * n + j]), 1e-5);
    }

    #[test]
    fn products_equal_their_f64_twins() {
        for shape in [[1, 1, 1], [4, 8, 8], [5, 3, 9], [12, 64, 65], [7, 600, 17], [530, 6, 5], [3, 16, 2]] {
            compare(matmul, [matmul_transposed, transposed_matmul], shape);
            compare(tiled::matmul, [tiled::matmul_transposed, tiled::transposed_matmul], shape);
        }
    }

    #[test]
    #[should_panic(expected = "lengths")]
    fn a_short_slice_is_refused() {
        matmul(&mut [0.0; 4], &[0.0; 3], &[0.0; 4], [2, 2, 2], Begin::default());
    }
}
