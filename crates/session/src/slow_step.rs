//! One update taken slowly: what the next one will see and do, and afterwards what it changed. The run must
//! be open.

use crate::{Error, Result, Session};
use serde::Serialize;
use tadpole_gpt::ModelConfig;
use tadpole_gpt::layout::{Layout, Part};
use tadpole_gpt::params::ParamInfo;
use tadpole_gpt::train::{Norms, Peek};
use ts_rs::TS;

/// The next update of the open run, computed but not made.
#[derive(Debug, Clone, PartialEq, TS)]
#[ts(rename_all = "camelCase")]
pub struct NextUpdate {
    /// Updates made so far.
    pub step: usize,
    pub learning_rate: f64,
    /// Its batches, of which the first is told token by token.
    pub batches: usize,
    /// Sequences of a batch.
    pub rows: usize,
    /// Ids of the first batch: the inputs and the last target of each row, [B, T + 1].
    #[ts(type = "Uint32Array")]
    pub ids: Vec<u32>,
    /// Bytes of each.
    #[ts(type = "Uint8Array[]")]
    pub bytes: Vec<Vec<u8>>,
    /// The loss of each token but the first of a row, in nats, [B, T].
    #[ts(type = "Float32Array")]
    pub losses: Vec<f32>,
    /// Mean loss of all its batches in nats a token.
    pub train_loss: f32,
    /// Global gradient norm before clipping.
    pub grad_norm: f32,
    /// By parameter: the norm of its gradient, and its own.
    pub parameters: Vec<Moved>,
}

/// A parameter, and what moves it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// Its name, such as `h.0.attn.c_attn.weight`.
    pub name: String,
    pub shape: Vec<usize>,
    /// The part of the model that it belongs to.
    pub part: Part,
    /// Its block, counted from 0; none outside the blocks.
    pub layer: Option<usize>,
    /// Norm of its gradient, or of its change by an update.
    pub change: f32,
    /// Norm of the parameter before the update.
    pub weight: f32,
}

impl Moved {
    /// From the trainer's pairs, for a model of that configuration.
    fn list(config: &ModelConfig, pairs: &[(ParamInfo, Norms)]) -> Result<Vec<Self>> {
        let layout = Layout::of(config);
        let moved = |(info, norms): &(ParamInfo, Norms)| {
            let (layer, part) = layout.part(&info.name)?;
            let ParamInfo { name, shape } = info.clone();
            Ok(Self { name, shape, part, layer, change: norms.change, weight: norms.weight })
        };
        pairs.iter().map(moved).collect()
    }
}

impl Session {
    /// The next update of the open run, computed but not made: the step that follows measures the same loss and norm.
    ///
    /// # Errors
    /// [`Error::RunNotOpen`] if no run is open or its first update cannot be made yet; a device that fails.
    pub async fn next_update(&mut self) -> Result<NextUpdate> {
        let live = self.live.as_ref().ok_or(Error::NoModel)?;
        let updates = self.streams.updates().ok_or(Error::RunNotOpen)?;
        let peek = updates.peek(live.run.learning_rate).await?;
        let t = peek.x.len() / peek.rows;
        let rows = peek.x.chunks_exact(t).zip(peek.y.chunks_exact(t));
        let ids: Vec<u32> = rows.flat_map(|(x, y)| [x, &y[t - 1..]].concat()).collect();
        let bytes_of = |&id: &u32| live.tokenizer.token_bytes(id).unwrap_or_default().to_vec();
        let bytes = ids.iter().map(bytes_of).collect();
        let parameters = Moved::list(live.model.config(), &peek.parameters)?;
        let Peek { step, learning_rate, batches, rows, losses, train_loss, grad_norm, .. } = peek;
        Ok(NextUpdate {
            step,
            learning_rate,
            batches,
            rows,
            ids,
            bytes,
            losses,
            train_loss,
            grad_norm,
            parameters,
        })
    }

    /// What the update previewed by [`Session::next_update`] changed; none if another was made since, or that
    /// one not yet.
    ///
    /// # Errors
    /// [`Error::RunNotOpen`], a device that fails.
    pub async fn update_made(&mut self) -> Result<Option<Vec<Moved>>> {
        let updates = self.streams.updates().ok_or(Error::RunNotOpen)?;
        let pairs = updates.changes().await?;
        let config = self.live()?.model.config();
        pairs.map(|pairs| Moved::list(config, &pairs)).transpose()
    }
}
