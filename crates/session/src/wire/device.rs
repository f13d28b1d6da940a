//! What a device is, what it can be expected to take, and how much of its memory is in use.

use serde::Serialize;

/// The device a session works on, as chosen by `cli` or `wasm`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceInfo {
    /// `webgpu` or `cpu`.
    pub kind: &'static str,
    /// The adapter's own name, or `CPU`.
    pub name: String,
    /// Why the CPU serves although WebGPU was preferred; none when nothing was given up.
    pub fallback: Option<&'static str>,
    /// What went wrong with WebGPU, in its own words.
    pub detail: String,
    /// Bytes that a model and its training may take.
    pub memory_limit: u64,
    /// Bytes that one tensor may take; none on the CPU.
    pub buffer_limit: Option<u64>,
    /// What the choice between two devices was made by; none where there was no choice.
    pub estimates: Option<Estimates>,
}

/// Milliseconds that work on the live model can be expected to take.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryUse {
    /// The wasm heap, or the process's resident memory.
    pub heap_bytes: u64,
    /// Live allocations on the GPU; none on the CPU.
    pub pool_in_use_bytes: Option<u64>,
    /// All that the GPU allocator holds; none on the CPU.
    pub pool_reserved_bytes: Option<u64>,
}
