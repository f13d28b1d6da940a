// Tokenizers other than the model's: a bench with two slots for each page on this worker. Their module is a twentieth of the model's size,
// and the only one that a page with tokens alone loads.
import initModule, { Workbench } from "../../../pkg/workbench.js";
import type { Port } from "./ports.ts";
import type { CallName } from "./protocol.ts";

const benches = new WeakMap<Port, Workbench>();
let loaded: Promise<unknown> | null = null;

/** The bench of this port. If the module failed to load, the next call retries. */
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

/** Whether a call is for the bench: then it names one of its slots. */
export function isForBench(name: CallName, request: object): boolean {
  return name === "tokenizerDefaults" || ("slot" in request && request.slot !== "model");
}
