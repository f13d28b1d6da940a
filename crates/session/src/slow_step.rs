//! One update taken slowly: what the next one will see and do, and afterwards what it changed. The run must be open.

use crate::{Error, Result, Session};
use serde::Serialize;
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
}

/// A parameter, and what moves it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// Its name, such as `h.0.attn.c_attn.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Norm of its gradient, or of what an update changed.
    pub change: f32,
    /// Norm of the parameter before the update.
    pub weight: f32,
}

impl Moved {
    /// From the trainer's pairs.
    pub fn list(pairs: &[(ParamInfo, Norms)]) -> Vec<Self> {
        let moved = |(info, norms): &(ParamInfo, Norms)| Self {
            name: info.name.clone(),
            shape: info.shape.clone(),
            change: norms.change,
            weight: norms.weight,
        };
        pairs.iter().map(moved).collect()
    }
}

impl Session {
    /// The next update of the open run, computed but not made: the step that follows measures the same loss and norm.
    ///
    /// # Errors
    /// [`Error::RunNotOpen`] where no run is open or its first update cannot be made yet; a device that fails.
    pub async fn next_update(&mut self) -> Result<NextUpdate> {
        let live = self.live.as_ref().ok_or(Error::NoModel)?;
        let updates = self.streams.updates().ok_or(Error::RunNotOpen)?;
        let peek = updates.peek(live.run.learning_rate).await?;
        let t = peek.x.len() / peek.rows;
        let rows = peek.x.chunks_exact(t).zip(peek.y.chunks_exact(t));
        let ids: Vec<u32> = rows.flat_map(|(x, y)| [x, &y[t - 1..]].concat()).collect();
        let bytes_of = |&id: &u32| live.tokenizer.token_bytes(id).unwrap_or_default().to_vec();
        let bytes = ids.iter().map(bytes_of).collect();
        Ok(NextUpdate { peek, ids, bytes })
    }

    /// What the update changed that [`Session::next_update`] told of; none where another was made since, or not yet that one.
    ///
    /// # Errors
    /// [`Error::RunNotOpen`], a device that fails.
    pub async fn update_made(&mut self) -> Result<Option<Vec<Moved>>> {
        let updates = self.streams.updates().ok_or(Error::RunNotOpen)?;
        Ok(updates.changes().await?.map(|pairs| Moved::list(&pairs)))
    }
}
