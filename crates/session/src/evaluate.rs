//! The live model's loss over the whole validation part of its corpus.

use crate::run::bytes_per_token;
use crate::{Error, EvalMetrics, Result, Session};
use tadpole_gpt::dataset::Dataset;
use tadpole_gpt::train::validation_loss;

impl Session {
    /// Loss over the whole validation part, in windows that do not overlap; waits for the device.
    ///
    /// # Errors
    /// [`Error::NoModel`], [`Error::NotResumable`] for a model without a run, [`Error::CorpusMissing`].
    pub async fn evaluate(&self) -> Result<EvalMetrics> {
        let live = self.live()?;
        let (Some(request), Some(info)) = (&live.run.request, &live.run.corpus) else {
            return Err(Error::NotResumable);
        };
        let corpus = live.corpus.as_ref().ok_or_else(|| Error::CorpusMissing { name: info.name.clone() })?;
        let ids = corpus.encode(&live.tokenizer)?;
        let dataset = Dataset::new(ids, live.model.config(), &request.train)?;
        if dataset.validation_ids().is_empty() {
            let needed = live.model.config().context_length + 1;
            return Err(tadpole_gpt::Error::CorpusTooShort { tokens: 0, needed }.into());
        }
        let val_loss = validation_loss(&live.model, &dataset, request.train.batch_size).await?;
        Ok(EvalMetrics::new(live.run.step, val_loss, bytes_per_token(&live.tokenizer, &dataset)?))
    }
}
