// The Prompt lab: questions drawn, asked and graded with the model at hand; prompts that the person changes; scores that count
// what the rows show. And the made world as a corpus.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, status, TINY } from "./browser.mjs";

const WORLD = { ...TINY, device: "cpu", lang: "en", lab: "train", corpus: "world", "mix.only": "frame", "world.mib": "0.05" };
const ASK = { "ask.task": "frame", "ask.shots": "2", "ask.rows": "12" };

async function train(page) {
  await page.getByTestId("start").click();
  await status(page, "done");
}

async function askAll(page, rows) {
  await page.locator(`[data-testid="row-${rows - 1}"]`).waitFor();
  assert.equal(await page.locator("tr[data-verdict]").count(), rows);
  await page.getByTestId("ask-run").click();
  await page.locator(`[data-testid="score"][data-n="${rows}"]`).waitFor();
  await page.locator('[data-testid="ask-stop"][aria-disabled]').waitFor();
}

const verdicts = (page) => page.locator("tr[data-verdict]").evaluateAll((rows) => rows.map((row) => row.dataset.verdict));

/** Wilson (1927). */
function wilson(correct, n, z = 1.959964) {
  const [share, scale] = [correct / n, 1 + (z * z) / n];
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const middle = (share + (z * z) / (2 * n)) / scale;
  return [correct === 0 ? 0 : middle - half, correct === n ? 1 : middle + half];
}

test("the made world is a corpus; its questions are asked, changed and counted", { timeout: 300_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...WORLD, ...ASK, edits: '{"what": [null]}' });
  await page.getByTestId("lab-prompt").click();
  await page.getByText("There is no model yet").waitFor();
  await page.getByTestId("lab-train").click();
  assert.equal(await page.getByTestId("mix-only").inputValue(), "frame");
  await train(page);

  await page.getByTestId("lab-prompt").click();
  await askAll(page, 12);
  const right = (await verdicts(page)).filter((verdict) => verdict === "right").length;
  const { n, accuracy, low, high } = JSON.parse(await page.getByTestId("score").getAttribute("data-score"));
  const [least, most] = wilson(right, 12);
  assert.ok(n === 12 && accuracy === right / 12);
  assert.ok(Math.abs(low - least) < 1e-6 && Math.abs(high - most) < 1e-6);
  assert.equal(await page.locator('[data-testid="prompt-history"] li').count(), 1);

  // A row shows the prompt that was read, and a change of it takes its answer and the score away.
  await page.getByTestId("open-3").click();
  const prompt = page.getByTestId("row-prompt");
  const own = await prompt.inputValue();
  assert.equal(own.split("\n").length, 3);
  assert.match(own, /->$/);
  await page.getByTestId("row-tokens").waitFor();
  await prompt.fill("zib ->");
  await page.locator('[data-testid="row-3"][data-verdict="pending"]').waitFor();
  assert.equal(await page.getByTestId("score").count(), 0);
  await page.waitForFunction(() => /^[2-6] tokens/.test(document.querySelector('[data-testid="row-tokens"]')?.textContent ?? ""));

  // The change outlives a reload, and can be taken back.
  await page.waitForFunction(() => location.hash.includes("zib"));
  await page.reload();
  await page.getByTestId("open-3").click();
  assert.equal(await page.getByTestId("row-prompt").inputValue(), "zib ->");
  await page.getByTestId("row-restore").click();
  assert.equal(await page.getByTestId("row-prompt").inputValue(), own);
  await askAll(page, 12);

  // Other questions are others; only problems have a style.
  const before = await page.locator("td.asked").allTextContents();
  await page.getByTestId("ask-fresh").click();
  await page.waitForFunction((first) => document.querySelector("td.asked")?.textContent !== first, before[0]);
  assert.equal(await page.getByTestId("ask-style").count(), 0);
  await page.getByTestId("ask-task").selectOption("sum");
  await page.getByTestId("ask-style").selectOption("triggered");
  await page.locator("td.asked", { hasText: "Let's think step by step." }).first().waitFor();
  await page.getByTestId("ask-run").click();
  await page.locator('[data-testid="score"][data-n="12"]').waitFor();
});

test("a world of nothing is refused by name", { timeout: 120_000 }, async (context) => {
  const browser = await openBrowser(context);
  const nothing = ["stories", "facts", "arithmetic", "tasks", "passages", "chat"].map((kind) => [`mix.${kind}`, "0"]);
  const page = await browser.open({ ...WORLD, "mix.only": "null", ...Object.fromEntries(nothing) });
  await page.getByTestId("start").click();
  await page.getByText(/Sum of the weights: 0/).waitFor();
  await page.getByTestId("mix-facts-number").fill("2");
  await page.getByTestId("mix-facts-number").press("Enter");
  await train(page);
});

test("after three sentences each fruit has a third of the next token", { timeout: 300_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "train" });
  await page.getByTestId("recipe-fruit").click();
  await status(page, "done");
  await page.getByTestId("after-fruit").click();
  const bars = page.locator('[data-testid="bars"] li');
  await bars.nth(2).waitFor();
  const three = (await bars.allTextContents()).slice(0, 3);
  assert.deepEqual(three.map((text) => text.replace(/[^a-z]/g, "")).sort(), ["apple", "banana", "orange"]);
  for (const text of three) {
    const share = Number(/([\d.]+)%/.exec(text)[1]) / 100;
    assert.ok(Math.abs(share - 1 / 3) <= 0.02, text);
  }
});
