//! The training loop, one update at a time: batch, forward, loss, backward, clip, update. Nothing here waits
//! for the device; losses are read on request, many at once.

mod peek;

use crate::adamw::{self, AdamW};
use crate::dataset::{Batch, Dataset};
use crate::params;
use crate::{Error, Gpt, Result, TrainConfig, wait};
use burn::module::Module;
use burn::tensor::{Device, Tensor, Transaction};
use serde::{Deserialize, Serialize};
use tadpole_kernels::cross_entropy;
use ts_rs::TS;

pub use peek::{Norms, Peek, changes};

/// What one update measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepMetrics {
    /// Updates made, this one included.
    pub step: usize,
    /// Mean loss of the update's batches in nats per token, before the update.
    pub train_loss: f32,
    /// Global gradient norm before clipping.
    pub grad_norm: f32,
    /// Learning rate of the update.
    pub learning_rate: f64,
}

/// A model under training.
pub struct Trainer {
    model: Gpt,
    optimizer: AdamW,
    config: TrainConfig,
    dataset: Dataset,
    step: usize,
    learning_rate: Option<f64>,
    device: Device,
    partial: Option<Partial>,
    pending: Vec<Pending>,
    good: Good<Gpt>,
    candidate: Good<Gpt>,
}

/// Sums over the batches of an incomplete update.
struct Partial {
    loss: Tensor<1>,
    gradients: Tensor<1>,
    batches: usize,
}

impl Partial {
    fn add(self, loss: Tensor<1>, gradients: Tensor<1>) -> Self {
        Self { loss: self.loss + loss, gradients: self.gradients + gradients, batches: self.batches + 1 }
    }

    fn mean(self) -> (Tensor<1>, Tensor<1>) {
        let n = self.batches as f64;
        if self.batches == 1 { (self.loss, self.gradients) } else { (self.loss / n, self.gradients / n) }
    }
}

/// An update whose loss has not been read yet.
struct Pending {
    step: usize,
    loss: Tensor<1>,
    grad_norm: Tensor<1>,
    learning_rate: f64,
}

/// A state to return to. `good` has given a finite loss; `candidate`, the state at the last read, has not
/// yet: the loss of a step vouches for the weights before it, not for those after. The tensors are shared,
/// not copied, until they change.
#[derive(Clone)]
struct Good<M> {
    model: M,
    optimizer: AdamW,
    step: usize,
}

impl Trainer {
    /// Continues with `model` and `optimizer` after `step` updates; a fresh run begins with [`AdamW::new`]
    /// and 0. The device is the model's.
    pub fn new(model: Gpt, optimizer: AdamW, step: usize, config: TrainConfig, dataset: Dataset) -> Self {
        let model = model.train();
        let device = model.device().autodiff();
        let good = Good { model: model.clone(), optimizer: optimizer.clone(), step };
        let candidate = good.clone();
        Self {
            model,
            optimizer,
            config,
            dataset,
            step,
            learning_rate: None,
            device,
            partial: None,
            pending: vec![],
            good,
            candidate,
        }
    }

    /// Updates made.
    pub fn step_count(&self) -> usize {
        self.step
    }

    /// The training configuration.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The data.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The model without gradients, sharing its weights.
    pub fn snapshot(&self) -> Gpt {
        self.model.valid()
    }

    /// The optimizer's moments.
    pub fn optimizer(&self) -> &AdamW {
        &self.optimizer
    }

    /// Uses this learning rate from now on instead of the schedule's; none returns to the schedule.
    pub fn set_learning_rate(&mut self, rate: Option<f64>) {
        self.learning_rate = rate;
    }

    /// Makes one update without waiting for it.
    pub fn step(&mut self) {
        while !self.advance() {}
    }

    /// Computes one batch without waiting for it; the last of an update's `grad_accumulation` batches makes
    /// the update and returns `true`.
    pub fn advance(&mut self) -> bool {
        let batches = self.config.grad_accumulation;
        let done = self.partial.as_ref().map_or(0, |sum| sum.batches);
        let index = self.index(done);
        self.model.seed_dropout(self.dropout_seed(index));
        // All uploads of an update come before its work, which is then one submission.
        let rates = (done + 1 == batches).then(|| self.rates());
        let batch = self.dataset.train_batch(&self.config, index, &self.device);
        let (loss, gradients) = loss_and_gradients(&self.model, batch);
        let gradients = self.optimizer.flatten(gradients);
        let sum = match self.partial.take() {
            None => Partial { loss, gradients, batches: 1 },
            Some(sum) => sum.add(loss, gradients),
        };
        let Some((learning_rate, rates)) = rates else {
            self.partial = Some(sum);
            return false;
        };
        let (loss, gradients) = sum.mean();
        let (model, grad_norm) = self.optimizer.update(self.model.clone(), gradients, rates);
        self.model = model;
        self.step += 1;
        self.pending.push(Pending { step: self.step, loss, grad_norm, learning_rate });
        true
    }

    /// The number of a batch of the next update, counted over the whole run.
    fn index(&self, done: usize) -> u64 {
        self.step as u64 * self.config.grad_accumulation as u64 + done as u64
    }

    /// The batch's number seeds its dropout, so that a reloaded run drops the same activations.
    fn dropout_seed(&self, index: u64) -> u32 {
        let mixed = self.config.seed.wrapping_add((index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (mixed >> 16) as u32
    }

    /// The next update's learning rate, and all its rates on the device.
    fn rates(&self) -> (f64, Tensor<1>) {
        let mut config = self.config.clone();
        if let Some(rate) = self.learning_rate {
            (config.learning_rate, config.min_learning_rate, config.warmup_steps) = (rate, rate, 0);
        }
        let device = self.device.clone().without_autodiff();
        (config.learning_rate_at(self.step), adamw::rates(&config, self.step, &device))
    }

    /// Reads the metrics of all updates since the last read, maybe none; waits for the device, also for the
    /// batches of an incomplete update.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if a loss or norm is not a number: the trainer is then back at the last good
    /// state.
    /// [`Error::Device`] when the device fails.
    pub async fn read(&mut self) -> Result<Vec<StepMetrics>> {
        if self.pending.is_empty() {
            if let Some(sum) = &self.partial {
                wait(sum.loss.clone()).await?;
            }
            return Ok(vec![]);
        }
        let pending = std::mem::take(&mut self.pending);
        let tensors: Vec<Tensor<1>> =
            pending.iter().flat_map(|p| [p.loss.clone(), p.grad_norm.clone()]).collect();
        let values = read_numbers(&tensors).await?;
        let metrics: Vec<StepMetrics> = pending
            .iter()
            .zip(values.chunks_exact(2))
            .map(|(p, values)| StepMetrics {
                step: p.step,
                train_loss: values[0],
                grad_norm: values[1],
                learning_rate: p.learning_rate,
            })
            .collect();
        let finite = |m: &StepMetrics| m.train_loss.is_finite() && m.grad_norm.is_finite();
        if metrics.first().is_some_and(finite) {
            self.good = self.candidate.clone();
        }
        if let Some(bad) = metrics.iter().find(|m| !finite(m)) {
            let value = if bad.train_loss.is_finite() { bad.grad_norm } else { bad.train_loss };
            return Err(self.back_to_good(bad.step, value));
        }
        self.candidate =
            Good { model: self.model.clone(), optimizer: self.optimizer.clone(), step: self.step };
        Ok(metrics)
    }

    /// Returns to the last good state because something measured at `step` is not a number; the error says
    /// so.
    pub fn back_to_good(&mut self, step: usize, value: f32) -> Error {
        self.candidate = self.good.clone();
        let Good { model, optimizer, step: kept } = self.good.clone();
        (self.model, self.optimizer, self.step) = (model, optimizer, kept);
        self.pending.clear();
        self.partial = None;
        Error::NotFinite { step, value: value.to_string(), kept }
    }
}

/// Loss (without its graph) and flat gradients of one batch; the model must track gradients.
pub fn loss_and_gradients(model: &Gpt, batch: Batch) -> (Tensor<1>, Vec<Tensor<1>>) {
    with_gradients(model, loss(model, batch))
}

/// A loss without its graph, and the flat gradients of its parameters.
pub fn with_gradients<M: Module>(model: &M, loss: Tensor<1>) -> (Tensor<1>, Vec<Tensor<1>>) {
    let gradients = params::gradients(model, loss.backward());
    (loss.without_autodiff(), gradients)
}

/// Loss of one batch in nats per token, not yet read.
pub fn loss(model: &Gpt, batch: Batch) -> Tensor<1> {
    cross_entropy(model.forward(batch.x, None, &mut ()), batch.y)
}

/// An evaluation in progress: one batch at a time, read once at the end.
pub struct Evaluation {
    model: Gpt,
    device: Device,
    losses: Vec<Tensor<1>>,
}

impl Evaluation {
    /// Evaluates a model that tracks no gradients.
    pub fn new(model: Gpt) -> Self {
        let device = model.device();
        Self { model, device, losses: vec![] }
    }

    /// Adds the next batch; `false` when all have been added.
    pub fn advance(&mut self, dataset: &Dataset, config: &TrainConfig) -> bool {
        let index = self.losses.len();
        if index == config.eval_batches {
            return false;
        }
        let batch = dataset.validation_batch(config.batch_size, index, config.eval_batches, &self.device);
        self.losses.push(loss(&self.model, batch));
        true
    }

    /// Waits until the batches added so far are computed.
    ///
    /// # Errors
    /// [`Error::Device`] when the device fails.
    pub async fn settle(&self) -> Result<()> {
        if let Some(last) = self.losses.last() {
            wait(last.clone()).await?;
        }
        Ok(())
    }

    /// The mean loss in nats per token; waits for the device.
    ///
    /// # Errors
    /// [`Error::Device`] when the device fails.
    pub async fn finish(self) -> Result<f32> {
        let losses = read_numbers(&self.losses).await?;
        Ok((losses.iter().map(|loss| f64::from(*loss)).sum::<f64>() / losses.len() as f64) as f32)
    }
}

/// Reads tensors of one number each, together.
async fn read_numbers(tensors: &[Tensor<1>]) -> Result<Vec<f32>> {
    let transaction = tensors.iter().cloned().fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await?;
    Ok(data.iter().map(|data| data.iter::<f32>().next().expect("it holds one number")).collect())
}

/// Mean loss over the whole validation part, in windows that do not overlap.
///
/// # Errors
/// [`Error::Device`] when the device fails.
pub async fn validation_loss(model: &Gpt, dataset: &Dataset, batch_size: usize) -> Result<f32> {
    let device = model.device();
    let (mut sum, mut rows) = (0.0, 0);
    for batch in dataset.validation_sweep(batch_size, &device) {
        let [b, _] = batch.x.dims();
        let data = loss(model, batch).into_data_async().await?;
        sum += f64::from(data.iter::<f32>().next().expect("a mean is one number")) * b as f64;
        rows += b;
    }
    Ok((sum / rows as f64) as f32)
}
