// WebGPU (a software adapter) computes the same as the CPU: the same losses while training, the same logits after.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE } from "./browser.mjs";
import { CORPUS, openCore, request } from "./core.mjs";

const TOLERANCE = 1e-3;

function metric(events, name) {
  return events.filter(({ kind }) => kind === "step").flatMap(({ steps }) => steps.map((step) => step[name]));
}

function assertClose(found, expected, what) {
  assert.equal(found.length, expected.length, what);
  const worst = Math.max(...found.map((value, at) => Math.abs(value - expected[at])));
  console.log(`${what}: the largest difference is ${worst.toExponential(1)}`);
  assert.ok(worst <= TOLERANCE, `${what} differ by ${worst}`);
}

/** Sizes that fill no tile of a kernel; sizes that fill all; every other option of the configuration, with dropout. */
const MODELS = {
  "odd sizes": {},
  "even sizes": { nHead: 4, nKvHead: 4, dModel: 64, dFf: 256, contextLength: 32 },
  "other choices": {
    ...{ nHead: 4, nKvHead: 2, dModel: 48, dFf: 40, contextLength: 16, dropout: 0.1, bias: false },
    ...{ norm: "rmsNorm", position: "rotary", mlp: "swiglu", tiedEmbeddings: false },
  },
};

/**
 * A prelude of the worker: the adapter has the minimum that WebGPU guarantees, and no feature except the one that burn needs. The browser
 * then holds the device to it.
 */
const POOREST = `
const least = {
  maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, maxUniformBufferBindingSize: 2 ** 16, maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256, maxComputeWorkgroupSizeY: 256, maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupStorageSize: 2 ** 14, maxComputeWorkgroupsPerDimension: 65535,
};
const getter = (name) => Object.getOwnPropertyDescriptor(GPUAdapter.prototype, name).get;
const [limits, features] = [getter("limits"), getter("features")];
const get = (get) => ({ get, configurable: true });
const read = (from, name) => (typeof from[name] === "function" ? from[name].bind(from) : from[name]);
Object.defineProperty(GPUAdapter.prototype, "limits", get(function () {
  return new Proxy(limits.call(this), { get: (real, name) => least[name] ?? read(real, name) });
}));
Object.defineProperty(GPUAdapter.prototype, "features", get(function () {
  return new Proxy(features.call(this), {
    get: (real, name) => (name === "has" ? (feature) => feature === "timestamp-query" && real.has(feature) : read(real, name)),
  });
}));
const request = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await request.apply(this, args);
  for (const [name, value] of Object.entries(least)) if (device.limits[name] !== value) throw new Error(name + " is " + device.limits[name]);
  if (device.features.has("subgroups")) throw new Error("it has subgroups");
  return device;
};`;

for (const [name, change] of Object.entries(MODELS)) {
  test(`ten losses and the logits after them are the same on the CPU and on the poorest adapter: ${name}`, {
    timeout: 3 * PATIENCE,
  }, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu" });
    const [cpu, gpu] = [await openCore(page, "cpu"), await openCore(page, "webgpu", POOREST)];
    const run = { corpus: CORPUS, request: request(await cpu.call("defaults"), { steps: 10 }) };
    Object.assign(run.request.model, change);
    const [slow, fast] = [await gpu.stream("train", run), await cpu.stream("train", run)];
    assert.equal(metric(fast, "trainLoss").length, 10);
    assertClose(metric(slow, "trainLoss"), metric(fast, "trainLoss"), "ten losses");
    assertClose(metric(slow, "gradNorm"), metric(fast, "gradNorm"), "ten gradient norms");

    await cpu.copyTo(gpu);
    const { sampling } = await cpu.call("defaults");
    const ask = async (core) => {
      const next = await core.call("nextTokens", { prompt: "the frog 青蛙", sampling, top: 1000 });
      return next.candidates.sort((a, b) => a.id - b.id).map(({ logit }) => logit);
    };
    assertClose(await ask(gpu), await ask(cpu), "logits of the same weights");
    const write = async (core) => {
      const greedy = { ...sampling, temperature: 0 };
      const events = await core.stream("generate", { prompt: "the frog", sampling: greedy, maxNewTokens: 40, stop: [], topLogprobs: 0 });
      return events.filter(({ kind }) => kind === "token").map(({ id }) => id);
    };
    const text = await write(cpu);
    assert.equal(text.length, 40, "longer than the context, so that the cache slides");
    assert.deepEqual(await write(gpu), text, "greedy text through the cache");
  });
}

test("an engine without relaxed SIMD gets the plain module, and learns the same", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  const modules = [];
  page.context().on("request", (request) => modules.push(...(request.url().match(/tadpole\w*(?=-[\w-]+\.wasm$)/) ?? [])));
  const fused = await openCore(page, "cpu");
  const plain = await openCore(page, "cpu", "WebAssembly.validate = () => false;");
  assert.deepEqual(modules, ["tadpole_fused_bg", "tadpole_bg"]);
  const run = { corpus: CORPUS, request: request(await fused.call("defaults"), { steps: 10 }) };
  const [found, expected] = [await fused.stream("train", run), await plain.stream("train", run)];
  assertClose(metric(found, "trainLoss"), metric(expected, "trainLoss"), "ten losses");
});

/** Each stage alone, then together; `greedy` with the stages it makes irrelevant. */
const SAMPLERS = {
  plain: {},
  greedy: { temperature: 0, topK: 5, repetitionPenalty: 1.2 },
  temperature: { temperature: 1.7 },
  topK: { topK: 3 },
  topP: { topP: 0.6 },
  "topP 0": { topP: 0 },
  minP: { minP: 0.2 },
  repetition: { repetitionPenalty: 1.8 },
  "frequency and presence": { frequencyPenalty: 0.7, presencePenalty: -0.3 },
  all: { temperature: 0.8, topK: 40, topP: 0.9, minP: 0.02, repetitionPenalty: 1.3, frequencyPenalty: 0.1, presencePenalty: 0.2 },
};

/** Writes past the end of the context on a device, in chunks, and token by token with the alternatives. */
async function write(core, sampling) {
  const ask = { prompt: "the frog", sampling, maxNewTokens: 60, stop: [] };
  const tokens = async (topLogprobs) => {
    const events = await core.stream("generate", { ...ask, topLogprobs });
    return events.filter(({ kind }) => kind === "token");
  };
  return [await tokens(0), await tokens(4)];
}

test("a GPU draws the tokens that the CPU draws, stage by stage", { timeout: 3 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  const [cpu, gpu] = [await openCore(page, "cpu"), await openCore(page, "webgpu")];
  const defaults = await cpu.call("defaults");
  const run = { corpus: CORPUS, request: request(defaults, { steps: 40 }) };
  Object.assign(run.request.model, MODELS["other choices"]);
  await cpu.stream("train", run);
  await cpu.copyTo(gpu);
  const neutral = { ...defaults.sampling, temperature: 1, topK: 0, topP: 1, minP: 0 };
  for (const [name, change] of Object.entries(SAMPLERS)) {
    const [found, expected] = [await write(gpu, { ...neutral, ...change }), await write(cpu, { ...neutral, ...change })];
    for (const [mine, theirs] of found.map((tokens, at) => [tokens, expected[at]])) {
      assert.deepEqual(
        mine.map(({ id }) => id),
        theirs.map(({ id }) => id),
        name,
      );
      const logprobs = (tokens) => tokens.flatMap(({ logprob, top }) => [logprob, ...top.map((other) => other.logprob)]);
      assertClose(logprobs(mine), logprobs(theirs), `log-probabilities of ${mine.length} tokens, ${name}`);
    }
  }
});
