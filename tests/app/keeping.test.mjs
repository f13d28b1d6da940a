// No run is ever lost: through a failed start, a second tab, a browser without private files, a core that stops or hangs, and inside
// another site's page.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { modelStep, openBrowser, PATIENCE, pause, reached, ready, status, TINY, watchedPage } from "./browser.mjs";
import { hurt, NO_PRIVATE_FILES, plantFaults, refused } from "./faults.mjs";

const LONG = { device: "cpu", lab: "train", ...TINY, "train.steps": "100000" };

/** Trains a little and pauses; returns the step of the run on disk. */
async function trainAndKeep(page) {
  await page.getByTestId("start").click();
  await reached(page, 4);
  return pause(page);
}

async function comesBack(page, step) {
  await page.reload();
  await ready(page);
  await status(page, "paused");
  assert.equal(await modelStep(page), step);
}

async function goesOn(page, step) {
  await page.getByTestId("play").click();
  await reached(page, step + 1);
}

test("a failed start leaves the previous run, which goes on and survives a reload", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const step = await trainAndKeep(page);
  await page.locator("details.more > summary").click();
  await page.getByTestId("model-nHead").fill("3");
  await page.getByTestId("model-nHead").blur();
  await page.getByTestId("start").click();
  await page.getByRole("alert").filter({ hasText: "does not suit 3 heads" }).waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByTestId("model-nHead").inputValue(), "3", "what was set up stays, to be mended");
  await page.getByTestId("show-model").click();
  await status(page, "paused");
  assert.equal(await modelStep(page), step);
  await page.locator('[data-testid="curves"] canvas').waitFor();
  await comesBack(page, step);
  await goesOn(page, step);
});

test("a learning rate set while the run is paused survives a reload, also in another tab", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const step = await trainAndKeep(page);
  await page.getByTestId("rate-now").fill("0.0123");
  await page.getByTestId("rate-now").press("Enter");
  await page.locator('[data-testid="rate-now"]').blur();
  await page.close();
  const other = await browser.open(LONG);
  await status(other, "paused");
  await other.getByTestId("step").click();
  await reached(other, step + 1);
  await other.getByTestId("stat-rate").filter({ hasText: "0.0123" }).waitFor();
});

test("a run is kept from its beginning, and the page says what a reload may lose of it", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...LONG, lang: "en", keepEvery: "3600" });
  await trainAndKeep(page);
  await page.getByTestId("train-learningRate").fill("0.02");
  await page.getByTestId("train-learningRate").blur();
  await page.getByTestId("start").click();
  await page.getByTestId("kept").filter({ hasText: "A reload loses at most 3,600 s of training." }).waitFor();
  await page.reload();
  await ready(page);
  await status(page, "paused");
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.02");
  await page.locator('[data-testid="subject"][data-subject="model"]').waitFor();
});

test("a run reopens after a model that comes with the page replaced it", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const step = await trainAndKeep(page);
  await page.getByTestId("file-menu").click();
  await page.locator('[data-testid="run"][aria-current="true"]').waitFor();
  await page.getByTestId("open-shipped-tadpole-nano").click();
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
  await page.getByTestId("open-run").click();
  await status(page, "paused");
  assert.equal(await modelStep(page), step);
  await page.getByTestId("file-menu").click();
  await goesOn(page, step);
});

test("a second tab gets a notice, works, and takes nothing from the first", async (context) => {
  const browser = await openBrowser(context);
  const first = await browser.open(LONG);
  const step = await trainAndKeep(first);
  const second = await browser.open(LONG);
  await second.getByRole("alert").filter({ hasText: "Another tab keeps its run" }).waitFor();
  assert.equal(await second.getByTestId("stored").count(), 0, "what this tab trains is kept nowhere");
  await goesOn(second, step);
  await second.getByTestId("pause").click();
  await second.getByTestId("start-over").click();
  await second.getByTestId("keep").click();
  assert.ok((await modelStep(second)) > step, "what is kept nowhere is not replaced without a question");
  await second.close();
  await comesBack(first, step);
  await goesOn(first, step);
});

for (const [what, script] of [
  ["without private files", NO_PRIVATE_FILES],
  // As in a private window: Firefox refuses them with a SecurityError, Safari with an UnknownError.
  ["where private files are refused, for whatever reason,", refused("StorageManager", "getDirectory", "UnknownError")],
]) {
  test(`${what} the run is kept in IndexedDB`, async (context) => {
    const browser = await openBrowser(context);
    await plantFaults(browser.context, script);
    const page = await browser.open(LONG);
    const step = await trainAndKeep(page);
    const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    assert.deepEqual(names, ["tadpole"]);
    await comesBack(page, step);
    await goesOn(page, step);
  });
}

test("private files that fail later hide no run kept elsewhere, and the failure is reported", async (context) => {
  const browser = await openBrowser(context);
  await plantFaults(browser.context, refused("FileSystemDirectoryHandle", "getDirectoryHandle", "UnknownError"));
  const page = await browser.open(LONG);
  await page.getByRole("alert").filter({ hasText: "This browser cannot keep the run" }).waitFor();
  assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), []);
});

/** Opens another of our pages in place of this one, which goes into the browser's cache meanwhile. */
async function leave(page, { address }) {
  await page.goto(`${address}?other#${new URLSearchParams({ model: "none", device: "cpu", lab: "train" })}`);
  await ready(page);
}

/** Goes back to it. */
async function comeBack(page) {
  // It does not reload.
  await page.goBack({ waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.wasCached);
}

async function openCached(context) {
  const browser = await openBrowser(context, { cached: true });
  await browser.context.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) globalThis.wasCached = true;
    });
  });
  const page = await browser.open(LONG);
  return { page, site: browser.site, step: await trainAndKeep(page) };
}

test("a page in the browser's cache releases its run, and keeps it again when it returns", async (context) => {
  const { page, site, step } = await openCached(context);
  await leave(page, site);
  await status(page, "paused");
  assert.equal(await page.getByTestId("stored").getAttribute("data-step"), String(step), "the other page keeps it");
  await comeBack(page);
  await goesOn(page, step);
  const later = await pause(page);
  assert.equal(await page.getByRole("alert").count(), 0);
  await page.getByTestId("file-menu").click();
  await page.locator('[data-testid="run"][aria-current="true"]').waitFor();
  assert.equal(await page.getByTestId("run").count(), 1, "it is no other run");
  await comesBack(page, later);
});

test("a run that continued elsewhere while its page was cached is opened in that state", async (context) => {
  const { page, site, step } = await openCached(context);
  await leave(page, site);
  await status(page, "paused");
  await goesOn(page, step);
  const later = await pause(page);
  await comeBack(page);
  await page.waitForFunction((step) => document.querySelector('[data-testid="stored"]')?.dataset.step === String(step), later);
  await status(page, "paused");
  assert.equal(await modelStep(page), later);
  await goesOn(page, later);
});

test("a core that stops is restarted, with its run", async (context) => {
  const browser = await openBrowser(context);
  await plantFaults(browser.context);
  const page = await browser.open(LONG);
  const step = await trainAndKeep(page);
  await goesOn(page, step);
  await hurt(page, { fault: "trap" });
  const crash = page.getByRole("alert").filter({ hasText: "The core stopped" });
  await crash.waitFor();
  assert.equal(await page.getByRole("alert").count(), 1, "said once");
  await crash.getByRole("button", { name: "Restart the core" }).click();
  await status(page, "paused");
  const back = await modelStep(page);
  assert.ok(back >= step);
  await page
    .getByRole("alert")
    .filter({ hasText: `back at step ${back}` })
    .waitFor();
  await goesOn(page, back);
});

test("a core that hangs delays a restart for seconds, not for ever", async (context) => {
  const browser = await openBrowser(context);
  await plantFaults(browser.context);
  const page = await browser.open(LONG);
  const step = await trainAndKeep(page);
  await hurt(page, { fault: "busy", ms: 300_000 });
  await page.getByTestId("device").selectOption("auto");
  await page
    .getByRole("alert")
    .filter({ hasText: `back at step ${step}` })
    .waitFor({ timeout: PATIENCE });
  await status(page, "paused");
  assert.equal(await modelStep(page), step);
});

/** Another site that shows the page in a frame. */
async function blogWith(test, address) {
  const body = `<!doctype html><title>Blog</title><link rel="icon" href="data:,"><iframe width="1000" height="800" src="${address}"></iframe>`;
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(body));
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  test.after(() => server.close());
  return server.address().port;
}

// The browser gives a frame no storage and no clipboard; without a secure connection private files and locks are missing too.
for (const host of ["127.0.0.1", "blog.test"]) {
  test(`the page works in a frame of another site, ${host}`, async (context) => {
    const { context: tabs, site, problems } = await openBrowser(context);
    const page = await watchedPage(tabs, problems);
    const port = await blogWith(context, `${site.address}#${new URLSearchParams(LONG)}`.replaceAll("&", "&amp;"));
    await page.goto(`http://${host}:${port}/`);
    const frame = await (await page.locator("iframe").elementHandle()).contentFrame();
    await ready(frame);
    await frame.getByRole("alert").filter({ hasText: "This browser cannot keep the run" }).waitFor();
    await frame.getByTestId("start").click();
    await reached(frame, 4);
    await frame.getByTestId("pause").click();
    await status(frame, "paused");
    const step = await modelStep(frame);
    await frame.getByTestId("share").click();
    assert.match(await frame.getByTestId("address").inputValue(), /lab=train/);
    await frame.getByTestId("close").click();
    await goesOn(frame, step);
  });
}
