// The plan, the results, and the requests to the core: the matrix product first, then row by row. During a block the worker does nothing
// else, so other labs' short requests wait; training, which would heat the device and fill its memory, is kept apart.
import { computed, effect, signal } from "@preact/signals-core";
import * as run from "../../run.ts";
import { client, defaults, device, fatal, phase } from "../../session.ts";
import { change, overlay } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type {
  Calibration,
  CoreError,
  DeviceInfo,
  DeviceKind,
  MeasureCase,
  Measured,
  MeasureRequest,
  Shape,
} from "../../worker/protocol.ts";

/** As many as `tadpole bench` takes. */
export const BLOCKS = 5;
const GROUP = "bench";

export type Case = Exclude<MeasureCase, "matmul">;
export const CASES: readonly Case[] = ["train", "decode"];

/** The fields of a row of `tadpole bench --json`. */
export interface Row {
  case: Case;
  shape: string;
  device: DeviceKind;
  adapter: string;
  system: "tadpole";
  unit: Measured["unit"];
  median: number;
  min: number;
  max: number;
  tokensPerSecond: number;
  gigaflops: number;
  peakGigaflops: number;
  share: number;
}

/** A row that could not be measured. */
export interface FailedRow extends Pick<Row, "case" | "shape" | "device" | "adapter" | "system"> {
  error: CoreError;
}
export type Line = Row | FailedRow;

export const failed = (line: Line): line is FailedRow => "error" in line;
export const measuredRows = (): Row[] => lines.value.filter((line): line is Row => !failed(line));

export interface Peak {
  device: DeviceKind;
  adapter: string;
  gigaflops: number;
}

export interface Planned {
  case: Case;
  shape: Shape;
}

export type Status = "idle" | "peak" | "row" | "done" | "stopped" | "training" | "lost";

export const status = signal<Status>("idle");
/** The plan of the run under way or of the last one, and the row it is at. */
export const plan = signal<Planned[]>([]);
export const at = signal(0);
export const seconds = signal(0);
export const lines = signal<Line[]>([]);
export const peaks = signal<Peak[]>([]);
/** What the core has measured of the devices. */
export const calibration = signal<Calibration | null>(null);
export const error = signal<CoreError | null>(null);
/** Parameters by shape, as the core counts them. */
export const parameters = signal<ReadonlyMap<string, number>>(new Map());

let stream: StreamHandle<Measured> | null = null;

// ---------- choices ----------

const shapes = computed(() => defaults.value?.shapes ?? []);
/** Shapes too large to train in a tab are measured only on request. */
const defaultChoices = computed<Record<string, boolean>>(() => ({
  train: true,
  decode: true,
  ...Object.fromEntries(shapes.value.map((shape) => [shape.name, !shape.decodeOnly])),
}));
const choices = computed(() => overlay(GROUP, defaultChoices.value));

export const allShapes = (): readonly Shape[] => shapes.value;
export const isChosen = (name: string): boolean => choices.value[name] ?? false;
export const choose = (name: string, value: boolean): void => change(GROUP, defaultChoices.value, name, value);

/** The rows that Run would measure, in the order of the terminal's command. */
export const wanted = computed<Planned[]>(() => {
  const cases = (shape: Shape) => CASES.filter((name) => isChosen(name) && !(name === "train" && shape.decodeOnly));
  return shapes.value.filter(({ name }) => isChosen(name)).flatMap((shape) => cases(shape).map((name) => ({ case: name, shape })));
});

/** Keeps the parameter counts up to date; returns the function that ends it. */
export function watch(): () => void {
  return effect(() => {
    if (phase.value === "ready" && shapes.value.length > 0 && parameters.peek().size === 0) void weigh();
  });
}

async function weigh(): Promise<void> {
  const train = defaults.peek()?.train;
  if (!train) return;
  try {
    const weigh = async ({ name, model }: Shape) => [name, (await client().call("estimate", { model, train })).parameters] as const;
    parameters.value = new Map(await Promise.all(shapes.peek().map(weigh)));
  } catch {
    // Without counts, the shapes are shown without their sizes.
  }
}

// ---------- measuring ----------

export const isMeasuring = computed(() => status.value === "peak" || status.value === "row");
export const isTraining = computed(() => ["preparing", "running", "pausing"].includes(run.status.value));
export const isAble = computed(() => phase.value === "ready" && !isMeasuring.value && !isTraining.value && wanted.value.length > 0);

export async function start(): Promise<void> {
  const on = device.value;
  if (!on || !isAble.value) return;
  [plan.value, at.value, seconds.value] = [wanted.value, 0, 0];
  error.value = null;
  status.value = "peak";
  const began = performance.now();
  const clock = setInterval(() => {
    seconds.value = (performance.now() - began) / 1000;
  }, 1000);
  const unwatch = effect(() => {
    if (isTraining.value) interrupt("training");
  });
  try {
    await measureAll(on);
    if (isMeasuring.value) status.value = "done";
    calibration.value = await client().call("calibration", {});
  } catch (thrown) {
    if (isMeasuring.value) status.value = "lost";
    const failure = coreError(thrown);
    // The whole page reports a core that is gone.
    if (failure.code !== "restarted" && !fatal.value) error.value = failure;
  } finally {
    unwatch();
    clearInterval(clock);
  }
}

export const stop = (): void => interrupt("stopped");

/** The page goes on at once; the core stops at the end of its block. */
function interrupt(why: "stopped" | "training"): void {
  if (!isMeasuring.peek()) return;
  status.value = why;
  stream?.stop();
}

async function measureAll(on: DeviceInfo): Promise<void> {
  const [first] = plan.value;
  const yardstick = first && (await measure("matmul", first.shape));
  if (!yardstick) return;
  const peak = { device: on.kind, adapter: on.name, gigaflops: yardstick.gigaflops };
  // Old rows are removed only now, and all at once: the shares of one device need one yardstick.
  const others = <T extends { device: DeviceKind }>(all: T[]) => all.filter((each) => each.device !== on.kind);
  [lines.value, peaks.value] = [others(lines.value), [...others(peaks.value), peak]];
  for (const [index, row] of plan.value.entries()) {
    if (!isMeasuring.value) return;
    at.value = index;
    status.value = "row";
    const line = await measureRow(row, peak);
    if (line) lines.value = [...lines.value, line];
  }
}

/** A row, or why there is none; null if it was stopped. Throws if the core is gone, since the next row would fail too. */
async function measureRow({ case: name, shape }: Planned, peak: Peak): Promise<Line | null> {
  const about = { case: name, shape: shape.name, device: peak.device, adapter: peak.adapter, system: "tadpole" } as const;
  try {
    const measured = await measure(name, shape);
    if (!measured) return null;
    const { unit, median, min, max, gigaflops } = measured;
    const tokens = name === "train" ? shape.batchSize * shape.model.contextLength : 1;
    const speeds = { tokensPerSecond: (1000 * tokens) / median, gigaflops, peakGigaflops: peak.gigaflops };
    return { ...about, unit, median, min, max, ...speeds, share: gigaflops / peak.gigaflops };
  } catch (thrown) {
    const failure = coreError(thrown);
    if (failure.code === "restarted" || fatal.value) throw thrown;
    return { ...about, error: failure };
  }
}

async function measure(which: MeasureRequest["case"], { model, batchSize }: Shape): Promise<Measured | null> {
  let measured: Measured | null = null;
  stream = client().stream("measure", { case: which, model, batchSize, blocks: BLOCKS });
  for await (const event of stream) measured = event;
  return measured;
}
