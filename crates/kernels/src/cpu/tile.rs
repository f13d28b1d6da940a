//! The register tile behind every product here: 4 rows of `a` times a panel of 8 columns of `b`. 4 x 8 sums
//! are 8 vectors of 4; with 2 of `b`, 1 of `a` and 1 of products they stay in the 16 registers that a
//! WebAssembly engine has on x86-64 (Goto and van de Geijn, Anatomy of High-Performance Matrix
//! Multiplication, 2008).

use std::array::from_fn;

/// Rows of a tile.
pub(crate) const ROWS: usize = 4;
/// Columns of a tile, and of a panel.
pub(crate) const COLS: usize = 8;

/// The sums of a tile.
pub(crate) type Tile = [[f32; COLS]; ROWS];

/// The initial value of a sum that is not added to anything.
pub(crate) const ZERO: Tile = [[0.0; COLS]; ROWS];

/// `tile[i][j] += sum over k of a[i][k] panel[k][j]`: four rows [K] against a panel [K, 8].
///
/// Not unrolled further: LLVM would gather the steps by sum, and V8 would spill (half the speed is lost).
#[inline(always)]
pub(crate) fn rows(mut tile: Tile, a: [&[f32]; ROWS], panel: &[f32]) -> Tile {
    let [a0, a1, a2, a3] = a;
    let (panel, _) = panel.as_chunks::<COLS>();
    for ((((a0, a1), a2), a3), b) in a0.iter().zip(a1).zip(a2).zip(a3).zip(panel) {
        step(&mut tile, [*a0, *a1, *a2, *a3], b);
    }
    tile
}

/// `tile[i][j] += sum over k of a[k][i] panel[k][j]`: four columns against a panel [K, 8].
#[inline(always)]
pub(crate) fn columns<'a>(mut tile: Tile, a: impl Iterator<Item = &'a [f32; ROWS]>, panel: &[f32]) -> Tile {
    for (a, b) in a.zip(panel.as_chunks::<COLS>().0) {
        step(&mut tile, *a, b);
    }
    tile
}

/// One rank-1 update.
#[inline(always)]
fn step(tile: &mut Tile, a: [f32; ROWS], b: &[f32; COLS]) {
    for (row, a) in tile.iter_mut().zip(a) {
        for (sum, b) in row.iter_mut().zip(b) {
            *sum += a * b;
        }
    }
}

/// The tile at the corner of `from`, whose rows are `width` apart; `rows` x `cols` of it are inside.
#[inline(always)]
pub(crate) fn load(from: &[f32], width: usize, rows: usize, cols: usize) -> Tile {
    if rows >= ROWS && cols >= COLS {
        return from_fn(|i| *from[i * width..].first_chunk().expect("a whole row of a tile"));
    }
    let mut tile = ZERO;
    edge(&mut tile, rows, cols, |sum, i, j| *sum = from[i * width + j]);
    tile
}

/// Writes a tile over the corner of `out`; the counterpart of [`load`].
#[inline(always)]
pub(crate) fn put(out: &mut [f32], width: usize, tile: &Tile, rows: usize, cols: usize) {
    if rows >= ROWS && cols >= COLS {
        for (i, sums) in tile.iter().enumerate() {
            out[i * width..][..COLS].copy_from_slice(sums);
        }
    } else {
        edge(&mut { *tile }, rows, cols, |sum, i, j| out[i * width + j] = *sum);
    }
}

/// The inner part of a tile that reaches beyond the matrix; a separate function, so that whole tiles stay in
/// registers.
#[inline(never)]
fn edge(tile: &mut Tile, rows: usize, cols: usize, mut visit: impl FnMut(&mut f32, usize, usize)) {
    for (i, row) in tile.iter_mut().enumerate().take(rows) {
        row.iter_mut().enumerate().take(cols).for_each(|(j, sum)| visit(sum, i, j));
    }
}

/// Packs columns of `b`, whose rows are `width` apart, into a panel [K, W]; columns from `cols` on are zero.
#[inline(always)]
pub(crate) fn pack<const W: usize>(panel: &mut [f32], b: &[f32], width: usize, cols: usize) {
    for (to, from) in panel.as_chunks_mut::<W>().0.iter_mut().zip(b.chunks(width)) {
        match from.first_chunk::<W>() {
            Some(from) if cols >= W => *to = *from,
            _ => *to = from_fn(|j| if j < cols { from[j] } else { 0.0 }),
        }
    }
}

/// Packs rows of `b`, which are `width` apart, as the columns of a panel [K, 8]; columns from `cols` on are zero.
#[inline(always)]
pub(crate) fn pack_transposed(panel: &mut [f32], b: &[f32], width: usize, cols: usize) {
    let (panel, _) = panel.as_chunks_mut::<COLS>();
    let rows: [&[f32]; COLS] = from_fn(|j| &b[j.min(cols - 1) * width..][..panel.len()]);
    for (k, to) in panel.iter_mut().enumerate() {
        *to = from_fn(|j| if j < cols { rows[j][k] } else { 0.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_kernels_agree_and_edges_stay_inside() {
        let a: Vec<f32> = (0..12).map(|x| x as f32).collect(); // [4, 3]
        let b: Vec<f32> = (0..15).map(|x| 0.5 * x as f32 - 3.0).collect(); // [3, 5]
        let (mut panel, mut other) = ([9.0; 24], [9.0; 24]);
        pack::<COLS>(&mut panel, &b, 5, 5);
        let transposed: Vec<f32> = (0..15).map(|x| b[x % 3 * 5 + x / 3]).collect(); // [5, 3]
        pack_transposed(&mut other, &transposed, 3, 5);
        assert_eq!(panel, other);
        let tile = rows(ZERO, from_fn(|i| &a[3 * i..][..3]), &panel);
        let columns_of_a: Vec<f32> = (0..12).map(|x| a[x % 4 * 3 + x / 4]).collect(); // [3, 4]
        assert_eq!(tile, columns(ZERO, columns_of_a.as_chunks().0.iter(), &panel));
        let mut out = [1.0; 20];
        let sums = rows(load(&out, 5, 3, 4), from_fn(|i| &a[3 * i..][..3]), &panel);
        put(&mut out, 5, &sums, 3, 4);
        assert_eq!(out[4], 1.0);
        assert_eq!(out[15..], [1.0; 5]);
        assert_eq!(out[5], 1.0 + 3.0 * b[0] + 4.0 * b[5] + 5.0 * b[10]);
        put(&mut out, 5, &tile, 4, 5);
        assert_eq!(out[19], 9.0 * b[4] + 10.0 * b[9] + 11.0 * b[14]);
    }
}
