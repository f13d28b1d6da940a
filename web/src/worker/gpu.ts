// The graphics adapter: its display name, and its loss. Browsers hide its description, so that the core's name for it is usually empty;
// vendor and architecture ("apple metal-3") are then all there is.
import type { CoreError } from "./protocol.ts";

export async function adapterName(): Promise<string> {
  try {
    // The adapter that the core uses.
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
    const { description = "", vendor = "", architecture = "" } = adapter?.info ?? {};
    return description || `${vendor} ${architecture}`.trim() || "WebGPU";
  } catch {
    return "WebGPU";
  }
}

/** Watches each device requested from now on for loss and for running out of memory: its results are worthless after either. */
export function watchDevices(ended: (error: CoreError) => void): void {
  if (typeof GPUAdapter !== "function") return;
  const failure = (code: string, reason: string) => ({ code, message: reason, remedy: "", details: { reason } });
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...options) {
    const device = await requestDevice.apply(this, options);
    void device.lost.then(({ message, reason }) => ended(failure("gpuLost", message || reason)));
    device.addEventListener("uncapturederror", ({ error }) => {
      if (error instanceof GPUOutOfMemoryError) ended(failure("gpuFull", error.message.split("\n", 1)[0] ?? ""));
    });
    return device;
  };
}
