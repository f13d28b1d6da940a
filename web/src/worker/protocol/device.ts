// Devices, and how the core fails.

// ---------- devices ----------

export type DeviceKind = "webgpu" | "cpu";
export type DeviceChoice = "auto" | DeviceKind;

/** Why the CPU serves although `auto` would rather have WebGPU. */
export type FallbackReason = "chosen" | "noWebgpu" | "noAdapter" | "missingFeature" | "selfCheckFailed" | "initFailed";

export interface DeviceInfo {
  kind: DeviceKind;
  /** The adapter's own name ("SwiftShader ..."), or "CPU". */
  name: string;
  fallback: FallbackReason | null;
  /** What went wrong with WebGPU, in the browser's words; empty when nothing did. */
  detail: string;
  /** Bytes that a model and its training may take; larger requests are refused before anything is allocated. */
  memoryLimit: number;
  /** Bytes that one tensor may take; null on the CPU. */
  bufferLimit: number | null;
  /** What the choice between two devices was made by; null where there was no choice. */
  estimates: Estimates | null;
}

/** Milliseconds that a training step, or a token where not, can be expected to take. */
export interface Estimates extends Record<DeviceKind, number> {
  training: boolean;
}

// ---------- errors ----------

/** Every failure of the core. `i18n` translates `code` and fills in `details`; `message` and `remedy` are the English. */
export interface CoreError {
  code: string;
  message: string;
  remedy: string;
  details: Record<string, string>;
}
