// The page's view of the training run: its events as the history behind the curves, and the transport (start, play, pause, step, stop) over
// the stream that produces them. It outlives the labs: training goes on while another lab is open.
import { batch, computed, signal } from "@preact/signals-core";
import { type Columns, History, type Samples } from "./history.ts";
import { clearSettings } from "./run-settings.ts";
import { client, fatal, listen, model, restart, setModel, setStep, start, trouble } from "./session.ts";
import { read } from "./settings.ts";
import { coreError, type StreamHandle } from "./worker/client.ts";
import type { CoreError, MemoryUse, ModelInfo, RunState, TrainEvent, TrainRequest } from "./worker/protocol.ts";

export type RunStatus = "idle" | "preparing" | "running" | "pausing" | "paused" | "stopped" | "done";

export const status = signal<RunStatus>("idle");
export const progress = signal<Extract<TrainEvent, { kind: "progress" }> | null>(null);
/** Grows with every event added to the history. */
export const version = signal(0);
export const columns = computed<Columns>(() => {
  void version.value;
  return history.columns();
});
export const samples = computed<readonly Samples[]>(() => {
  void version.value;
  return [...history.samples];
});
export const totalSteps = signal(0);
export const tokensPerSecond = signal(0);
export const memory = signal<MemoryUse | null>(null);
/** The duration of a step of this run, as last seen. */
export const stepMs = signal<number | null>(null);
/** The request of the run in preparation; the live model is still the previous one. */
export const pending = signal<TrainRequest | null>(null);

/** Called when the run or model changes; `isBegun` if a run has just begun or continued. */
export interface Arrival {
  isBegun: boolean;
}
export const arrival = signal<Arrival>({ isBegun: false });

export const runError = signal<CoreError | null>(null);

/** A run that was replaced: its request and its curves. */
export interface EarlierRun {
  request: TrainRequest;
  columns: Columns;
}
/** Newest first, of this visit; a continued run is listed once. */
export const earlier = signal<readonly EarlierRun[]>([]);
const MOST_EARLIER = 8;

let history = new History();
/** The request of the run in the history; null for a model that came without one. */
let owner: TrainRequest | null = null;
let stream: StreamHandle<TrainEvent> | null = null;

/** Whether a run is open in the core, working or paused. */
export const isOpen = (): boolean => stream !== null;

/** Runs are identified by their requests: the same request would give the same curves. */
export const isSameRun = (one: TrainRequest, other: TrainRequest): boolean => {
  const key = ({ train, ...rest }: TrainRequest) => JSON.stringify({ ...rest, train: { ...train, steps: 0 } });
  return key(one) === key(other);
};

function remember(): void {
  const columns = history.columns();
  const request = owner;
  if (!request || columns.steps.length < 2) return;
  const others = earlier.peek().filter((each) => !isSameRun(each.request, request));
  earlier.value = [{ request, columns }, ...others].slice(0, MOST_EARLIER);
}

function clear(): void {
  remember();
  owner = null;
  history = new History();
  progress.value = null;
  totalSteps.value = 0;
  tokensPerSecond.value = 0;
  stepMs.value = null;
  version.value += 1;
}

function fold(event: TrainEvent): void {
  history.add(event);
  if (history.isLong) void shorten();
  if (event.kind === "progress") {
    progress.value = event;
  } else if (event.kind === "started") {
    progress.value = null;
    totalSteps.value = event.model.request?.train.steps ?? totalSteps.value;
    setModel(event.model, null);
    owner = event.model.request;
    pending.value = null;
    arrival.value = { isBegun: true };
    if (status.value === "preparing") status.value = "running";
  } else if (event.kind === "step") {
    totalSteps.value = event.totalSteps;
    tokensPerSecond.value = event.tokensPerSecond;
    if (event.tokensPerSecond > 0) stepMs.value = stepTime(event.tokensPerSecond);
    memory.value = event.memory;
  }
  version.value += 1;
}

/** Milliseconds per step at this speed. */
function stepTime(speed: number): number | null {
  const info = model.peek();
  if (!info?.request) return null;
  const { batchSize, gradAccumulation } = info.request.train;
  return (1000 * batchSize * gradAccumulation * info.config.contextLength) / speed;
}

/** Loads the curves of the model that the person opened; a working run ends. If the run can continue, its settings come too. */
export async function resetToOpened(): Promise<void> {
  if (model.peek()?.hasOptimizer) clearSettings();
  await stopAndReset();
}

async function stopAndReset(): Promise<void> {
  stream?.stop();
  await resetToModel();
}

/** Forgets the run before, and restores what the core knows of the live model's. */
async function resetToModel(): Promise<void> {
  stream = null;
  memory.value = null;
  // What was seen of the previous run belongs to no other model.
  clear();
  pending.value = null;
  status.value = "idle";
  const info = await refreshModel();
  if (stream) return;
  if (info?.request) await restoreHistory(info);
  if (!stream) arrival.value = { isBegun: false };
}

async function restoreHistory(info: ModelInfo): Promise<void> {
  const events = await client().call("history", {});
  // A run started meanwhile has its own history.
  if (stream) return;
  if (info.hasOptimizer) owner = info.request;
  batch(() => {
    foldHistory(events);
    [tokensPerSecond.value, stepMs.value] = [0, null];
    totalSteps.value = Math.max(totalSteps.value, info.request?.train.steps ?? 0);
    // A model without optimizer state cannot continue: only a new run can begin.
    if (info.hasOptimizer) status.value = info.step >= totalSteps.value ? "done" : "paused";
  });
}

function foldHistory(events: TrainEvent[]): void {
  for (const event of events) if (event.kind === "step" || event.kind === "eval" || event.kind === "sample") fold(event);
}

/** The model as the core has it: a run that was stopped may have gone further than its last event. */
async function refreshModel(): Promise<ModelInfo | null> {
  const info = await client().call("model", {});
  if (!stream) setModel(info);
  return info;
}

/** Starts the core; the last run returns with its curves, paused. */
export async function startCore(): Promise<void> {
  await start();
  if (stream) await loadRunSoFar().catch(tell);
  else await tryReset();
}

/** What somebody else's run was before this page heard of it. */
async function loadRunSoFar(): Promise<void> {
  const events = await client().call("history", {});
  const info = await client().call("model", {});
  batch(() => {
    foldHistory(events);
    totalSteps.value = Math.max(totalSteps.value, info?.request?.train.steps ?? 0);
    arrival.value = { isBegun: true };
  });
}

// Another page that speaks with the same core may open runs and models, too.
listen(hear, () => void resetToModel().catch(tell), comeBack);

function hear(state: RunState | "over"): void {
  if (state === "over") return;
  if (stream) {
    status.value = state;
    return;
  }
  if (state === "preparing") clear();
  void follow(client().run(), state);
}

/** Starts a fresh core on the chosen device, with the run as last kept. */
export async function restartCore(): Promise<void> {
  stream = null;
  await restart();
  await tryReset();
}

/** Steps that were done before a stop was heard. */
async function reloadHistory(): Promise<void> {
  const events = await client().call("history", {});
  if (stream) return;
  history = new History();
  batch(() => {
    foldHistory(events);
    tokensPerSecond.value = 0;
  });
}

/** The core's history, which is thinned, in place of the long one here. Events that came meanwhile are in it, or follow. */
async function shorten(): Promise<void> {
  if (isShortening) return;
  isShortening = true;
  const long = history;
  try {
    const events = await client().call("history", {});
    if (history !== long) return;
    history = new History();
    for (const event of events) history.add(event);
    version.value += 1;
  } catch (thrown) {
    tell(thrown);
  } finally {
    isShortening = false;
  }
}
let isShortening = false;

async function tryReset(): Promise<void> {
  await stopAndReset().catch(tell);
}

/** A core that is gone is reported once, for the whole page. */
function tell(thrown: unknown): void {
  if (!fatal.value) runError.value = coreError(thrown);
}

/** Makes this tab keep the runs. */
export const keepHere = (): Promise<void> => takeUp("takeRuns");

/** The page returned from the browser's cache, and keeps runs again if no other tab does. */
function comeBack(): void {
  // Another tab may keep them by now, or none.
  if (trouble.value?.code === "storeBusy" || trouble.value?.code === "storeTaken") trouble.value = null;
  void takeUp("back");
}

/** If the current run continued in the other tab, opens that tab's version. */
async function takeUp(how: "takeRuns" | "back"): Promise<void> {
  try {
    const run = await client().upkeep(how, {});
    if (run === null) return;
    setModel(await client().upkeep("openRun", { run }), null);
    await resetToOpened();
  } catch (thrown) {
    tell(thrown);
  }
}

// ---------- transport ----------

/** How a run that was followed to its end ended; null if another replaced it. */
type Ending = "done" | "stopped" | null;

/** Returns the stream, and how it ends. */
export function startRun(corpus: Uint8Array, request: TrainRequest): { stream: StreamHandle<TrainEvent>; ending: Promise<Ending> } {
  stream?.stop();
  clear();
  pending.value = request;
  totalSteps.value = request.train.steps;
  const next = client().stream("train", { corpus, request });
  return { stream: next, ending: follow(next, "preparing") };
}

/** Continues with the current stream, or a new one from the checkpoint. */
export function play(): void {
  if (stream) {
    stream.play();
    status.value = "running";
  } else {
    void follow(client().stream("resume", { steps: null }), "running");
  }
}

/** Continues beyond the planned steps. */
export function goOn(steps: number): void {
  totalSteps.value += steps;
  void follow(client().stream("resume", { steps: totalSteps.value }), "running");
}

export function pause(): void {
  stream?.pause();
  void rest();
}

/** Whether a run pauses while the page is hidden. */
export const restsHidden = computed(() => read("whenHidden") === "pause");
/** Whether it paused because the page is hidden. */
let isHiddenAway = false;
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && restsHidden.value && status.value === "running") {
    isHiddenAway = true;
    pause();
  } else if (document.visibilityState === "visible" && isHiddenAway) {
    isHiddenAway = false;
    if (status.value === "pausing" || status.value === "paused") play();
  }
});

/** "paused" means at rest: the core answers when its current step is done and kept. */
async function rest(): Promise<void> {
  status.value = "pausing";
  await refreshModel().catch(tell);
  if (status.value === "pausing") status.value = "paused";
}

/** Before the live model is replaced: a working run pauses, and one without a model ends, or its model would still arrive. */
export function giveWay(): void {
  if (status.value === "running") pause();
  else if (status.value === "preparing") stop();
}

export function step(): void {
  if (!stream) void follow(client().stream("resume", { steps: null }), "paused");
  pause();
  stream?.step();
}

/** The page shows it at once; the core may still be in its last step. */
export function stop(): void {
  if (!stream) return;
  stream.stop();
  status.value = "stopped";
}

/** Milliseconds. */
const FRAME = 16;

async function follow(next: StreamHandle<TrainEvent>, first: RunStatus): Promise<Ending> {
  stream = next;
  status.value = first;
  runError.value = null;
  const isNew = first === "preparing";
  let [began, done] = [!isNew, false];
  try {
    for (let events = await next.take(); events.length > 0; events = await next.take()) {
      if (stream !== next) return null;
      batch(() => events.forEach(fold));
      const last = events.findLast((event) => event.kind === "step");
      if (last) setStep(last.steps.at(-1)?.step ?? 0);
      began ||= events.some(({ kind }) => kind === "started");
      done ||= events.some(({ kind }) => kind === "done");
      // A tiny model makes thousands of events a second; the page shows all that arrived since its last frame.
      await new Promise((drawn) => setTimeout(drawn, FRAME));
    }
  } catch (thrown) {
    if (stream === next) tell(thrown);
  }
  if (stream !== next) return null;
  stream = null;
  progress.value = null;
  const ending = done ? "done" : "stopped";
  if (began) {
    status.value = ending;
    await refreshModel().catch(tell);
    if (ending === "stopped") await reloadHistory().catch(tell);
  } else await tryReset();
  return ending;
}
