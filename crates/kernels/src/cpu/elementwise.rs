//! The elementwise operations, and the rotation of pairs, as kernels of burn's CPU backend.

use crate::attention::Heads;
use crate::cpu::attention::QkvShape;
use crate::cpu::tensors::{known, numbers, tensor, zeros};
use crate::cpu::{activation, rotary};
use crate::dropout::Dropout;
use crate::elementwise::ElementwiseKernels;
use crate::start::StartOf;
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

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
        start: &StartOf<Self>,
        back: bool,
    ) -> FlexTensor {
        let sizes = QkvShape::of(&qkv, heads);
        let mut y = numbers(&qkv).into_owned();
        let (cos, sin) = (numbers(&tables[0]), numbers(&tables[1]));
        rotary::rotate(&mut y, [&cos, &sin], &sizes, known(start), back);
        tensor(y, qkv.shape())
    }

    fn drop(x: FlexTensor, dropout: Dropout) -> FlexTensor {
        let mut y = numbers(&x).into_owned();
        dropout.apply(&mut y, 0);
        tensor(y, x.shape())
    }
}
