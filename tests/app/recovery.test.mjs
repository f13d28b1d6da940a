// Takes away, for real, whatever a run can lose: the graphics device, its memory, the heap's, the disk's. Each time a notice says what
// happened and what to do, and the run comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, openPage, PATIENCE, pause, reached, rested, status, TINY, TINY_GPU } from "./browser.mjs";
import { boundHeap, hurt, plantFaults } from "./faults.mjs";

const LONG = { lab: "train", ...TINY, "train.steps": "100000" };
const ON_CPU = { ...LONG, device: "cpu" };
const ON_GPU = { ...LONG, ...TINY_GPU, "train.steps": "100000", device: "webgpu" };

/** The only notice with this text. */
async function told(page, words) {
  const notice = page.getByRole("alert").filter({ hasText: words });
  await notice.waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByRole("alert").count(), 1, "said once");
  return notice;
}

async function comesBack(page, step, device) {
  await page.locator(`[data-testid="device-kind"][data-kind="${device}"]`).waitFor({ state: "attached", timeout: PATIENCE });
  await status(page, "paused");
  const back = await modelStep(page);
  assert.ok(back >= step, `kept at ${step}, back at ${back}`);
  return back;
}

async function goesOn(page, step) {
  await page.getByTestId("play").click();
  await reached(page, step + 1);
}

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
  await page.waitForTimeout(20_000);
  await notice.getByRole("button", { name: "Restart on the CPU" }).click();
  const back = await comesBack(page, step, "cpu");
  assert.ok(back < 12, `it is back at ${back} of 12 steps`);
  await goesOn(page, back);
  forgive(browser.problems, /wgpu error|panicked/);
});

test("a heap without memory", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  await boundHeap(browser.context, 400);
  const page = await browser.open(ON_CPU);
  await page.getByTestId("start").click();
  await reached(page, 1);
  const step = await pause(page);
  await page.locator("details.more > summary").click();
  for (const [name, value] of Object.entries({ dModel: 256, dFf: 1024, nLayer: 6 })) {
    await page.getByTestId(`model-${name}`).fill(String(value));
    await page.getByTestId(`model-${name}`).blur();
  }
  await page.getByTestId("start").click();
  const notice = await told(page, "The core ran out of memory: it needed");
  await notice.getByRole("button", { name: "Restart the core" }).click();
  await page.getByTestId("show-model").click();
  assert.equal(await comesBack(page, step, "cpu"), step);
  await goesOn(page, step);
});

test("a disk without space", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...ON_CPU, keepEvery: "1" });
  await page.getByTestId("start").click();
  await reached(page, 1);
  const step = await pause(page);
  const control = await browser.context.newCDPSession(page);
  const { origin } = new URL(page.url());
  const { usage } = await control.send("Storage.getUsageAndQuota", { origin });
  await control.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 1 });
  await goesOn(page, step);
  await told(page, "no more space");
  assert.equal(await page.getByTestId("stored").getAttribute("data-step"), String(step), "what is kept is told as it is");
  await page.reload();
  assert.equal(await comesBack(page, step, "cpu"), step, "the write that failed took nothing away");
  await goesOn(page, step);
  await told(page, "no more space");
  await control.send("Storage.overrideQuotaForOrigin", { origin });
  await page.getByRole("alert").waitFor({ state: "detached" });
  const later = await pause(page);
  await page.reload();
  await comesBack(page, later, "cpu");
});

test("a run in two tabs", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  const first = await browser.open(ON_CPU);
  await first.getByTestId("start").click();
  await reached(first, 4);
  await pause(first);
  const second = await browser.open(ON_CPU);
  const notice = await told(second, "Another tab keeps its run");
  const copied = await modelStep(second);
  await goesOn(first, copied + 1);

  // The second tab asks for the lock: the first writes what it has, releases it, and is told.
  await notice.getByRole("button", { name: "Keep runs in this tab" }).click();
  const elsewhere = await told(first, "Another tab keeps its run in this browser now");
  await first.getByTestId("pause").click();
  await status(first, "paused");
  await status(second, "paused");
  const taken = await modelStep(second);
  assert.ok(taken > copied, `the second goes on from step ${taken}, as the first left it; it had a copy of step ${copied}`);
  await goesOn(second, taken);
  const own = await pause(second);

  // The first takes it back: what it trained meanwhile becomes a separate run.
  const mine = await modelStep(first);
  await goesOn(first, mine);
  await first.getByTestId("pause").click();
  await elsewhere.getByRole("button", { name: "Keep runs in this tab" }).click();
  await told(second, "Another tab keeps its run in this browser now");
  const parted = await rested(first);
  await first.getByTestId("file-menu").click();
  await first.getByTestId("run").first().waitFor();
  const steps = await first.getByTestId("run").evaluateAll((rows) => rows.map((row) => Number(row.dataset.step)));
  assert.deepEqual(steps, [parted, own], "both runs are kept");
  await first.getByTestId("file-menu").click();

  // A tab that loses it again is told again.
  await second.getByRole("alert").getByRole("button", { name: "Keep runs in this tab" }).click();
  await (await told(first, "Another tab keeps its run in this browser now")).getByRole("button", { name: "Keep runs in this tab" }).click();
  await told(second, "Another tab keeps its run in this browser now");

  // A reload releases it only for a moment.
  await first.reload();
  assert.equal(await comesBack(first, parted, "cpu"), parted);
  assert.equal(await first.getByRole("alert").count(), 0);

  // The first is closed: the second keeps its run again, without being asked.
  await first.close();
  await second.getByRole("status").filter({ hasText: "this one keeps its run from now on" }).waitFor();
  await goesOn(second, own);
  const end = await pause(second);
  await second.reload();
  await comesBack(second, end, "cpu");
});

test("two tabs of a site without encryption, where browsers have no locks", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  const address = browser.site.address.replace("localhost", "blog.test");
  const open = () => openPage(browser.context, address, browser.problems, ON_CPU);
  const first = await open();
  assert.equal(await first.evaluate(() => "locks" in navigator), false);
  await first.getByTestId("start").click();
  await reached(first, 4);
  const step = await pause(first);
  const second = await open();
  const notice = await told(second, "Another tab keeps its run");
  assert.equal(await modelStep(second), step);
  await notice.getByRole("button", { name: "Keep runs in this tab" }).click();
  await second.locator(`[data-testid="stored"][data-step="${step}"]`).waitFor();
  await told(first, "Another tab keeps its run in this browser now");
  await goesOn(second, step);
  const later = await pause(second);
  await second.close();
  await first.getByRole("status").filter({ hasText: "this one keeps its run from now on" }).waitFor();
  await first.reload();
  await comesBack(first, later, "cpu");
});

test("a holder of the run that hangs", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  await plantFaults(browser.context);
  const first = await browser.open(ON_CPU);
  await first.getByTestId("start").click();
  await reached(first, 4);
  const step = await pause(first);
  const second = await browser.open(ON_CPU);
  const notice = await told(second, "Another tab keeps its run");
  await hurt(first, { fault: "busy", ms: 20_000 });
  await notice.getByRole("button", { name: "Keep runs in this tab" }).click();
  await second.locator(`[data-testid="stored"][data-step="${step}"]`).waitFor();
  await goesOn(second, step);
  await pause(second);
  await told(first, "Another tab keeps its run in this browser now");
});

/** As the browser does when another tab comes to the front; pages under test are always in front. */
const show = (page, state) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);

test("a tab that is hidden trains on, or pauses where it was told to", { timeout: 900_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...ON_CPU, keepEvery: "3600" });
  await page.getByTestId("start").click();
  await reached(page, 4);
  await show(page, "hidden");
  await page.locator('[data-testid="stored"]').waitFor();
  await reached(page, (await modelStep(page)) + 100);
  await show(page, "visible");
  await page.locator("details.more > summary").click();
  await page.getByTestId("when-hidden").selectOption("pause");
  await page.waitForURL(/whenHidden=pause/);
  await show(page, "hidden");
  const rest = await rested(page);
  await show(page, "visible");
  await reached(page, rest + 1);
  await status(page, "running");
  await pause(page);
  await show(page, "hidden");
  await show(page, "visible");
  await page.waitForTimeout(300);
  await status(page, "paused");
});
