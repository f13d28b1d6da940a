// The worker in a thread of Node: it finds here what it knows of a browser's worker, and nothing else.
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

/** A browser's worker always has one; what it finds in it here is graphics through Dawn, where that is installed. */
async function makeNavigator(): Promise<object> {
  const name = "webgpu";
  const dawn = await import(name).catch(() => null);
  if (!dawn) return {};
  Object.assign(scope, dawn.globals);
  return { gpu: dawn.create([]) };
}

/**
 * By which the worker lets waiting messages in between two slices. A port of Node's hands over up to a thousand messages that come to it meanwhile before
 * any other port's turn, so that a stop would be heard minutes late: `MessagePort::OnMessage` in https://github.com/nodejs/node/blob/v20.x/src/node_messaging.cc
 */
class Breath {
  port1: { onmessage?: () => void } = {};
  port2 = { postMessage: () => void setImmediate(() => this.port1.onmessage?.()) };
}

/** What the worker does not make its own ends the thread, and the program's side hears of it; else calls would wait for ever. */
function offer(error: unknown, heard: Heard): void {
  let isHandled = false;
  const preventDefault = () => {
    isHandled = true;
  };
  heard({ error, preventDefault });
  // An error in a listener for errors is one too many for any thread: https://nodejs.org/api/process.html#event-uncaughtexception
  if (!isHandled) throw error;
}

Object.assign(scope, {
  self: scope,
  // By which wgpu knows where it is.
  WorkerGlobalScope: class {},
  fetch: fetchFile,
  MessageChannel: Breath,
  postMessage: (message: unknown, transfer: never[] = []) => parentPort?.postMessage(message, transfer),
  // The worker listens for errors that no promise carries.
  addEventListener: (name: string, heard: Heard) => {
    if (name === "error") process.on("uncaughtException", (error) => offer(error, heard));
  },
});
Object.defineProperty(scope, "navigator", { value: await makeNavigator(), configurable: true });
await import("../worker/worker.ts");
parentPort?.on("message", (data) => scope.onmessage?.({ data, ports: [] }));
