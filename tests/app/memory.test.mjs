// Memory stays flat while a model trains: the wasm heap and the GPU's pools over 5,000 updates, on both devices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { CORPUS, openCore, request } from "./core.mjs";

const STEPS = 5000;
/** Everything has been allocated by then. */
const SETTLED = 200;

const mebibytes = (bytes) => (bytes === null ? "none" : `${(bytes / 2 ** 20).toFixed(1)} MiB`);

for (const device of ["cpu", "webgpu"]) {
  test(`memory is flat over ${STEPS} updates, ${device}`, { timeout: 1_200_000 }, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu" });
    const core = await openCore(page, device);
    const run = request(await core.call("defaults"), { steps: STEPS });
    Object.assign(run.model, { nLayer: 1, nHead: 2, nKvHead: 2, dModel: 8, dFf: 16, contextLength: 8 });
    const events = await core.stream("train", { corpus: CORPUS, request: run });
    const reports = events.filter(({ kind }) => kind === "step").map(({ steps, memory }) => ({ step: steps.at(-1).step, ...memory }));
    const [early, late] = [reports.find(({ step }) => step >= SETTLED), reports.at(-1)];
    assert.equal(late.step, STEPS);
    for (const name of ["heapBytes", "poolInUseBytes", "poolReservedBytes"]) {
      console.log(`${device} ${name}: ${mebibytes(early[name])} at step ${early.step}, ${mebibytes(late[name])} at step ${late.step}`);
      assert.ok((late[name] ?? 0) <= (early[name] ?? 0) * 1.1 + 2 ** 20, `${name} grew`);
    }
    assert.equal(early.poolReservedBytes === null, device === "cpu", "only a GPU has pools");
  });
}
