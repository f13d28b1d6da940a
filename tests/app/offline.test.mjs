// With the network off: once the copy was requested, or the page was used and then idle, everything works; the copy can be declined; a new
// version waits until it is requested.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { unzipSync } from "fflate";
import { build } from "vite";
import { serve } from "../../scripts/serve.mjs";
import { root } from "../../scripts/tools.mjs";
import { zip } from "../../scripts/zip.mjs";
import { modelStep, openBrowser, PATIENCE, pause, QUICK_BENCH, reached, ready, status, TINY, watchedPage } from "./browser.mjs";

const LABS = ["tokens", "train", "inside", "sample", "prompt", "bench"];

const dist = process.env.TADPOLE_DIST ?? join(root, "dist");

/** Requests the whole site and waits until it is in the browser. */
async function here(page) {
  await page.getByTestId("file-menu").click();
  await page.getByTestId("offline-get").click();
  await page.locator('[data-testid="offline"][data-state="here"]').waitFor({ timeout: PATIENCE });
  await page.getByTestId("file-menu").click();
}

/** Opens the page at another address, as a separate visit. */
async function visit(page, address, settings) {
  await page.goto("about:blank");
  await page.goto(`${address}#${new URLSearchParams({ device: "cpu", ...settings })}`);
  await ready(page);
}

/** Bytes of the offline copy over the network. */
const COPY_BUDGET = 30_000_000;

/** Registered service workers, and caches. */
const held = (page) => page.evaluate(async () => [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length]);

/** A page whose timers can be advanced, at its first visit. */
async function firstVisit(context, settings = {}) {
  const browser = await openBrowser(context, { offline: true });
  const page = await watchedPage(browser.context, browser.problems);
  await page.clock.install();
  const asked = [];
  browser.context.on("request", (request) => request.serviceWorker() && asked.push(request.url()));
  await page.goto(`${browser.site.address}#${new URLSearchParams({ device: "cpu", lab: "tokens", model: "none", ...settings })}`);
  await ready(page);
  const foot = page.getByTestId("offline-foot");
  await foot.filter({ hasText: /about \d+(\.\d+)? MiB/ }).waitFor({ timeout: PATIENCE });
  return { browser, page, foot, asked };
}

test("a first visit fetches the rest after some use, when it is idle, and not before", async (context) => {
  const { page, foot, asked } = await firstVisit(context);
  await page.clock.runFor(300_000);
  assert.deepEqual([await held(page), asked], [[0, 0], []], "nobody has touched the page");
  await page.getByTestId("text").click();
  await page.clock.runFor(10_000);
  assert.deepEqual([await held(page), asked], [[0, 0], []], "it was touched a moment ago");
  await page.clock.runFor(10_000);
  await page.locator('[data-testid="offline-foot"][data-state="fetching"]').waitFor();
  await foot.waitFor({ state: "detached", timeout: PATIENCE });
  await page.getByTestId("file-menu").click();
  await page.locator('[data-testid="offline"][data-state="here"]').waitFor();
  assert.ok(asked.length > 50, `${asked.length} files`);
});

test("the copy can be fetched at once, within its budget and at about the announced size", async (context) => {
  const { browser, page, foot } = await firstVisit(context);
  const said = Number(/about ([\d.]+) MiB/.exec(await foot.textContent())[1]) * 2 ** 20;
  const sizes = [];
  browser.context.on("requestfinished", (request) => request.serviceWorker() && sizes.push(request.sizes()));
  await page.getByTestId("foot-offline-get").click();
  await foot.waitFor({ state: "detached", timeout: PATIENCE });
  const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
  context.diagnostic(
    `${bytes.toLocaleString("en-US")} bytes in ${sizes.length} files; ${Math.round(said).toLocaleString("en-US")} were said`,
  );
  assert.ok(sizes.length > 50 && bytes < COPY_BUDGET, `${bytes} bytes`);
  // Files that the page has already fetched come from the browser's cache, and brotli compresses better than gzip.
  assert.ok(bytes <= said && bytes > said / 2, `${bytes} bytes, ${said} said`);
});

test("declining the copy is final, also at later visits, and while it is being fetched", async (context) => {
  const { browser, page, foot } = await firstVisit(context);
  await page.getByTestId("foot-offline-decline").click();
  await foot.waitFor({ state: "detached" });
  await page.getByTestId("text").click();
  await page.clock.runFor(300_000);
  await page.reload();
  await ready(page);
  await page.getByTestId("file-menu").click();
  await page.locator('[data-testid="offline"][data-state="declined"]').waitFor();
  assert.deepEqual(await held(page), [0, 0]);
  // A changed mind: requested, and stopped at the first file.
  const first = browser.context.waitForEvent("request", (request) => request.serviceWorker() !== null);
  await page.getByTestId("offline-get").click();
  await first;
  await page.getByTestId("offline-decline").click();
  await page.locator('[data-testid="offline"][data-state="declined"]').waitFor();
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
  await page.waitForFunction(async () => (await caches.keys()).length === 0);
  await page.getByTestId("offline-get").click();
  await page.locator('[data-testid="offline"][data-state="here"]').waitFor({ timeout: PATIENCE });
});

test("with the copy each lab works without a network, in both languages, and the documentation opens", async (context) => {
  const browser = await openBrowser(context, { offline: true });
  const { address } = browser.site;
  const page = await browser.open({ device: "cpu" });
  await here(page);
  const asked = [];
  browser.context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await browser.site.close();

  // In the same tab as the first visit.
  for (const lab of LABS) {
    await page.getByTestId(`lab-${lab}`).click();
    await page.locator(`tp-${lab}-lab section.lab`).waitFor({ timeout: PATIENCE });
  }
  await visit(page, address, { lab: "lessons" });
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
  await page.getByTestId("lesson-tokens").waitFor();
  await visit(page, address, { lab: "tokens", model: "none", tokenizer: "gpt2" });
  await page.locator('tp-token-strip [data-i="3"]').first().waitFor({ timeout: PATIENCE });
  for (const corpus of ["first-names", "moby-dick", "fruit"]) {
    await visit(page, address, { lab: "train", model: "none", ...TINY, "train.steps": "200", corpus });
    await page.getByTestId("start").click();
    await status(page, "running");
    await status(page, "done");
  }
  assert.equal(await modelStep(page), 200);
  await visit(page, address, { lab: "inside", model: "tadpole-base@3000", lang: "zh" });
  await page.getByTestId("way").waitFor({ timeout: PATIENCE });
  await page.getByTestId("model-step").filter({ hasText: "3,000" }).waitFor({ timeout: PATIENCE });
  await visit(page, address, { lab: "sample", model: "tadpole-base" });
  await page.getByTestId("generate").click();
  await page.getByTestId("finished").filter({ hasText: /\S/ }).waitFor({ timeout: PATIENCE });
  await page.getByTestId("embed").click();
  assert.match(await page.getByTestId("embed-element").inputValue(), /tadpole-lab-\w+\.js/);
  await visit(page, address, { lab: "prompt", model: "tadpole-nano", lang: "zh", "ask.rows": "3" });
  await page
    .locator('[data-testid="ask-status"][data-asking="false"][data-missing="0"]:not([data-answered="0"])')
    .waitFor({ timeout: PATIENCE });
  await visit(page, address, { lab: "bench", model: "none", ...QUICK_BENCH });
  await page.getByTestId("bench-run").click();
  await page.getByTestId("bench-peak").getByText("GFLOP/s").waitFor({ timeout: PATIENCE });
  for (const lang of ["en", "zh"]) {
    await visit(page, address, { lang });
    const lessons = await page.locator('[data-testid^="lesson-"]').evaluateAll((links) => links.map((link) => link.dataset.testid));
    assert.ok(lessons.length >= 14, `${lessons.length} lessons`);
    for (const lesson of lessons) {
      await visit(page, address, { lang });
      await page.getByTestId(lesson).click();
      await page.locator(`[data-testid="guide"][data-page="${lesson.slice("lesson-".length)}"]`).waitFor({ timeout: PATIENCE });
      await page.locator("section.lab:not(.lessons):not([data-waits])").waitFor({ timeout: PATIENCE });
      assert.deepEqual(await page.getByRole("alert").allInnerTexts(), [], lesson);
    }
  }
  await page.goto(`${address}docs/index.html`);
  await page.getByRole("link", { name: "the library" }).first().click();
  await page.getByRole("heading", { name: "The library", exact: true }).waitFor();
  await page.goto(`${address}blog/`);
  await page.frameLocator("tadpole-lab#tokens iframe[part=frame]").locator("tp-tokens-lab section.lab").waitFor({ timeout: PATIENCE });
  assert.match(await page.locator("#script").textContent(), /integrity="sha384-/);
  assert.ok(asked.length > 50);
  assert.ok(!asked.some((path) => path.includes("tadpole_bg-")), "this engine needs the other module");
});

/** A later build of the site, which says so, with a different Inside lab. */
async function laterVersion(test) {
  const folder = await mkdtemp(join(tmpdir(), "tadpole-later-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const later = {
    name: "later",
    transformIndexHtml: (page) => page.replace("<html ", '<html data-version="later" '),
    transform: (code, id) => (id.endsWith("/labs/inside/en.ts") ? code.replace("One text", "Another text") : null),
  };
  const config = { root, configFile: join(root, "vite.config.ts"), logLevel: "error", plugins: [later] };
  await build({ ...config, build: { outDir: folder, emptyOutDir: true } });
  return folder;
}

test("a new version waits until it is requested, keeps the run, and fetches only what changed", async (context) => {
  const folder = await laterVersion(context);
  const browser = await openBrowser(context, { offline: true });
  const { address } = browser.site;
  const page = await browser.open({ device: "cpu", lab: "train", ...TINY, "train.steps": "100000" });
  await here(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.getByTestId("start").click();
  await reached(page, 3);
  await pause(page);
  await browser.site.close();
  const { port, pathname } = new URL(address);
  const later = await serve({ folder, port: Number(port), path: pathname });
  context.after(() => later.close());

  const second = await browser.context.newPage();
  const asked = [];
  browser.context.on("request", (request) => request.serviceWorker() && asked.push(new URL(request.url()).pathname.slice(pathname.length)));
  await second.goto(`${address}#device=cpu&model=none&lab=tokens`);
  assert.equal(await second.locator("html").getAttribute("data-version"), null, "the version that is here comes first");
  const fresh = second.getByTestId("fresh");
  await fresh.waitFor({ timeout: PATIENCE });
  assert.ok(asked.includes("index.html") && asked.some((name) => /^assets\/inside-/.test(name)), `${asked}`);
  assert.ok(!asked.some((name) => /\.(?:wasm|safetensors|txt|tiktoken|png)$/.test(name)), `the rest is the same: ${asked}`);
  await fresh.getByRole("button", { name: "Use it now" }).click();
  await fresh.filter({ hasText: "Close the other Tadpole tabs" }).waitFor();
  await second.close();

  await page.reload();
  assert.equal(await page.locator("html").getAttribute("data-version"), null, "a reload alone changes nothing");
  await status(page, "paused");
  // A part of the old version that the server no longer has.
  await page.getByTestId("lab-inside").click();
  await page.locator("tp-inside-lab section.lab").waitFor();
  await page.getByTestId("lab-train").click();
  await page.getByTestId("play").click();
  const step = await modelStep(page);
  await reached(page, step + 5);
  await page.getByTestId("fresh").getByRole("button", { name: "Use it now" }).click();
  await page.locator('html[data-version="later"]').waitFor({ timeout: PATIENCE });
  await status(page, "paused");
  assert.ok((await modelStep(page)) >= step + 5, "the run was kept before the page began again");
});

const skip = spawnSync("python3", ["--version"]).status === 0 ? false : "there is no python3 here";

/** Python's own server, without configured media types. */
async function servedByPython(test, folder) {
  const server = spawn("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder]);
  test.after(() => server.kill());
  for await (const chunk of server.stdout) {
    const [, port] = /port (\d+)/.exec(chunk) ?? [];
    if (!port) continue;
    const address = `http://127.0.0.1:${port}/`;
    // It prints its port a moment before it answers.
    while (!(await fetch(address).catch(() => null))) await setTimeout(100);
    return address;
  }
  throw new Error("python3 serves nothing");
}

test("the zip is the same whenever it is made, and works from any static server", { skip }, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "tadpole-zip-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const path = await zip(dist, folder);
  const first = await readFile(path);
  assert.deepEqual(await readFile(await zip(dist, folder)), first);
  for (const [name, bytes] of Object.entries(unzipSync(first))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  assert.match(await readFile(join(folder, "tadpole", "README.txt"), "utf8"), /python3 -m http\.server[\s\S]*静态服务器/);
  const browser = await openBrowser(context);
  const address = await servedByPython(context, folder);
  const page = await watchedPage(browser.context, browser.problems);
  await visit(page, `${address}tadpole/`, { lab: "sample", model: "tadpole-nano" });
  await page.getByTestId("generate").click();
  await page.getByTestId("finished").filter({ hasText: /\S/ }).waitFor({ timeout: PATIENCE });
  for (const lab of LABS) {
    await page.getByTestId(`lab-${lab}`).click();
    await page.locator(`tp-${lab}-lab section.lab`).waitFor({ timeout: PATIENCE });
  }
});

test("with data saver on nothing is fetched unasked, and the button fetches everything", async (context) => {
  const browser = await openBrowser(context, { offline: true });
  await browser.context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "connection", { configurable: true, get: () => ({ saveData: true }) });
  });
  const page = await browser.open({ device: "cpu" });
  await page.getByTestId("file-menu").click();
  const offline = page.getByTestId("offline");
  await page.locator('[data-testid="offline"][data-state="saving"]').waitFor();
  assert.match(await offline.textContent(), /Data saver is on/);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  await page.getByTestId("offline-get").click();
  await page.locator('[data-testid="offline"][data-state="here"]').waitFor({ timeout: PATIENCE });
  await browser.site.close();
  await visit(page, browser.site.address, { lab: "sample", model: "tadpole-nano" });
  await page.getByTestId("generate").click();
  await page.getByTestId("finished").filter({ hasText: /\S/ }).waitFor({ timeout: PATIENCE });
});
