// The library in Node: the core runs in its own thread. WebGPU is available if the package `webgpu` (Dawn) is installed.
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { Worker } from "node:worker_threads";
import type { Wire } from "../worker/client.ts";
import { type OpenOptions, openOver } from "./open.ts";
import { fetchBytes } from "./source.ts";
import type { Tadpole } from "./tadpole.ts";

export * from "./types.ts";

/** Starts a core. Node exits only after it is closed. */
export function open(options: OpenOptions = {}): Promise<Tadpole> {
  return openOver(start(), read, options);
}

function start(): Wire {
  // Without the program's own flags: threads refuse some of them (such as those of `node --eval`).
  const thread = new Worker(new URL("./node-worker.js", import.meta.url), { name: "tadpole", execArgv: [] });
  const wire: Wire = {
    postMessage: (message) => thread.postMessage(message),
    onmessage: null,
    onerror: null,
    terminate: () => void thread.terminate(),
  };
  thread.on("message", (data) => wire.onmessage?.({ data } as MessageEvent));
  thread.on("error", (error: unknown) => wire.onerror?.({ message: error instanceof Error ? error.message : String(error) } as ErrorEvent));
  return wire;
}

/** As Node programs name files. A path that begins with a drive letter would parse as a URL. */
async function read(address: URL | string): Promise<Uint8Array> {
  if (typeof address === "string" && (isAbsolute(address) || !URL.canParse(address))) return readFile(address);
  const url = new URL(address);
  return url.protocol === "file:" ? readFile(url) : fetchBytes(url);
}
