// The library in a browser: the core lives in a worker of its own.
import { type OpenOptions, openOver } from "./open.ts";
import type { Tadpole } from "./tadpole.ts";

export * from "./types.ts";

/** Starts a core. */
export function open(options: OpenOptions = {}): Promise<Tadpole> {
  return openOver(start(), options);
}

function start(): Worker {
  const script = new URL("../worker/worker.js", import.meta.url);
  if (script.origin === location.origin)
    return new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module", name: "tadpole" });
  // Browsers start no worker of another origin, but one of ours may import it.
  const text = `import ${JSON.stringify(script.href)};`;
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })), { type: "module", name: "tadpole" });
}
