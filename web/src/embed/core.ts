// The hidden frame with the core of all labs in another site's page: one worker; the host page brings a port for each lab.
import { startWorker } from "../worker/start.ts";
import { type FromCore, marked, readToCore } from "./messages.ts";

const say = (message: FromCore) => parent.postMessage(marked(message), "*");

/** Why there is no core; labs that come later hear it, too. */
let failed: FromCore | null = null;

function start(): Worker {
  failed = null;
  const worker = startWorker();
  worker.onerror = (event) => {
    failed = { type: "coreFailed", reason: event.message || "the worker did not start" };
    say(failed);
  };
  return worker;
}

export function serve(): void {
  let worker = start();
  addEventListener("message", (event) => {
    const message = event.source === parent ? readToCore(event.data) : null;
    if (message?.type === "restart") {
      worker.terminate();
      worker = start();
    }
    const [port] = event.ports;
    if (message?.type === "join" && failed) say(failed);
    else if (message?.type === "join" && port) worker.postMessage({ type: "join" }, [port]);
  });
  say({ type: "coreReady" });
}
