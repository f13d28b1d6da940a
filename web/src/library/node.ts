// The library in Node: the core lives in a thread of its own. WebGPU is there where the package `webgpu` (Dawn) is installed.
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { Worker } from "node:worker_threads";
import type { Wire } from "../worker/client.ts";
import { type OpenOptions, openOver } from "./open.ts";
import { fetchBytes } from "./source.ts";
import type { Tadpole } from "./tadpole.ts";

export * from "./types.ts";

/** Starts a core. Node ends only when it is closed. */
export function open(options: OpenOptions = {}): Promise<Tadpole> {
  return openOver(start(), read, options);
}

function start(): Wire {
  // Without the program's own flags, some of which (such as those of `node --eval`) no thread starts with.
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

/** As a program in Node names files. A path that begins with a drive would be a URL by its form. */
async function read(address: URL | string): Promise<Uint8Array> {
  if (typeof address === "string" && (isAbsolute(address) || !URL.canParse(address))) return readFile(address);
  const url = new URL(address);
  return url.protocol === "file:" ? readFile(url) : fetchBytes(url);
}
