//! One token's way through a model on the CPU, over numbers in place: making and moving a tensor takes longer
//! than a small model's computation with it (docs/PERFORMANCE.md), so none is made here. The computations of
//! the steps are in the other files.

use super::attention::QkvShape;
use super::{activation, cached, gemv, linear, norm, rotary};
use crate::attention::Heads;
use crate::cpu::tensors::{numbers, row_tensor, rows, zeros};
use crate::linear::RowOps;
use crate::linear::{Map, Norm, RowKind};
use crate::record::Maybe;
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::Tensor;
use std::ops::{Deref, DerefMut};

/// The f32 values of a tensor on the CPU, contiguous. A clone shares them until one of the two is written to.
#[derive(Clone, Debug)]
pub struct Numbers(FlexTensor);

impl Numbers {
    /// Those of a tensor that tracks no gradients; none if it is on a GPU.
    pub fn of<const D: usize>(tensor: Tensor<D>) -> Option<Self> {
        tensor.try_into_primitive::<Flex>().ok().map(Self::from)
    }

    /// The tensor that they were taken from.
    pub fn into_tensor<const D: usize>(self) -> Tensor<D> {
        Tensor::from_primitive::<Flex>(self.0)
    }

    /// The length of an axis.
    fn axis(&self, axis: usize) -> usize {
        self.0.shape()[axis]
    }
}

impl From<FlexTensor> for Numbers {
    fn from(tensor: FlexTensor) -> Self {
        Self(if tensor.as_slice::<f32>().is_some() { tensor } else { tensor.to_contiguous() })
    }
}

impl Deref for Numbers {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        self.0.as_slice().expect("contiguous since it was taken")
    }
}

impl DerefMut for Numbers {
    fn deref_mut(&mut self) -> &mut [f32] {
        let (start, end) = self.0.layout().contiguous_offsets().expect("contiguous since it was taken");
        &mut self.0.storage_mut()[start..end]
    }
}

/// [`Norm`] of one row.
pub struct RowNorm {
    pub(super) weight: Numbers,
    pub(super) bias: Option<Numbers>,
    pub(super) centred: bool,
}

impl RowNorm {
    /// The norm with its weights in place; none if they are on a GPU.
    pub fn of(norm: Norm) -> Option<Self> {
        let weight = Numbers::of(norm.weight)?;
        Some(Self { weight, bias: norm.bias.and_then(Numbers::of), centred: norm.centred })
    }

    /// `y[C]` of `x[C]`.
    #[inline(never)]
    pub fn apply(&self, y: &mut [f32], x: &[f32]) {
        let statistics: [&mut [f32]; 2] = [&mut [0.0], &mut [0.0]];
        norm::norm(y, statistics, x, &self.weight, self.bias.as_deref(), self.centred);
    }
}

/// [`Map`] of one row.
pub struct RowMap {
    pub(super) weight: Numbers,
    pub(super) bias: Option<Numbers>,
    pub(super) kind: RowKind,
}

impl RowMap {
    /// The map with its weights in place; none if they are on a GPU.
    pub fn of(map: Map) -> Option<Self> {
        let (weight, bias, kind) = map.into_parts();
        Some(Self { weight: Numbers::of(weight)?, bias: bias.and_then(Numbers::of), kind })
    }

    /// Numbers of an output row, N.
    pub fn width(&self) -> usize {
        self.weight.axis(usize::from(self.kind != RowKind::Unembed))
    }

    /// `y[N]` of `x[K]`.
    #[inline(never)]
    pub fn apply(&self, y: &mut [f32], x: &[f32]) {
        let shape = [1, x.len(), y.len()];
        match self.kind {
            RowKind::Unembed => linear::tied_head(y, x, &self.weight, shape),
            _ => linear::linear(y, x, &self.weight, self.bias.as_deref(), None, shape),
        }
        if self.kind == RowKind::Gelu {
            let pre = y.to_vec();
            activation::gelu(y, &pre);
        }
    }

    /// `y[N] += x[K] W + b`.
    #[inline(never)]
    pub fn add(&self, y: &mut [f32], x: &[f32]) {
        assert_eq!(self.weight.len(), x.len() * y.len(), "a map's weights must be those of its rows");
        if let Some(bias) = &self.bias {
            y.iter_mut().zip(&**bias).for_each(|(y, bias)| *y += bias);
        }
        gemv::matmul(y, x, &self.weight);
    }
}

fn one_row(heads: Heads) -> QkvShape {
    QkvShape { batch: 1, tokens: 1, heads: heads.n_head, kv_heads: heads.n_kv_head, d: heads.d_head }
}

/// [`crate::embedding`] of one token at `place`, to `x[C]`.
pub fn embed(x: &mut [f32], id: u32, tokens: &[f32], positions: Option<&[f32]>, place: usize) {
    super::embedding::embed(x, &[id], tokens, positions, 1, place);
}

/// [`crate::rotary`] of one row `qkv[(H + 2 H_kv) D]` at `place`; the tables are [context, D].
#[inline(never)]
pub fn rotate(qkv: &mut [f32], cos: &[f32], sin: &[f32], heads: Heads, place: usize) {
    rotary::rotate(qkv, [cos, sin], &one_row(heads), place, false);
}

/// [`crate::attention_cached`] of one row at `place`, to `out[H D]`; keys and values are [H_kv, context, D].
pub fn attend(
    out: &mut [f32],
    qkv: &[f32],
    keys: &mut [f32],
    values: &mut [f32],
    heads: Heads,
    place: usize,
) {
    cached::append(keys, values, qkv, &one_row(heads), place);
    cached::attend(out, qkv, keys, values, &one_row(heads), place);
}

/// [`crate::swiglu`] of one row, `y = silu(gate) y`.
#[inline(never)]
pub fn swiglu(y: &mut [f32], gate: &[f32]) {
    let up = y.to_vec();
    activation::swiglu(y, gate, &up);
}

impl RowOps for Flex {
    fn row(
        x: FlexTensor,
        norm_weight: FlexTensor,
        norm_bias: Maybe<Self>,
        centred: bool,
        weight: FlexTensor,
        bias: Maybe<Self>,
        kind: RowKind,
    ) -> FlexTensor {
        let norm =
            RowNorm { weight: norm_weight.into(), bias: norm_bias.option().map(Numbers::from), centred };
        let map = RowMap { weight: weight.into(), bias: bias.option().map(Numbers::from), kind };
        let [_, c] = rows(&x);
        let (mut normed, mut y) = (zeros(c), zeros(map.width()));
        norm.apply(&mut normed, &numbers(&x));
        map.apply(&mut y, &normed);
        row_tensor(y, &x, map.width())
    }
}
