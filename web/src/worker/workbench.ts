// Tokenizers that are not the model's: a workbench of two places for each page that speaks with the worker. A page that shows tokens alone
// loads no other module.
import { loadWorkbench, Workbench, wasmFailed } from "./bindings.ts";
import type { Port } from "./ports.ts";
import type { CallName } from "./protocol.ts";

const workbenches = new WeakMap<Port, Workbench>();
let loaded: Promise<unknown> | null = null;

/** The workbench of whoever asks. A module that did not come is asked for again the next time. */
export async function workbenchOf(port: Port): Promise<Workbench> {
  try {
    loaded ??= loadWorkbench();
    await loaded;
  } catch (error) {
    loaded = null;
    throw wasmFailed(error);
  }
  const workbench = workbenches.get(port) ?? new Workbench();
  workbenches.set(port, workbench);
  return workbench;
}

/** Whether a call is for the workbench: it says which of its places. */
export function isForWorkbench(name: CallName, request: object): boolean {
  return name === "tokenizerDefaults" || ("slot" in request && request.slot !== "model");
}
