// The worker in a Node thread: provides the parts of a browser's worker that it needs, and nothing else.
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";

type Scope = Record<string, unknown> & { onmessage?: (event: { data: unknown; ports: never[] }) => void };

type Heard = (event: { error: unknown; preventDefault(): void }) => void;

const scope = globalThis as unknown as Scope;
const fetched = globalThis.fetch;

async function fetchFile(address: URL | string): Promise<Response> {
  if (!String(address).startsWith("file:")) return fetched(address);
  return new Response(new Uint8Array(await readFile(new URL(address))), { headers: { "content-type": "application/wasm" } });
}

/** A browser's worker always has a navigator; this one offers WebGPU through Dawn, if installed. */
async function makeNavigator(): Promise<object> {
  const name = "webgpu";
  const dawn = await import(name).catch(() => null);
  if (!dawn) return {};
  Object.assign(scope, dawn.globals);
  return { gpu: dawn.create([]) };
}

/**
 * Lets waiting messages through between two slices. A Node port hands over up to a thousand messages that arrive meanwhile before any other
 * port's turn, so that a stop would be heard minutes late: `MessagePort::OnMessage` in
 * https://github.com/nodejs/node/blob/v20.x/src/node_messaging.cc
 */
class Breath {
  port1: { onmessage?: () => void } = {};
  port2 = { postMessage: () => void setImmediate(() => this.port1.onmessage?.()) };
}

/** An error that the worker does not handle ends the thread, and the program is told; otherwise calls would wait for ever. */
function offer(error: unknown, heard: Heard): void {
  let isHandled = false;
  const preventDefault = () => {
    isHandled = true;
  };
  heard({ error, preventDefault });
  // No thread survives an error in a listener for errors: https://nodejs.org/api/process.html#event-uncaughtexception
  if (!isHandled) throw error;
}

Object.assign(scope, {
  self: scope,
  // Tells wgpu that it is in a worker.
  WorkerGlobalScope: class {},
  fetch: fetchFile,
  MessageChannel: Breath,
  postMessage: (message: unknown, transfer: never[] = []) => parentPort?.postMessage(message, transfer),
  // The worker listens for errors outside promises.
  addEventListener: (name: string, heard: Heard) => {
    if (name === "error") process.on("uncaughtException", (error) => offer(error, heard));
  },
});
Object.defineProperty(scope, "navigator", { value: await makeNavigator(), configurable: true });
await import("../worker/worker.ts");
parentPort?.on("message", (data) => scope.onmessage?.({ data, ports: [] }));
