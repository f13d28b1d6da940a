// Any thrown thing as an error of the core: what page and worker both need.
import type { CoreError } from "./core.ts";

/** Whether the module itself stopped: nothing of the core can be used after that. */
export function isTrap(thrown: unknown): thrown is WebAssembly.RuntimeError {
  return thrown instanceof WebAssembly.RuntimeError;
}

/** Any thrown thing as a core error. */
export function asCoreError(thrown: unknown): CoreError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && !(thrown instanceof Error)) return thrown as CoreError;
  const reason = String(thrown);
  // JavaScript's own heap: engines word it differently.
  const isMemory = thrown instanceof RangeError && /alloc|memory|array length/i.test(reason);
  const rest = { message: reason, remedy: "", details: { reason } };
  return isMemory ? { code: "memoryShort", ...rest } : { code: "unexpected", ...rest };
}
