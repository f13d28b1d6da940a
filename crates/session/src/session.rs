//! The session: one device, one live model. Calls with one answer; streams open in `open.rs`, files in
//! `save.rs`.

use crate::calibration::Calibration;
use crate::devices::{Devices, ReadyDevice, Work};
use crate::live::Live;
use crate::next_tokens::LogitsCache;
use crate::streams::Streams;
use crate::wire::*;
use crate::{Error, Mix, Result, SHAPES};
use tadpole_gpt::config::PRESETS;
use tadpole_gpt::sampling::SamplingConfig;
use tadpole_gpt::{Device, ModelConfig, TrainConfig};
use tadpole_tokenizer::{Tokenizer, TokenizerConfig};

/// What a person works with.
pub struct Session {
    pub(crate) devices: Devices,
    pub(crate) live: Option<Live>,
    pub(crate) streams: Streams,
    logits: LogitsCache,
}

impl Session {
    /// A session on a device that is ready for use.
    pub fn new(device: Device, info: DeviceInfo) -> Self {
        Self {
            devices: Devices::one(ReadyDevice { device, info }),
            live: None,
            streams: Streams::default(),
            logits: LogitsCache::default(),
        }
    }

    /// The session's current device.
    pub fn device(&self) -> &DeviceInfo {
        &self.devices.here().info
    }

    /// Stays on the CPU, on which it began, for the reason in `info`.
    pub fn stay(&mut self, info: DeviceInfo) {
        let device = self.devices.here().device.clone();
        self.devices.settle_at(ReadyDevice { device, info });
    }

    /// Gives the session a GPU to choose besides the CPU on which it began: from now on each model that it
    /// begins or opens runs on the faster one.
    pub fn offer_gpu(&mut self, device: Device, info: DeviceInfo) {
        self.devices.offer(ReadyDevice { device, info });
    }

    /// Stores a calibration.
    pub fn note(&mut self, calibration: Calibration) {
        self.devices.calibration = Some(calibration);
    }

    /// The calibration of the devices; none if there was no need.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.devices.calibration.as_ref()
    }

    /// The core's own defaults.
    pub fn defaults() -> Defaults {
        let preset =
            |name| Preset { name, config: ModelConfig::preset(name).expect("every name has a preset") };
        Defaults {
            presets: PRESETS.map(preset).to_vec(),
            tokenizer: TokenizerConfig::default(),
            train: TrainConfig::default(),
            sampling: SamplingConfig::default(),
            shapes: SHAPES.to_vec(),
            mix: Mix::default(),
        }
    }

    /// What a model and its training would take.
    ///
    /// # Errors
    /// What the configurations' `validate` refuse.
    pub fn estimate(&self, model: &ModelConfig, train: &TrainConfig) -> Result<Estimate> {
        model.validate()?;
        train.validate()?;
        Ok(Estimate {
            parameters: model.parameters(),
            model_bytes: model.inference_bytes(),
            training_bytes: model.training_bytes(train.batch_size),
            limit_bytes: self.devices.place_for(model, Work::Train(train.batch_size)).info.memory_limit,
        })
    }

    /// The live model, if there is one.
    pub fn model(&self) -> Option<ModelInfo> {
        self.live.as_ref().map(Live::info)
    }

    /// The run so far, as its original events.
    pub fn history(&self) -> Vec<Event> {
        let Some(live) = &self.live else { return vec![] };
        let total = live.run.request.as_ref().map_or(live.run.step, |request| request.train.steps);
        live.run.history.events(total, &live.model.device())
    }

    /// From now on train with this learning rate; none returns to the schedule.
    ///
    /// # Errors
    /// [`Error::NoModel`].
    pub fn set_learning_rate(&mut self, rate: Option<f64>) -> Result<()> {
        TrainConfig { learning_rate: rate.unwrap_or(1.0), min_learning_rate: 0.0, ..TrainConfig::default() }
            .validate()?;
        self.live_mut()?.run.learning_rate = rate;
        Ok(())
    }

    /// The model's tokenizer.
    ///
    /// # Errors
    /// [`Error::NoModel`].
    pub fn tokenizer(&self) -> Result<&Tokenizer> {
        Ok(&self.live()?.tokenizer)
    }

    /// The next-token distribution after `prompt` and the `forced` ids, stage by stage, for the `top`
    /// likeliest tokens. The same prompt with other samplers needs no forward pass.
    ///
    /// # Errors
    /// [`Error::NoModel`], an empty prompt, an id outside the vocabulary, or a sampler outside its range.
    pub async fn next_tokens(
        &mut self,
        prompt: &str,
        forced: &[u32],
        sampling: &SamplingConfig,
        top: usize,
    ) -> Result<NextTokens> {
        let live = self.live.as_ref().ok_or(Error::NoModel)?;
        let model = (&live.model, live.version);
        self.logits.next_tokens(model, &live.tokenizer, (prompt, forced), sampling, top).await
    }

    pub(crate) fn live(&self) -> Result<&Live> {
        self.live.as_ref().ok_or(Error::NoModel)
    }

    pub(crate) fn live_mut(&mut self) -> Result<&mut Live> {
        self.live.as_mut().ok_or(Error::NoModel)
    }
}
