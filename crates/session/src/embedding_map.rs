//! The token embeddings as a map: their two principal components (Pearson 1901), and the tokens nearest to one by cosine.

use crate::{Result, Session};
use serde::Serialize;
use tadpole_gpt::params::{self, HostTensor};
use tadpole_gpt::sampling::top;
use ts_rs::TS;

/// The most tokens on the map; a vocabulary's first ones are its most frequent.
const MOST_TOKENS: usize = 4_096;
/// The most rounds of the power iteration, which ends when the axes stay the same.
const MOST_TURNS: usize = 200;
const STILL: f32 = 1e-6;

/// Where the tokens lie.
#[derive(Debug, Clone, PartialEq, TS)]
#[ts(rename_all = "camelCase")]
pub struct EmbeddingMap {
    /// Updates made to the model.
    pub step: usize,
    /// The tokens: those that are readable text.
    #[ts(type = "Uint32Array")]
    pub ids: Vec<u32>,
    /// Bytes of each.
    #[ts(type = "Uint8Array[]")]
    pub bytes: Vec<Vec<u8>>,
    /// The place of each on the two axes, [N, 2].
    #[ts(type = "Float32Array")]
    pub points: Vec<f32>,
    /// Share of the embeddings' variance along each axis.
    pub explained: [f32; 2],
}

/// A token near another.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Near {
    pub id: u32,
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub bytes: Vec<u8>,
    /// Cosine of the two embeddings.
    pub cosine: f32,
}

impl Session {
    /// The live model's token embeddings on their two principal components: only tokens that are readable
    /// text (parts of characters and control characters hardly ever occur alone), and in a large vocabulary
    /// only the first ones.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], a device that fails.
    pub async fn embedding_map(&self) -> Result<EmbeddingMap> {
        let step = self.live()?.run.step;
        let HostTensor { shape, values } = self.embeddings().await?;
        let tokenizer = &self.live()?.tokenizer;
        let bytes_of = |id: u32| tokenizer.token_bytes(id).unwrap_or_default().to_vec();
        let ids: Vec<u32> = (0..tokenizer.vocab_size().min(shape[0]) as u32)
            .filter(|&id| is_readable(&bytes_of(id)))
            .take(MOST_TOKENS)
            .collect();
        let mut rows: Vec<Vec<f32>> =
            ids.iter().map(|&id| values[id as usize * shape[1]..][..shape[1]].to_vec()).collect();
        centre(&mut rows);
        let variance = rows.iter().flatten().map(|x| x * x).sum::<f32>().max(f32::MIN_POSITIVE);
        let axes = principal_axes(&rows);
        let points: Vec<f32> = rows.iter().flat_map(|row| [dot(row, &axes[0]), dot(row, &axes[1])]).collect();
        let along = |axis: usize| points.iter().skip(axis).step_by(2).map(|x| x * x).sum::<f32>() / variance;
        let bytes = ids.iter().map(|&id| bytes_of(id)).collect();
        Ok(EmbeddingMap { step, ids, bytes, explained: [along(0), along(1)], points })
    }

    /// The tokens whose embeddings are nearest to that of token `id`, by cosine, nearest first, without
    /// itself.
    ///
    /// # Errors
    /// [`crate::Error::NoModel`], an id outside the vocabulary, a device that fails.
    pub async fn nearest(&self, id: u32, count: usize) -> Result<Vec<Near>> {
        let HostTensor { shape, values } = self.embeddings().await?;
        let tokenizer = &self.live()?.tokenizer;
        let vocab_size = tokenizer.vocab_size().min(shape[0]);
        let rows = values.chunks_exact(shape[1]).take(vocab_size);
        let of = rows.clone().nth(id as usize);
        let of = of.ok_or(tadpole_gpt::Error::TokenOutOfRange { id, vocab_size })?;
        let mut cosines: Vec<f32> = rows.map(|row| dot(row, of) / (length(row) * length(of))).collect();
        cosines[id as usize] = f32::NEG_INFINITY;
        let near = |(id, cosine): (u32, f32)| Near {
            id,
            bytes: tokenizer.token_bytes(id).unwrap_or_default().to_vec(),
            cosine,
        };
        Ok(top(&cosines, count.min(vocab_size - 1)).into_iter().map(near).collect())
    }

    /// [V, C]
    async fn embeddings(&self) -> Result<HostTensor> {
        let (info, table) = params::find(&self.live()?.model, "wte.weight")?;
        Ok(params::read(vec![info], vec![table]).await?.into_values().next().expect("one was read"))
    }
}

fn is_readable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.is_empty() && !text.chars().any(char::is_control))
}

fn centre(rows: &mut [Vec<f32>]) {
    let count = rows.len() as f32;
    for column in 0..rows.first().map_or(0, Vec::len) {
        let mean = rows.iter().map(|row| row[column]).sum::<f32>() / count;
        rows.iter_mut().for_each(|row| row[column] -= mean);
    }
}

/// The two orthogonal directions of the largest variance, by power iteration on the centred rows.
fn principal_axes(rows: &[Vec<f32>]) -> [Vec<f32>; 2] {
    let width = rows.first().map_or(0, Vec::len);
    let mut axes: Vec<Vec<f32>> = vec![];
    for _ in 0..2 {
        // Any start works that is not orthogonal to the axis; this one is always the same.
        let mut axis = straight((0..width).map(|at| 1.0 + (at as f32 * 0.7).sin()).collect(), &axes);
        for _ in 0..MOST_TURNS {
            let mut turned = vec![0.0; width];
            for row in rows {
                let along = dot(row, &axis);
                turned.iter_mut().zip(row).for_each(|(sum, x)| *sum += along * x);
            }
            let turned = straight(turned, &axes);
            let still = 1.0 - dot(&turned, &axis) < STILL;
            axis = turned;
            if still {
                break;
            }
        }
        axes.push(axis);
    }
    let [first, second] = axes.try_into().expect("two were made");
    [first, second]
}

/// Of length 1, and orthogonal to the axes.
fn straight(mut vector: Vec<f32>, axes: &[Vec<f32>]) -> Vec<f32> {
    for axis in axes {
        let along = dot(&vector, axis);
        vector.iter_mut().zip(axis).for_each(|(x, a)| *x -= along * a);
    }
    let length = length(&vector);
    vector.into_iter().map(|x| x / length).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(row: &[f32]) -> f32 {
    dot(row, row).sqrt().max(f32::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_lie_along_the_largest_variance() {
        // Wide along (3, 4) / 5, less so along (-4, 3) / 5, least along the third.
        let mut rows: Vec<Vec<f32>> = (0..60)
            .map(|n| {
                let [a, b, c] = [10.0, 3.0, 0.1].map(|wide: f32| wide * (n as f32 * (1.0 + wide)).sin());
                vec![0.6 * a - 0.8 * b + 5.0, 0.8 * a + 0.6 * b - 1.0, c]
            })
            .collect();
        centre(&mut rows);
        let [first, second] = principal_axes(&rows);
        assert!(dot(&first, &[0.6, 0.8, 0.0]).abs() > 0.99, "{first:?}");
        assert!(dot(&second, &[-0.8, 0.6, 0.0]).abs() > 0.99, "{second:?}");
        assert!(dot(&first, &second).abs() < 1e-5);
    }
}
