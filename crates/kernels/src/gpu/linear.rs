//! Matrix products in their three forms, with what is fused into them.

use super::elementwise::gelu_backward;
use super::launch::Launch;
use super::{Bind, COMMON, Reading, VECTORS, contiguous, empty, empty_like, empty_rows, rows};
use crate::linear::{LinearKernels, RowKind, RowOps};
use crate::norm::EPSILON;
use crate::record::Maybe;
use crate::tile::{SHARED_SIDE, Tile, tile_for};
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const TILED: &[&str] = &[COMMON, include_str!("product_put.wgsl"), include_str!("product.wgsl")];
const SHARED: &[&str] = &[COMMON, include_str!("product_put.wgsl"), include_str!("product_shared.wgsl")];
const ANY: &[&str] = &[COMMON, include_str!("product_any.wgsl")];
const ROW: &[&str] = &[COMMON, VECTORS, include_str!("product_row.wgsl")];
/// Threads of a workgroup in the kernel of a row.
const ROW_WIDTH: usize = 8;
/// The fewest threads for a row's product.
const ROW_THREADS: usize = 32;

/// Which of the factors is transposed.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// a [M, K], b [K, N].
    NN,
    /// a [M, K], b [N, K].
    NT,
    /// a [K, M], b [K, N].
    TN,
}

/// A product and what is fused into it.
struct Product<'a> {
    a: &'a CubeTensor,
    b: &'a CubeTensor,
    y: &'a CubeTensor,
    form: Form,
    mnk: [usize; 3],
    bias: Option<&'a CubeTensor>,
    residual: Option<&'a CubeTensor>,
    /// Receives the input of GELU.
    pre: Option<&'a CubeTensor>,
    /// Receives the sums of b's columns.
    sums: Option<&'a CubeTensor>,
}

impl<'a> Product<'a> {
    fn new(a: &'a CubeTensor, b: &'a CubeTensor, y: &'a CubeTensor, form: Form, mnk: [usize; 3]) -> Self {
        Self { a, b, y, form, mnk, bias: None, residual: None, pre: None, sums: None }
    }

    fn run(self) {
        if let Some(tile) = tile_for(self.mnk) {
            self.run_tiled(tile);
        } else if self.mnk[0] == 1 && self.form != Form::TN && self.pre.is_none() && self.sums.is_none() {
            self.run_row(None, false);
        } else {
            self.run_any();
        }
    }

    fn run_any(self) {
        let [m, n, k] = self.mnk;
        Launch::new("product of any size", ANY)
            .constant("N", n)
            .constant("K", k)
            .constant(self.form.flag(), 1)
            .read("a", self.a)
            .read("b", self.b)
            .maybe(Launch::read, "bias", self.bias)
            .maybe(Launch::read, "residual", self.residual)
            .maybe(Launch::write, "pre", self.pre)
            .maybe(Launch::write, "sums", self.sums)
            .write("y", self.y)
            .sizes(&[m])
            .run_flat(m.div_ceil(4) * n.div_ceil(4));
    }

    fn run_tiled(self, tile: Tile) {
        let [m, n, k] = self.mnk;
        let Tile { rows, quads, steps, .. } = tile;
        let launch = Launch::new("product", if steps.is_some() { TILED } else { SHARED })
            .constant("M", m)
            .constant("N", n)
            .constant("K", k)
            .constant("ROWS", rows)
            .constant("QUADS", quads)
            .constant(self.form.flag(), 1);
        let (launch, groups) = match steps {
            Some(steps) => {
                let threads = m * n / (rows * 4 * quads);
                // Enough workgroups for every core even with few tiles.
                let width = (threads / 16).next_power_of_two().clamp(4, 64);
                let launch = launch.constant("WIDTH", width).constant("STEPS", steps);
                (launch.constant("ROW_QUADS", rows / 4), threads.div_ceil(width))
            }
            None => (launch, m * n / (SHARED_SIDE * SHARED_SIDE)),
        };
        // The operands along the sum are read as many numbers at a time as there are steps.
        let along: Bind = if steps == Some(2) { Launch::read2 } else { Launch::read4 };
        let (of_a, of_b): (Bind, Bind) = match self.form {
            Form::NN => (along, Launch::read4),
            Form::NT => (along, along),
            Form::TN => (Launch::read4, Launch::read4),
        };
        of_b(of_a(launch, "a", self.a), "b", self.b)
            .maybe(Launch::read4, "bias", self.bias)
            .maybe(Launch::read4, "residual", self.residual)
            .maybe(Launch::write4, "pre", self.pre)
            .maybe(Launch::write4, "sums", self.sums)
            .write4("y", self.y)
            .fixed()
            .run_rows(groups);
    }

    /// One row, normalised first if there is a norm (weight, bias, centred).
    fn run_row(self, norm: Option<(&'a CubeTensor, Option<&'a CubeTensor>, bool)>, gelu: bool) {
        let [_, n, k] = self.mnk;
        // Vectors run along the weights' rows: the outputs of NN, the inputs of NT.
        let along_k = self.form == Form::NT;
        let Reading { read, write, width } = Reading::of(if along_k { k } else { n });
        let (depth, out) = if along_k { (k / width, n) } else { (k, n / width) };
        let (of_k, of_n): (Bind, Bind) = if along_k { (read, Launch::read) } else { (Launch::read, read) };
        let put: Bind = if along_k { Launch::write } else { write };
        let cols = if norm.is_some() { shared_columns(out) } else { 1 };
        let launch = Launch::new("product of a row", ROW)
            .number("EPSILON", EPSILON)
            .constant("K", k)
            .constant("DEPTH", depth)
            .constant("OUT", out)
            .constant("COLS", cols)
            .constant(self.form.flag(), 1)
            .flag("FOURS", width == 4)
            .flag("GELU", gelu)
            .flag("GELU4", gelu && width == 4 && !along_k)
            .flag("GELU1", gelu && (width == 1 || along_k))
            .flag("CENTRED", norm.is_some_and(|(_, _, centred)| centred));
        let launch = read(of_k(launch, "a", self.a), "b", self.b)
            .maybe(of_k, "norm_weight", norm.map(|(weight, _, _)| weight))
            .maybe(of_k, "norm_bias", norm.and_then(|(_, bias, _)| bias))
            .maybe(of_n, "bias", self.bias)
            .maybe(of_n, "residual", self.residual);
        put(launch, "y", self.y).fixed().run_rows((out / cols).div_ceil(ROW_WIDTH));
    }
}

impl Form {
    fn flag(self) -> &'static str {
        match self {
            Self::NN => "NN",
            Self::NT => "NT",
            Self::TN => "TN",
        }
    }
}

/// Outputs that a thread computes from a row that it must normalise first: as many as leave enough threads.
fn shared_columns(out: usize) -> usize {
    [4, 2].into_iter().find(|cols| out.is_multiple_of(*cols) && out / cols >= ROW_THREADS).unwrap_or(1)
}

impl LinearKernels for CubeBackend {
    fn forward(
        x: &CubeTensor,
        weight: &CubeTensor,
        bias: Option<&CubeTensor>,
        residual: Option<&CubeTensor>,
    ) -> CubeTensor {
        let (x, weight) = (contiguous(x), contiguous(weight));
        let [bias, residual] = [bias, residual].map(|tensor| tensor.map(contiguous));
        let ([r, k], n) = (rows(&x), weight.meta.shape()[1]);
        let y = empty_rows(&x, n);
        let product = Product::new(&x, &weight, &y, Form::NN, [r, n, k]);
        Product { bias: bias.as_ref(), residual: residual.as_ref(), ..product }.run();
        y
    }

    fn backward(x: &CubeTensor, weight: &CubeTensor, bias: bool, dy: CubeTensor) -> Vec<CubeTensor> {
        let (x, weight, dy) = (contiguous(x), contiguous(weight), contiguous(&dy));
        let ([r, k], n) = (rows(&x), weight.meta.shape()[1]);
        let (dx, dw) = (empty_like(&x), empty_like(&weight));
        let db = bias.then(|| empty(&dy, [n]));
        Product::new(&dy, &weight, &dx, Form::NT, [r, k, n]).run();
        Product { sums: db.as_ref(), ..Product::new(&x, &dy, &dw, Form::TN, [k, n, r]) }.run();
        [dx, dw].into_iter().chain(db).collect()
    }

    fn gelu_forward(x: &CubeTensor, weight: &CubeTensor, bias: Option<&CubeTensor>) -> [CubeTensor; 2] {
        let (x, weight, bias) = (contiguous(x), contiguous(weight), bias.map(contiguous));
        let ([r, k], n) = (rows(&x), weight.meta.shape()[1]);
        let (y, pre) = (empty_rows(&x, n), empty_rows(&x, n));
        let product = Product::new(&x, &weight, &y, Form::NN, [r, n, k]);
        Product { bias: bias.as_ref(), pre: Some(&pre), ..product }.run();
        [y, pre]
    }

    fn gelu_backward(pre: CubeTensor, dy: CubeTensor) -> CubeTensor {
        gelu_backward(&contiguous(&pre), &contiguous(&dy))
    }

    fn unembed_forward(x: &CubeTensor, weight: &CubeTensor) -> CubeTensor {
        let (x, weight) = (contiguous(x), contiguous(weight));
        let ([r, c], v) = (rows(&x), weight.meta.shape()[0]);
        let y = empty_rows(&x, v);
        Product::new(&x, &weight, &y, Form::NT, [r, v, c]).run();
        y
    }

    fn unembed_backward(x: &CubeTensor, weight: &CubeTensor, dy: CubeTensor) -> Vec<CubeTensor> {
        let (x, weight, dy) = (contiguous(x), contiguous(weight), contiguous(&dy));
        let ([r, c], v) = (rows(&x), weight.meta.shape()[0]);
        let (dx, dw) = (empty_like(&x), empty_like(&weight));
        Product::new(&dy, &weight, &dx, Form::NN, [r, c, v]).run();
        Product::new(&dy, &x, &dw, Form::TN, [v, c, r]).run();
        vec![dx, dw]
    }
}

impl RowOps for CubeBackend {
    fn row(
        x: CubeTensor,
        norm_weight: CubeTensor,
        norm_bias: Maybe<Self>,
        centred: bool,
        weight: CubeTensor,
        bias: Maybe<Self>,
        kind: RowKind,
    ) -> CubeTensor {
        let [x, norm_weight, weight] = [&x, &norm_weight, &weight].map(contiguous);
        let [norm_bias, bias] = [norm_bias, bias].map(|tensor| tensor.option().as_ref().map(contiguous));
        let (form, n) = match kind {
            RowKind::Unembed => (Form::NT, weight.meta.shape()[0]),
            RowKind::Linear | RowKind::Gelu => (Form::NN, weight.meta.shape()[1]),
        };
        let y = empty_rows(&x, n);
        let product = Product::new(&x, &weight, &y, form, [1, n, rows(&x)[1]]);
        let norm = Some((&norm_weight, norm_bias.as_ref(), centred));
        Product { bias: bias.as_ref(), ..product }.run_row(norm, kind == RowKind::Gelu);
        y
    }
}
