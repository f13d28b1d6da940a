//! The sum of a token's vector and its position's vector, and the gradients of both tables.

use crate::cpu::tensors::{ids, known, numbers, tensor, zeros};
use crate::embedding::{EmbeddingKernels, Saved};
use crate::start::StartOf;
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

/// `x[B, T, C] = wte[ids[B, T]] + wpe[start + t]`; C is the width of `x`'s rows, `x.len() / ids.len()`.
///
/// `tokens` is T. Ids must be below the rows of `wte`.
pub fn embed(x: &mut [f32], ids: &[u32], wte: &[f32], wpe: Option<&[f32]>, tokens: usize, start: usize) {
    let c = x.len() / ids.len();
    for (at, (x, id)) in x.chunks_exact_mut(c).zip(ids).enumerate() {
        x.copy_from_slice(&wte[*id as usize * c..][..c]);
        if let Some(wpe) = wpe {
            let position = &wpe[(start + at % tokens) * c..][..c];
            x.iter_mut().zip(position).for_each(|(x, position)| *x += position);
        }
    }
}

/// `dwte[V, C] +=`, `dwpe[.., C] +=` from `dx[B, T, C]`, for a `start` of 0.
pub fn embed_backward(dwte: &mut [f32], dwpe: Option<&mut [f32]>, dx: &[f32], ids: &[u32], tokens: usize) {
    let c = dx.len() / ids.len();
    let add = |to: &mut [f32], row: usize, dx: &[f32]| {
        to[row * c..][..c].iter_mut().zip(dx).for_each(|(to, dx)| *to += dx);
    };
    for (dx, id) in dx.chunks_exact(c).zip(ids) {
        add(dwte, *id as usize, dx);
    }
    if let Some(dwpe) = dwpe {
        for (at, dx) in dx.chunks_exact(c).enumerate() {
            add(dwpe, at % tokens, dx);
        }
    }
}

impl EmbeddingKernels for Flex {
    fn embedding_forward(
        tokens: &FlexTensor,
        positions: Option<&FlexTensor>,
        places: &FlexTensor,
        start: &StartOf<Self>,
    ) -> FlexTensor {
        let ([b, t], c) = (places.shape().dims::<2>(), tokens.shape()[1]);
        let mut y = zeros(b * t * c);
        let positions = positions.map(numbers);
        embed(&mut y, &ids(places), &numbers(tokens), positions.as_deref(), t, known(start));
        tensor(y, [b, t, c])
    }

    fn embedding_backward(saved: &Saved<Self>, dy: FlexTensor) -> Vec<FlexTensor> {
        let [_, t, c] = dy.shape().dims::<3>();
        let mut dtokens = zeros(saved.tokens * c);
        let mut dpositions = zeros(saved.positions * c);
        let seen = (saved.positions > 0).then(|| &mut dpositions[saved.start * c..]);
        embed_backward(&mut dtokens, seen, &numbers(&dy), &ids(&saved.ids), t);
        let dpositions = (saved.positions > 0).then(|| tensor(dpositions, [saved.positions, c]));
        [tensor(dtokens, [saved.tokens, c])].into_iter().chain(dpositions).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [u32; 6] = [2, 0, 2, 1, 1, 2]; // [2, 3]

    #[test]
    fn rows_are_gathered_and_their_gradients_summed() {
        let wte: Vec<f32> = (0..6).map(|x| x as f32).collect(); // [3, 2]
        let wpe: Vec<f32> = (0..8).map(|x| 10.0 * x as f32).collect(); // [4, 2]
        let mut x = [0.0; 12];
        embed(&mut x, &IDS, &wte, Some(&wpe), 3, 1);
        assert_eq!(x, [24.0, 35.0, 40.0, 51.0, 64.0, 75.0, 22.0, 33.0, 42.0, 53.0, 64.0, 75.0]);
        let dx: Vec<f32> = (0..12).map(|x| x as f32).collect();
        let (mut dwte, mut dwpe) = ([0.0; 6], [1.0; 8]);
        embed_backward(&mut dwte, Some(&mut dwpe), &dx, &IDS, 3);
        assert_eq!(dwte, [2.0, 3.0, 14.0, 16.0, 14.0, 17.0]);
        assert_eq!(dwpe, [7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 1.0, 1.0]);
    }

    #[test]
    fn without_positions_a_row_is_its_token() {
        let mut x = [0.0; 4];
        embed(&mut x, &[1, 0], &[1.0, 2.0, 3.0, 4.0], None, 2, 0);
        assert_eq!(x, [3.0, 4.0, 1.0, 2.0]);
    }
}
