// Memory stays flat while a model trains: the wasm heap and the GPU's pools over 5,000 updates, on both devices. And the page frees labs
// that were left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { CORPUS, openCore, request } from "./core.mjs";

/** npm test has the slow device make fewer. */
const STEPS = { cpu: 5000, webgpu: process.env.TADPOLE_SHORT ? 1500 : 5000 };
/** Everything has been allocated by then. */
const SETTLED = 200;

const mebibytes = (bytes) => (bytes === null ? "none" : `${(bytes / 2 ** 20).toFixed(1)} MiB`);

for (const device of ["cpu", "webgpu"]) {
  test(`memory is flat over ${STEPS[device]} updates, ${device}`, { timeout: 1_200_000 }, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu" });
    const core = await openCore(page, device);
    const run = request(await core.call("defaults"), { steps: STEPS[device] });
    Object.assign(run.model, { nLayer: 1, nHead: 2, nKvHead: 2, dModel: 8, dFf: 16, contextLength: 8 });
    const events = await core.stream("train", { corpus: CORPUS, request: run });
    const reports = events.filter(({ kind }) => kind === "step").map(({ steps, memory }) => ({ step: steps.at(-1).step, ...memory }));
    const [early, late] = [reports.find(({ step }) => step >= SETTLED), reports.at(-1)];
    assert.equal(late.step, STEPS[device]);
    for (const name of ["heapBytes", "poolInUseBytes", "poolReservedBytes"]) {
      console.log(`${device} ${name}: ${mebibytes(early[name])} at step ${early.step}, ${mebibytes(late[name])} at step ${late.step}`);
      assert.ok((late[name] ?? 0) <= (early[name] ?? 0) * 1.1 + 2 ** 20, `${name} grew`);
    }
    assert.equal(early.poolReservedBytes === null, device === "cpu", "only a GPU has pools");
  });
}

const LABS = ["lessons", "tokens", "train", "inside", "sample", "prompt", "bench"];

test("a lab that was left is freed", { timeout: 300_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", model: "tadpole-nano" });
  const control = await browser.context.newCDPSession(page);
  await control.send("Performance.enable");
  const held = async () => {
    await control.send("HeapProfiler.collectGarbage");
    const { metrics } = await control.send("Performance.getMetrics");
    const number = (wanted) => metrics.find(({ name }) => name === wanted).value;
    return { nodes: number("Nodes"), listeners: number("JSEventListeners") };
  };
  const round = async () => {
    for (const lab of LABS) {
      await page.getByTestId(`lab-${lab}`).click();
      await page.locator("section.lab").waitFor();
      await page.evaluate(() => new Promise((rests) => requestIdleCallback(rests, { timeout: 2000 })));
    }
  };
  // After the second round everything that loads once is loaded.
  for (let count = 0; count < 2; count += 1) await round();
  const before = await held();
  for (let count = 0; count < 6; count += 1) await round();
  const after = await held();
  console.log(`${before.nodes} nodes and ${before.listeners} listeners, ${after.nodes} and ${after.listeners} six rounds later`);
  assert.ok(after.nodes < before.nodes + 500, "nodes");
  assert.ok(after.listeners < before.listeners + 50, "listeners");
});
