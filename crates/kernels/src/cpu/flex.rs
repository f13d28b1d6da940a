//! The slices' functions as kernels of burn's CPU backend: tensors to slices and back, shapes checked by neither twice.

use super::row::{Numbers, RowMap, RowNorm};
use super::{activation, adamw, attention, cached, embedding, linear, loss, math, norm};
use crate::adamw::{AdamWOps, Flatten};
use crate::attention::{AttentionKernels, CacheOps, Heads};
use crate::cross_entropy::CrossEntropyKernels;
use crate::dropout::Dropout;
use crate::elementwise::ElementwiseKernels;
use crate::embedding::EmbeddingKernels;
use crate::linear::{LinearKernels, RowKind, RowOps};
use crate::norm::NormKernels;
use crate::record::Maybe;
use crate::start::Place;
use attention::Packed;
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape};
use std::borrow::Cow;

/// A tensor's numbers one after another; copied only where they lie otherwise.
fn numbers(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice::<f32>() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(tensor.to_contiguous().storage::<f32>().to_vec()),
    }
}

/// A tensor's ids.
fn ids(tensor: &FlexTensor) -> Vec<u32> {
    let tensor = tensor.to_contiguous();
    match tensor.dtype() {
        DType::I64 => tensor.as_slice::<i64>().expect("contiguous").iter().map(|id| *id as u32).collect(),
        _ => tensor.as_slice::<i32>().expect("contiguous").iter().map(|id| *id as u32).collect(),
    }
}

/// Where the first token stands.
fn known(start: &Place<Flex>) -> usize {
    let (place, cursor) = start.parts();
    cursor.map_or(place, |cursor| ids(cursor)[0] as usize)
}

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape.into()), DType::F32)
}

/// A tensor with the leading axes of `like` and a last axis of `width`.
fn row_tensor(values: Vec<f32>, like: &FlexTensor, width: usize) -> FlexTensor {
    let mut shape = like.shape();
    let last = shape.num_dims() - 1;
    shape[last] = width;
    tensor(values, shape)
}

/// The number of rows, and the length of the last axis.
fn rows(tensor: &FlexTensor) -> [usize; 2] {
    let shape = tensor.shape();
    let width = shape[shape.num_dims() - 1];
    [shape.num_elements() / width, width]
}

fn zeros(len: usize) -> Vec<f32> {
    vec![0.0; len]
}

impl LinearKernels for Flex {
    fn forward(
        x: &FlexTensor,
        weight: &FlexTensor,
        bias: Option<&FlexTensor>,
        residual: Option<&FlexTensor>,
    ) -> FlexTensor {
        let ([r, k], n) = (rows(x), weight.shape()[1]);
        let (bias, residual) = (bias.map(numbers), residual.map(numbers));
        let mut y = zeros(r * n);
        linear::linear(
            &mut y,
            &numbers(x),
            &numbers(weight),
            bias.as_deref(),
            residual.as_deref(),
            [r, k, n],
        );
        row_tensor(y, x, n)
    }

    fn backward(x: &FlexTensor, weight: &FlexTensor, bias: bool, dy: FlexTensor) -> Vec<FlexTensor> {
        let ([r, k], n) = (rows(x), weight.shape()[1]);
        let (mut dx, mut dw, mut db) = (zeros(r * k), zeros(k * n), bias.then(|| zeros(n)));
        let dy = numbers(&dy);
        linear::linear_dx(&mut dx, &dy, &numbers(weight), [r, k, n]);
        linear::linear_dw(&mut dw, db.as_deref_mut(), &numbers(x), &dy, [r, k, n]);
        let db = db.map(|db| tensor(db, [n]));
        [tensor(dx, x.shape()), tensor(dw, [k, n])].into_iter().chain(db).collect()
    }

    fn gelu_forward(x: &FlexTensor, weight: &FlexTensor, bias: Option<&FlexTensor>) -> [FlexTensor; 2] {
        let pre = Self::forward(x, weight, bias, None);
        let mut y = zeros(pre.shape().num_elements());
        activation::gelu(&mut y, &numbers(&pre));
        [tensor(y, pre.shape()), pre]
    }

    fn gelu_backward(pre: FlexTensor, dy: FlexTensor) -> FlexTensor {
        let mut dx = numbers(&dy).into_owned();
        activation::gelu_backward(&mut dx, &numbers(&pre));
        tensor(dx, pre.shape())
    }

    fn unembed_forward(x: &FlexTensor, weight: &FlexTensor) -> FlexTensor {
        let ([r, c], v) = (rows(x), weight.shape()[0]);
        let mut logits = zeros(r * v);
        linear::tied_head(&mut logits, &numbers(x), &numbers(weight), [r, c, v]);
        row_tensor(logits, x, v)
    }

    fn unembed_backward(x: &FlexTensor, weight: &FlexTensor, dy: FlexTensor) -> Vec<FlexTensor> {
        let ([r, c], v) = (rows(x), weight.shape()[0]);
        let (mut dx, mut dw) = (zeros(r * c), zeros(v * c));
        linear::tied_head_backward(&mut dx, &mut dw, &numbers(&dy), &numbers(x), &numbers(weight), [r, c, v]);
        vec![tensor(dx, x.shape()), tensor(dw, [v, c])]
    }
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

impl NormKernels for Flex {
    fn norm_forward(
        x: &FlexTensor,
        weight: &FlexTensor,
        bias: Option<&FlexTensor>,
        centred: bool,
    ) -> [FlexTensor; 2] {
        let [r, c] = rows(x);
        let (mut y, mut statistics) = (zeros(r * c), zeros(2 * r));
        let (mean, deviation) = statistics.split_at_mut(r);
        let bias = bias.map(numbers);
        norm::norm(&mut y, [mean, deviation], &numbers(x), &numbers(weight), bias.as_deref(), centred);
        [tensor(y, x.shape()), tensor(statistics, [2, r])]
    }

    fn norm_backward(saved: &crate::norm::Saved<Self>, dy: FlexTensor) -> Vec<FlexTensor> {
        let [r, c] = rows(&saved.x);
        let (mut dx, mut dweight, mut dbias) = (zeros(r * c), zeros(c), saved.bias.then(|| zeros(c)));
        let (x, weight, dy) = (numbers(&saved.x), numbers(&saved.weight), numbers(&dy));
        let statistics = numbers(&saved.statistics);
        let (mean, deviation) = statistics.split_at(r);
        if saved.centred {
            let parts = [mean, deviation];
            norm::layer_norm_backward(&mut dx, &mut dweight, dbias.as_deref_mut(), &dy, &x, parts, &weight);
        } else {
            norm::rms_norm_backward(&mut dx, &mut dweight, &dy, &x, deviation, &weight);
        }
        let dbias = dbias.map(|dbias| tensor(dbias, [c]));
        [tensor(dx, saved.x.shape()), tensor(dweight, [c])].into_iter().chain(dbias).collect()
    }
}

fn packed(qkv: &FlexTensor, heads: Heads) -> Packed {
    let [batch, tokens, _] = qkv.shape().dims::<3>();
    Packed { batch, tokens, heads: heads.n_head, kv_heads: heads.n_kv_head, d: heads.d_head }
}

impl AttentionKernels for Flex {
    fn attention_forward(qkv: &FlexTensor, heads: Heads, dropout: Dropout) -> [FlexTensor; 2] {
        let sizes = packed(qkv, heads);
        let [b, h, t] = [sizes.batch, sizes.heads, sizes.tokens];
        let (mut y, mut logsumexp) = (zeros(b * t * heads.width()), zeros(b * h * t));
        attention::attention(&mut y, &mut logsumexp, &numbers(qkv), &sizes, dropout);
        [tensor(y, [b, t, heads.width()]), tensor(logsumexp, [b, h, t])]
    }

    fn attention_backward(saved: &crate::attention::Saved<Self>, dy: FlexTensor) -> FlexTensor {
        let sizes = packed(&saved.qkv, saved.heads);
        let mut dqkv = zeros(saved.qkv.shape().num_elements());
        let (y, logsumexp, qkv) = (numbers(&saved.y), numbers(&saved.logsumexp), numbers(&saved.qkv));
        let kept: [&[f32]; 3] = [&y, &logsumexp, &qkv];
        attention::attention_backward(&mut dqkv, &numbers(&dy), kept, &sizes, saved.dropout);
        tensor(dqkv, saved.qkv.shape())
    }
}

impl CacheOps for Flex {
    fn attention_cached(
        qkv: FlexTensor,
        mut keys: FlexTensor,
        mut values: FlexTensor,
        heads: Heads,
        start: Place<Self>,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let (sizes, start) = (packed(&qkv, heads), known(&start));
        let mut y = zeros(sizes.tokens * heads.width());
        let numbers = numbers(&qkv);
        cached::append(keys.storage_mut(), values.storage_mut(), &numbers, &sizes, start);
        cached::attend(&mut y, &numbers, keys.storage(), values.storage(), &sizes, start);
        (tensor(y, [1, sizes.tokens, heads.width()]), keys, values)
    }

    fn attention_weights(qkv: FlexTensor, keys: Maybe<Self>, heads: Heads, start: usize) -> FlexTensor {
        let sizes = packed(&qkv, heads);
        let keys = keys.option();
        let keys = keys.as_ref().map(numbers);
        let mut weights = zeros(sizes.batch * sizes.heads * sizes.tokens * (start + sizes.tokens));
        cached::weights(&mut weights, &numbers(&qkv), keys.as_deref(), &sizes, start);
        tensor(weights, [sizes.batch, sizes.heads, sizes.tokens, start + sizes.tokens])
    }
}

impl EmbeddingKernels for Flex {
    fn embedding_forward(
        tokens: &FlexTensor,
        positions: Option<&FlexTensor>,
        places: &FlexTensor,
        start: &Place<Self>,
    ) -> FlexTensor {
        let ([b, t], c) = (places.shape().dims::<2>(), tokens.shape()[1]);
        let mut y = zeros(b * t * c);
        let positions = positions.map(numbers);
        embedding::embed(&mut y, &ids(places), &numbers(tokens), positions.as_deref(), t, known(start));
        tensor(y, [b, t, c])
    }

    fn embedding_backward(saved: &crate::embedding::Saved<Self>, dy: FlexTensor) -> Vec<FlexTensor> {
        let [_, t, c] = dy.shape().dims::<3>();
        let mut dtokens = zeros(saved.tokens * c);
        let mut dpositions = zeros(saved.positions * c);
        let seen = (saved.positions > 0).then(|| &mut dpositions[saved.start * c..]);
        embedding::embed_backward(&mut dtokens, seen, &numbers(&dy), &ids(&saved.ids), t);
        let dpositions = (saved.positions > 0).then(|| tensor(dpositions, [saved.positions, c]));
        [tensor(dtokens, [saved.tokens, c])].into_iter().chain(dpositions).collect()
    }
}

impl CrossEntropyKernels for Flex {
    fn cross_entropy_forward(logits: &FlexTensor, targets: &FlexTensor) -> [FlexTensor; 2] {
        let [r, _] = rows(logits);
        let mut logsumexp = zeros(r);
        let mean = loss::cross_entropy(&mut logsumexp, &numbers(logits), &ids(targets));
        [tensor(vec![mean], [1]), tensor(logsumexp, [r])]
    }

    fn cross_entropy_backward(
        logits: FlexTensor,
        targets: FlexTensor,
        logsumexp: FlexTensor,
        dy: FlexTensor,
    ) -> FlexTensor {
        let mut dlogits = zeros(logits.shape().num_elements());
        let scale = numbers(&dy)[0];
        loss::cross_entropy_backward(
            &mut dlogits,
            &numbers(&logits),
            &ids(&targets),
            &numbers(&logsumexp),
            scale,
        );
        tensor(dlogits, logits.shape())
    }
}

impl ElementwiseKernels for Flex {
    fn swiglu_forward(gate: &FlexTensor, up: &FlexTensor) -> FlexTensor {
        let mut y = zeros(gate.shape().num_elements());
        activation::swiglu(&mut y, &numbers(gate), &numbers(up));
        tensor(y, gate.shape())
    }

    fn swiglu_backward(gate: FlexTensor, up: FlexTensor, dy: FlexTensor) -> [FlexTensor; 2] {
        let len = gate.shape().num_elements();
        let (mut dgate, mut dup) = (zeros(len), zeros(len));
        activation::swiglu_backward(&mut dgate, &mut dup, &numbers(&dy), &numbers(&gate), &numbers(&up));
        [dgate, dup].map(|values| tensor(values, gate.shape()))
    }

    fn rotate(
        qkv: FlexTensor,
        tables: &[FlexTensor; 2],
        heads: Heads,
        start: &Place<Self>,
        back: bool,
    ) -> FlexTensor {
        let sizes = packed(&qkv, heads);
        let mut y = numbers(&qkv).into_owned();
        let (cos, sin) = (numbers(&tables[0]), numbers(&tables[1]));
        super::rotary::rotate(&mut y, [&cos, &sin], &sizes, known(start), back);
        tensor(y, qkv.shape())
    }

    fn drop(x: FlexTensor, dropout: Dropout) -> FlexTensor {
        let mut y = numbers(&x).into_owned();
        dropout.apply(&mut y, 0);
        tensor(y, x.shape())
    }
}

impl Flatten for Flex {
    fn flatten(tensors: Vec<FlexTensor>, offsets: &[usize]) -> FlexTensor {
        let len = offsets[tensors.len()];
        let mut flat = zeros(len);
        for (part, offset) in tensors.iter().zip(offsets) {
            let part = numbers(part);
            flat[*offset..][..part.len()].copy_from_slice(&part);
        }
        tensor(flat, [len])
    }
}

impl AdamWOps for Flex {
    fn views(flat: FlexTensor, offsets: Vec<usize>, lens: Vec<usize>) -> Vec<FlexTensor> {
        offsets.into_iter().zip(lens).map(|(offset, len)| flat.narrow(0, offset, len)).collect()
    }

    fn adamw(
        weights: FlexTensor,
        first: FlexTensor,
        second: FlexTensor,
        gradients: FlexTensor,
        rates: FlexTensor,
        decayed: usize,
    ) -> Vec<FlexTensor> {
        let (shape, gradients) = (weights.shape(), numbers(&gradients));
        let mut new = [&weights, &first, &second].map(|tensor| numbers(tensor).into_owned());
        let norm = math::dot(&gradients, &gradients).sqrt();
        adamw::update(&mut new, &gradients, &numbers(&rates), norm, decayed);
        let new = new.into_iter().map(|numbers| tensor(numbers, shape.clone()));
        new.chain([tensor(vec![norm], [1])]).collect()
    }
}
