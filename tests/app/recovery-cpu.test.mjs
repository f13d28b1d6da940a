// Takes away what a run can lose on any device: the heap's memory, the disk's, the tab's turn to keep it. Each time a notice says what happened and
// what to do, and the run comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, openPage, pause, reached, rested, status } from "./browser.mjs";
import { boundHeap, hurt, plantFaults } from "./faults.mjs";
import { comesBack, goesOn, LONG, told } from "./recovery.mjs";

const ON_CPU = { ...LONG, device: "cpu" };

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
