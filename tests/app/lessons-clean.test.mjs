// Lessons begin clean whatever was done before: each looks as on a first visit, in labs left in any state, beside a run that is training or
// paused; and a lesson keeps its guide, its position and its next step in other labs, over a reload, and with the Back button.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, PATIENCE, reached, ready, status, TINY, textFile, unchanged, watchedPage } from "./browser.mjs";
import { openStep } from "./inside.mjs";
import { pageModule } from "./sources.mjs";

const { LESSONS } = await pageModule("labs/lessons/list.ts");
const texts = {
  en: (await pageModule("labs/lessons/en.ts")).en,
  zh: (await pageModule("labs/lessons/zh.ts")).zh,
};

const guide = (page, id) => page.locator(`[data-testid="guide"][data-page="${id}"]`);
const hashOf = (settings) => `#${new URLSearchParams({ device: "cpu", ...settings })}`;

async function visit(browser, settings) {
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto(browser.site.address + hashOf(settings));
  await ready(page);
  return page;
}

/** A new address in the same page, as if typed. */
const goTo = (page, settings) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, hashOf(settings));

/** Through the first page, as a reader does. */
async function openLesson(page, id) {
  await page.getByTestId("lab-lessons").click();
  await page.getByTestId(`lesson-${id}`).click();
  await guide(page, id).waitFor();
}

/**
 * A lab's text and fields once it is at rest: without durations, and without its notes on earlier runs and answers; for the Train lab, what
 * it is about to do.
 */
async function look(page, { lab, model }) {
  await page.locator(`[data-testid="lab-${lab}"][aria-current="page"]`).waitFor();
  if (model) await page.getByTestId("checkpoint").filter({ hasText: model }).waitFor({ timeout: PATIENCE });
  const now = () =>
    page.evaluate(() => {
      const section = document.querySelector("section.lab");
      if (!section || section.querySelector('[data-asking="true"], progress, [aria-busy="true"]')) return null;
      const isOwn = (element) => !element.closest(".compared") && !element.querySelector(".prompt-history");
      const all = (selector) => [...section.querySelectorAll(selector)].filter(isOwn);
      const fields = all("input:not([type=file]), select, textarea").map((field) => [
        field.dataset.testid,
        ["checkbox", "radio"].includes(field.type) ? field.checked : field.value,
      ]);
      const open = all("details").map((details) => details.open);
      const alerts = [...document.querySelectorAll('[role="alert"]')].map((alert) => alert.textContent);
      const history = section.querySelector(".prompt-history")?.closest("details")?.innerText ?? "";
      const said = section.closest("tp-train-lab") ? section.querySelectorAll(".columns > div:not(.canvas)") : [section];
      const text = [...said]
        .map(({ innerText }) => innerText)
        .join("\n")
        .replace(history, "")
        .replace(/\d+\.\d+ (s|秒)/g, "$1");
      // A file of the reader's own stays available; the fields show the choice.
      const files = all("tp-drop-zone").map((zone) => zone.innerText.trim());
      const lines = text.split(/\n+/).filter((line) => !files.includes(line.trim()) && !line.includes("frogs.txt"));
      return JSON.stringify({ lines, fields, open, alerts });
    });
  return JSON.parse(await unchanged(page, now));
}

// ---------- what may have been done before ----------

const LONG = "the frog jumps over the log and ".repeat(100);

/** What a reader leaves in a lab. */
const MESS = {
  async tokens(page) {
    await page.locator('tp-token-strip [data-i="3"]').first().click();
    await page.locator("details.more > summary").click();
    await page.getByTestId("tokens-corpus-file-input").setInputFiles(textFile("frogs.txt", LONG));
    await page.getByTestId("train-tokenizer").click();
    await page.locator('[data-testid="train-tokenizer"]:not([aria-disabled])').waitFor();
    await page.getByTestId("text").fill(LONG);
  },
  async inside(page) {
    await page.getByTestId("view-block").check();
    const heat = (await openStep(page, "mlp")).getByTestId("heat");
    await heat.click();
    await page.getByTestId("inside-text").fill(LONG);
    await page.getByTestId("view-lens").check();
  },
  async sample(page) {
    await page.getByTestId("prompt").fill(LONG);
    await page.getByTestId("generate").click();
    await page.locator('[data-testid="written"]').waitFor();
    await page.locator("details.more > summary").click();
  },
  async prompt(page) {
    await page.getByTestId("ask-task").selectOption("own");
    await page.getByTestId("view-curve").check();
    await page.getByTestId("prompt-more").click();
  },
  async train(page) {
    await page.getByTestId("corpus-file-input").setInputFiles(textFile("frogs.txt", "frog"));
    await page.getByTestId("start").click();
    await page.locator('tp-notice [role="alert"]').first().waitFor();
    await page.locator("details.more > summary").click();
  },
};

/** Starts a run, and pauses it if asked. */
async function train(page, lang, rests) {
  await goTo(page, { lang, ...TINY, lab: "train", model: "tadpole-nano@1000", "train.steps": "100000" });
  await page.getByTestId("model-step").filter({ hasText: "1,000" }).waitFor();
  await page.getByTestId("start").click();
  await page.getByTestId("checkpoint").filter({ hasNotText: "tadpole" }).waitFor({ timeout: PATIENCE });
  await reached(page, 3);
  if (!rests) return;
  await page.getByTestId("pause").click();
  await status(page, "paused");
}

/** Leaves a lab in disorder, with another model loaded, and then a run that is training, one that is paused, or none. */
async function disturb(page, lang, lab, at) {
  await goTo(page, { lang, lab, model: "tadpole-nano@1000" });
  await page.getByTestId("model-step").filter({ hasText: "1,000" }).waitFor({ timeout: PATIENCE });
  await page.locator("section.lab:not([data-waits])").waitFor();
  await MESS[lab](page);
  if (at % 3 < 2) await train(page, lang, at % 3 === 1);
}

for (const [lang, lessons] of [
  ["en", LESSONS],
  ["zh", LESSONS.filter(({ id }) => ["tokens", "polysemy", "capital", "fewShot", "nextToken"].includes(id))],
]) {
  test(`a lesson looks as on a first visit, whatever was done before: ${lang}`, { timeout: 4 * PATIENCE }, async (context) => {
    const firsts = await openBrowser(context);
    const browser = await openBrowser(context);
    const page = await visit(browser, { lang });
    for (const [at, lesson] of lessons.entries()) {
      const address = lesson.address(texts[lang]);
      const first = async () => {
        const clean = await visit(firsts, { lang, ...address, lesson: lesson.id });
        const seen = await look(clean, address);
        await clean.close();
        return seen;
      };
      const [wanted] = await Promise.all([first(), disturb(page, lang, address.lab, at)]);
      await openLesson(page, lesson.id);
      assert.deepEqual(await look(page, address), wanted, lesson.id);
    }
  });
}

test("a lesson replaces a run that is still being prepared", { timeout: PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser, { lang: "en", lab: "train", corpus: "moby-dick", "tokenizer.vocabSize": "8000" });
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor();
  await page.getByTestId("start").click();
  await status(page, "preparing");
  await openLesson(page, "training");
  await page.getByTestId("start").waitFor();
  await status(page, "idle");
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor();
});

for (const lang of ["en", "zh"]) {
  test(`a lesson keeps its guide and its next step in the lab that it sends to, and over a reload: ${lang}`, async (context) => {
    const browser = await openBrowser(context);
    const page = await visit(browser, { lang });
    await openLesson(page, "nextToken");
    const bars = page.getByTestId("way-bars");
    // The page says which model will be asked, both before the reader has a model and after.
    await bars.filter({ hasText: "tadpole-nano" }).waitFor();
    await page.getByTestId("train-steps").fill("100000");
    await page.getByTestId("train-steps").press("Enter");
    await page.getByTestId("start").click();
    const own = bars.filter({ hasText: { en: "I like apple, banana, orange", zh: "I like apple、banana、orange" }[lang] });
    await own.waitFor();
    // The bar names the run now; before, it showed the steps of the model being replaced.
    await reached(page, 20);
    await page.getByTestId("pause").click();
    await status(page, "paused");
    await page.getByTestId("stored").waitFor();
    const step = await modelStep(page);
    await page.reload();
    await ready(page);
    await guide(page, "nextToken").waitFor();
    assert.equal(await modelStep(page), step);
    await page.getByTestId("play").waitFor();
    await own.click();
    await page.locator('[data-testid="lab-sample"][aria-current="page"]').waitFor();
    await guide(page, "nextToken")
      .filter({ hasText: texts[lang].ways.bars.say.split("{model}")[1] })
      .waitFor();
    await page.locator('[data-testid="bars"] li').first().waitFor();
    assert.equal(await page.getByTestId("prompt").inputValue(), texts[lang].starts.like);
    await page.getByTestId("way-home").click();
    await status(page, "paused");
    assert.equal(await modelStep(page), step);
    // The bar's own links keep the lesson, too; only the first page has none of its labs.
    await page.getByTestId("lab-inside").click();
    await guide(page, "nextToken").waitFor();
    await page.getByTestId("way-home").waitFor();
    await page.getByTestId("lab-lessons").click();
    await page.getByTestId("guide").waitFor({ state: "detached" });
    // A half-finished lesson starts afresh from the list.
    await page.getByTestId("lesson-nextToken").click();
    await page.getByTestId("start").waitFor();
    assert.equal(await page.getByTestId("train-steps").inputValue(), "500");
  });
}

test("the Train lab shows what positions are worth, as its lesson says, and the way back has the lesson's model", {
  timeout: 2 * PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser, { lang: "en" });
  await openLesson(page, "positions");
  const loss = async (way) => {
    await page.getByTestId(way).click();
    await page.getByTestId("start").click();
    await status(page, "done");
    return Number(await page.getByTestId("stat-val-loss").textContent());
  };
  const [without, withThem] = [await loss("way-withoutPositions"), await loss("way-withPositions")];
  assert.ok(withThem < without - 0.3, `without ${without}, with ${withThem}`);
  await page.getByTestId("way-home").click();
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-base" }).waitFor();
  await page.getByTestId("order").waitFor({ timeout: PATIENCE });
  assert.equal(await page.getByTestId("inside-text").inputValue(), texts.en.starts.story);
});

test("back and forward lead through lessons, and a long text returns after them", { timeout: PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser, { lang: "en", lab: "sample" });
  await page.getByTestId("prompt").fill(LONG);
  await page.getByTestId("temperature-number").fill("0.3");
  await page.getByTestId("temperature-number").press("Enter");
  await page.waitForFunction(() => location.hash.includes("temperature=0.3"));
  await openLesson(page, "capital");
  const prompt = (text) => page.waitForFunction((text) => document.querySelector('[data-testid="prompt"]')?.value === text, text);
  await prompt(texts.en.starts.capital);
  await page.getByTestId("guide-on").click();
  await guide(page, "hallucination").waitFor();
  await prompt(texts.en.starts.madeUp);
  await page.goBack();
  await guide(page, "capital").waitFor();
  await prompt(texts.en.starts.capital);
  await page.reload();
  await prompt(texts.en.starts.capital);
  await page.goBack();
  await page.locator('[data-testid="lab-lessons"][aria-current="page"]').waitFor();
  await page.getByTestId("guide").waitFor({ state: "detached" });
  await page.goBack();
  await prompt(LONG);
  assert.equal(await page.getByTestId("temperature-number").inputValue(), "0.3");
  await page.goForward();
  await page.goForward();
  await guide(page, "capital").waitFor();
  await prompt(texts.en.starts.capital);
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-base" }).waitFor();
});

test("a recipe's link says which model it will ask", async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser, { lang: "en", ...TINY, lab: "train" });
  const link = page.getByTestId("after-copy");
  await link.filter({ hasText: "Ask tadpole-nano in the Prompt lab" }).waitFor();
  await page.getByTestId("start").click();
  await status(page, "done");
  await link.filter({ hasText: "Ask your model “First names” in the Prompt lab" }).waitFor();
});
