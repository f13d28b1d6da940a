// The training run as the page sees it: its events folded into the history behind the curves, and the transport (start, play,
// pause, step, stop) over the stream that makes them. It outlives the labs: training goes on while another lab is open.
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
/** Grows with every event that the history took in. */
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
/** What a step of this run takes, as it was seen last. */
export const stepMs = signal<number | null>(null);
/** What the run that is being prepared was asked to do; the live model is still the one before. */
export const pending = signal<TrainRequest | null>(null);

/** Told when another run or model is at hand; `isBegun` where a run has just begun or goes on. */
export interface Arrival {
  isBegun: boolean;
}
export const arrival = signal<Arrival>({ isBegun: false });

export const runError = signal<CoreError | null>(null);

/** A run that another took the place of: what it was asked to do, and its curves. */
export interface EarlierRun {
  request: TrainRequest;
  columns: Columns;
}
/** The newest first, of this visit to the page; a run that went on is there once. */
export const earlier = signal<readonly EarlierRun[]>([]);
const MOST_EARLIER = 8;

let history = new History();
/** What the run of the history was asked to do; null for a model that came as it is. */
let owner: TrainRequest | null = null;
let stream: StreamHandle<TrainEvent> | null = null;

/** Whether a run is open in the core, at work or paused. */
export const isOpen = (): boolean => stream !== null;

/** Runs are told apart by what they were asked to do: the same again would give the same curves. */
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

/** Milliseconds of a step at this speed. */
function stepTime(speed: number): number | null {
  const info = model.peek();
  if (!info?.request) return null;
  const { batchSize, gradAccumulation } = info.request.train;
  return (1000 * batchSize * gradAccumulation * info.config.contextLength) / speed;
}

/** The page's run becomes that of the model which the person opened: a run at work ends, and its curves come back. So do its settings, where it can go on. */
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
  // What was seen of the run before belongs to no other model.
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
  // A run that was started meanwhile has a history of its own.
  if (stream) return;
  if (info.hasOptimizer) owner = info.request;
  batch(() => {
    foldHistory(events);
    [tokensPerSecond.value, stepMs.value] = [0, null];
    totalSteps.value = Math.max(totalSteps.value, info.request?.train.steps ?? 0);
    // A model that came without its optimizer goes nowhere: what can begin is a run of its own.
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

/** Starts the core; the last run comes back with its curves, paused. */
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

/** A fresh core on the device chosen now, with the run as it was last kept. */
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

/** A core that is gone says so once, for the whole page. */
function tell(thrown: unknown): void {
  if (!fatal.value) runError.value = coreError(thrown);
}

/** This tab keeps the runs from now on. */
export const keepHere = (): Promise<void> => takeUp("takeRuns");

/** The page rested in the browser's cache, and keeps runs again where no other tab does meanwhile. */
function comeBack(): void {
  // It may be another's by now, or nobody's.
  if (trouble.value?.code === "storeBusy" || trouble.value?.code === "storeTaken") trouble.value = null;
  void takeUp("back");
}

/** The run at hand is opened as the other tab left it, where it went on there. */
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

/** How a run ended that was followed to its end; null where another took its place. */
type Ending = "done" | "stopped" | null;

/** Gives the stream, and how it ends. */
export function startRun(corpus: Uint8Array, request: TrainRequest): { stream: StreamHandle<TrainEvent>; ending: Promise<Ending> } {
  stream?.stop();
  clear();
  pending.value = request;
  totalSteps.value = request.train.steps;
  const next = client().stream("train", { corpus, request });
  return { stream: next, ending: follow(next, "preparing") };
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
  void rest();
}

/** Whether a run rests while nobody sees the page. */
export const restsHidden = computed(() => read("whenHidden") === "pause");
/** Whether the page being hidden is why it rests. */
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

/** Paused is what has come to rest: the core answers when the step it was at is done and kept. */
async function rest(): Promise<void> {
  status.value = "pausing";
  await refreshModel().catch(tell);
  if (status.value === "pausing") status.value = "paused";
}

/** Before another model takes the live one's place: a run at work rests, and one that has no model yet ends, or its model would come after all. */
export function giveWay(): void {
  if (status.value === "running") pause();
  else if (status.value === "preparing") stop();
}

export function step(): void {
  if (!stream) void follow(client().stream("resume", { steps: null }), "paused");
  pause();
  stream?.step();
}

/** The page shows it at once; the core may still be at its last step. */
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
      // A tiny model makes thousands of events a second; the page shows what came since its last picture.
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
