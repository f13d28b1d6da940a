// The library in a browser: the core runs in its own worker.
import { type OpenOptions, openOver } from "./open.ts";
import { fetchBytes } from "./source.ts";
import type { Tadpole } from "./tadpole.ts";

export * from "./types.ts";

/** Starts a core. */
export function open(options: OpenOptions = {}): Promise<Tadpole> {
  return openOver(start(), fetchBytes, options);
}

function start(): Worker {
  const script = new URL("../worker/worker.js", import.meta.url);
  // Bundlers recognise a worker only in this form.
  if (script.origin === location.origin)
    return new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module", name: "tadpole" });
  // Browsers refuse workers from another origin, but one of ours may import such a script. After that, our wrapper has been read, and its
  // address can be revoked.
  const text = `import ${JSON.stringify(script.href)}; URL.revokeObjectURL(import.meta.url);`;
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })), { type: "module", name: "tadpole" });
}
