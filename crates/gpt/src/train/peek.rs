//! A preview of the next update: its batch, the model's loss on each token and every parameter's gradient;
//! and, after the update, what it changed. Does not affect the run.

use super::{Trainer, loss_and_gradients, read_numbers};
use crate::params::{self, ParamInfo};
use crate::{Gpt, Result};
use burn::module::Module;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

/// What the next update will see and do.
#[derive(Debug, Clone, PartialEq)]
pub struct Peek {
    /// Updates made so far.
    pub step: usize,
    /// Learning rate of the update.
    pub learning_rate: f64,
    /// Batches of the update, of which the first is shown token by token.
    pub batches: usize,
    /// Sequences of a batch.
    pub rows: usize,
    /// Inputs [B, T], row by row.
    pub x: Vec<u32>,
    /// Targets [B, T].
    pub y: Vec<u32>,
    /// The loss on each target, in nats.
    pub losses: Vec<f32>,
    /// Mean loss of all its batches in nats per token.
    pub train_loss: f32,
    /// Global gradient norm before clipping.
    pub grad_norm: f32,
    /// By parameter: its gradient's norm (averaged over the batches), and its own.
    pub parameters: Vec<(ParamInfo, Norms)>,
}

/// Euclidean norms of a parameter and of its change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Norms {
    /// Of its gradient, or of an update's change to it.
    pub change: f32,
    /// Of the parameter itself, before the update.
    pub weight: f32,
}

impl Trainer {
    /// The next update, computed but not made.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when the device fails.
    pub async fn peek(&self) -> Result<Peek> {
        let batches = self.config.grad_accumulation;
        let first = self.index(0);
        let batch = self.dataset.train_batch(&self.config, first, &self.device);
        let [rows, t] = batch.x.dims();
        let mut model = self.model.clone();
        model.seed_dropout(self.dropout_seed(first));
        let (x, y) = (read_ids(batch.x.clone()).await?, read_ids(batch.y.clone()).await?);
        let mut losses = Vec::with_capacity(rows * t);
        for row in token_losses(&model, batch.x, batch.y) {
            losses.extend(row.into_data_async().await?.iter::<f32>());
        }
        let (mut loss, mut gradients) = self.batch_gradients(0);
        for done in 1..batches {
            let (more_loss, more) = self.batch_gradients(done);
            loss = loss + more_loss;
            gradients = gradients.into_iter().zip(more).map(|(sum, one)| sum + one).collect();
        }
        let n = batches as f64;
        let gradients = gradients.into_iter().map(|sum| sum / n).collect();
        let parameters = norms(&self.model.valid(), gradients).await?;
        let squares = |(_, norms): &(ParamInfo, Norms)| f64::from(norms.change).powi(2);
        let grad_norm = parameters.iter().map(squares).sum::<f64>().sqrt() as f32;
        let train_loss = read_numbers(&[loss / n]).await?[0];
        let learning_rate = self.rates().0;
        Ok(Peek {
            step: self.step,
            learning_rate,
            batches,
            rows,
            x,
            y,
            losses,
            train_loss,
            grad_norm,
            parameters,
        })
    }

    fn batch_gradients(&self, done: usize) -> (Tensor<1>, Vec<Tensor<1>>) {
        let index = self.index(done);
        let mut model = self.model.clone();
        model.seed_dropout(self.dropout_seed(index));
        loss_and_gradients(&model, self.dataset.train_batch(&self.config, index, &self.device))
    }
}

/// By parameter: the norm of its change from `before` to `after`, and its own norm before.
///
/// # Errors
/// [`crate::Error::Device`] when the device fails.
pub async fn changes<M: Module>(before: &M, after: &M) -> Result<Vec<(ParamInfo, Norms)>> {
    let moved = params::flat(after).into_iter().zip(params::flat(before)).map(|(new, old)| new - old);
    norms(before, moved.collect()).await
}

async fn norms<M: Module>(model: &M, changes: Vec<Tensor<1>>) -> Result<Vec<(ParamInfo, Norms)>> {
    let norm = |tensor: Tensor<1>| (tensor.clone() * tensor).sum().sqrt();
    let weights = params::flat(model);
    let tensors: Vec<Tensor<1>> =
        changes.into_iter().zip(weights).flat_map(|(change, weight)| [norm(change), norm(weight)]).collect();
    let read = read_numbers(&tensors).await?;
    let pairs = read.chunks_exact(2).map(|pair| Norms { change: pair[0], weight: pair[1] });
    Ok(params::infos(model).into_iter().zip(pairs).collect())
}

/// The loss on each target, one row at a time: the logits of all rows together may be too large for a device.
fn token_losses(model: &Gpt, x: Tensor<2, Int>, y: Tensor<2, Int>) -> impl Iterator<Item = Tensor<1>> {
    let [rows, t] = x.dims();
    (0..rows).map(move |row| {
        let logits = model.forward(x.clone().narrow(0, row, 1), None, &mut ()).without_autodiff(); // [1, T, V]
        let target = y.clone().narrow(0, row, 1).reshape([1, t, 1]).without_autodiff();
        -log_softmax(logits, 2).gather(2, target).reshape([t])
    })
}

async fn read_ids(ids: Tensor<2, Int>) -> Result<Vec<u32>> {
    Ok(ids.into_data_async().await?.iter::<i64>().map(|id| id as u32).collect())
}
