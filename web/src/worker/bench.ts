// Tokenizers that are not the model's: a bench of two places for each page that speaks with the worker. Their module is a twentieth of
// the model's, and a page that shows tokens alone loads no other.
import initModule, { Workbench } from "../../../pkg/workbench.js";
import type { Port } from "./ports.ts";
import type { CallName } from "./protocol.ts";

const benches = new WeakMap<Port, Workbench>();
let loaded: Promise<unknown> | null = null;

/** The bench of whoever asks. A module that did not come is asked for again the next time. */
export async function benchOf(port: Port): Promise<Workbench> {
  try {
    loaded ??= initModule();
    await loaded;
  } catch (error) {
    loaded = null;
    throw { code: "wasmFailed", message: String(error), remedy: "", details: { reason: String(error) } };
  }
  const bench = benches.get(port) ?? new Workbench();
  benches.set(port, bench);
  return bench;
}

/** Whether a call is for the bench: it says which of its places. */
export function isForBench(name: CallName, request: object): boolean {
  return name === "tokenizerDefaults" || ("slot" in request && request.slot !== "model");
}
