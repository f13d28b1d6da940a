// The real page on WebGPU (a software adapter, which takes seconds for a step): a minimal run, paused, reloaded, resumed, sampled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, PATIENCE, pause, reached, ready, status, TINY_GPU } from "./browser.mjs";

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
  assert.equal(await modelStep(page), 6);
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  await page.getByTestId("generate").click();
  await page.locator('[data-testid="finished"]:has-text(".")').waitFor({ timeout: PATIENCE });
});

test("auto takes WebGPU where its self-check passes, and otherwise says why not", { timeout: 600_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({});
  const kind = await page.getByTestId("device-kind").getAttribute("data-kind");
  if (kind === "cpu") await page.getByTestId("fallback").getByText("CPU").waitFor();
  else assert.equal(kind, "webgpu");
});
