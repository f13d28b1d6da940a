// The library in a browser: the core lives in a worker of its own.
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
  // Bundlers know a worker by this form alone.
  if (script.origin === location.origin)
    return new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module", name: "tadpole" });
  // Browsers start no worker of another origin, but one of ours may import it. When that is done the text of ours has been read, and its address can go.
  const text = `import ${JSON.stringify(script.href)}; URL.revokeObjectURL(import.meta.url);`;
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })), { type: "module", name: "tadpole" });
}
