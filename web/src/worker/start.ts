// Starts the page's own worker, the only place that does.
import { trusted } from "../trusted.ts";

export function startWorker(): Worker {
  return new Worker(trusted("worker"), { type: "module", name: "tadpole" });
}
