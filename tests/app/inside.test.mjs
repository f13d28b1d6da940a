// The Inside lab: it shows what the model computed, down to the sum behind every number; its claims about a raised model hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE, status, TINY, TINY_GPU } from "./browser.mjs";
import { openStep } from "./inside.mjs";
import { csvRows, saved } from "./saved.mjs";
import { pageModule } from "./sources.mjs";

const { STEPS } = await pageModule("labs/way/numbers.ts");
const BASE = { device: "cpu", lang: "en", lab: "inside" };
const STORY = "One day Lily went to the park. The fox did not eat the cabbage because it was too young. The";

/** Every other option of the configuration. */
const OTHER = {
  "model.nKvHead": "1",
  "model.norm": "rmsNorm",
  "model.position": "rotary",
  "model.mlp": "swiglu",
  "model.bias": "false",
};

async function openRaised(browser, settings = {}) {
  const page = await browser.open({ ...BASE, "inside.text": STORY, ...settings });
  await page.getByTestId("open-tadpole-base").click();
  await page.getByTestId("inside-status").waitFor();
  return page;
}

/** Clicks a number of a step of the block; returns the sum's result, and the model's own number. */
async function openSum(page, step, x, y) {
  const heat = (await openStep(page, step)).getByTestId("heat");
  await heat.scrollIntoViewIfNeeded();
  const { width, height } = await heat.boundingBox();
  await heat.click({ position: { x: x * width, y: y * height } });
  const sum = page.locator(`[data-step="${step}"] [data-testid="sum"]`);
  await sum.waitFor();
  if (step === "input") return null;
  await page.waitForFunction((step) => document.querySelector(`[data-step="${step}"] [data-found]`), step);
  const value = async (name) => Number(await sum.getAttribute(`data-${name}`));
  return { found: await value("found"), computed: await value("computed") };
}

for (const [name, change, device] of [
  ["layer norm, learned positions, gelu", {}, "cpu"],
  ["RMS norm, rotary, SwiGLU, shared keys, no bias", OTHER, "cpu"],
  ["on WebGPU", OTHER, "webgpu"],
]) {
  test(`every number of a block is the sum that it opens to: ${name}`, { timeout: 2 * PATIENCE }, async (context) => {
    const browser = await openBrowser(context);
    const tiny = device === "cpu" ? TINY : TINY_GPU;
    const page = await browser.open({
      ...tiny,
      ...change,
      device,
      lang: "en",
      lab: "train",
      "inside.view": "block",
      "inside.text": "Anna May",
    });
    await page.getByTestId("start").click();
    await status(page, "done");
    await page.getByTestId("lab-inside").click();
    await page.getByTestId("steps").waitFor({ timeout: PATIENCE });
    const isRotary = change["model.position"] === "rotary";
    const steps = STEPS.filter((step) => isRotary || !step.endsWith("_raw"));
    assert.deepEqual(
      await page.locator('[data-testid="steps"] [data-door]').evaluateAll((shown) => shown.map((each) => each.dataset.door)),
      steps.flatMap((step) => (step === "weights" ? [step, "head-0-0", "head-0-1"] : [step])),
    );
    for (const step of steps) {
      for (const [x, y] of [
        [0.05, 0.95],
        [0.7, 0.6],
      ]) {
        const sum = await openSum(page, step, x, y);
        if (!sum) continue;
        const terms = await page.locator(`[data-step="${step}"] [data-testid="sum"] tbody tr`).count();
        if (isRotary && (step === "q" || step === "k")) assert.equal(terms, 2, "a turned number is made of two");
        if (step.endsWith("_raw")) assert.equal(terms, 16, "an unturned one is a matrix product");
        // A score of a later token counts for nothing.
        const masked = step === "weights" && x > y;
        if (masked) assert.equal(sum.computed, 0);
        else assert.ok(Math.abs(sum.found - sum.computed) < 1e-4, `${step}: ${JSON.stringify(sum)}`);
      }
    }
  });
}

test("pointing at a token shades what it reads, a head of the raised model reads the right noun, and the lens says what comes next", async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { "inside.view": "attention" });
  assert.equal(await page.locator('[data-testid="grid"] .thumb').count(), 16);
  const shades = () =>
    page.locator('[data-testid="strip-text"] .tok').evaluateAll((chips) => chips.map((chip) => chip.style.getPropertyValue("--shade-of")));
  const before = await shades();
  await page.locator('[data-testid="strip-text"] .tok').nth(8).hover();
  await page.waitForFunction(
    (old) =>
      [...document.querySelectorAll('[data-testid="strip-text"] .tok')].some(
        (chip, at) => chip.style.getPropertyValue("--shade-of") !== old[at],
      ),
    before,
  );
  const seen = await shades();
  assert.ok(
    seen.slice(9).every((shade) => Number(shade) === 0),
    "no token reads what comes later",
  );

  // A click opens a head; without its mask it reads later tokens, too.
  await page.getByTestId("head-3-1").click();
  await page.getByText("Block 3, head 1", { exact: true }).waitFor();
  await page.getByTestId("inside-text").hover();
  await page.getByTestId("inside-detail").filter({ hasText: "“·The” reads most from “·f”" }).waitFor();
  await page.getByTestId("inside-mask").uncheck();
  await page.locator('[data-testid="strip-text"] .tok').nth(8).hover();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-testid="strip-text"] .tok')]
      .slice(9)
      .some((chip) => Number(chip.style.getPropertyValue("--shade-of")) > 0),
  );

  await page.getByTestId("view-lens").check();
  await page.getByTestId("lens").waitFor();
  const rows = await page.locator('[data-testid="lens"] tr').count();
  assert.equal(rows, 5);
});

test("the lens ends with what the Sample lab says comes next", async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { "inside.view": "lens", prompt: STORY });
  const last = page.locator('[data-testid="lens"] tr').last();
  const tokens = await last.locator(".tok").allTextContents();
  const shares = await last.locator(".share").allTextContents();
  await page.getByTestId("lab-sample").click();
  await page.getByTestId("stage-raw").check();
  const bars = page.locator('[data-testid="bars"] li');
  await bars.nth(4).waitFor();
  assert.deepEqual((await bars.locator(".tok").allTextContents()).slice(0, 5), tokens);
  assert.deepEqual((await bars.locator(".share").allTextContents()).slice(0, 5), shares);
});

test("the map shows the tokens, and a point its nearest ones", async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { "inside.view": "map" });
  const scatter = page.getByTestId("scatter");
  await scatter.waitFor();
  await scatter.focus();
  for (let at = 0; at < 40; at += 1) await scatter.press("ArrowRight");
  await scatter.press("Enter");
  const near = page.locator('[data-testid="near"] tbody tr');
  await near.nth(9).waitFor();
  const cosines = (await near.locator("td").allTextContents()).map(Number);
  assert.deepEqual(
    cosines,
    [...cosines].sort((a, b) => b - a),
  );
  assert.ok(cosines.every((cosine) => cosine > 0 && cosine < 1));
});

test("a lesson's questions for a model that is loading are not asked of the previous one", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "lessons", model: "tadpole-nano" });
  await page.locator('[data-testid="living"]:not([data-tokens="0"])').waitFor({ timeout: PATIENCE });
  let goOn = () => {};
  const held = new Promise((resolve) => {
    goOn = resolve;
  });
  await page.route("**/models/tadpole-base/*", async (route) => {
    await held;
    await route.continue();
  });
  await page.evaluate(() => {
    globalThis.said = new Set();
    const note = () => {
      for (const each of document.querySelectorAll('[role="alert"]')) globalThis.said.add(each.textContent.trim());
    };
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
  });
  await page.getByTestId("lesson-embedding").click();
  await page.locator('[data-testid="guide"][data-page="embedding"]').waitFor();
  await page.waitForTimeout(1000);
  goOn();
  await page.locator('[data-testid="near"][data-id="956"] tbody tr').nth(9).waitFor({ timeout: PATIENCE });
  assert.deepEqual(await page.evaluate(() => [...globalThis.said]), []);
});

test("the same token in two texts begins as one vector, and takes in its context with depth", async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, {
    "inside.view": "compare",
    "inside.text": "The fox did not eat the cabbage because it",
    "inside.other": "Lily gave a red kite to Max because it",
  });
  await page.getByTestId("alike").waitFor();
  const cosine = async (depth) => Number(await page.getByTestId(`cosine-${depth}`).textContent());
  assert.equal(await cosine(0), 1);
  assert.ok((await cosine(4)) < 0.98, `${await cosine(4)}`);
});

test("what two tokens became stands beside their cosines: what the model says after each text", async (context) => {
  const texts = ["Lily ate an Apple. The Apple", "Lily works at Apple. Apple"];
  const page = await openRaised(await openBrowser(context), {
    "inside.view": "compare",
    "inside.text": texts[0],
    "inside.other": texts[1],
  });
  const last = page.locator('[data-testid="alike"] tbody tr').last();
  await last.waitFor();
  const likeliest = await last.locator(".became.first .tok").allTextContents();
  assert.deepEqual(likeliest, ["·was", "·m"], "one is a fruit, the other makes things");
  await page.getByTestId("view-lens").check();
  const lens = page.locator('[data-testid="lens"] tbody tr').last();
  for (const [at, text] of texts.entries()) {
    await page.getByTestId("inside-text").fill(text);
    await lens.locator(".tok").first().filter({ hasText: likeliest[at] }).waitFor();
  }
});

test("a candidate that begins a character shows the character as the model would complete it", async (context) => {
  const page = await openRaised(await openBrowser(context), {
    "inside.view": "compare",
    "inside.text": "莉莉吃了一个苹果。苹果",
    lang: "zh",
  });
  await page.locator('[data-testid="inside-other"]').fill("莉莉在苹果公司工作。苹果");
  const last = page.locator('[data-testid="alike"] tbody tr').last();
  await last.locator(".became.first .tok").first().filter({ hasText: "又" }).waitFor({ timeout: PATIENCE });
  await last.locator(".became.first .tok").last().filter({ hasText: "公" }).waitFor();
  assert.match(await page.locator('[data-testid="alike"] figcaption').textContent(), /苹果.*苹果/);
  for (const strip of await page.getByTestId("strip-text").all()) assert.match(await strip.textContent(), /苹果。苹果|苹果公司工作。苹果/);
});

test("with your own model the lab begins with what it writes now", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({
    ...TINY,
    "train.steps": "200",
    "train.sampleInterval": "100",
    device: "cpu",
    lang: "en",
    lab: "train",
  });
  await page.getByTestId("start").click();
  await status(page, "done");
  const sample = async () => (await page.getByTestId("samples").locator("blockquote").first().innerText()).replace(/^Prompt:\s*/i, "");
  const newest = await sample();
  await page.getByTestId("sample-step-slider").fill("0");
  const first = await sample();
  assert.notEqual(first, newest);
  await page.getByTestId("lab-inside").click();
  await page.getByTestId("inside-status").waitFor({ timeout: PATIENCE });
  const text = await page.getByTestId("inside-text").inputValue();
  const spaced = (words) => words.replace(/\s+/g, " ").trim();
  assert.ok(text.length > 3 && spaced(newest).startsWith(spaced(text).slice(0, 20)), `${text} of ${newest}`);
  assert.ok(!spaced(first).startsWith(spaced(text).slice(0, 20)), `${text} of ${first}`);
});

test("the figures follow a model that learns, and an empty text is reported", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, "train.steps": "100000", device: "cpu", lang: "en", lab: "train", "inside.text": "Anna" });
  await page.getByTestId("start").click();
  await page.getByTestId("lab-inside").click();
  const shown = () => page.getByTestId("inside-status").textContent();
  await page.getByTestId("inside-status").waitFor();
  const first = await shown();
  await page.waitForFunction((before) => document.querySelector('[data-testid="inside-status"]').textContent !== before, first);
  await page.getByTestId("inside-text").fill("");
  await page.getByRole("alert").waitFor();
  await page.getByTestId("inside-text").fill("Bella");
  await page.getByRole("alert").waitFor({ state: "detached" });
});

/** Trains the tiny model and opens a view of it. */
async function openTiny(browser, settings) {
  const page = await browser.open({ ...TINY, device: "cpu", lang: "en", lab: "train", "inside.text": "Anna May Bella Rose", ...settings });
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("lab-inside").click();
  await page.getByTestId("inside-status").waitFor({ timeout: PATIENCE });
  return page;
}

/** The numbers of the figure in this place, from its saved file. */
async function numbersOf(page, place) {
  const { csv } = await saved(page.locator(place), ["csv"]);
  return csvRows(csv.text).map((row) => row.slice(1).map(Number));
}

test("a sinusoidal model's positions match the formula, and another model shows the formula's", async (context) => {
  const { sinusoids } = await pageModule("labs/inside/position-encoding.ts");
  const browser = await openBrowser(context);
  const page = await openTiny(browser, { "model.position": "sinusoidal", "inside.view": "positions" });
  await page.getByTestId("kind-sinusoidal").filter({ visible: true }).waitFor();
  assert.equal(await page.getByTestId("kind-sinusoidal").getAttribute("aria-pressed"), "true", "the model's own kind is shown first");
  assert.equal(await page.getByTestId("places-source").getAttribute("data-measured"), "true");
  const rows = await numbersOf(page, '[data-testid="places-vectors"]');
  const { values } = sinusoids(rows.length, 16);
  assert.equal(rows.flat().length, values.length);
  for (const [at, value] of rows.flat().entries()) assert.ok(Math.abs(value - values[at]) < 1e-5, `${at}: ${value}, ${values[at]}`);
  // Equal positions have similarity 1, and the value shown for two others is the cosine of their rows.
  const alike = await numbersOf(page, '[data-testid="places-alike"]');
  const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
  assert.ok(Math.abs(alike[2][2] - 1) < 1e-6);
  const cosine = dot(rows[0], rows[3]) / Math.sqrt(dot(rows[0], rows[0]) * dot(rows[3], rows[3]));
  assert.ok(Math.abs(alike[0][3] - cosine) < 1e-6);
  await page.getByTestId("kind-rotary").click();
  assert.equal(await page.getByTestId("places-source").getAttribute("data-measured"), "false");
  await page.getByTestId("kind-learned").click();
  assert.equal(await page.getByTestId("places-vectors").count(), 0, "nobody else has learned vectors");
});

test("a model's learned positions are its own, and shown first", async (context) => {
  const browser = await openBrowser(context);
  const page = await openTiny(browser, { "model.position": "learned", "inside.view": "positions" });
  assert.equal(await page.getByTestId("kind-learned").getAttribute("aria-pressed"), "true");
  assert.match(await page.getByTestId("kind-learned").getAttribute("aria-label"), /own/);
  assert.equal(await page.getByTestId("places-source").getAttribute("data-measured"), "true");
  const [learned, alike] = [await numbersOf(page, '[data-testid="places-vectors"]'), await numbersOf(page, '[data-testid="places-alike"]')];
  assert.equal(learned[0].length, 16);
  assert.ok(Math.abs(alike[1][2]) < 0.999, "training has not made two places one");
  await page.getByTestId("kind-sinusoidal").click();
  assert.equal(await page.getByTestId("places-source").getAttribute("data-measured"), "false");
});

test("a rotary model rotates its queries by the angles shown", async (context) => {
  const browser = await openBrowser(context);
  const page = await openTiny(browser, { "model.position": "rotary", "inside.view": "block" });
  const numbers = async (step) => {
    await openStep(page, step);
    return numbersOf(page, `[data-step="${step}"]`);
  };
  const [raw, turned] = [await numbers("q_raw"), await numbers("q")];
  await page.getByTestId("view-positions").check();
  const angles = await numbersOf(page, '[data-testid="places-vectors"]');
  const half = raw[0].length / 2;
  for (const [place, row] of raw.entries())
    for (let pair = 0; pair < half; pair += 1) {
      const [cos, sin] = [angles[place][pair], angles[place][pair + half]];
      assert.ok(Math.abs(row[pair] * cos - row[pair + half] * sin - turned[place][pair]) < 1e-5);
      assert.ok(Math.abs(row[pair + half] * cos + row[pair] * sin - turned[place][pair + half]) < 1e-5);
    }
  assert.notDeepEqual(raw[3], turned[3]);
  // The score of two equal vectors at a distance is the mean cosine of the angles between them.
  const left = await numbersOf(page, '[data-testid="places-alike"]');
  const mean = angles[3].slice(0, half).reduce((sum, cosine) => sum + cosine, 0) / half;
  assert.ok(Math.abs(left[0][3] - mean) < 1e-9 && Math.abs(left[4][1] - mean) < 1e-9);
});

/** How far the new order moves the next token, and whether it has the same tokens. */
async function apart(page) {
  const order = page.getByTestId("order");
  await order.waitFor();
  return { distance: Number(await order.getAttribute("data-distance")), same: await order.getAttribute("data-same") };
}

test("a model of one block without positions does not notice the order of the words", async (context) => {
  const browser = await openBrowser(context);
  const blind = await openTiny(browser, { "model.position": "none", "inside.view": "positions" });
  const unmoved = await apart(blind);
  assert.equal(await blind.getByTestId("order-text").textContent(), "Anna Bella May Rose");
  assert.equal(unmoved.same, "true");
  assert.ok(unmoved.distance < 1e-4, `${unmoved.distance}`);
  await blind.getByTestId("inside-text").fill("Anna May");
  await blind.getByTestId("order-few").waitFor();
});

test("a raised model notices the order of the words, shuffled by a seed that the address keeps", async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { "inside.view": "positions" });
  assert.ok((await apart(page)).distance > 0.1);
  const text = () => page.getByTestId("order-text").textContent();
  const reversed = await text();
  assert.match(reversed, /^One young\. too was .* day The$/);
  await page.getByTestId("inside-order").selectOption("shuffled");
  const changed = (before) =>
    page.waitForFunction((old) => document.querySelector('[data-testid="order-text"]').textContent !== old, before);
  await changed(reversed);
  const first = await text();
  await page.getByTestId("inside-order-seed").fill("2");
  await page.getByTestId("inside-order-seed").blur();
  await changed(first);
  const second = await text();
  assert.deepEqual(second.split(" ").sort(), first.split(" ").sort());
  // The address restores the same order.
  const again = await openRaised(browser, { "inside.view": "positions", "inside.order": "shuffled", "inside.orderSeed": "2" });
  await apart(again);
  assert.equal(await again.getByTestId("order-text").textContent(), second);
});
