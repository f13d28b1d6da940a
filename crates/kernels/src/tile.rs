//! The tiles in which a GPU computes matrix products. What suits its registers and caches is measured, not
//! known: a session tries [`TILES`] on the adapter and tells the kernels with [`set_tiles`].

use std::sync::atomic::{AtomicUsize, Ordering};

/// How one thread computes its part of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its stored and displayed name: rows, columns, and steps or the method.
    pub name: &'static str,
    /// Rows per thread.
    pub(crate) rows: usize,
    /// Columns per thread, in fours.
    pub(crate) quads: usize,
    /// Steps of the sum that a thread takes at a time; none if a workgroup shares them through its memory.
    pub(crate) steps: Option<usize>,
}

/// Rows and columns of a workgroup that uses its memory.
pub(crate) const SHARED_SIDE: usize = 64;
/// Steps of the sum in a workgroup's memory.
pub(crate) const SHARED_STEPS: usize = 16;
/// The number of outputs from which a product counts as large.
const LARGE: usize = 1 << 16;

/// All tiles.
pub const TILES: [Tile; 4] = [
    Tile { name: "8x8x2", rows: 8, quads: 2, steps: Some(2) },
    Tile { name: "4x4x4", rows: 4, quads: 1, steps: Some(4) },
    Tile { name: "4x4 shared", rows: 4, quads: 1, steps: None },
    Tile { name: "8x8 shared", rows: 8, quads: 2, steps: None },
];

/// The first tile: used where the others do not fit, and everywhere until something is measured.
const COMMON: usize = 0;
static SMALL: AtomicUsize = AtomicUsize::new(COMMON);
static LARGER: AtomicUsize = AtomicUsize::new(COMMON);

impl Tile {
    /// The tile with a name.
    pub fn named(name: &str) -> Option<Self> {
        TILES.into_iter().find(|tile| tile.name == name)
    }

    /// Whether tiles cover a product of these sizes exactly.
    pub(crate) fn fits(&self, [m, n, k]: [usize; 3]) -> bool {
        let [rows, columns, steps] = match self.steps {
            Some(steps) => [self.rows, 4 * self.quads, steps],
            None => [SHARED_SIDE, SHARED_SIDE, SHARED_STEPS],
        };
        m.is_multiple_of(rows) && n.is_multiple_of(columns) && k.is_multiple_of(steps)
    }

    fn index(&self) -> usize {
        TILES.iter().position(|tile| tile == self).expect("there are no other tiles")
    }
}

/// From now on small products use tiles of one kind, large ones tiles of the other, where they fit. Applies
/// to the whole process, which has one GPU.
pub fn set_tiles(small: Tile, large: Tile) {
    SMALL.store(small.index(), Ordering::Relaxed);
    LARGER.store(large.index(), Ordering::Relaxed);
}

/// The tile for a product of [M, K] and [K, N]; none where no tile fits.
#[cfg_attr(not(feature = "gpu"), expect(dead_code, reason = "only a GPU makes tiles"))]
pub(crate) fn tile_for(mnk: [usize; 3]) -> Option<Tile> {
    let chosen = if mnk[0] * mnk[1] < LARGE { &SMALL } else { &LARGER };
    let chosen = TILES[chosen.load(Ordering::Relaxed)];
    [chosen, TILES[COMMON]].into_iter().find(|tile| tile.fits(mnk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_found_by_its_name() {
        TILES.into_iter().for_each(|tile| assert_eq!(Tile::named(tile.name), Some(tile)));
        assert_eq!(Tile::named("7x7"), None);
    }

    #[test]
    fn tiles_leave_no_rest() {
        let tile = |name| Tile::named(name).expect("it is one of them");
        assert!(tile("8x8x2").fits([16, 24, 2]) && !tile("8x8x2").fits([16, 20, 2]));
        assert!(tile("8x8 shared").fits([64, 128, 16]) && !tile("8x8 shared").fits([64, 128, 8]));
    }
}
