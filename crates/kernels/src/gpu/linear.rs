//! Products of matrices in their three forms, with what is fused into them.

use super::elementwise::gelu_backward;
use super::launch::Launch;
use super::{COMMON, contiguous, empty, empty_like, empty_rows, rows};
use crate::linear::LinearKernels;
use burn_cubecl::CubeBackend;
use burn_cubecl::tensor::CubeTensor;

const SOURCE: &[&str] = &[COMMON, include_str!("linear.wgsl")];

/// Which of the factors lies transposed.
#[derive(Clone, Copy)]
enum Form {
    /// a [M, K], b [K, N].
    NN,
    /// a [M, K], b [N, K].
    NT,
    /// a [K, M], b [K, N].
    TN,
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

/// What is added to a product before it is written.
#[derive(Default)]
struct Extras<'a> {
    bias: Option<&'a CubeTensor>,
    residual: Option<&'a CubeTensor>,
    pre: Option<&'a CubeTensor>,
}

fn product(a: &CubeTensor, b: &CubeTensor, y: &CubeTensor, form: Form, mnk: [usize; 3], extras: Extras) {
    Launch::new("product", SOURCE)
        .constant(form.flag(), 1)
        .read("a", a)
        .read("b", b)
        .maybe("bias", extras.bias)
        .maybe("residual", extras.residual)
        .maybe_write("pre", extras.pre)
        .write("y", y)
        .sizes(&mnk)
        .run_flat(mnk[0] * mnk[1]);
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
        let extras = Extras { bias: bias.as_ref(), residual: residual.as_ref(), pre: None };
        product(&x, &weight, &y, Form::NN, [r, n, k], extras);
        y
    }

    fn backward(x: &CubeTensor, weight: &CubeTensor, bias: bool, dy: CubeTensor) -> Vec<CubeTensor> {
        let (x, weight, dy) = (contiguous(x), contiguous(weight), contiguous(&dy));
        let ([r, k], n) = (rows(&x), weight.meta.shape()[1]);
        let (dx, dw) = (empty_like(&x), empty_like(&weight));
        product(&dy, &weight, &dx, Form::NT, [r, k, n], Extras::default());
        product(&x, &dy, &dw, Form::TN, [k, n, r], Extras::default());
        let db = bias.then(|| {
            let db = empty(&dy, [n]);
            Launch::new("column_sums", &[COMMON, include_str!("column_sums.wgsl")])
                .read("x", &dy)
                .write("y", &db)
                .sizes(&[r, n])
                .run_flat(n);
            db
        });
        [dx, dw].into_iter().chain(db).collect()
    }

    fn gelu_forward(x: &CubeTensor, weight: &CubeTensor, bias: Option<&CubeTensor>) -> [CubeTensor; 2] {
        let (x, weight, bias) = (contiguous(x), contiguous(weight), bias.map(contiguous));
        let ([r, k], n) = (rows(&x), weight.meta.shape()[1]);
        let (y, pre) = (empty_rows(&x, n), empty_rows(&x, n));
        let extras = Extras { bias: bias.as_ref(), residual: None, pre: Some(&pre) };
        product(&x, &weight, &y, Form::NN, [r, n, k], extras);
        [y, pre]
    }

    fn gelu_backward(pre: CubeTensor, dy: CubeTensor) -> CubeTensor {
        gelu_backward(&contiguous(&pre), &contiguous(&dy))
    }

    fn unembed_forward(x: &CubeTensor, weight: &CubeTensor) -> CubeTensor {
        let (x, weight) = (contiguous(x), contiguous(weight));
        let ([r, c], v) = (rows(&x), weight.meta.shape()[0]);
        let y = empty_rows(&x, v);
        product(&x, &weight, &y, Form::NT, [r, v, c], Extras::default());
        y
    }

    fn unembed_backward(x: &CubeTensor, weight: &CubeTensor, dy: CubeTensor) -> Vec<CubeTensor> {
        let (x, weight, dy) = (contiguous(x), contiguous(weight), contiguous(&dy));
        let ([r, c], v) = (rows(&x), weight.meta.shape()[0]);
        let (dx, dw) = (empty_like(&x), empty_like(&weight));
        product(&dy, &weight, &dx, Form::NN, [r, c, v], Extras::default());
        product(&dy, &x, &dw, Form::TN, [v, c, r], Extras::default());
        vec![dx, dw]
    }
}
