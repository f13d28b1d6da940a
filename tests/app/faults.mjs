// Faults on demand inside the site's worker: a trap of the module, a device that hangs, a step that takes long, and browsers
// without private files. The worker's script is served with a few lines before it.

const LISTENER = `
self.addEventListener("message", (event) => {
  const { fault, ms } = event.data;
  if (!fault) return;
  event.stopImmediatePropagation();
  if (fault === "trap") setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); });
  for (const end = performance.now() + (ms ?? 0); performance.now() < end; );
});
`;

/** For a worker where only IndexedDB keeps a run. */
export const NO_PRIVATE_FILES = "delete StorageManager.prototype.getDirectory;";

/** Every worker that the context's pages start from now on can be hurt. */
export async function plantFaults(context, script = "") {
  await context.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: script + LISTENER + (await response.text()) });
  });
  await context.addInitScript(() => {
    const workers = [];
    globalThis.hurt = (fault) => workers.at(-1).postMessage(fault);
    globalThis.endWorker = () => workers.at(-1).terminate();
    globalThis.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        workers.push(this);
      }
    };
  });
}

/** `{ fault: "trap" }` stops the module; `{ fault: "busy", ms }` keeps the worker from hearing anything. */
export const hurt = (page, fault) => page.evaluate((fault) => globalThis.hurt(fault), fault);
