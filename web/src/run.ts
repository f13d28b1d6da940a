// The training run as the page sees it: its events folded into columns for the curves, and the transport (start, play,
// pause, step, stop) over the stream that makes them. It outlives the labs: training goes on while another lab is open.
import { batch, signal } from "@preact/signals-core";
import { client, model, restart, setModel, setStep, start } from "./session.ts";
import { coreError, type StreamHandle } from "./worker/client.ts";
import type { CoreError, MemoryUse, TrainEvent, TrainRequest } from "./worker/protocol.ts";

export type RunStatus = "idle" | "preparing" | "running" | "paused" | "stopped" | "done";

/** Row i belongs to step steps[i]; null where that step has no such number. Changed in place: watch `version`. */
export interface Columns {
  steps: number[];
  trainLoss: (number | null)[];
  gradNorm: (number | null)[];
  learningRate: (number | null)[];
  valLoss: (number | null)[];
  perplexity: (number | null)[];
  bitsPerByte: (number | null)[];
}

export interface Sample {
  step: number;
  prompt: string;
  text: string;
}

export const status = signal<RunStatus>("idle");
export const progress = signal<Extract<TrainEvent, { kind: "progress" }> | null>(null);
export const columns = signal<Columns>(noColumns());
export const samples = signal<Sample[]>([]);
export const version = signal(0);
export const totalSteps = signal(0);
export const tokensPerSecond = signal(0);
export const memory = signal<MemoryUse | null>(null);
export const runError = signal<CoreError | null>(null);

let stream: StreamHandle<TrainEvent> | null = null;

/** Whether a run is open in the core, at work or paused. */
export const isOpen = (): boolean => stream !== null;

function noColumns(): Columns {
  return { steps: [], trainLoss: [], gradNorm: [], learningRate: [], valLoss: [], perplexity: [], bitsPerByte: [] };
}

function clear(): void {
  columns.value = noColumns();
  samples.value = [];
  progress.value = null;
  totalSteps.value = 0;
  tokensPerSecond.value = 0;
  version.value += 1;
}

// ---------- events into columns ----------

/** The row of a step, made where there is none. Steps nearly always come in order. */
function rowOf(step: number): number {
  const table = columns.value;
  let at = table.steps.length;
  while (at > 0 && (table.steps[at - 1] ?? 0) >= step) at -= 1;
  if (table.steps[at] === step) return at;
  for (const [name, column] of Object.entries(table)) column.splice(at, 0, name === "steps" ? step : null);
  return at;
}

function fold(event: TrainEvent): void {
  const table = columns.value;
  if (event.kind === "progress") {
    progress.value = event;
  } else if (event.kind === "started") {
    progress.value = null;
    totalSteps.value = event.model.request?.train.steps ?? totalSteps.value;
    setModel(event.model);
    if (status.value === "preparing") status.value = "running";
  } else if (event.kind === "step") {
    for (const metrics of event.steps) {
      const row = rowOf(metrics.step);
      table.trainLoss[row] = metrics.trainLoss;
      table.gradNorm[row] = metrics.gradNorm;
      table.learningRate[row] = metrics.learningRate;
    }
    totalSteps.value = event.totalSteps;
    tokensPerSecond.value = event.tokensPerSecond;
    memory.value = event.memory;
  } else if (event.kind === "eval") {
    const row = rowOf(event.step);
    table.valLoss[row] = event.valLoss;
    table.perplexity[row] = event.perplexity;
    table.bitsPerByte[row] = event.bitsPerByte;
  } else if (event.kind === "sample") {
    samples.value = [...samples.value, { step: event.step, prompt: event.prompt, text: event.text }];
  }
  version.value += 1;
}

/** The curves of the run that the live model came with. */
export async function recall(): Promise<void> {
  stream?.stop();
  stream = null;
  memory.value = null;
  // The core knows best: a run that was stopped may have gone further than its last event.
  const info = await client().call("model", {});
  if (info?.step !== model.value?.step || info?.request !== model.value?.request) setModel(info);
  clear();
  status.value = "idle";
  if (!info?.request) return;
  const events = await client().call("history", {});
  batch(() => {
    for (const event of events) if (event.kind === "step" || event.kind === "eval" || event.kind === "sample") fold(event);
    tokensPerSecond.value = 0;
    totalSteps.value = Math.max(totalSteps.value, info.request?.train.steps ?? 0);
    status.value = info.step >= totalSteps.value ? "done" : "paused";
  });
}

/** Starts the core; the last run comes back with its curves, paused. */
export async function startCore(): Promise<void> {
  await start();
  await recallSafely();
}

/** A fresh core on the device chosen now, with the run as it was last kept. */
export async function restartCore(): Promise<void> {
  stream = null;
  await restart();
  await recallSafely();
}

async function recallSafely(): Promise<void> {
  await recall().catch((thrown) => {
    runError.value = coreError(thrown);
  });
}

// ---------- transport ----------

export function startRun(corpus: Uint8Array, request: TrainRequest): void {
  stream?.stop();
  clear();
  totalSteps.value = request.train.steps;
  void follow(client().stream("train", { corpus, request }), "preparing");
}

/** Goes on, with the stream at hand or a new one from the checkpoint. */
export function play(): void {
  if (stream) {
    stream.play();
    status.value = "running";
  } else {
    void follow(client().stream("resume", { steps: null }), "running");
  }
}

/** Goes on for more steps than were planned. */
export function goOn(steps: number): void {
  totalSteps.value += steps;
  void follow(client().stream("resume", { steps: totalSteps.value }), "running");
}

export function pause(): void {
  stream?.pause();
  status.value = "paused";
}

export function step(): void {
  if (!stream) void follow(client().stream("resume", { steps: null }), "paused");
  pause();
  stream?.step();
}

export function stop(): void {
  stream?.stop();
}

async function follow(next: StreamHandle<TrainEvent>, first: RunStatus): Promise<void> {
  stream = next;
  status.value = first;
  runError.value = null;
  const isNew = first === "preparing";
  let [began, done] = [!isNew, false];
  try {
    for await (const event of next) {
      if (stream !== next) return;
      batch(() => fold(event));
      if (event.kind === "step") setStep(event.steps.at(-1)?.step ?? 0);
      began ||= event.kind === "started";
      done ||= event.kind === "done";
    }
  } catch (thrown) {
    if (stream === next) runError.value = coreError(thrown);
  }
  if (stream !== next) return;
  stream = null;
  progress.value = null;
  if (began) status.value = done ? "done" : "stopped";
  else await recallSafely();
}
