// The core's lifetime: its start, calls to it, and its end. A trap leaves the module unusable and a lost graphics device leaves what it
// computes worthless: everything after that is refused, and the page offers a restart, which is a new worker.

import { lastWords, loadCore, Session, wasmFailed } from "./bindings.ts";
import { prepare } from "./calibration.ts";
import { adapterName, watchDevices } from "./gpu.ts";
import { type Asker, post, tell } from "./ports.ts";
import { asCoreError, isTrap } from "./protocol/thrown.ts";
import type { CallName, Calls, CoreError } from "./protocol.ts";

/** A smaller model writes fast enough on the CPU not to wait until the devices are measured. */
const LARGE_BYTES = 16 << 20;

/** Null until it has started. */
export let session: Session | null = null;
/** Why the core has ended; null while it lives. */
export let dead: CoreError | null = null;
/** Done when the core ends. */
let atEnd = (): void => {};

export function onEnd(act: () => void): void {
  atEnd = act;
}

export async function startCore(device: Calls["init"]["request"]["device"]): Promise<void> {
  await loadCore().catch((error) => Promise.reject(wasmFailed(error)));
  session = await Session.create(device, device === "cpu" ? "" : await adapterName());
}

export function core(): Session {
  if (dead) throw dead;
  if (!session) throw { code: "notStarted", message: "The core has not started.", remedy: "", details: {} };
  return session;
}

export const deviceOfCore = () => core().device() as Calls["init"]["answer"]["device"];

export async function callCore<K extends CallName>(name: K, request: Calls[K]["request"]): Promise<Calls[K]["answer"]> {
  if (isLarge(name, request) && core().unprepared()) await prepare(core());
  const answer = await core().call(name, request);
  // A graphics device that ended meanwhile answers all the same, with what is worth nothing and must not be kept.
  core();
  return answer as Calls[K]["answer"];
}

/** Whether a model comes that may be too slow on the CPU. */
function isLarge(name: CallName, request: unknown): boolean {
  if (name === "load") return (request as Calls["load"]["request"]).file.length > LARGE_BYTES;
  return (
    name === "importHuggingFace" && (request as Calls["importHuggingFace"]["request"]).files.some(({ bytes }) => bytes.length > LARGE_BYTES)
  );
}

/** Tells a failure to whoever asked (null: to everyone); a trap is the core's end. */
export function fail(by: Asker | null, thrown: unknown): void {
  if (isTrap(thrown)) {
    die(ending(thrown));
    return;
  }
  const error = asCoreError(thrown);
  if (by) post(by.port, { id: by.id, type: "error", error });
  else if (!dead) tell({ id: 0, type: "error", error });
}

/** What the module wrote down before it stopped; a trap itself says little. */
function ending({ message: reason }: Error): CoreError {
  const said = session && lastWords();
  return said ?? { code: "panic", message: `The core stopped: ${reason}`, remedy: "Restart it.", details: { reason } };
}

/** The first word counts: what fails after it fails because of it. Nothing goes on. */
function die(error: CoreError): void {
  if (dead) return;
  dead = error;
  atEnd();
  tell({ id: 0, type: "died", error });
}

watchDevices(die);

// A panic in an async function of the core never settles its promise; it surfaces here instead.
self.addEventListener("error", (event) => {
  if (!isTrap(event.error)) return;
  event.preventDefault();
  die(ending(event.error));
});
