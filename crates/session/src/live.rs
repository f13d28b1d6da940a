//! The model that every lab reads, and the record of the run that made it.

use crate::history::History;
use crate::next_tokens::opening;
use crate::{DeviceInfo, ModelInfo, TrainRequest};
use serde::{Deserialize, Serialize};
use tadpole_gpt::Gpt;
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::train::Trainer;
use tadpole_tokenizer::Tokenizer;
use tadpole_workbench::{Corpus, CorpusInfo, TokenizerInfo};

/// The newest weights of the run, or those of a file. A resumed run begins with it.
#[derive(Clone)]
pub(crate) struct Live {
    pub tokenizer: Tokenizer,
    /// Without gradients; shares its weights with the trainer.
    pub model: Gpt,
    pub optimizer: Option<AdamW>,
    /// Grows whenever the weights change.
    pub version: u64,
    /// The text that its run learns from, if available.
    pub corpus: Option<Corpus>,
    pub run: RunRecord,
    pub device: DeviceInfo,
}

/// A run in numbers and words, as stored in a checkpoint. Empty for a model that has no run of ours.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunRecord {
    /// Updates made.
    pub step: usize,
    pub request: Option<TrainRequest>,
    pub corpus: Option<CorpusInfo>,
    pub history: History,
    /// Set by hand; otherwise the schedule's.
    pub learning_rate: Option<f64>,
}

impl Live {
    /// A model without a run.
    pub fn without_run(model: Gpt, tokenizer: Tokenizer, version: u64, device: DeviceInfo) -> Self {
        Self { tokenizer, model, optimizer: None, version, corpus: None, run: RunRecord::default(), device }
    }

    /// Copies the trainer's newest state.
    pub fn follow(&mut self, trainer: &Trainer) {
        self.model = trainer.snapshot();
        self.optimizer = Some(trainer.optimizer().clone());
        self.run.step = trainer.step_count();
        self.version += 1;
    }

    pub fn info(&self) -> ModelInfo {
        let config = self.model.config();
        let attached = self.corpus.is_some();
        ModelInfo {
            config: config.clone(),
            parameters: config.parameters(),
            step: self.run.step,
            tokenizer: TokenizerInfo::from(&self.tokenizer),
            resumable: self.optimizer.is_some() && attached,
            has_optimizer: self.optimizer.is_some(),
            corpus: self.run.corpus.as_ref().map(|info| CorpusInfo { attached, ..info.clone() }),
            request: self.run.request.clone(),
            opening: opening(&self.tokenizer, &[0]).unwrap_or_default(),
            device: self.device.clone(),
        }
    }
}
