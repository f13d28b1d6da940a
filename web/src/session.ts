// What the page knows about the core: whether it runs, on which device, and the one live checkpoint that every lab reads. Holds the client;
// labs use `client()`.
import { batch, computed, effect, signal } from "@preact/signals-core";
import { device as chosenDevice, read, write } from "./settings.ts";
import { keep, kept } from "./tab.ts";
import { Client, coreError, type Seen, type Wire } from "./worker/client.ts";
import { KEEP_SECONDS } from "./worker/keep-seconds.ts";
import type { CoreError, Defaults, DeviceInfo, ModelInfo, Note, RunState } from "./worker/protocol.ts";
import { startWorker } from "./worker/start.ts";

export const phase = signal<"starting" | "ready" | "failed">("starting");
export const device = signal<DeviceInfo | null>(null);
export const model = signal<ModelInfo | null>(null);
/** The live model's name in the address if it came with the page (`tadpole-base@3000`); else null. */
export const shippedAs = signal<string | null>(null);
/** Grows whenever the model's weights may have changed other than by a training step. */
export const modelVersion = signal(0);
export const defaults = signal<Defaults | null>(null);
/** Grows with every change to the runs that this browser keeps. */
export const keptVersion = signal(0);
/** The step at which the live run was last kept in this browser; null while it is not kept. */
export const storedStep = signal<number | null>(null);
/** How often the live run is written while it trains, in seconds, as last reported: less often than requested for a large one. */
export const keptSeconds = signal<number | null>(null);
/** The live run's id in this browser; null while it is not kept. */
export const keptRun = signal<string | null>(null);
/** Why the core is gone. */
export const fatal = signal<CoreError | null>(null);
/** What went wrong outside any lab: storage, a second tab. */
export const trouble = signal<CoreError | null>(null);

/** The run that this tab resumes after a reload. */
const RUN = "run";
const MODEL = "model";

/** A hung device must not block its replacement. */
const STORE_PATIENCE_MS = 5_000;

let live: Client | null = null;
/** The live one, while it has spoken with the workbench of tokenizers alone. */
let workbench: Client | null = null;
/** Gives what the next client speaks through. */
let wire: () => Wire | Promise<Wire> = startWorker;
/** Whether runs are kept in this browser. */
let keeps = true;
let see: Seen = () => {};

/** In another site's page: how to reach the core, and who sees its events; nothing is kept. */
export function embed(get: () => Wire | Promise<Wire>, seen: Seen): void {
  wire = get;
  see = seen;
  keeps = false;
}

/** This page is gone: others on this core need not wait for it. */
export const leave = (): void => live?.leave();

export function client(): Client {
  if (!live) throw new Error("the client is used before start()");
  return live;
}

/** The model in the address, if it comes with the page. */
export function namedModel(): string | undefined {
  const name = read(MODEL);
  return name === "none" ? undefined : name;
}

/** Starts the core on the chosen device; the last run returns with it, unless the address names a model that comes with the page. */
export async function start(): Promise<void> {
  let mine = workbench;
  workbench = null;
  if (!mine) phase.value = "starting";
  fatal.value = null;
  storedStep.value = null;
  keptRun.value = null;
  try {
    mine ??= await connect();
    const restore = keeps && !namedModel();
    const answer = await mine.call("init", { device: chosenDevice.value, keep: keeps, restore, run: kept(RUN) ?? null });
    defaults.value = await mine.call("defaults", {});
    device.value = answer.device;
    setModel(answer.model, answer.as);
    if (answer.run) hearRun(answer.run);
    phase.value = "ready";
  } catch (thrown) {
    if (mine === null || mine === live) die(coreError(thrown));
  }
}

/** For tokens alone: no model's core is started, but one that somebody else started is heard of. */
export async function startWorkbench(): Promise<void> {
  fatal.value = null;
  let mine: Client | null = null;
  try {
    mine = await connect();
    workbench = mine;
    const there = await mine.call("model", {});
    if (there) setModel(there);
    phase.value = "ready";
  } catch (thrown) {
    if (mine === null || mine === live) die(coreError(thrown));
  }
}

async function connect(): Promise<Client> {
  live?.terminate();
  const mine: Client = new Client(
    await wire(),
    (note) => {
      if (mine === live) hear(note);
    },
    see,
  );
  live = mine;
  return mine;
}

/** Starts a fresh worker from the run as last kept; says so if that may not be all of it. */
export async function restart(): Promise<void> {
  const before = model.value;
  const lives = phase.value === "ready";
  phase.value = "starting";
  const isKept = lives && (await storedInTime(client())) && (storedStep.value ?? -1) >= (before?.step ?? 0);
  await start();
  if (before && !isKept && !namedModel() && fatal.value === null) tellKept(model.value);
}

/** Whether the run was written to disk before patience ran out. */
async function storedInTime(mine: Client): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, STORE_PATIENCE_MS, false));
  const stored = mine.upkeep("store", {}).then(
    () => true,
    () => false,
  );
  return Promise.race([stored, late]);
}

function tellKept(now: ModelInfo | null): void {
  const [code, details] = now ? (["restartedAt", { step: String(now.step) }] as const) : (["restartedEmpty", {}] as const);
  trouble.value = { code, message: "The core was restarted from what this browser had kept.", remedy: "", details };
}

/** `as` is its name in the address; if omitted, that stays. */
export function setModel(next: ModelInfo | null, as: string | null = shippedAs.value): void {
  batch(() => {
    if (as === null && shippedAs.value !== null) write(MODEL, undefined);
    shippedAs.value = as;
    model.value = next;
    if (next) device.value = next.device;
    modelVersion.value += 1;
  });
}

export function setStep(step: number): void {
  if (model.value && model.value.step !== step) model.value = { ...model.value, step };
}

function die(error: CoreError): void {
  workbench = null;
  // What was said of the core before this one's is over.
  if (trouble.value?.code.startsWith("restarted")) trouble.value = null;
  fatal.value = error;
  phase.value = "failed";
}

/** Called for a run that another page opened, and for each change of its state. */
let hearRun: (state: RunState | "over") => void = () => {};
/** Called when another page replaced the model. */
let hearModel: () => void = () => {};
/** Called when the page returns from the browser's cache. */
let hearBack: () => void = () => {};

export function listen(run: typeof hearRun, model: typeof hearModel, back: typeof hearBack): void {
  [hearRun, hearModel, hearBack] = [run, model, back];
}

function hear(note: Note): void {
  if (note.type === "run") hearRun(note.state);
  else if (note.type === "model") {
    batch(() => {
      setModel(note.model, note.as);
      write(MODEL, note.as ?? undefined);
    });
    hearModel();
  } else if (note.type === "stored") {
    storedStep.value = note.step;
    if (note.everyMs !== undefined) keptSeconds.value = note.everyMs / 1000;
    keptRun.value = note.run;
    keptVersion.value += 1;
    if (note.step === null) return;
    if (trouble.value?.code === "storeFull" || trouble.value?.code === "storeFailed") trouble.value = null;
    keep(RUN, note.run ?? undefined);
  } else if (note.type === "died") die(note.error);
  else if (note.type === "error") trouble.value = note.error;
}

export { KEEP_SECONDS };
/** How often the run is kept, in seconds. */
export const keepEvery = computed(() => Number(read("keepEvery") ?? KEEP_SECONDS));
effect(() => {
  const seconds = keepEvery.value;
  if (phase.value === "ready" && keeps)
    void client()
      .upkeep("keepEvery", { seconds })
      .catch(() => {});
});

/** A hidden page may never return: the run is written now. */
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && phase.value === "ready")
    void client()
      .upkeep("store", {})
      .catch(() => {});
});

/** A page in the browser's back/forward cache answers no messages, so another one may keep the runs meanwhile. */
addEventListener("pagehide", ({ persisted }) => {
  if (persisted && keeps) live?.upkeep("away", {}).catch(() => {});
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && keeps && live) hearBack();
});
