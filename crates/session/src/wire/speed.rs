//! A measurement of the device: what is asked for, and what it came to.

use super::device::MemoryUse;
use serde::{Deserialize, Serialize};
use tadpole_gpt::ModelConfig;
use ts_rs::TS;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MeasureCase {
    /// An optimizer update: forward, backward, clip, AdamW.
    Train,
    /// A token through the cache, sampler included.
    Decode,
    /// The product of two square matrices alone.
    Matmul,
}

/// A measurement of the device.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeasureRequest {
    /// What.
    pub case: MeasureCase,
    /// Of a model of this shape, with random weights.
    pub model: ModelConfig,
    /// Rows of a training batch.
    pub batch_size: usize,
    /// Blocks of about half a second.
    pub blocks: usize,
}

/// What a measurement came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// What was measured.
    pub case: MeasureCase,
    /// Of the three figures that follow: milliseconds a step, a token, a product.
    #[ts(type = "\"ms/step\" | \"ms/token\" | \"ms\"")]
    pub unit: &'static str,
    /// Over the blocks.
    pub median: f64,
    /// Fastest block.
    pub min: f64,
    /// Slowest block.
    pub max: f64,
    /// Billions of operations of matrix products a second, at the median.
    pub gigaflops: f64,
    /// What was in use at the end.
    pub memory: MemoryUse,
}

/// A shape that speeds are told for.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    pub name: &'static str,
    /// Layers, heads and widths.
    pub model: ModelConfig,
    /// Rows of a training batch.
    pub batch_size: usize,
    /// Too large to train in a tab.
    pub decode_only: bool,
}
