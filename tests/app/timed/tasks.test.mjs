// How long the page's own tasks keep its thread from answering: while a model trains, in any lab, and with a megabyte of text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE, reached, TINY } from "../browser.mjs";
import { longestTask } from "../tasks.mjs";
import { count, openTokens } from "../tokens.mjs";

/** A run that does not end by itself during a test. */
const LONG = { device: "cpu", lab: "train", ...TINY, "train.steps": "100000", "train.evalInterval": "5", "train.sampleInterval": "5" };

test("while a model trains no task of the page takes longer than 50 ms, in any lab", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...LONG, lang: "en", "train.sampleInterval": "20" });
  await page.getByTestId("start").click();
  await reached(page, 200);
  const shows = {
    train: '[data-testid="curves"] canvas',
    tokens: '[data-testid="strip-text"] .tok',
    inside: '[data-testid="way"] canvas',
    sample: '[data-testid="bars"] li',
    prompt: '[data-testid="row-0"]',
  };
  const longest = {};
  for (const [lab, there] of Object.entries(shows)) {
    await page.getByTestId(`lab-${lab}`).click();
    await page.locator(there).first().waitFor({ timeout: PATIENCE });
    // The time to open a lab for the first time is not training's.
    await page.waitForTimeout(500);
    longest[lab] = await longestTask(page, () => page.waitForTimeout(1_500));
  }
  context.diagnostic(`longest task, ms: ${JSON.stringify(longest)}`);
  for (const [lab, took] of Object.entries(longest)) assert.ok(took < 50, `${lab}: ${took} ms`);
});

test("a megabyte pasted, its merges stepped and a letter typed into it keep no frame of ours longer than 50 ms", async (context) => {
  const { browser, page } = await openTokens(context, { "bpe.vocabSize": "1024", "tokens.corpus": "moby-dick" });
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const line = "The whale surfaced at dawn, and 蝌蚪变成青蛙。 12+34 🐸\n";
  const text = line.repeat(Math.ceil(2 ** 20 / new TextEncoder().encode(line).length));
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  const bytes = new TextEncoder().encode(text).length;
  const took = { pasted: [], stepped: [], typed: [] };
  // Three attempts, since a busy neighbour also slows a thread's own time.
  for (let round = 0; round < 3; round += 1) {
    await page.getByTestId("text").fill("");
    await count(page, "byte-count", 0);
    const task = async (what, act) => took[what].push(await longestTask(page, act));
    await task("pasted", async () => {
      await page.getByTestId("text").press("Control+v");
      await count(page, "byte-count", bytes);
      await page.waitForTimeout(500);
    });
    await task("stepped", async () => {
      await page.getByTestId("merge-first").click();
      await count(page, "token-count", bytes);
      await page.getByTestId("merge-next").click();
      await page.locator('[data-testid="strip-text"] .tok.made').first().waitFor();
    });
    await task("typed", async () => {
      await page.getByTestId("text").press("x");
      await count(page, "byte-count", bytes + 1);
    });
    assert.equal((await page.getByTestId("text").inputValue()).length, text.length + 1);
  }
  for (const [what, times] of Object.entries(took)) assert.ok(Math.min(...times) < 50, `${what}: ${times} ms`);
  context.diagnostic(`longest task: ${JSON.stringify(took)}`);
});
