//! A session on the device that the flags choose: a fresh one, or with a file's model.

use crate::args::{DeviceArgs, DeviceKind};
use crate::files::{explain, model_folder, read};
use anyhow::Result;
use burn::tensor::Device;
use futures_lite::future::block_on;
use std::path::Path;
use tadpole_session::{Calibration, DeviceInfo, Session};

/// The memory limit where the system does not report how much is free.
const UNKNOWN_MEMORY: u64 = 8 << 30;

/// A fresh session.
pub fn session(args: &DeviceArgs) -> Result<Session> {
    let (device, kind, name, buffer_limit) = match args.device {
        DeviceKind::Cpu => (Device::flex(), tadpole_session::DeviceKind::Cpu, "CPU".to_string(), None),
        DeviceKind::Gpu => {
            let (device, name, limit) = gpu()?;
            // Sets the tiles that suit the device.
            block_on(Calibration::measure(&device, &name)).map_err(explain)?;
            (device, tadpole_session::DeviceKind::Webgpu, name, Some(limit))
        }
    };
    let limit = args.memory_gib.map(|gib| (gib * f64::from(1 << 30)) as u64);
    let memory_limit = limit.or_else(free_memory).unwrap_or(UNKNOWN_MEMORY);
    Ok(Session::new(
        device,
        DeviceInfo {
            kind,
            name,
            fallback: None,
            detail: String::new(),
            memory_limit,
            buffer_limit,
            estimates: None,
        },
    ))
}

/// A session for work with almost no computation.
pub fn cpu_session() -> Result<Session> {
    session(&DeviceArgs { device: DeviceKind::Cpu, memory_gib: None })
}

/// A session with the model of a checkpoint, or of a folder in Hugging Face's layout.
pub fn open(path: &Path, device: &DeviceArgs) -> Result<Session> {
    let mut session = session(device)?;
    if path.is_dir() {
        session.import_hugging_face(&model_folder(path)?).map_err(explain)?;
    } else {
        session.load(&read(path)?).map_err(explain)?;
    }
    Ok(session)
}

#[cfg(feature = "gpu")]
fn gpu() -> Result<(Device, String, u64)> {
    use anyhow::Context;
    let (device, setup) = Device::wgpu_options()
        .init_with_setup()
        .context("no GPU serves (install its Vulkan, Metal or DirectX 12 driver, or use --device cpu)")?;
    let limit = setup.adapter.limits().max_storage_buffer_binding_size;
    Ok((device, setup.adapter.get_info().name, limit))
}

#[cfg(not(feature = "gpu"))]
fn gpu() -> Result<(Device, String, u64)> {
    anyhow::bail!(
        "this tadpole was built without its gpu feature (build it with the default features, or use --device cpu)"
    )
}

/// Bytes that Linux says are available.
fn free_memory() -> Option<u64> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}
