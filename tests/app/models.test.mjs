// The models that come with the page: their files match the index, and in the page they do what they were raised for.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { openBrowser } from "./browser.mjs";

const folder = new URL("../../web/", import.meta.url);
const models = JSON.parse(await readFile(new URL("src/models.json", folder), "utf8"));
const fileOf = (name, step) => new URL(`public/models/${name}/${String(step).padStart(6, "0")}.safetensors`, folder);
/** Bytes of each file of a model. */
const LIMITS = { "tadpole-nano": 500_000, "tadpole-base": 8_000_000 };

test("the index lists every model with its files, each within its limit", async () => {
  assert.deepEqual(
    models.map(({ name }) => name),
    Object.keys(LIMITS),
  );
  for (const { name, bytes, steps } of models) {
    assert.ok(steps.length >= 6 && steps[0] === 0);
    const sizes = await Promise.all(steps.map(async (step) => (await stat(fileOf(name, step))).size));
    assert.equal(sizes.at(-1), bytes);
    assert.ok(Math.max(...sizes) <= LIMITS[name], `${name}: ${sizes}`);
    const card = await readFile(new URL("README.md", fileOf(name, 0)), "utf8");
    assert.ok(card.includes(`npm run raise -- ${name}`));
  }
});

/** The shares of right answers without examples and after eight. */
async function ask(page) {
  await page.locator('[data-testid="ask-run"]:not([aria-disabled])').click();
  for (const column of [0, 1]) await page.locator(`[data-testid="score-${column}"][data-n="40"]`).waitFor();
  const share = async (column) => Number(await page.getByTestId(`score-${column}`).getAttribute("data-accuracy"));
  return [await share(0), await share(1)];
}

test("a model that comes with the page learns a rule from its prompt, and at an earlier step could not", {
  timeout: 300_000,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "prompt", "ask.columns": "direct:0,direct:8", "ask.rows": "40" });
  const { name, steps } = models.at(-1);
  await page.getByTestId(`open-${name}`).click();
  const [none, eight] = await ask(page);
  assert.ok(none <= 0.2 && eight >= 0.7, `${none}, ${eight}`);

  // It came from a file and is unchanged: there is no need to ask.
  await page.getByTestId("youth").fill("2");
  await page
    .getByTestId("model-step")
    .filter({ hasText: `step ${steps[2]}` })
    .waitFor();
  const [, young] = await ask(page);
  assert.ok(young <= 0.2, `${young}`);
});

test("a model that comes with the page is opened from the menu, and named in the bar", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en" });
  const { name } = models[0];
  await page.getByTestId("file-menu").click();
  await page.getByTestId(`open-shipped-${name}`).click();
  await page.getByTestId("checkpoint").filter({ hasText: name }).waitFor();
  await page.getByTestId("youth").waitFor();
});
