//! How much memory is in use (the wasm heap or the process, and the GPU's pools), and refusals for lack of
//! it.

use crate::{MemoryUse, Result};
use tadpole_gpt::adamw::AdamW;
use tadpole_gpt::{Device, Error, ModelConfig};

/// Bytes that one byte of JSON may become while it is read: the seven of `{"":0},` make a node of 320 on a
/// 32-bit heap, in a list that doubles as it grows.
const READ_JSON: u64 = 56;

/// Reads both counters; queries the device without waiting for its work.
pub(crate) fn memory_use(device: &Device) -> MemoryUse {
    let pool = device.memory_pool_usage();
    MemoryUse {
        heap_bytes: heap_bytes(),
        pool_in_use_bytes: pool.as_ref().map(|pool| pool.bytes_in_use),
        pool_reserved_bytes: pool.as_ref().map(|pool| pool.bytes_reserved),
    }
}

/// Refuses what needs more bytes than are allowed, before anything is allocated.
pub(crate) fn expect_room(needed: u64, limit: u64) -> Result<()> {
    if needed > limit { Err(Error::DoesNotFit { needed, limit }.into()) } else { Ok(()) }
}

/// Memory in use while files are opened, in bytes.
#[derive(Default)]
pub(crate) struct Opening {
    /// The files, whole: they stay until everything is read.
    pub files: u64,
    /// The JSON in them.
    pub json: u64,
    /// What is copied at once, besides the resulting tensors.
    pub copies: u64,
    pub tensors: u64,
}

impl Opening {
    /// Bytes at the peak.
    pub fn bytes(&self) -> u64 {
        self.files + READ_JSON * self.json + self.copies + self.tensors
    }
}

/// Bytes of a model for generation, plus its optimizer if it comes with one.
pub(crate) fn tensor_bytes(config: &ModelConfig, optimizer: bool) -> u64 {
    config.inference_bytes() + if optimizer { AdamW::bytes(config.parameters()) } else { 0 }
}

/// Size of the linear memory; it never shrinks.
#[cfg(target_arch = "wasm32")]
fn heap_bytes() -> u64 {
    core::arch::wasm32::memory_size(0) as u64 * (64 << 10)
}

/// Resident memory of the process; 0 if the system does not report it in `/proc`.
#[cfg(not(target_arch = "wasm32"))]
fn heap_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) * 1024
}
