// What the person typed, trained and focused stays: through a reload, back and forward, a question, and a stop.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { giveFile, modelStep, openBrowser, PATIENCE, ready, status, TINY, textFile } from "./browser.mjs";
import { csvRows, saved } from "./saved.mjs";

const SETTINGS = { device: "cpu", ...TINY };

async function vocabulary(page, wanted) {
  await page
    .getByTestId("vocab-size")
    .filter({ hasText: new RegExp(`^${wanted}$`) })
    .waitFor({ timeout: PATIENCE });
}

async function trained(page) {
  await page.getByTestId("start").click();
  await status(page, "done");
}

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

test("a tokenizer trained here, with its counts, comes back after a reload", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await vocabulary(page, 270);
  await page.locator("details.more > summary").click();
  await giveFile(page, "tokens-corpus-file", textFile("own.txt", "banana bandana ".repeat(400)));
  await page.getByTestId("tokens-corpus").selectOption("own");
  await page.getByTestId("train-tokenizer").click();
  await page.getByTestId("merge-table").filter({ hasText: "400" }).waitFor({ timeout: PATIENCE });
  const merges = await page.getByTestId("merge-table").textContent();
  await page.reload();
  await ready(page);
  await page.getByTestId("merge-table").waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByTestId("merge-table").textContent(), merges);
});

test("the model's own tokenizer stays chosen over a reload", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train", "bpe.vocabSize": "300" });
  await trained(page);
  await page.getByTestId("lab-tokens").click();
  await vocabulary(page, 300);
  await page.getByTestId("tokenizer").selectOption("model");
  await vocabulary(page, 270);
  await page.reload();
  await ready(page);
  await vocabulary(page, 270);
  assert.equal(await page.getByTestId("tokenizer").inputValue(), "model");
  assert.match(page.url(), /tokenizer=model/);
});

test("going back to another lab keeps what was typed since, short or long", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await page.getByTestId("lab-train").click();
  await page.getByTestId("train-steps").fill("77");
  await page.getByTestId("train-steps").blur();
  await page.getByTestId("lab-tokens").click();
  const long = "whale ".repeat(1000);
  await page.getByTestId("text").fill(long);
  await page.goBack();
  assert.equal(await page.getByTestId("train-steps").inputValue(), "77");
  await page.getByTestId("train-steps").fill("88");
  await page.getByTestId("train-steps").blur();
  await page.goForward();
  assert.equal(await page.getByTestId("text").inputValue(), long);
  await page.reload();
  await ready(page);
  assert.equal(await page.getByTestId("text").inputValue(), long);
  assert.match(page.url(), /train\.steps=88/);
});

test("the page says that a text too long for the address stays behind", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await page.getByTestId("text").fill("whale ".repeat(1000));
  await page.getByTestId("share").click();
  await page.getByTestId("outgrown").waitFor();
  assert.doesNotMatch(await page.getByTestId("address").inputValue(), /whale/);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(page), "share");
});

test("loading a file keeps the previous run; where runs are not kept, Escape keeps it, and the focus", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train" });
  await trained(page);
  await page.getByTestId("file-menu").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("save").click()]);
  await page.getByTestId("go-on").click();
  await page.waitForFunction(() => document.querySelector('[data-testid="model-step"]')?.textContent?.includes("80"));
  await giveFile(page, "checkpoint", await download.path());
  await page.getByTestId("loaded").filter({ hasText: "Loaded" }).waitFor({ timeout: PATIENCE });
  assert.equal(await modelStep(page), 40);
  await page.locator('[data-testid="run"][data-step="80"]').waitFor();

  // Another tab keeps the runs: this one's are not kept.
  const other = await browser.open({ ...SETTINGS, lab: "train", lang: "en" });
  await other.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  await other.getByTestId("file-menu").click();
  const dialog = other.getByRole("dialog", { name: "Replace the model?" });
  await giveFile(other, "checkpoint", await download.path());
  await dialog.waitFor();
  assert.equal(await focused(other), "keep");
  await other.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await modelStep(other), 40);
});

test("buttons that have nothing to do keep the focus, and Escape still stops", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train", prompt: "Ann", "write.maxNewTokens": "100000", "train.steps": "100000" });
  await page.getByTestId("start").focus();
  await page.keyboard.press("Enter");
  await status(page, "running");
  assert.equal(await focused(page), "pause");
  await page.getByTestId("stop").focus();
  await page.keyboard.press("Enter");
  await status(page, "stopped");
  assert.equal(await focused(page), "stop");
  await page.getByTestId("lab-sample").click();
  await page.getByTestId("generate").focus();
  await page.keyboard.press("Enter");
  await page.locator("figure.output .tok").first().waitFor({ timeout: PATIENCE });
  assert.equal(await focused(page), "generate");
  await page.keyboard.press("Escape");
  await page.getByText("You stopped it.").waitFor();
});

test("the next-token bars follow a model that learns", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train", prompt: "Ann", "train.steps": "100000" });
  await page.getByTestId("start").click();
  await status(page, "running");
  await page.getByTestId("lab-sample").click();
  const bars = page.getByTestId("bars");
  await bars.waitFor({ timeout: PATIENCE });
  const before = await bars.textContent();
  await page.waitForFunction((old) => document.querySelector('[data-testid="bars"]')?.textContent !== old, before, { timeout: PATIENCE });
});

test("a stop sequence may hold a line break", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train" });
  await trained(page);
  await page.getByTestId("lab-sample").click();
  await page.locator("details.more > summary").click();
  const stops = page.getByTestId("stop-sequences");
  await stops.fill("\\n\\n\na\\\\b");
  await stops.blur();
  await page.waitForFunction(() => new URLSearchParams(location.hash.slice(1)).has("write.stop"));
  const held = await page.evaluate(() => JSON.parse(new URLSearchParams(location.hash.slice(1)).get("write.stop") ?? ""));
  assert.deepEqual(held, ["\n\n", "a\\b"]);
  await page.reload();
  await ready(page);
  assert.equal(await stops.inputValue(), "\\n\\n\na\\\\b");
});

test("a select follows the settings after a choice by hand", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train" });
  const corpus = page.getByTestId("corpus");
  await corpus.selectOption("moby-dick");
  await giveFile(page, "corpus-file", textFile("own.txt", "some words of my own"));
  await page.waitForFunction(() => document.querySelector('[data-testid="corpus"]').value === "own");
});

test("a history says when it has grown longer than the core's, and forgets what came after a step that comes again", async () => {
  const { transformWithOxc } = await import("vite");
  const path = new URL("../../web/src/history.ts", import.meta.url);
  const { code } = await transformWithOxc(await readFile(path, "utf8"), "history.ts");
  const { History } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const history = new History();
  for (let step = 1; step <= 6_000; step += 1) {
    history.add({ kind: "step", steps: [{ step, trainLoss: 1 / step, gradNorm: 1, learningRate: 1 }] });
    if (step % 20 === 0) history.add({ kind: "eval", step, valLoss: 2, perplexity: 3, bitsPerByte: 4 });
    if (step % 20 === 0) for (const prompt of ["a", "b"]) history.add({ kind: "sample", step, prompt, text: "c" });
  }
  assert.equal(history.isLong, false);
  assert.ok(history.samples.every(({ texts }) => texts.length === 2));
  history.add({ kind: "step", steps: [{ step: 6_001, trainLoss: 5, gradNorm: 1, learningRate: 1 }] });
  assert.equal(history.isLong, true);
  history.add({ kind: "step", steps: [{ step: 5_000, trainLoss: 5, gradNorm: 1, learningRate: 1 }] });
  const { steps, valLoss } = history.columns();
  assert.equal(steps.length, 5_000);
  assert.equal(valLoss.filter((value) => value !== null).length, 249);
  assert.ok(history.samples.at(-1).step < 5_000);
});

test("a run of many steps keeps a short history, its beginning and its newest step in it", { timeout: PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const few = { "model.dModel": "8", "model.dFf": "8", "model.contextLength": "8", "train.evalInterval": "0", "train.sampleInterval": "0" };
  const page = await browser.open({ device: "cpu", lab: "train", ...TINY, ...few, "train.steps": "9000" });
  await page.getByTestId("start").click();
  await status(page, "done", PATIENCE);
  const { csv } = await saved(page.getByTestId("curves"), ["csv"]);
  const steps = csvRows(csv.text).map(([step]) => Number(step));
  assert.ok(steps.length >= 2_000 && steps.length <= 6_000, `${steps.length} rows`);
  assert.ok(steps[0] <= 4 && steps.at(-1) === 9_000, `${steps[0]} to ${steps.at(-1)}`);
  assert.ok(Math.max(...steps.slice(1).map((step, at) => step - steps[at])) <= 8, "no gaps");
});

test("a click on a lab counts even if the address is about to be written", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu" });
  for (const lab of ["train", "sample", "bench", "tokens"]) {
    // The event of a followed link comes after everything already due, such as the address's own update.
    await page.evaluate((lab) => {
      document.querySelector('[data-testid="theme"]').click();
      document.querySelector(`[data-testid="lab-${lab}"]`).click();
      const until = performance.now() + 200;
      while (performance.now() < until);
      dispatchEvent(new Event("pagehide"));
    }, lab);
    await page.locator(`[data-testid="lab-${lab}"][aria-current="page"]`).waitFor({ timeout: 5_000 });
  }
});
