// What page and worker say to each other beside the core's commands: keeping runs on disk, and what others do to the model.
// The page asks to store the live run now (it is being hidden), or for those that are kept; the worker tells, unasked and under id
// 0, what it stored, what failed, and what somebody else who speaks with it did.
import type { CoreError, ModelInfo } from "./core.ts";
import type { TrainEvent } from "./events.ts";

/** A run that this browser keeps. */
export interface KeptRun {
  id: string;
  /** The corpus' name for the person; empty for a model from a file. */
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
  /** The text that the live model learns from; null if it is not available. */
  corpus: { request: Record<never, never>; answer: Uint8Array | null };
  /** Makes a kept run the live one; the current run is written first. */
  openRun: { request: { run: string }; answer: ModelInfo };
  /** How often a training run is written, from 1 s to an hour; a large one less often, so that writing takes at most 2 % of the time. */
  keepEvery: { request: { seconds: number }; answer: null };
  /**
   * Makes this tab, and no other, keep the runs. Returns the live run's id if the kept version continued elsewhere and this one did not, so
   * that it can be opened; else null.
   */
  takeRuns: { request: Record<never, never>; answer: string | null };
  /** The page is about to enter the browser's back/forward cache: another one may keep the runs from now on. */
  away: { request: Record<never, never>; answer: null };
  /** It is back, and keeps the runs if no other page does. Returns the same as `takeRuns`. */
  back: { request: Record<never, never>; answer: string | null };
  /** Deletes a run from the disk for good; not the live one. */
  forgetRun: { request: { run: string }; answer: null };
}

export type UpkeepName = keyof Upkeep;

/** From the page. */
export type UpkeepCommand = { [K in UpkeepName]: { id: number; type: K; request: Upkeep[K]["request"] } }[UpkeepName];

export type RunState = "preparing" | "running" | "paused";

/**
 * From the worker, unasked, under id 0. An error there belongs to no command. The last three report what another page on this core did.
 */
export type Note = { id: 0 } & (
  | { type: "error"; error: CoreError }
  /** The core is gone, with everything in progress. */
  | { type: "died"; error: CoreError }
  /**
   * The step at which the live run is on disk, null if it is not (yet), and its id; how many milliseconds the write took, and how often it
   * is written while it trains.
   */
  | { type: "stored"; step: number | null; run: string | null; ms?: number; everyMs?: number }
  /** Another model is live; `as` is its name in the address. */
  | { type: "model"; model: ModelInfo; as: string | null }
  /** A run was opened, or changed its state. */
  | { type: "run"; state: RunState | "over" }
  | { type: "runEvents"; events: TrainEvent[] }
);
