// What page and worker say to each other beside the core's commands: keeping the run on disk.
// The page asks to store now (it is being hidden); the worker tells, unasked and under id 0, what it stored or what failed.
import type { CoreError } from "./protocol.ts";

/** From the page: write the run to disk now; answered with null when it is there. */
export interface StoreCommand {
  id: number;
  type: "store";
}

/**
 * From the worker, unasked. `stored` tells the step at which the live run is on disk, null where it is not (yet).
 * An error under id 0 belongs to no command; `panic` there means that the core is gone.
 */
export type Note = { id: 0; type: "stored"; step: number | null } | { id: 0; type: "error"; error: CoreError };

/** Whether the module itself stopped: nothing of the core can be used after that. */
export function isTrap(thrown: unknown): thrown is WebAssembly.RuntimeError {
  return thrown instanceof WebAssembly.RuntimeError;
}
