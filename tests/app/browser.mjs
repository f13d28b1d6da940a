// A real Chromium for the browser tests: one browser for all tests of a file, in it a fresh profile for each, and a page that fails its test on any
// console error, page error, or failed request.
import assert from "node:assert/strict";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/serve.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  // A site on this machine whose name makes it an insecure context.
  "--host-resolver-rules=MAP blog.test 127.0.0.1",
];

/** The build under test, served from a sub-folder like a project page, so that an absolute path in it fails a test. */
export const SITE = { folder: process.env.TADPOLE_DIST, path: "/some/folder/", port: 0 };

/** Long enough for software WebGPU, which takes seconds per step. */
export const PATIENCE = 240_000;

/** The smallest run that shows everything: one layer, a tiny vocabulary, a handful of steps. */
export const TINY = {
  "tokenizer.kind": "bpe",
  "tokenizer.vocabSize": "270",
  "model.nLayer": "1",
  "model.nHead": "2",
  "model.nKvHead": "2",
  "model.dModel": "16",
  "model.dFf": "32",
  "model.contextLength": "16",
  "train.batchSize": "2",
  "train.steps": "40",
  "train.warmupSteps": "2",
  "train.evalInterval": "10",
  "train.evalBatches": "1",
  "train.sampleInterval": "10",
  "train.sampleTokens": "8",
  corpus: "first-names",
  "bpe.vocabSize": "270",
  "tokens.corpus": "first-names",
};

/** The Bench lab with only its quickest row. */
export const QUICK_BENCH = { "bench.train": "false", "bench.M": "false", "bench.L": "false" };

/** Even fewer steps for a device that takes seconds for each. */
export const TINY_GPU = {
  ...TINY,
  "train.steps": "30",
  "train.evalInterval": "15",
  "train.sampleInterval": "15",
  "train.sampleTokens": "2",
};

/** How a browser is started. Pages that are left go on from where they were, as in other browsers, where `cached` says so. */
const started = (options) => ({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
  headless: true,
  ...(options.cached ? { ignoreDefaultArgs: ["--disable-back-forward-cache"] } : {}),
});

/** What a profile is like. A service worker fetches the whole site; the tests that are about it let it. */
const profiled = (options) => ({
  viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
  colorScheme: options.colorScheme ?? "light",
  locale: options.locale ?? "en-US",
  acceptDownloads: true,
  serviceWorkers: options.offline ? "allow" : "block",
});

/** The browser that the tests of a file share. */
let shared = null;

after(async () => (await shared)?.close());

/**
 * A fresh profile in the browser of this file, or in one of its own (`alone` for a test that breaks it, `cached` for other flags), and a server for
 * a test; closes them after it.
 * @param {import("node:test").TestContext} test
 * @param {{ offline?: boolean, width?: number, height?: number, colorScheme?: "light" | "dark", locale?: string, cached?: boolean, alone?: boolean }} [options]
 */
export async function openBrowser(test, options = {}) {
  const site = await serve(SITE);
  shared ??= chromium.launch(started({}));
  const isOwn = options.cached || options.alone;
  const browser = await (isOwn ? chromium.launch(started(options)) : shared);
  const context = await browser.newContext(profiled(options));
  /** @type {string[]} */
  const problems = [];
  test.after(async () => {
    await context.close();
    if (isOwn) await browser.close();
    await site.close();
    assert.deepEqual(problems, [], "the page reported problems");
  });
  return { context, site, problems, open: (settings = {}) => openPage(context, site.address, problems, settings) };
}

/** A browser of its own, with what is in a profile. */
export function launch(profile, options = {}) {
  return chromium.launchPersistentContext(profile, { ...started(options), ...profiled(options) });
}

export async function openPage(context, url, problems, settings) {
  const page = await watchedPage(context, problems);
  // Without a model that comes with the page, and not on the first page, unless the test is about them.
  await page.goto(`${url}#${new URLSearchParams({ model: "none", lab: "tokens", ...settings })}`);
  await ready(page);
  return page;
}

/** An empty page whose errors count for the test. */
export async function watchedPage(context, problems) {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Requests still pending when the page was left.
    if (reason !== "net::ERR_ABORTED") problems.push(`request: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`response: ${response.status()} ${response.url()}`);
  });
  return page;
}

/** Waits until the core has reported its device. */
export async function ready(page) {
  await page.locator('[data-testid="device-kind"]:not([data-kind=""])').waitFor({ state: "attached", timeout: PATIENCE });
}

/** Waits until the run has this status. */
export async function status(page, wanted, timeout = PATIENCE) {
  await page.locator(`[data-testid="status"][data-status="${wanted}"]`).waitFor({ timeout });
}

/** Waits until the Train lab shows the current model (`model`), or a run that has not begun (`new`). */
export async function subject(page, wanted) {
  await page.locator(`[data-testid="subject"][data-subject="${wanted}"]`).waitFor();
}

/** Reads until the answer is not null and has been the same for 0.7 s, and returns it: answers of the model arrive one after another. */
export async function unchanged(page, read) {
  const [begun, quiet] = [Date.now(), 700];
  for (let [before, since] = [null, begun]; ; ) {
    assert.ok(Date.now() - begun < PATIENCE, `this does not come to rest: ${before}`);
    const after = await read();
    if (after === null || after !== before) since = Date.now();
    else if (Date.now() - since >= quiet) return after;
    before = after;
    await page.waitForTimeout(100);
  }
}

/** Waits until an element's content and place no longer change. */
export function atRest(locator) {
  const seen = () => locator.evaluate((element) => JSON.stringify([element.outerHTML, element.getBoundingClientRect()]));
  return unchanged(locator.page(), seen);
}

/** The step that the model bar shows. */
export async function modelStep(page) {
  const text = await page.getByTestId("model-step").textContent();
  return Number(text.replace(/\D/g, ""));
}

/** Waits until the model bar shows this step or a later one. */
export async function reached(page, step) {
  await page.waitForFunction(
    (least) => Number(document.querySelector('[data-testid="model-step"]')?.textContent?.replace(/\D/g, "")) >= least,
    step,
    // Not by animation frames, which an invisible frame may not get.
    { timeout: PATIENCE, polling: 100 },
  );
}

/** Pauses a run and waits until it is at rest: its last step is on disk, and none follows. Returns that step. */
export async function pause(page) {
  await page.getByTestId("pause").click();
  return rested(page);
}

/** Waits until a paused run is at rest. */
export async function rested(page) {
  await status(page, "paused");
  await page.waitForFunction(
    () => {
      const shown = document.querySelector('[data-testid="model-step"]')?.textContent?.replace(/\D/g, "");
      return document.querySelector('[data-testid="stored"]')?.getAttribute("data-step") === shown;
    },
    null,
    { timeout: PATIENCE },
  );
  return modelStep(page);
}

/** Presses Stop; returns the milliseconds until the page shows it. */
export async function stopTakes(page) {
  return page.evaluate(async () => {
    const before = performance.now();
    document.querySelector('[data-testid="stop"]').click();
    while (!document.querySelector('[data-testid="status"][data-status="stopped"]')) {
      await new Promise((frame) => requestAnimationFrame(frame));
    }
    return performance.now() - before;
  });
}

/** Gives a file to a file input. */
export async function giveFile(page, name, file) {
  // A large file takes a busy machine a while.
  await page.getByTestId(`${name}-input`).setInputFiles(file, { timeout: PATIENCE });
}

export const textFile = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

/** Fails if the page is wider than its window. */
export async function noSidewaysScroll(page) {
  const { width, inner } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    inner: innerWidth,
  }));
  assert.ok(width <= inner, `the page is ${width}px wide in a window of ${inner}px`);
}
