// The graphics adapter: its name for people, and its end. Browsers keep its description to themselves, so that the core's name for it is
// empty in most; vendor and architecture ("apple metal-3") are then what there is.
import type { CoreError } from "./protocol.ts";

export async function adapterName(): Promise<string> {
  try {
    // The adapter that the core asks for.
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
    const { description = "", vendor = "", architecture = "" } = adapter?.info ?? {};
    return description || `${vendor} ${architecture}`.trim() || "WebGPU";
  } catch {
    return "WebGPU";
  }
}

/** Hears of each device that is asked for from now on when it is lost, or has no memory left: what it computes is nothing after that. */
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
