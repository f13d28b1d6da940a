// What the page knows about the core: whether it lives, on which device, and the one live checkpoint that every lab reads.
// Holds the client; labs ask through `client()`.
import { signal } from "@preact/signals-core";
import { device as chosenDevice } from "./settings.ts";
import { Client, coreError } from "./worker/client.ts";
import type { CoreError, Defaults, DeviceInfo, ModelInfo } from "./worker/protocol.ts";
import type { Note } from "./worker/upkeep.ts";

export const phase = signal<"starting" | "ready" | "failed">("starting");
export const device = signal<DeviceInfo | null>(null);
export const model = signal<ModelInfo | null>(null);
/** Grows whenever the model's weights may have changed by other means than a training step. */
export const modelVersion = signal(0);
export const defaults = signal<Defaults | null>(null);
/** The step at which the run was last kept in this browser. */
export const storedStep = signal<number | null>(null);
/** Why the core is gone. */
export const fatal = signal<CoreError | null>(null);
/** What went wrong outside any lab: storage, a second tab. */
export const trouble = signal<CoreError | null>(null);

let live: Client | null = null;

export function client(): Client {
  if (!live) throw new Error("the client is used before start()");
  return live;
}

/** Starts the core on the chosen device; the last run comes back with it. */
export async function start(): Promise<void> {
  phase.value = "starting";
  fatal.value = null;
  let mine: Client | null = null;
  try {
    mine = new Client((note) => {
      if (mine === live) hear(note);
    });
    live = mine;
    const answer = await mine.call("init", { device: chosenDevice.value });
    defaults.value = await mine.call("defaults", {});
    device.value = answer.device;
    storedStep.value = answer.model?.step ?? null;
    setModel(answer.model);
    phase.value = "ready";
  } catch (thrown) {
    if (mine === live) die(coreError(thrown));
  }
}

/** Begins anew with a fresh worker, from the run as it was last kept. */
export async function restart(): Promise<void> {
  if (phase.value === "ready")
    await client()
      .store()
      .catch(() => {});
  live?.terminate();
  await start();
}

export function setModel(next: ModelInfo | null): void {
  model.value = next;
  modelVersion.value += 1;
}

export function setStep(step: number): void {
  if (model.value && model.value.step !== step) model.value = { ...model.value, step };
}

function die(error: CoreError): void {
  fatal.value = error;
  phase.value = "failed";
}

function hear(note: Note): void {
  if (note.type === "stored") storedStep.value = note.step;
  else if (note.error.code === "panic" || note.error.code === "workerFailed") die(note.error);
  else trouble.value = note.error;
}

/** A hidden page may never come back: the run is written now. */
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && phase.value === "ready")
    void client()
      .store()
      .catch(() => {});
});
