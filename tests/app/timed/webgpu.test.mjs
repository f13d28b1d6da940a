// The real page on WebGPU (a software adapter, which takes seconds for a step): a minimal run, paused, reloaded, resumed, sampled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, PATIENCE, pause, reached, ready, status, TINY_GPU } from "../browser.mjs";
import { CORPUS, openCore, request } from "../core.mjs";

test("a run on WebGPU starts, pauses, survives a reload, ends, and writes", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "webgpu", lab: "train", ...TINY_GPU, "write.maxNewTokens": "3" });
  assert.equal(await page.getByTestId("device-kind").getAttribute("data-kind"), "webgpu");
  await page.getByTestId("start").click();
  await reached(page, 1);
  const kept = await pause(page);
  await page.reload();
  await ready(page);
  assert.equal(await modelStep(page), kept);
  await page.getByTestId("play").click();
  await status(page, "done");
  assert.equal(await modelStep(page), 30);
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  await page.getByTestId("generate").click();
  await page.locator('[data-testid="finished"]:has-text(".")').waitFor({ timeout: PATIENCE });
});

test("auto begins on the CPU, and moves a run to the device that measured faster", { timeout: 600_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ lab: "train", ...TINY_GPU, "train.steps": "100000" });
  const device = page.getByTestId("device-kind");
  assert.equal(await device.getAttribute("data-kind"), "cpu");
  assert.equal(await page.getByTestId("fallback").count(), 0, "the CPU is no fallback here");
  await page.getByTestId("start").click();
  await reached(page, 1);
  const kind = await device.getAttribute("data-kind");
  const expected = Object.fromEntries(
    await Promise.all(["cpu", "webgpu"].map(async (each) => [each, Number(await device.getAttribute(`data-expected-${each}`))])),
  );
  const otherKind = kind === "cpu" ? "webgpu" : "cpu";
  assert.ok(expected[kind] > 0 && expected[kind] <= expected[otherKind], JSON.stringify(expected));

  // The estimate gives way to the measurement: batches times their tokens, over the reported tokens per second.
  await pause(page);
  const [, here, other, there] = (await device.textContent()).match(/, ([\d.,]+) ms a step; (\w+) ≈ ([\d.,]+) ms a step$/);
  const number = (text) => Number(text.replaceAll(",", ""));
  const tokens = Number(TINY_GPU["train.batchSize"]) * Number(TINY_GPU["model.contextLength"]);
  const seen = (1000 * tokens) / number(await page.getByTestId("stat-speed").textContent());
  assert.ok(Math.abs(number(here) / seen - 1) < 0.1, `${here} ms, ${seen}`);
  assert.equal(other, otherKind === "webgpu" ? "WebGPU" : "CPU");
  assert.ok(Math.abs(number(there) / expected[otherKind] - 1) < 0.1, there);
});

test("a run that begins on the CPU moves to a GPU that proves faster, and goes on there", { timeout: 600_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  const cpu = await openCore(page, "cpu");
  const defaults = await cpu.call("defaults");
  const run = { corpus: CORPUS, request: request(defaults, { steps: 4 }) };
  await cpu.stream("train", run);
  const before = losses(await cpu.stream("resume", { steps: 8 }));
  const auto = await openCore(page, "auto", FAST_GPU);
  await auto.stream("train", { ...run, request: { ...run.request, train: { ...run.request.train, steps: 4 } } });
  await auto.copyTo(cpu);
  assert.equal((await auto.call("model")).device.kind, "webgpu");
  await cpu.copyTo(auto);
  assert.equal((await auto.call("model")).device.kind, "cpu", "a small model writes on the CPU");
  const after = losses(await auto.stream("resume", { steps: 8 }));
  assert.equal((await auto.call("model")).device.kind, "webgpu", "and trains on the GPU");
  assert.equal(after.length, before.length);
  for (const [at, loss] of after.entries()) assert.ok(Math.abs(loss - before[at]) < 1e-4, `${loss} where the CPU has ${before[at]}`);
});

const losses = (events) => events.flatMap((event) => (event.kind === "step" ? event.steps.map(({ trainLoss }) => trainLoss) : []));

/** A prelude of the worker: a stored calibration that says this adapter trains instantly and writes slowly. */
const FAST_GPU = `
const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
const { description, vendor, architecture } = adapter.info;
const slow = { gigaflops: 1, rowGigaflops: 1000, launchMs: 0.001 };
const fast = { gigaflops: 1e6, rowGigaflops: 0.001, launchMs: 0 };
const trials = ["8x8x2", "4x4x4", "4x4 shared", "8x8 shared"].map((tile) => ({ tile, small: 1, large: 1 }));
const kept = JSON.stringify({ adapter: description || (vendor + " " + architecture).trim(), trials, cpu: slow, gpu: fast });
const root = await navigator.storage.getDirectory();
const folder = await root.getDirectoryHandle("tadpole", { create: true });
const file = await (await folder.getFileHandle("calibration", { create: true })).createSyncAccessHandle();
file.truncate(0);
file.write(new TextEncoder().encode(kept), { at: 0 });
file.close();`;
