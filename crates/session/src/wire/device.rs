//! What a device is, what it can be expected to take, and how much of its memory is in use.

use serde::Serialize;
use std::fmt::{Display, Formatter};
use ts_rs::TS;

/// A kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DeviceKind {
    /// A GPU through WebGPU; natively, through Vulkan, Metal or DirectX.
    Webgpu,
    Cpu,
}

impl Display for DeviceKind {
    fn fmt(&self, f: &mut Formatter) -> std::fmt::Result {
        f.write_str(match self {
            Self::Webgpu => "webgpu",
            Self::Cpu => "cpu",
        })
    }
}

/// Why the CPU serves although WebGPU was asked for or preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FallbackReason {
    /// The person chose it.
    Chosen,
    /// The browser has no WebGPU, or not on this page.
    NoWebgpu,
    /// There is no adapter.
    NoAdapter,
    /// The adapter lacks what the kernels need.
    MissingFeature,
    /// A small computation failed or came out wrong.
    SelfCheckFailed,
    /// The device could not be made ready.
    InitFailed,
}

/// The device a session works on, as chosen by `cli` or `wasm`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceInfo {
    /// Which.
    pub kind: DeviceKind,
    /// The adapter's own name, or `CPU`.
    pub name: String,
    /// Why the CPU serves although WebGPU was preferred; none when nothing was given up.
    pub fallback: Option<FallbackReason>,
    /// What went wrong with WebGPU, in its own words; empty when nothing did.
    pub detail: String,
    /// Bytes that a model and its training may take; larger requests are refused before anything is allocated.
    pub memory_limit: u64,
    /// Bytes that one tensor may take; none on the CPU.
    pub buffer_limit: Option<u64>,
    /// What the choice between two devices was made by; none where there was no choice.
    pub estimates: Option<Estimates>,
}

/// Milliseconds that work on the live model can be expected to take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Estimates {
    /// Of a training step, or of a token where not.
    pub training: bool,
    /// On the CPU.
    pub cpu: f64,
    /// On the GPU.
    pub webgpu: f64,
}

/// Memory in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemoryUse {
    /// The wasm heap, which never shrinks, or the process's resident memory.
    pub heap_bytes: u64,
    /// Live allocations on the GPU; none on the CPU.
    pub pool_in_use_bytes: Option<u64>,
    /// All that the GPU allocator holds; none on the CPU.
    pub pool_reserved_bytes: Option<u64>,
}
