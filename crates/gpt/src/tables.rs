//! Constants of a model that depend only on its configuration: sinusoids (Vaswani et al., 2017) and rotary
//! angles.

use crate::config::{ModelConfig, PositionKind};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

const ROTARY_BASE: f64 = 10_000.0;
/// The paper multiplies token vectors by the root of the width, so that both have the same size; ours begin
/// this small, so the sinusoids do, too. At full size they drown the tokens for thousands of steps.
const SINUSOID_SCALE: f64 = 0.02;

/// Tables for the kinds of position that are not learnt.
#[derive(Module, Debug)]
pub(crate) struct Tables {
    pub sinusoids: Option<Tensor<2>>,   // [context, C]
    pub rotary: Option<[Tensor<2>; 2]>, // cos and sin, [context, D]
}

impl Tables {
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let [t, c, d] = [config.context_length, config.d_model, config.d_head()];
        let table = |rows: usize, columns: usize, value: &dyn Fn(usize, usize) -> f32| {
            let values: Vec<f32> = (0..rows).flat_map(|r| (0..columns).map(move |c| value(r, c))).collect();
            Tensor::from_data(TensorData::new(values, [rows, columns]), device)
        };
        let angle = |position: usize, pair: usize, width: usize| {
            position as f64 / ROTARY_BASE.powf(2.0 * pair as f64 / width as f64)
        };
        let sinusoid = |row: usize, column: usize| {
            let angle = angle(row, column / 2, c);
            (SINUSOID_SCALE * if column.is_multiple_of(2) { angle.sin() } else { angle.cos() }) as f32
        };
        Self {
            sinusoids: (config.position == PositionKind::Sinusoidal).then(|| table(t, c, &sinusoid)),
            rotary: (config.position == PositionKind::Rotary).then(|| {
                let half = d / 2;
                [
                    table(t, d, &|row, column| angle(row, column % half, d).cos() as f32),
                    table(t, d, &|row, column| angle(row, column % half, d).sin() as f32),
                ]
            }),
        }
    }
}
