// Faults on demand inside the site's worker: a trap of the module, a device that hangs, a long step, and browsers without private files. A
// few lines are put in front of the worker's script.
import assert from "node:assert/strict";

const LISTENER = `
const { createBuffer } = globalThis.GPUDevice?.prototype ?? {};
let isFull = false;
if (createBuffer) GPUDevice.prototype.createBuffer = function (buffer) {
  return createBuffer.call(this, isFull && !buffer.mappedAtCreation ? { ...buffer, size: this.limits.maxBufferSize } : buffer);
};
self.addEventListener("message", (event) => {
  const { fault, ms } = event.data;
  if (!fault) return;
  event.stopImmediatePropagation();
  if (fault === "gpuFull") isFull = true;
  if (fault === "trap") setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); });
  for (const end = performance.now() + (ms ?? 0); performance.now() < end; );
});
`;

/** For a worker that can keep runs only in IndexedDB. */
export const NO_PRIVATE_FILES = "delete StorageManager.prototype.getDirectory;";

/** For a worker in which a method of an interface fails with this error. */
export const refused = (of, method, error) =>
  `${of}.prototype.${method} = () => Promise.reject(new DOMException("refused by the test", "${error}"));`;

/** Makes faults possible in every worker that the context's pages start from now on. */
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
        this.addEventListener("message", ({ data }) => {
          if (data.type === "stored" && data.ms) globalThis.wroteIn = data.ms;
        });
      }
    };
  });
}

/**
 * `{ fault: "trap" }` stops the module; `{ fault: "busy", ms }` blocks the worker; `{ fault: "gpuFull" }` makes each buffer as large as the
 * device allows, more than the software adapter has.
 */
export const hurt = (page, fault) => page.evaluate((fault) => globalThis.hurt(fault), fault);

/** The core's module with a limit on its memory: this many 64 KiB pages more than it begins with. */
export async function boundHeap(context, pages) {
  await context.route(/\/tadpole\w*-[^/]*\.wasm$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: bounded(await response.body(), pages) });
  });
}

/** https://webassembly.github.io/spec/core/binary/modules.html#memory-section */
function bounded(module, pages) {
  const MEMORY = 5;
  for (let at = 8; at < module.length; ) {
    const id = module[at];
    const [size, start] = readNumber(module, at + 1);
    if (id === MEMORY) {
      const [count, flags] = [module[start], module[start + 1]];
      assert.deepEqual([count, flags], [1, 0], "one memory without a bound");
      const [least] = readNumber(module, start + 2);
      const limits = [1, 1, ...number(least), ...number(least + pages)];
      return Buffer.concat([
        module.subarray(0, at),
        Buffer.from([MEMORY, ...number(limits.length), ...limits]),
        module.subarray(start + size),
      ]);
    }
    at = start + size;
  }
  throw new Error("the module has no memory");
}

/** LEB128, and the offset after it. */
function readNumber(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value += (bytes[at] & 127) * 2 ** shift;
    if (bytes[at] < 128) return [value, at + 1];
  }
}

function number(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}
