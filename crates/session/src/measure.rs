//! How fast the device does a session's work: training updates, decoded tokens, and the matrix product alone
//! as the yardstick. Works in blocks, one per call, so that a stop gets through; the live model is not
//! touched.

use crate::devices::ReadyDevice;
use crate::memory::memory_use;
use crate::{Event, MeasureCase, MeasureRequest, Measured, Result, Shape};
use std::sync::LazyLock;
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::dataset::Dataset;
use tadpole_gpt::generate::{Drawing, Generator};
use tadpole_gpt::sampling::SamplingConfig;
use tadpole_gpt::train::Trainer;
use tadpole_gpt::{Device, Gpt, ModelConfig, Tensor, TrainConfig, product, wait, within};
use web_time::Instant;

/// Width and height of the matrices of the yardstick.
const SIDE: usize = 1_024;
/// The intended seconds of a block.
const BLOCK_SECONDS: f64 = 0.5;

/// The shapes of `bench/`, smallest first; XL is GPT-2 with 124 million parameters.
pub static SHAPES: LazyLock<[Shape; 4]> = LazyLock::new(|| {
    let shape = |name, [n_layer, n_head, d_model, context_length, vocab_size]: [usize; 5]| Shape {
        name,
        model: ModelConfig {
            n_layer,
            n_head,
            n_kv_head: n_head,
            d_model,
            d_ff: 4 * d_model,
            context_length,
            vocab_size,
            ..ModelConfig::default()
        },
        batch_size: 8,
        decode_only: name == "XL",
    };
    [
        shape("S", [4, 4, 64, 64, 65]),
        shape("M", [6, 6, 192, 128, 256]),
        shape("L", [6, 8, 256, 256, 1_024]),
        shape("XL", [12, 12, 768, 1_024, 50_257]),
    ]
});

/// A measurement in progress.
pub(crate) struct Measurement {
    work: Timed,
    request: MeasureRequest,
    /// Units of work per block, found while warming up.
    units: usize,
    /// Milliseconds per unit, for each block.
    times: Vec<f64>,
    device: Device,
}

/// What is timed.
enum Timed {
    Train(Box<Trainer>),
    Decode(Box<Gpt>),
    Product(Box<[Tensor<2>; 2]>),
    Over,
}

impl Measurement {
    /// Makes a random model of the request's shape; computes nothing yet.
    pub fn new(request: MeasureRequest, place: &ReadyDevice) -> Result<Self> {
        within("blocks", request.blocks, 1, 100)?;
        let MeasureRequest { model, batch_size, .. } = &request;
        let train = TrainConfig {
            batch_size: *batch_size,
            eval_interval: 0,
            sample_interval: 0,
            ..TrainConfig::default()
        };
        model.validate()?;
        train.validate()?;
        let square = 4 * (SIDE * SIDE) as u64;
        let (bytes, buffer) = match request.case {
            MeasureCase::Train => (model.training_bytes(*batch_size), model.training_buffer(*batch_size)),
            MeasureCase::Decode => (model.inference_bytes(), model.inference_buffer()),
            MeasureCase::Matmul => (3 * square, square),
        };
        place.expect(bytes, buffer)?;
        let device = &place.device;
        let work = match request.case {
            MeasureCase::Train => {
                let ids =
                    (0..20 * model.context_length as u32).map(|i| i * i % model.vocab_size as u32).collect();
                let dataset = Dataset::new(ids, model, &train)?;
                let model = Gpt::new(model, 0, device).to_autodiff();
                let optimizer = AdamW::new(&model);
                Timed::Train(Box::new(Trainer::new(model, optimizer, 0, train, dataset)))
            }
            MeasureCase::Decode => Timed::Decode(Box::new(Gpt::new(model, 0, device))),
            MeasureCase::Matmul => {
                let wave: Vec<f32> = (0..SIDE * SIDE).map(|i| (i as f32).sin()).collect();
                let matrix = || Tensor::<1>::from_floats(wave.as_slice(), device).reshape([SIDE, SIDE]);
                Timed::Product(Box::new([matrix(), matrix()]))
            }
        };
        Ok(Self { work, request, units: 0, times: vec![], device: device.clone() })
    }

    /// Measures a block; the last call returns the summary.
    pub async fn next(&mut self) -> Result<Option<Vec<Event>>> {
        if matches!(self.work, Timed::Over) {
            return Ok(None);
        }
        if self.units == 0 {
            self.work.run(1, &self.request).await?; // compiles kernels
            let seconds = self.work.run(1, &self.request).await?;
            self.units = ((BLOCK_SECONDS / seconds) as usize).clamp(1, 1_000);
            return Ok(Some(vec![]));
        }
        let seconds = self.work.run(self.units, &self.request).await?;
        let tokens = match self.request.case {
            MeasureCase::Decode => self.units * decoded(&self.request),
            MeasureCase::Train | MeasureCase::Matmul => self.units,
        };
        self.times.push(1_000.0 * seconds / tokens as f64);
        if self.times.len() < self.request.blocks {
            return Ok(Some(vec![]));
        }
        let measured = self.measured();
        self.work = Timed::Over;
        Ok(Some(vec![Event::Measured(measured)]))
    }

    fn measured(&self) -> Measured {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        let MeasureRequest { case, model, batch_size, .. } = &self.request;
        let (unit, operations) = match case {
            MeasureCase::Train => {
                ("ms/step", 3.0 * model.matmul_operations() * (batch_size * model.context_length) as f64)
            }
            MeasureCase::Decode => ("ms/token", model.matmul_operations()),
            MeasureCase::Matmul => ("ms", 2.0 * (SIDE as f64).powi(3)),
        };
        let median = times[times.len() / 2];
        let [min, max] = [times[0], times[times.len() - 1]];
        let gigaflops = operations / median / 1e6;
        Measured { case: *case, unit, median, min, max, gigaflops, memory: memory_use(&self.device) }
    }
}

/// Tokens of a whole generation: from the second position of the context to the last but one.
fn decoded(request: &MeasureRequest) -> usize {
    request.model.context_length.saturating_sub(2).clamp(1, 256)
}

impl Timed {
    /// Seconds for `units` of work, until the device has done them.
    async fn run(&mut self, units: usize, request: &MeasureRequest) -> Result<f64> {
        let start = Instant::now();
        match self {
            Self::Train(trainer) => {
                (0..units).for_each(|_| trainer.step());
                trainer.read().await?;
            }
            Self::Decode(model) => {
                for _ in 0..units {
                    decode(model, decoded(request)).await?;
                }
            }
            Self::Product(matrices) => {
                let [a, b] = matrices.as_ref();
                let mut last = product(a.clone(), b.clone());
                (1..units).for_each(|_| last = product(a.clone(), b.clone()));
                wait(last).await?;
            }
            Self::Over => {}
        }
        Ok(start.elapsed().as_secs_f64())
    }
}

/// Writes `tokens` tokens as a generation does, from a one-token prompt.
async fn decode(model: &Gpt, mut tokens: usize) -> Result<()> {
    let sampling =
        SamplingConfig { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0, ..SamplingConfig::default() };
    let vocab_size = model.config().vocab_size;
    let mut generator = Generator::new(model.clone(), Drawing { sampling, vocab_size, keeps_logits: false });
    generator.push(&[0])?;
    while tokens > 0 {
        tokens -= generator.draw(tokens).await?.len();
    }
    Ok(())
}
