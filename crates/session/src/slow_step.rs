//! One update taken slowly: what the next one will see and do, and afterwards what it changed. The run must
//! be open.

use crate::{Error, Result, Session};
use serde::Serialize;
use tadpole_gpt::ModelConfig;
use tadpole_gpt::layout::{Layout, Part};
use tadpole_gpt::params::ParamInfo;
use tadpole_gpt::train::Norms;

/// The next update of the open run, computed but not made.
#[derive(Debug, Clone, PartialEq)]
pub struct NextUpdate {
    /// What it will see and do.
    pub peek: tadpole_gpt::train::Peek,
    /// Ids of its first batch, row by row: the inputs and the last target, [B, T + 1].
    pub ids: Vec<u32>,
    /// Bytes of each.
    pub bytes: Vec<Vec<u8>>,
    /// By parameter: the norm of its gradient, and its own.
    pub parameters: Vec<Moved>,
}

/// A parameter, and its change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// Its name, such as `h.0.attn.c_attn.weight`.
    pub name: String,
    /// Its shape.
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
        Ok(NextUpdate { peek, ids, bytes, parameters })
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
