//! Token ids split into a training and a validation part, and the batches drawn from them. Batch `step`
//! depends only on the seed and the step, so a run resumes without stored state.

use crate::{Error, ModelConfig, Result, TrainConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Inputs and targets, each [B, T]; the target of a position is the token after it.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Inputs.
    pub x: Tensor<2, Int>,
    /// Targets.
    pub y: Tensor<2, Int>,
}

impl Batch {
    /// A batch from rows of T + 1 ids.
    pub fn new<'a>(rows: impl IntoIterator<Item = &'a [u32]>, device: &Device) -> Self {
        let (mut x, mut y, mut b, mut t) = (Vec::new(), Vec::new(), 0, 0);
        for row in rows {
            t = row.len() - 1;
            x.extend(row[..t].iter().map(|&id| id as i32));
            y.extend(row[1..].iter().map(|&id| id as i32));
            b += 1;
        }
        let tensor = |ids| Tensor::from_data(TensorData::new(ids, [b, t]), device);
        Self { x: tensor(x), y: tensor(y) }
    }
}

/// A corpus as ids: the beginning is for training, the end for validation.
#[derive(Debug, Clone)]
pub struct Dataset {
    ids: Vec<u32>,
    split: usize,
    window: usize,
}

impl Dataset {
    /// Splits `ids`; the validation part is `validation_fraction` of them.
    ///
    /// # Errors
    /// [`Error::CorpusTooShort`] when a part holds no window of `context_length + 1` tokens,
    /// [`Error::TokenOutOfRange`] for an id that the model does not know.
    pub fn new(ids: Vec<u32>, model: &ModelConfig, train: &TrainConfig) -> Result<Self> {
        if let Some(&id) = ids.iter().find(|&&id| id as usize >= model.vocab_size) {
            return Err(Error::TokenOutOfRange { id, vocab_size: model.vocab_size });
        }
        let window = model.context_length + 1;
        let split = (ids.len() as f64 * (1.0 - train.validation_fraction)) as usize;
        let validates = train.validation_fraction > 0.0;
        if split < window || (validates && ids.len() - split < window) {
            let by_train = window as f64 / (1.0 - train.validation_fraction);
            let by_validation = if validates { window as f64 / train.validation_fraction } else { 0.0 };
            let needed = by_train.max(by_validation).ceil() as usize;
            return Err(Error::CorpusTooShort { tokens: ids.len(), needed });
        }
        Ok(Self { ids, split, window })
    }

    /// Ids for training.
    pub fn train_ids(&self) -> &[u32] {
        &self.ids[..self.split]
    }

    /// Ids for validation.
    pub fn validation_ids(&self) -> &[u32] {
        &self.ids[self.split..]
    }

    /// Windows at random positions of the training part; `index` counts the batches of a run.
    pub fn train_batch(&self, config: &TrainConfig, index: u64, device: &Device) -> Batch {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        rng.set_stream(index + 1);
        let ids = self.train_ids();
        let rows = (0..config.batch_size).map(|_| {
            let start = rng.random_range(0..=ids.len() - self.window);
            &ids[start..start + self.window]
        });
        Batch::new(rows, device)
    }

    /// Batch `index` of `count`, at evenly spaced positions of the validation part: the same at every
    /// evaluation, so that the curve moves only when the model does.
    pub fn validation_batch(&self, batch_size: usize, index: usize, count: usize, device: &Device) -> Batch {
        let ids = self.validation_ids();
        let room = ids.len() - self.window;
        let last = (count * batch_size - 1).max(1);
        let rows = (0..batch_size).map(|row| {
            // In 64 bits: the product exceeds a browser's usize.
            let start = (room as u64 * (index * batch_size + row) as u64 / last as u64) as usize;
            &ids[start..start + self.window]
        });
        Batch::new(rows, device)
    }

    /// The whole validation part in windows that do not overlap, `batch_size` at a time; the remainder (less
    /// than one window) is left out.
    pub fn validation_sweep(&self, batch_size: usize, device: &Device) -> impl Iterator<Item = Batch> {
        let t = self.window - 1;
        let starts: Vec<usize> =
            (0..self.validation_ids().len().saturating_sub(1) / t).map(|i| i * t).collect();
        let batches: Vec<Vec<usize>> = starts.chunks(batch_size).map(<[usize]>::to_vec).collect();
        batches.into_iter().map(move |starts| {
            Batch::new(starts.iter().map(|&start| &self.validation_ids()[start..start + self.window]), device)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(tokens: usize) -> Result<Dataset> {
        let model = ModelConfig { vocab_size: 1_000, context_length: 8, ..ModelConfig::default() };
        Dataset::new((0..tokens as u32).collect(), &model, &TrainConfig::default())
    }

    #[test]
    fn targets_are_the_inputs_one_token_on_and_stay_in_their_part() {
        let data = dataset(200).expect("long enough");
        let device = Device::flex();
        let config = TrainConfig::default();
        let batch = data.train_batch(&config, 3, &device);
        assert_eq!(batch.x.dims(), [config.batch_size, 8]);
        let x: Vec<i64> = batch.x.into_data().iter::<i64>().collect();
        let y: Vec<i64> = batch.y.into_data().iter::<i64>().collect();
        assert!(x.iter().zip(&y).all(|(x, y)| x + 1 == *y));
        assert!(y.iter().all(|&y| y < 180));
        let val = data.validation_batch(4, 1, 2, &device);
        let last: Vec<i64> = val.y.into_data().iter::<i64>().collect();
        assert_eq!(last.last(), Some(&199), "the last window ends with the corpus");
    }

    #[test]
    fn batches_depend_on_seed_and_index_alone() {
        let data = dataset(200).expect("long enough");
        let device = Device::flex();
        let config = TrainConfig::default();
        let ids = |index| data.train_batch(&config, index, &device).x.into_data();
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7), ids(8));
    }

    #[test]
    fn a_short_corpus_says_how_many_tokens_it_needs() {
        assert_eq!(dataset(50).err(), Some(Error::CorpusTooShort { tokens: 50, needed: 90 }));
        assert!(dataset(90).is_ok());
    }
}
