//! Which device: WebGPU where an adapter has what burn needs and passes a small self-check, else the CPU, with the reason; and
//! what is measured of them.

use burn::tensor::Device;
use burn_wgpu::graphics::WebGpu;
use burn_wgpu::{MemoryConfiguration, RuntimeOptions, WgpuDevice, try_init_setup_async};
use std::cell::RefCell;
use tadpole_session::{Calibration, DeviceInfo, DeviceKind, Error, FallbackReason, Session};
use wasm_bindgen::JsValue;

/// Tasks a GPU command gathers before it is submitted: more than a training step of a small model has.
const TASKS: usize = 512;
/// A wasm module addresses 4 GiB; half a GiB stays for the stack, the tokenizer and the corpus.
const CPU_BYTES: u64 = 7 << 29;
/// Browsers do not tell how much memory a GPU has; what a common one can give a page.
const GPU_BYTES: u64 = 4 << 30;

thread_local! {
    /// A second initialisation fails, so the first one is kept for the life of the worker.
    static WEBGPU: RefCell<Option<(Device, u64)>> = const { RefCell::new(None) };
}

/// Why WebGPU does not serve, and what was seen.
struct Refusal(FallbackReason, String);

/// An adapter that has not been measured.
pub enum Unmeasured {
    /// It is in use.
    InUse(Device, String),
    /// It waits until there is work that it may be better at.
    Waits(String),
}

/// The device to begin on for `choice` (`auto`, `webgpu` or `cpu`), and what there is to be measured.
pub async fn choose(choice: &str, name: String) -> (Device, DeviceInfo, Option<Unmeasured>) {
    let refusal = match choice {
        "cpu" => Refusal(FallbackReason::Chosen, String::new()),
        "auto" => match adapter().await {
            Ok(_) => return (Device::flex(), cpu_info(None), Some(Unmeasured::Waits(name))),
            Err(refusal) => refusal,
        },
        _ => match webgpu().await {
            Ok((device, limit)) => {
                let unmeasured = Unmeasured::InUse(device.clone(), name.clone());
                return (device, gpu_info(name, limit), Some(unmeasured));
            }
            Err(refusal) => refusal,
        },
    };
    (Device::flex(), cpu_info(Some(refusal)), None)
}

/// Measures what there is to be measured, or takes what was `kept` of this adapter. Where the session began on the CPU it gets
/// the GPU to choose; one that fails is left alone, and the session says why.
pub async fn prepare(
    session: &mut Session,
    what: Unmeasured,
    kept: Option<String>,
) -> Result<Option<String>, Error> {
    let (device, name, offered) = match what {
        Unmeasured::InUse(device, name) => (device, name, None),
        Unmeasured::Waits(name) => match webgpu().await {
            Ok((device, limit)) => (device, name, Some(limit)),
            Err(refusal) => {
                session.stay(cpu_info(Some(refusal)));
                return Ok(None);
            }
        },
    };
    let kept = kept.and_then(|text| Calibration::kept(&text, &name));
    let fresh = kept.is_none();
    let calibration = match kept {
        Some(calibration) => calibration,
        None => match Calibration::measure(&device, &name).await {
            Ok(calibration) => calibration,
            Err(failed) if offered.is_some() => {
                session.stay(cpu_info(Some(Refusal(FallbackReason::SelfCheckFailed, failed.to_string()))));
                return Ok(None);
            }
            Err(failed) => return Err(failed),
        },
    };
    let text = fresh.then(|| calibration.to_json());
    if let Some(limit) = offered {
        session.offer_gpu(device, gpu_info(name, limit));
    }
    session.note(calibration);
    Ok(text)
}

fn gpu_info(name: String, limit: u64) -> DeviceInfo {
    DeviceInfo {
        kind: DeviceKind::Webgpu,
        name,
        fallback: None,
        detail: String::new(),
        memory_limit: GPU_BYTES,
        buffer_limit: Some(limit),
        estimates: None,
    }
}

fn cpu_info(refusal: Option<Refusal>) -> DeviceInfo {
    let (reason, detail) = refusal.map(|Refusal(reason, detail)| (reason, detail)).unzip();
    DeviceInfo {
        kind: DeviceKind::Cpu,
        name: "CPU".into(),
        fallback: reason,
        detail: detail.unwrap_or_default(),
        memory_limit: CPU_BYTES,
        buffer_limit: None,
        estimates: None,
    }
}

async fn webgpu() -> Result<(Device, u64), Refusal> {
    if let Some(ready) = WEBGPU.with_borrow(Clone::clone) {
        return Ok(ready);
    }
    let limit = adapter().await?;
    let device = WgpuDevice::default();
    let options = RuntimeOptions { tasks_max: TASKS, memory_config: MemoryConfiguration::default() };
    try_init_setup_async::<WebGpu>(&device, options)
        .await
        .map_err(|e| Refusal(FallbackReason::InitFailed, e.to_string()))?;
    let device = Device::from(device);
    tadpole_session::check_device(&device)
        .await
        .map_err(|detail| Refusal(FallbackReason::SelfCheckFailed, detail))?;
    WEBGPU.set(Some((device.clone(), limit)));
    Ok((device, limit))
}

/// Bytes that a tensor may take on the adapter, if there is one with what burn needs; asked first, because burn panics where that is
/// missing.
async fn adapter() -> Result<u64, Refusal> {
    let gpu = js_sys::Reflect::get(&js_sys::global(), &"navigator".into())
        .and_then(|navigator| js_sys::Reflect::get(&navigator, &"gpu".into()))
        .unwrap_or(JsValue::UNDEFINED);
    if gpu.is_undefined() || gpu.is_null() {
        return Err(Refusal(FallbackReason::NoWebgpu, String::new()));
    }
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..Default::default()
    };
    let adapter = instance
        .request_adapter(&options)
        .await
        .map_err(|e| Refusal(FallbackReason::NoAdapter, e.to_string()))?;
    if !adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
        return Err(Refusal(FallbackReason::MissingFeature, "timestamp-query".into()));
    }
    Ok(adapter.limits().max_storage_buffer_binding_size)
}
