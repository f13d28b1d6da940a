//! What a person can do with Tadpole: train, generate, inspect, save, load. The only place where text meets
//! tensors. Knows no terminal and no browser: `cli` and `wasm` choose a device and drive a [`Session`].
//!
//! A call returns one answer. A stream returns events: open it, call [`Session::next`] until it is over,
//! close it whenever you like. Pausing means not calling `next`.

mod calibration;
mod device_check;
mod devices;
mod embedding_map;
mod error;
mod evaluate;
mod generation;
mod grading;
mod history;
mod inspect;
mod live;
mod measure;
mod memory;
mod next_tokens;
mod open;
mod probes;
mod run;
mod save;
mod session;
mod slow_step;
mod streams;
mod updates;
mod wire;
mod world;

pub use calibration::{Calibration, Speed, Trial};
pub use device_check::check_device;
pub use embedding_map::{EmbeddingMap, Near};
pub use error::{Error, Result};
pub use grading::GradeRequest;
pub use inspect::{Expected, Inside, InspectRequest, LensRequest, ParameterRequest};
pub use measure::SHAPES;
pub use probes::{Neighbours, PronounHead, Surety};
pub use session::Session;
pub use slow_step::{Moved, NextUpdate};
pub use tadpole_gpt::config::{MlpKind, NormKind, PRESETS, PositionKind};
pub use tadpole_gpt::layout::Part;
pub use tadpole_gpt::observe::Activation;
pub use tadpole_gpt::params::HostTensor;
pub use tadpole_gpt::sampling::{STAGES, SamplingConfig, Stage};
pub use tadpole_gpt::train::StepMetrics;
pub use tadpole_gpt::{Device, ModelConfig, TrainConfig};
pub use tadpole_tokenizer::{Encoding, TokenizerConfig, TokenizerKind};
pub use tadpole_workbench::Error as WorkbenchError;
pub use tadpole_workbench::{
    CorpusInfo, ErrorData, MergeInfo, Slot, TokenizerInfo, TrainingEvent, Workbench, foreign, named_pattern,
};
pub use tadpole_world::{Ask, CLAIMS, Case, Claim, Interval, Language, MAX_SHOTS, Mix, Style, Task};
pub use wire::*;
pub use world::{Cases, CasesRequest, WorldRequest};
