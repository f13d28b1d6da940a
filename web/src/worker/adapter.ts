// The graphics adapter's name for people. Browsers keep its description to themselves, so that the core's name for it is
// empty in most; vendor and architecture ("apple metal-3") are then what there is.

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
