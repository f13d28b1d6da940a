// What page and worker say to each other beside the core's commands: keeping runs on disk.
// The page asks to store the live one now (it is being hidden), or for those that are kept; the worker tells, unasked and under id
// 0, what it stored or what failed.
import type { CoreError, ModelInfo } from "./protocol.ts";

/** A run that this browser keeps. */
export interface KeptRun {
  id: string;
  /** What the person calls its corpus; empty for a model from a file. */
  name: string;
  step: number;
  parameters: number;
  /** Milliseconds since 1970. */
  savedAt: number;
  bytes: number;
}

export interface Upkeep {
  /** Writes the live run to disk now. */
  store: { request: Record<never, never>; answer: null };
  /** `keeps`: whether this tab may change them. */
  runs: { request: Record<never, never>; answer: { keeps: boolean; live: string | null; runs: KeptRun[] } };
  /** Makes a kept run the live one; the one that was is written first. */
  openRun: { request: { run: string }; answer: ModelInfo };
  /** Takes a run from the disk for good; the live one is not taken. */
  forgetRun: { request: { run: string }; answer: null };
}

export type UpkeepName = keyof Upkeep;

/** From the page. */
export type UpkeepCommand = { [K in UpkeepName]: { id: number; type: K; request: Upkeep[K]["request"] } }[UpkeepName];

/**
 * From the worker, unasked. `stored` tells the step at which the live run is on disk, null where it is not (yet), and its id.
 * An error under id 0 belongs to no command; `panic` there means that the core is gone.
 */
export type Note = { id: 0; type: "stored"; step: number | null; run: string | null } | { id: 0; type: "error"; error: CoreError };

/** Whether the module itself stopped: nothing of the core can be used after that. */
export function isTrap(thrown: unknown): thrown is WebAssembly.RuntimeError {
  return thrown instanceof WebAssembly.RuntimeError;
}
