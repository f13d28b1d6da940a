//! Which device: WebGPU where an adapter has what burn needs and passes a small self-check, else the CPU, with the reason.

use burn::tensor::Device;
use burn_wgpu::graphics::WebGpu;
use burn_wgpu::{MemoryConfiguration, RuntimeOptions, WgpuDevice, try_init_setup_async};
use std::cell::RefCell;
use tadpole_session::DeviceInfo;
use wasm_bindgen::JsValue;

/// Tasks a GPU command gathers before it is submitted: more than a training step of a small model has.
const TASKS: usize = 512;
/// A wasm module addresses 4 GiB; half a GiB stays for the stack, the tokenizer and the corpus.
const CPU_BYTES: u64 = 7 << 29;
/// Browsers do not tell how much memory a GPU has; what a common one can give a page.
const GPU_BYTES: u64 = 4 << 30;

thread_local! {
    /// A second initialisation fails, so the first one is kept for the life of the worker.
    static WEBGPU: RefCell<Option<(Device, String)>> = const { RefCell::new(None) };
}

/// Why WebGPU does not serve, by the protocol's word, and what was seen.
struct Refusal(&'static str, String);

/// The device for `choice` (`auto`, `webgpu` or `cpu`).
pub async fn choose(choice: &str) -> (Device, DeviceInfo) {
    let refusal = if choice == "cpu" {
        Refusal("chosen", String::new())
    } else {
        match webgpu().await {
            Ok((device, name)) => {
                let info = DeviceInfo {
                    kind: "webgpu",
                    name,
                    fallback: None,
                    detail: String::new(),
                    memory_limit: GPU_BYTES,
                };
                return (device, info);
            }
            Err(refusal) => refusal,
        }
    };
    let Refusal(reason, detail) = refusal;
    let info = DeviceInfo {
        kind: "cpu",
        name: "CPU".into(),
        fallback: Some(reason),
        detail,
        memory_limit: CPU_BYTES,
    };
    (Device::flex(), info)
}

async fn webgpu() -> Result<(Device, String), Refusal> {
    if let Some(ready) = WEBGPU.with_borrow(Clone::clone) {
        return Ok(ready);
    }
    let gpu = js_sys::Reflect::get(&js_sys::global(), &"navigator".into())
        .and_then(|navigator| js_sys::Reflect::get(&navigator, &"gpu".into()))
        .unwrap_or(JsValue::UNDEFINED);
    if gpu.is_undefined() || gpu.is_null() {
        return Err(Refusal("noWebgpu", String::new()));
    }
    let name = look_at_adapter().await?;
    let device = WgpuDevice::default();
    let options = RuntimeOptions { tasks_max: TASKS, memory_config: MemoryConfiguration::default() };
    try_init_setup_async::<WebGpu>(&device, options)
        .await
        .map_err(|e| Refusal("initFailed", e.to_string()))?;
    let device = Device::from(device);
    tadpole_session::check_device(&device).await.map_err(|detail| Refusal("selfCheckFailed", detail))?;
    let ready = (device, name);
    WEBGPU.set(Some(ready.clone()));
    Ok(ready)
}

/// The adapter's name, if it has what burn needs; asked first, because burn panics where it is missing.
async fn look_at_adapter() -> Result<String, Refusal> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..Default::default()
    };
    let adapter =
        instance.request_adapter(&options).await.map_err(|e| Refusal("noAdapter", e.to_string()))?;
    if !adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
        return Err(Refusal("missingFeature", "timestamp-query".into()));
    }
    Ok(adapter.get_info().name)
}
