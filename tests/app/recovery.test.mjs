// Takes away, for real, what a run on a graphics device can lose: the device, its memory. Each time a notice says what happened and what to do, and
// the run comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, pause, reached, TINY_GPU } from "./browser.mjs";
import { hurt, plantFaults } from "./faults.mjs";
import { comesBack, goesOn, LONG, told } from "./recovery.mjs";

const ON_GPU = { ...LONG, ...TINY_GPU, "train.steps": "100000", device: "webgpu" };

/** The browser's own log messages about a lost device are not the page's fault. */
function forgive(problems, words) {
  for (let at = problems.length - 1; at >= 0; at -= 1) if (words.test(problems[at])) problems.splice(at, 1);
}

const GPU_IS_GONE = /device was lost|external Instance|WebGPU Context|Context Provider/;

test("a graphics device that is lost, and then its adapter", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context, { alone: true });
  const page = await browser.open(ON_GPU);
  const control = await browser.context.browser().newBrowserCDPSession();
  const crash = () => control.send("Browser.crashGpuProcess").catch(() => {});
  await page.getByTestId("start").click();
  await reached(page, 1);
  const step = await pause(page);
  await goesOn(page, step);
  await crash();
  await (await told(page, "The graphics device was lost")).getByRole("button", { name: "Restart the core" }).click();
  const back = await comesBack(page, step, "webgpu");
  await goesOn(page, back);
  // A browser gives no adapter to a page whose device was lost twice.
  await crash();
  const notice = await told(page, "The graphics device was lost");
  await notice.getByRole("button", { name: "Restart the core" }).click();
  const again = await comesBack(page, back, "cpu");
  await page.getByTestId("fallback").filter({ hasText: "WebGPU found no graphics adapter" }).waitFor();
  await goesOn(page, again);
  forgive(browser.problems, GPU_IS_GONE);
});

test("a graphics device without memory", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context, { alone: true });
  await plantFaults(browser.context);
  const page = await browser.open(ON_GPU);
  await page.getByTestId("start").click();
  await reached(page, 1);
  const step = await pause(page);
  await hurt(page, { fault: "gpuFull" });
  await page.getByTestId("start-over").click();
  await (await told(page, "The graphics device had no memory left")).getByRole("button", { name: "Restart on the CPU" }).click();
  assert.equal(await comesBack(page, step, "cpu"), step, "the new run had not begun");
  forgive(browser.problems, /wgpu error|panicked/);
});

test("when a device runs out of memory during a run, its wrong results are not kept", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context, { alone: true });
  await plantFaults(browser.context);
  // The evaluation needs more memory than any step before it.
  const page = await browser.open({ ...ON_GPU, "train.steps": "12", "train.evalInterval": "8", "train.sampleInterval": "8" });
  await page.getByTestId("start").click();
  await reached(page, 2);
  const step = await pause(page);
  await hurt(page, { fault: "gpuFull" });
  await page.getByTestId("play").click();
  const notice = await told(page, "The graphics device had no memory left");
  // If it went on, it would be at its end by now.
  await page.waitForTimeout(8_000);
  await notice.getByRole("button", { name: "Restart on the CPU" }).click();
  const back = await comesBack(page, step, "cpu");
  assert.ok(back < 12, `it is back at ${back} of 12 steps`);
  await goesOn(page, back);
  forgive(browser.problems, /wgpu error|panicked/);
});
