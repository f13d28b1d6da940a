// The tadpole's life: the slider over the kept steps with the loss there, the strip of what the model writes at each age, and its files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { modelStep, noSidewaysScroll, openBrowser, PATIENCE, pause, reached, status, TINY } from "./browser.mjs";
import { openCore } from "./core.mjs";
import { readGif, readPng, readWebm } from "./media.mjs";

const NANO = { device: "cpu", lang: "en", model: "tadpole-nano" };
const STEPS = [0, 100, 300, 1_000, 3_000, 8_000, 16_000];
const fileOf = (step) => `models/tadpole-nano/${String(step).padStart(6, "0")}.safetensors`;

/** The losses that the run noted, as its file at a step holds them. */
async function notedIn(step) {
  const bytes = await readFile(new URL(`../../web/public/${fileOf(step)}`, import.meta.url));
  const { __metadata__: said } = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  return JSON.parse(said.run).history.steps;
}

/** The mean loss of the last tenth before a step; at birth the first step's, which was measured before its update. */
async function lossAt(step) {
  const noted = await notedIn(step || STEPS[1]);
  const near = noted.filter((each) => (step === 0 ? each.step === 1 : each.step > 0.9 * step && each.step <= step));
  return (near.reduce((sum, { trainLoss }) => sum + trainLoss, 0) / near.length).toFixed(2);
}

const cardAt = (page, step) => page.locator(`[data-testid="life-card"][data-step="${step}"]`);
const sentenceAt = (page, step) => cardAt(page, step).getByTestId("life-sentence").textContent();
const whole = (page) => page.locator('.life-cards[data-whole="true"]').waitFor({ timeout: PATIENCE });

/** Opens the strip from the bar, and waits until it is whole. */
async function openStrip(page) {
  await page.getByTestId("life").click();
  await whole(page);
}

/** Waits until the bar tells this step with its loss. */
async function aged(page, step) {
  const said = new RegExp(`step ${step.toLocaleString("en")}, training loss ${(await lossAt(step)).replace(".", "\\.")}$`);
  await page.waitForFunction(
    ([source]) => new RegExp(source).test(document.querySelector('[data-testid="youth"]')?.getAttribute("aria-valuetext") ?? ""),
    [said.source],
    { timeout: PATIENCE },
  );
}

test("the bar has the model's life: its stage, step and loss at each kept step, by the keyboard too", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(NANO);
  await aged(page, 16_000);
  assert.equal(await page.getByTestId("life").textContent(), "Life");
  assert.equal(await page.getByTestId("life-loss").textContent(), `loss ${await lossAt(16_000)}`);
  const drawings = page.locator(".life-line .tadpole");
  assert.equal(await drawings.count(), STEPS.length);
  const shapes = await drawings.locator("path:first-child").evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
  assert.equal(new Set(shapes).size, STEPS.length, "each age has its drawing");
  const slider = page.getByTestId("youth");
  await slider.focus();
  const stages = [];
  for (const step of STEPS.toReversed()) {
    await aged(page, step);
    assert.equal(await modelStep(page), step);
    stages.unshift(await page.getByTestId("life-line").getAttribute("data-stage"));
    assert.equal(await drawings.evaluateAll((all) => all.findIndex((each) => each.classList.contains("current"))), STEPS.indexOf(step));
    await page.keyboard.press("ArrowLeft");
  }
  assert.deepEqual(stages, ["egg", "tadpole", "tadpole", "legs", "legs", "froglet", "frog"]);
  // A newborn guesses at random: the logarithm of the vocabulary's size.
  assert.ok(Math.abs(Number(await lossAt(0)) - Math.log(512)) < 0.1);
});

test("the strip shows what the model itself writes at each age, with a second core that ends with it", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(NANO);
  await aged(page, 16_000);
  assert.equal(page.workers().length, 1);
  const begun = Date.now();
  await openStrip(page);
  context.diagnostic(`seven ages took ${Date.now() - begun} ms`);
  assert.equal(page.workers().length, 2);
  assert.equal(await modelStep(page), 16_000, "the person's model stays as it is");
  assert.deepEqual(
    await page.locator('[data-testid="life-card"]').evaluateAll((all) => all.map((each) => Number(each.dataset.step))),
    STEPS,
  );
  for (const step of STEPS) assert.match(await cardAt(page, step).textContent(), new RegExp(`loss ${await lossAt(step)}`));

  const core = await openCore(page, "cpu");
  const prompt = "One day Lily went to the";
  for (const step of [1_000, 16_000]) {
    await core.handle.evaluate(async (core, file) => {
      const bytes = await (await fetch(new URL(file, document.baseURI))).arrayBuffer();
      await core.call("load", { file: new Uint8Array(bytes), keep: false });
    }, fileOf(step));
    const { sampling } = await core.call("defaults");
    const request = { prompt, sampling: { ...sampling, seed: 1 }, maxNewTokens: 60, stop: [], topLogprobs: 0 };
    const events = await core.stream("generate", request);
    const written = events.filter(({ kind }) => kind === "token").map(({ text }) => text);
    const sentence = await sentenceAt(page, step);
    assert.ok(`${prompt}${written.join("")}`.startsWith(sentence) && sentence.length > prompt.length + 20, `${sentence} | ${written}`);
    const chips = cardAt(page, step).locator(".tok");
    assert.equal(await chips.first().textContent(), written[0]);
    assert.ok(new Set(await chips.evaluateAll((all) => all.map(({ style }) => style.background))).size > 5, "tokens have their colours");
  }
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("tp-growing") && !location.hash.includes("life"));
  assert.equal(page.workers().length, 1);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "life", "the focus returns");
});

test("other words and another seed give another strip, the same ones the same; the link brings both", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(NANO);
  await openStrip(page);
  const first = await sentenceAt(page, 16_000);
  await page.getByTestId("life-again").click();
  await page.waitForFunction(
    (before) => ![before, ""].includes(document.querySelector('[data-step="16000"] [data-testid="life-sentence"]')?.textContent),
    first,
  );
  await whole(page);
  await page.getByTestId("life-words").fill("The old fox");
  await page.getByTestId("life-words").press("Enter");
  await cardAt(page, 16_000).getByText("The old fox").waitFor();
  await whole(page);
  const told = await Promise.all(STEPS.map((step) => sentenceAt(page, step)));
  assert.ok(told.every((each) => each.startsWith("The old fox")));
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByTestId("life-share").click();
  await page.getByTestId("life-kept").filter({ hasText: "Link copied." }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const settings = Object.fromEntries(new URLSearchParams(new URL(link).hash.slice(1)));
  assert.deepEqual([settings.life, settings["life.seed"]], ["The old fox", "2"]);

  const other = await browser.open({ ...settings, lang: "zh" });
  await whole(other);
  assert.deepEqual(await Promise.all(STEPS.map((step) => sentenceAt(other, step))), told);
});

test("a card takes the model to its age; playing moves through the ages", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(NANO);
  await openStrip(page);
  await cardAt(page, 300).getByRole("button").click();
  await aged(page, 300);
  assert.equal(await modelStep(page), 300);
  assert.equal(await page.getByTestId("youth").inputValue(), "2");
  assert.equal(await cardAt(page, 300).getAttribute("aria-current"), "true");
  assert.match(await page.getByTestId("life-stage").getAttribute("aria-label"), /^tadpole, step 300, training loss/);
  const sentences = await Promise.all(STEPS.map((step) => sentenceAt(page, step)));

  await page.getByTestId("life-play").click();
  const seen = await page.evaluate(async () => {
    const shown = new Set();
    const begun = performance.now();
    while (performance.now() - begun < 60_000) {
      const { card, pieces } = document.querySelector('[data-testid="life-stage"]').dataset;
      shown.add(`${card} ${Number(pieces) > 0}`);
      if (document.querySelector('[data-testid="life-play"]').textContent.trim() === "Play") break;
      await new Promise((frame) => requestAnimationFrame(frame));
    }
    return [...shown];
  });
  assert.deepEqual(seen, ["2 true", ...STEPS.flatMap((_, card) => [`${card} false`, `${card} true`])].slice(seen[0] === "2 true" ? 0 : 1));
  assert.equal(await modelStep(page), 300, "playing leaves the model as it is");
  assert.deepEqual(await Promise.all(STEPS.map((step) => sentenceAt(page, step))), sentences);
});

test("with reduced motion nothing moves by itself: a button goes to the next age", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...NANO });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openStrip(page);
  assert.equal(await page.getByTestId("life-play").count(), 0);
  for (const step of [0, 100]) {
    await page.getByTestId("life-next").click();
    assert.equal(await cardAt(page, step).getAttribute("aria-current"), "true");
  }
  const before = await page.getByTestId("life-stage").screenshot();
  await page.waitForTimeout(600);
  assert.ok(before.equals(await page.getByTestId("life-stage").screenshot()));
});

test("the strip is saved as PNG, GIF and WebM", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(NANO);
  await openStrip(page);
  const save = async (kind) => {
    const waits = page.waitForEvent("download", { timeout: PATIENCE });
    await page.locator(`[data-testid="life-${kind}"]:not([aria-disabled])`).click();
    const download = await waits;
    assert.equal(download.suggestedFilename(), `tadpole-life-tadpole-nano.${kind}`);
    return readFile(await download.path());
  };
  const png = await save("png");
  const { width, height } = readPng(png);
  assert.ok(width === 2_544 && height > 1_000 && png.length > 50_000, `${width} ${height} ${png.length}`);

  const bytes = await save("gif");
  const gif = readGif(bytes);
  assert.deepEqual([gif.width, gif.height, gif.repeats], [720, 405, 0]);
  assert.equal(gif.frames.length, 18 * STEPS.length);
  assert.ok(gif.frames.every((frame) => frame.width === 720 && frame.height === 405));
  assert.equal(
    gif.frames.reduce((sum, { stays }) => sum + stays, 0),
    2_800 * STEPS.length,
  );
  assert.ok(bytes.length > 50_000 && bytes.length < 2_000_000, `${bytes.length}`);
  await assertDrawn(page, bytes, gif.frames.length);

  const webm = readWebm(await save("webm"));
  assert.deepEqual([webm.type, webm.width, webm.height], ["webm", 1_080, 608]);
  assert.ok(webm.pictures > 20 && webm.last > 15_000, `${webm.pictures} pictures to ${webm.last} ms`);
});

/** Chromium decodes the GIF: its first and last pictures are drawn, in more than a few colours, and differ. */
async function assertDrawn(page, bytes, frames) {
  // The page's own policy allows no pictures from elsewhere.
  const blank = await page.context().newPage();
  await blank.goto(new URL("tadpole-lab.json", page.url()).href);
  const [first, last] = await blank.evaluate(
    async ([text, count]) => {
      const data = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: "image/gif" });
      const look = async (frameIndex) => {
        const { image } = await decoder.decode({ frameIndex });
        const pen = new OffscreenCanvas(image.displayWidth, image.displayHeight).getContext("2d");
        pen.drawImage(image, 0, 0);
        const pixels = new Uint32Array(pen.getImageData(0, 0, image.displayWidth, image.displayHeight).data.buffer);
        return { colours: new Set(pixels).size, sum: pixels.reduce((sum, pixel) => (sum * 31 + pixel) >>> 0, 0) };
      };
      return [await look(17), await look(count - 1)];
    },
    [bytes.toString("base64"), frames],
  );
  await blank.close();
  assert.ok(first.colours > 10 && last.colours > 10 && first.sum !== last.sum, JSON.stringify([first, last]));
}

test("a run's life goes with its progress, and its strip is its own samples: nothing disturbs it", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({
    ...TINY,
    device: "cpu",
    lang: "en",
    lab: "train",
    "train.steps": "100000",
    "train.sampleInterval": "10",
    "train.evalInterval": "0",
  });
  await page.getByTestId("start").click();
  await reached(page, 35);
  assert.equal(await page.getByTestId("youth").count(), 0, "a run keeps no steps to go back to");
  const line = page.getByTestId("life-line");
  assert.match(await line.getAttribute("aria-label"), /^Its life so far: egg, step [\d,]+, training loss \d/);
  assert.equal(await line.getAttribute("data-stage"), "egg");
  await page.getByTestId("life").click();
  const last = page.locator('[data-testid="life-card"]').last();
  await last.waitFor();
  assert.equal(page.workers().length, 1, "no second core works beside a run");
  const newest = async () => Number(await last.getAttribute("data-step"));
  const before = await newest();
  await page.waitForFunction(
    (step) => Number([...document.querySelectorAll('[data-testid="life-card"]')].at(-1)?.dataset.step) > step,
    before,
    {
      timeout: PATIENCE,
    },
  );
  assert.equal(await status(page, "running"), undefined);
  assert.equal(await page.getByTestId("life-share").count(), 0, "a link would not bring the model");
  await page.keyboard.press("Escape");
  const rests = await pause(page);
  await page.getByTestId("life").click();
  await last.waitFor();
  const cards = await page
    .locator('[data-testid="life-card"]')
    .evaluateAll((all) => all.map((each) => [Number(each.dataset.step), each.querySelector("p").textContent]));
  assert.ok(cards.length > 2 && cards.length <= 8 && cards.at(-1)[0] <= rests);
  assert.ok(cards.every(([step]) => step % 10 === 0));
  await page.keyboard.press("Escape");
  const plain = (text) => text.replace(/[\s⏎]/g, "");
  const slider = page.getByTestId("sample-step-slider");
  for (const [[step, sentence], place] of [
    [cards[0], "0"],
    [cards.at(-1), await slider.getAttribute("max")],
  ]) {
    await slider.fill(place);
    await page
      .locator("#sample-step")
      .filter({ hasText: step.toLocaleString("en") })
      .waitFor();
    const sample = await page
      .getByTestId("samples")
      .locator("blockquote")
      .first()
      .evaluate((quote) => quote.lastChild.textContent);
    assert.ok(plain(sentence).endsWith(plain(sample)) && plain(sample) !== "", `${step}: ${sentence} | ${sample}`);
  }
});

test("a finished run is a frog; one without samples says how to have some", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, device: "cpu", lang: "en", lab: "train", "train.sampleInterval": "0" });
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.locator('[data-testid="life-line"][data-stage="frog"]').waitFor();
  await page.getByTestId("life").click();
  await page.getByTestId("growing").getByText("Set “Steps between samples” in the Train lab").waitFor();
});

test("the first page leads to the strip", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...NANO, lab: "lessons" });
  await page.getByTestId("watch-it-grow").click();
  await whole(page);
  await page.getByTestId("life-close").click();
  await page.waitForFunction(() => !document.querySelector("tp-growing"));
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "watch-it-grow");
});

test("hide=life leaves the life out", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...NANO, hide: "life" });
  await page.getByTestId("model-step").filter({ hasText: "16,000" }).waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.getByTestId("life-line").count(), 0);
});

for (const [theme, lang, width] of [
  ["light", "en", 1280],
  ["dark", "zh", 360],
])
  test(`axe finds no problem in the life and the strip, and nothing is too wide: ${theme}, ${lang}, ${width} px`, async (context) => {
    const browser = await openBrowser(context, { width, height: 740, colorScheme: theme });
    const page = await browser.open({ ...NANO, lang, theme });
    await page.getByTestId("life-line").waitFor();
    await page
      .getByTestId("life")
      .filter({ hasText: lang === "zh" ? "一生" : "Life" })
      .waitFor();
    await noSidewaysScroll(page);
    assert.deepEqual(await violations(page), [], "the bar");
    await openStrip(page);
    await noSidewaysScroll(page);
    assert.ok(await page.getByTestId("growing").evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth));
    assert.deepEqual(await violations(page), [], "the strip");
    if (lang === "zh") assert.match(await sentenceAt(page, 16_000), /^有一天，莉莉去了\p{Script=Han}/u);
  });
