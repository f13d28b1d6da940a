// What a training step and a decoded token cost on the GPU: launches per layer, and submissions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE } from "./browser.mjs";
import { CORPUS, openCore, request } from "./core.mjs";

/** Counts in the worker before the core loads, and reports on request. */
const COUNT = `
  const counted = { launches: 0, submissions: 0, milliseconds: 0 };
  let first = null; // launch since the last submission
  const count = (prototype, method, name) => {
    const original = prototype[method];
    prototype[method] = function (...args) {
      counted[name] += 1;
      if (name === "launches") first ??= performance.now();
      else if (first !== null) {
        counted.milliseconds += performance.now() - first;
        first = null;
      }
      return original.apply(this, args);
    };
  };
  count(GPUComputePassEncoder.prototype, "dispatchWorkgroups", "launches");
  count(GPUQueue.prototype, "submit", "submissions");
  const channel = new BroadcastChannel("counted");
  channel.onmessage = ({ data }) => data === "ask" && channel.postMessage(counted);
`;

/** Shape S except for the number of layers. */
const MODEL = { nHead: 4, nKvHead: 4, dModel: 64, dFf: 256, contextLength: 64 };

async function open(context) {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  const core = await openCore(page, "webgpu", COUNT);
  const counted = () =>
    page.evaluate(() => {
      const channel = new BroadcastChannel("counted");
      const answer = new Promise((resolve) => {
        channel.onmessage = ({ data }) => resolve(data);
      });
      channel.postMessage("ask");
      return answer;
    });
  const during = async (work) => {
    const before = await counted();
    await work();
    const after = await counted();
    return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
  };
  return { core, during };
}

/** Per unit: the cost of 22 units, minus that of 2. */
async function perUnit(during, work) {
  const [few, many] = [await during(() => work(2)), await during(() => work(22))];
  return Object.fromEntries(Object.keys(many).map((name) => [name, (many[name] - few[name]) / 20]));
}

test("a training step launches at most 25 kernels a layer, a decoded token at most 6", { timeout: 3 * PATIENCE }, async (context) => {
  const { core, during } = await open(context);
  const defaults = await core.call("defaults");
  const steps = {};
  const tokens = {};
  // The first training measures the device, which has launches of its own.
  await core.stream("train", { corpus: CORPUS, request: request(defaults, { steps: 1 }) });
  for (const nLayer of [1, 3]) {
    const train = (count) => {
      const run = { corpus: CORPUS, request: request(defaults, { steps: count, batchSize: 8 }) };
      Object.assign(run.request.model, MODEL, { nLayer });
      return core.stream("train", run);
    };
    steps[nLayer] = await perUnit(during, train);
    const sampling = { ...defaults.sampling, temperature: 0 };
    tokens[nLayer] = await perUnit(during, (maxNewTokens) =>
      core.stream("generate", { prompt: "the", sampling, maxNewTokens, stop: [], topLogprobs: 0 }),
    );
  }
  const layer = (counts) => (counts[3].launches - counts[1].launches) / 2;
  for (const [what, counts] of Object.entries({ step: steps, token: tokens })) {
    const { launches, submissions, milliseconds } = counts[3];
    const besides = launches - 3 * layer(counts);
    console.log(`a ${what}: ${layer(counts)} launches a layer, ${besides} besides, ${submissions} submissions`);
    console.log(`a ${what} of 3 layers: ${milliseconds.toFixed(1)} ms from a submission's first launch to the submission`);
  }
  assert.ok(layer(steps) > 0 && layer(steps) <= 25, `${layer(steps)} launches a layer and step`);
  assert.ok(layer(tokens) > 0 && layer(tokens) <= 6, `${layer(tokens)} launches a layer and token`);
});
