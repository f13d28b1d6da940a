// Save and load in a real browser: a checkpoint carries a run to another profile; Hugging Face files go out and come back.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { giveFile, modelStep, openBrowser, PATIENCE, reached, status, TINY, textFile } from "./browser.mjs";

const SETTINGS = { device: "cpu", lab: "train", prompt: "Ann", ...TINY };

async function trained(context) {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("file-menu").click();
  return page;
}

/** Clicks and returns the paths of the downloads. */
async function downloads(page, button, count) {
  const coming = [];
  const all = new Promise((resolve) => {
    page.on("download", (download) => {
      coming.push(download);
      if (coming.length === count) resolve(undefined);
    });
  });
  await page.getByTestId(button).click();
  await all;
  const files = [];
  for (const download of coming) files.push({ name: download.suggestedFilename(), path: await download.path() });
  return files;
}

async function prompted(page) {
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  await page.getByTestId("stage-raw").check({ force: true });
  return page.getByTestId("bars").textContent();
}

test("a checkpoint carries the run to another browser, where it goes on", async (context) => {
  const page = await trained(context);
  const [file] = await downloads(page, "save", 1);
  const bars = await prompted(page);
  const other = await (await openBrowser(context)).open(SETTINGS);
  await other.getByTestId("file-menu").click();
  await giveFile(other, "checkpoint", file.path);
  await status(other, "done");
  assert.equal(await modelStep(other), 40);
  await other.locator('[data-testid="curves"] canvas').waitFor();
  await other.getByTestId("file-menu").click();
  assert.equal(await prompted(other), bars);
  await other.getByTestId("lab-train").click();
  await other.getByTestId("go-on").click();
  await reached(other, 80);
});

test("a loaded model keeps its file's name, over a reload and among the runs, until another is trained", async (context) => {
  const page = await trained(context);
  const [file] = await downloads(page, "save", 1);
  const bytes = await readFile(file.path);
  await page.getByTestId("checkpoint-input").setInputFiles({ name: "my frogs.tadpole", mimeType: "", buffer: bytes });
  const bar = page.getByTestId("checkpoint");
  await bar.filter({ hasText: "my frogs.tadpole" }).waitFor();
  await page.getByTestId("stored").waitFor();
  await page.reload();
  await bar.filter({ hasText: "my frogs.tadpole" }).waitFor({ timeout: PATIENCE });
  await page.getByTestId("file-menu").click();
  await page.getByTestId("run").filter({ hasText: "my frogs.tadpole, step 40" }).waitFor();
  await page.getByTestId("run").filter({ hasText: "First names, step 40" }).getByTestId("open-run").click();
  await bar.filter({ hasText: "First names" }).waitFor();
  await page.getByTestId("run").filter({ hasText: "my frogs" }).getByTestId("open-run").click();
  await bar.filter({ hasText: "my frogs.tadpole" }).waitFor();
  await page.getByTestId("file-menu").click();
  await page.getByTestId("lab-train").click();
  await page.getByTestId("start-over").click();
  await bar.filter({ hasText: "First names" }).waitFor();
});

for (const [width, height] of [
  [360, 640],
  [768, 1024],
  [1280, 720],
])
  test(`the reason why a file was refused is in sight, ${width} px`, async (context) => {
    const browser = await openBrowser(context, { width, height });
    const page = await browser.open({ device: "cpu", lang: "en" });
    if (width < 500) await page.getByTestId("tools").click();
    await page.getByTestId("file-menu").click();
    await giveFile(page, "checkpoint", textFile("no.tadpole", "This is no checkpoint."));
    const notice = page.locator(".menu .panel").getByRole("alert");
    await notice.waitFor();
    const [own, panel] = await Promise.all([notice.boundingBox(), page.locator(".menu .panel").boundingBox()]);
    assert.ok(own.x >= panel.x && own.x + own.width <= panel.x + panel.width, "not beside the panel");
    assert.ok(own.x >= 0 && own.x + own.width <= width && own.y >= panel.y && own.y + own.height <= height, JSON.stringify(own));
    assert.ok(await notice.evaluate((shown) => shown.scrollWidth <= shown.clientWidth + 1));
  });

/** Trains on a corpus, saves the run without it, and opens the file in another browser. */
async function openedWithoutCorpus(context, settings, prepare = async (_page) => {}) {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, ...settings });
  await prepare(page);
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("file-menu").click();
  await page.getByTestId("with-corpus").uncheck();
  const [file] = await downloads(page, "save", 1);
  const other = await (await openBrowser(context)).open({ device: "cpu", lab: "train", lang: "en" });
  await other.getByTestId("file-menu").click();
  await giveFile(other, "checkpoint", file.path);
  await status(other, "done");
  await other.getByTestId("file-menu").click();
  return other;
}

test("a checkpoint without its corpus asks for the file by name before it goes on", async (context) => {
  const own = "the frog jumps over the log ".repeat(200);
  const other = await openedWithoutCorpus(context, {}, (page) => giveFile(page, "corpus-file", textFile("frogs.txt", own)));
  await other.getByText("The checkpoint came without its corpus “frogs.txt”").waitFor();
  assert.ok(await other.getByTestId("go-on").isDisabled());
  assert.ok(await other.getByTestId("start-over").isDisabled(), "there is nothing to learn from");
  await giveFile(other, "attach-file", textFile("other.txt", "not the same text at all"));
  await other.getByRole("alert").first().waitFor();
  await giveFile(other, "attach-file", textFile("frogs.txt", own));
  await other.locator('[data-testid="go-on"]:not([aria-disabled])').waitFor();
  await other.locator('[data-testid="start-over"]:not([aria-disabled])').waitFor();
});

const DRAWN = { corpus: "world", "world.mib": "0.05", "world.seed": "7", "mix.only": "facts" };

for (const [name, settings] of Object.entries({ "a built-in corpus": {}, "the made world": DRAWN })) {
  test(`a checkpoint saved without its corpus recovers it by its name: ${name}`, async (context) => {
    const other = await openedWithoutCorpus(context, settings);
    await other.locator('[data-testid="go-on"]:not([aria-disabled])').waitFor({ timeout: PATIENCE });
    assert.equal(await other.getByTestId("attach-file-input").count(), 0, "nobody is asked");
    await other.getByTestId("go-on").click();
    await reached(other, 41);
  });
}

test("Hugging Face files go out and come back", async (context) => {
  const page = await trained(context);
  const files = await downloads(page, "export-hf", 4);
  assert.deepEqual(files.map((file) => file.name).sort(), ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
  const bars = await prompted(page);
  const other = await (await openBrowser(context)).open(SETTINGS);
  await other.getByTestId("file-menu").click();
  const { readFile } = await import("node:fs/promises");
  const handed = await Promise.all(
    files.map(async ({ name, path }) => ({ name, mimeType: "application/octet-stream", buffer: await readFile(path) })),
  );
  await giveFile(other, "checkpoint", handed);
  await other.getByTestId("loaded").filter({ hasText: "Loaded" }).waitFor({ timeout: PATIENCE });
  assert.equal(await prompted(other), bars);
});

test("a file that is not a checkpoint is refused with a message, and the model stays", async (context) => {
  const page = await trained(context);
  const folder = await mkdtemp(join(tmpdir(), "tadpole-big-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "big.tadpole"), Buffer.alloc(48 * 2 ** 20));
  const bad = [
    textFile("empty.tadpole", ""),
    textFile("noise.tadpole", "this is no checkpoint"),
    textFile("config.json", "{}"),
    // By its path: sending so much through the driver takes half a minute.
    join(folder, "big.tadpole"),
  ];
  for (const file of bad) {
    await giveFile(page, "checkpoint", file);
    await page.getByRole("alert").waitFor({ timeout: PATIENCE });
    await page.getByRole("alert").getByRole("button").click();
    assert.equal(await modelStep(page), 40);
  }
});
