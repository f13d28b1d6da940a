// The worker in a thread of Node: it finds here what it knows of a browser's worker, and nothing else.
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";

type Scope = Record<string, unknown> & { onmessage?: (event: { data: unknown; ports: never[] }) => void };

const scope = globalThis as unknown as Scope;
const fetched = globalThis.fetch;

async function fetchFile(address: URL | string): Promise<Response> {
  if (!String(address).startsWith("file:")) return fetched(address);
  return new Response(new Uint8Array(await readFile(new URL(address))), { headers: { "content-type": "application/wasm" } });
}

/** Dawn, where it is installed. */
async function addWebGpu(): Promise<void> {
  const name = "webgpu";
  const dawn = await import(name).catch(() => null);
  if (!dawn) return;
  Object.assign(scope, dawn.globals);
  Object.defineProperty(scope, "navigator", { value: { gpu: dawn.create([]) }, configurable: true });
}

Object.assign(scope, {
  self: scope,
  // By which wgpu knows where it is.
  WorkerGlobalScope: class {},
  fetch: fetchFile,
  postMessage: (message: unknown, transfer: never[] = []) => parentPort?.postMessage(message, transfer),
  // The worker listens for errors that no promise carries.
  addEventListener: (name: string, heard: (event: { error: unknown; preventDefault(): void }) => void) => {
    if (name === "error") process.on("uncaughtException", (error) => heard({ error, preventDefault() {} }));
  },
});
await addWebGpu();
await import("../worker/worker.ts");
parentPort?.on("message", (data) => scope.onmessage?.({ data, ports: [] }));
