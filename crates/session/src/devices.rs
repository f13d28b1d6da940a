//! The device that a session works on and, if there is a choice, which one a model runs on: the faster one,
//! by the measurements of `calibration.rs`.

use crate::calibration::{Calibration, Speed};
use crate::memory::expect_room;
use crate::{DeviceInfo, Estimates, Result};
use tadpole_gpt::{Device, Error, ModelConfig};

/// A device that is ready for use.
#[derive(Clone)]
pub(crate) struct ReadyDevice {
    pub device: Device,
    pub info: DeviceInfo,
}

impl ReadyDevice {
    /// Refuses what this device has no room for, before anything is allocated: bytes in all, and of the
    /// largest tensor.
    pub fn expect(&self, needed: u64, buffer: u64) -> Result<()> {
        expect_room(needed, self.info.memory_limit)?;
        self.expect_buffer(buffer)
    }

    /// Refuses a tensor with more bytes than this device allows at once.
    pub fn expect_buffer(&self, buffer: u64) -> Result<()> {
        match self.info.buffer_limit {
            Some(limit) if buffer > limit => Err(Error::BufferTooLarge { needed: buffer, limit }.into()),
            _ => Ok(()),
        }
    }
}

/// The task of a model.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// Learn from batches with this many rows.
    Train(usize),
    Write,
}

/// The devices of a session.
pub(crate) struct Devices {
    here: ReadyDevice,
    /// What was measured of them.
    pub calibration: Option<Calibration>,
    /// CPU and GPU, if models run on the faster one.
    choice: Option<Box<[ReadyDevice; 2]>>,
}

impl Devices {
    pub fn one(place: ReadyDevice) -> Self {
        Self { here: place, calibration: None, choice: None }
    }

    /// Where the session works now.
    pub fn here(&self) -> &ReadyDevice {
        &self.here
    }

    /// From now on a model runs on this GPU or on the CPU, where the session began.
    pub fn offer(&mut self, gpu: ReadyDevice) {
        self.choice = Some(Box::new([self.here.clone(), gpu]));
    }

    /// The device for a model.
    pub fn place_for(&self, model: &ModelConfig, work: Work) -> ReadyDevice {
        let (Some(places), Some(calibration)) = (self.choice.as_deref(), &self.calibration) else {
            return self.here.clone();
        };
        let expected = |speed: &Speed| match work {
            Work::Train(batch_size) => speed.step_ms(model, batch_size),
            Work::Write => speed.token_ms(model),
        };
        let [cpu, webgpu] = [&calibration.cpu, &calibration.gpu].map(expected);
        let buffer = match work {
            Work::Train(batch_size) => model.training_buffer(batch_size),
            Work::Write => model.inference_buffer(),
        };
        let fits = places[1].info.buffer_limit.is_none_or(|limit| buffer <= limit);
        let mut place = places[usize::from(fits && webgpu < cpu)].clone();
        place.info.estimates = Some(Estimates { training: matches!(work, Work::Train(_)), cpu, webgpu });
        place
    }

    /// Works there from now on.
    pub fn settle_at(&mut self, place: ReadyDevice) {
        self.here = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeviceKind;

    fn place(kind: DeviceKind, buffer_limit: Option<u64>) -> ReadyDevice {
        let (name, detail) = (kind.to_string(), String::new());
        let memory_limit = 1 << 40;
        let info =
            DeviceInfo { kind, name, fallback: None, detail, memory_limit, buffer_limit, estimates: None };
        ReadyDevice { device: Device::flex(), info }
    }

    #[test]
    fn a_model_goes_to_the_faster_device_that_takes_its_tensors() {
        let cpu = Speed { gigaflops: 20.0, row_gigaflops: 6.0, launch_ms: 0.001 };
        let gpu = Speed { gigaflops: 1_000.0, row_gigaflops: 100.0, launch_ms: 0.2 };
        let calibration = Calibration { adapter: "a".into(), trials: vec![], cpu, gpu };
        let mut devices = Devices::one(place(DeviceKind::Cpu, None));
        devices.calibration = Some(calibration);
        devices.offer(place(DeviceKind::Webgpu, Some(1 << 27)));
        let small = ModelConfig::preset("nano").expect("a preset");
        let large = ModelConfig { d_model: 512, d_ff: 2_048, n_layer: 6, ..small.clone() };
        let kind = |model: &ModelConfig, work| devices.place_for(model, work).info.kind;
        assert_eq!(kind(&small, Work::Write), DeviceKind::Cpu);
        assert_eq!(kind(&large, Work::Train(8)), DeviceKind::Webgpu);
        let huge = ModelConfig { n_layer: 24, ..large };
        assert_eq!(kind(&huge, Work::Train(8)), DeviceKind::Cpu, "its weights lie in one tensor");
        assert!(place(DeviceKind::Webgpu, Some(1 << 27)).expect(0, 1 << 28).is_err());
    }
}
