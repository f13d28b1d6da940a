// The cards of the first page: pictures that the live model computes, the minutes of a lesson, what is done; and a course that is handed out as a
// link.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { noSidewaysScroll, openBrowser, PATIENCE, reached, ready, status, TINY, watchedPage } from "./browser.mjs";
import { LANGUAGES, LESSONS, texts, visit, wrote } from "./lessons.mjs";
import { pageModule } from "./sources.mjs";

const { minutesOf } = await pageModule("labs/lessons/minutes.ts");
const { fill } = await pageModule("i18n/text.ts");
const guide = (page, id) => page.locator(`[data-testid="guide"][data-page="${id}"]`);
const cardsOf = (page) =>
  page.locator(".card > a").evaluateAll((links) => links.map(({ dataset }) => dataset.testid.slice("lesson-".length)));
const drawn = (page, id) => page.getByTestId(`picture-${id}`);

/** Brings a card into sight and waits for its picture of a model; returns what it says. */
async function picture(page, id, model) {
  await page.getByTestId(`lesson-${id}`).scrollIntoViewIfNeeded();
  const figure = page.locator(`[data-testid="picture-${id}"][data-of*="${model}"]`);
  await figure.waitFor({ timeout: PATIENCE });
  return {
    kind: await figure.getAttribute("data-kind"),
    caption: await figure.locator("figcaption").textContent(),
    words: (await figure.locator('[role="img"]').getAttribute("aria-label")) ?? "",
  };
}

const percents = (words) => [...words.matchAll(/([\d.]+)%/g)].map(([, number]) => Number(number));

// ---------- lessons ----------

test("lessons of a group stand together, in the order of the groups, and ADDRESS.md lists them", async () => {
  for (const lang of LANGUAGES) assert.deepEqual([...new Set(LESSONS.map(({ group }) => group))], Object.keys(texts[lang].groups));
  const runs = LESSONS.filter(({ group }, at) => group !== LESSONS[at - 1]?.group);
  assert.equal(runs.length, Object.keys(texts.en.groups).length);
  const address = (await readFile(new URL("../../docs/ADDRESS.md", import.meta.url), "utf8")).replace(/\s+/g, " ");
  assert.ok(address.includes(LESSONS.map(({ id }) => `\`${id}\``).join(", ")), "docs/ADDRESS.md has the lessons in their order");
});

test("a lesson takes longer the more it says and the longer it trains", () => {
  for (const lang of LANGUAGES)
    for (const lesson of LESSONS) {
      const minutes = minutesOf(lesson, texts[lang], lang);
      assert.ok(Number.isInteger(minutes) && minutes >= 1 && minutes <= 10, `${lesson.id}: ${minutes}`);
    }
  const [tokens] = LESSONS;
  const wordy = { ...texts.en, lessonTexts: { ...texts.en.lessonTexts, tokens: { say: ["word ".repeat(1300)] } } };
  assert.equal(minutesOf(tokens, wordy, "en") - 10, 2);
  const trains = (steps) => ({
    ...tokens,
    address: () => ({ "train.steps": steps, "train.batchSize": "32", "model.contextLength": "32" }),
  });
  const [short, long] = ["0", "14000"].map((steps) => minutesOf(trains(steps), texts.en, "en"));
  assert.ok(long - short >= 4 && long - short <= 6, `${short}, ${long}`);
});

// ---------- pictures ----------

for (const lang of LANGUAGES) {
  test(`every card shows a picture that the live model computed, in words too, and nothing moves: ${lang}`, {
    timeout: PATIENCE,
  }, async (context) => {
    const browser = await openBrowser(context);
    const page = await visit(browser, { lang });
    const heights = () => page.locator(".card").evaluateAll((all) => all.map((card) => card.offsetHeight));
    const before = await heights();
    await wrote(page);
    const seen = {};
    for (const { id } of LESSONS) {
      seen[id] = await picture(page, id, "tadpole-nano");
      assert.notEqual(seen[id].kind, "none", id);
      assert.ok(seen[id].words.length > 10 && seen[id].caption.includes("tadpole-nano"), `${id}: ${JSON.stringify(seen[id])}`);
    }
    assert.deepEqual(await heights(), before, "a picture has its room before it comes");
    // More examples, and written steps, give more right answers; the loss falls; the same word parts.
    const shots = percents(seen.fewShot.words);
    assert.ok(shots.length === 3 && shots[2] > shots[0] + 30, seen.fewShot.words);
    const [direct, worked] = percents(seen.chainOfThought.words);
    assert.ok(worked > direct + 30, seen.chainOfThought.words);
    const cosines = [...seen.polysemy.words.matchAll(/\d\.\d\d/g)].map(Number);
    assert.ok(cosines.length === 5 && cosines[0] === 1 && cosines[4] < 0.9, seen.polysemy.words);
    const loss = await drawn(page, "training").locator(".card-line span").textContent();
    const [first, last] = loss.split("→").map(Number);
    assert.ok(first > 2 * last && last > 0, loss);
  });
}

test("the bars on a card are those of the Sample lab, and another model draws its own", { timeout: PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser);
  await wrote(page);
  const [onCard] = percents((await picture(page, "capital", "tadpole-nano")).words);
  await page.evaluate((prompt) => {
    location.hash = `#${new URLSearchParams({ device: "cpu", lang: "en", model: "tadpole-nano", lab: "sample", stage: "raw", prompt })}`;
  }, texts.en.starts.capital);
  const share = page.locator('[data-testid="bars"] li .share').first();
  await share.waitFor({ timeout: PATIENCE });
  assert.equal(Number.parseFloat(await share.textContent()), onCard);
  await page.evaluate(() => {
    location.hash = "#device=cpu&lang=en&model=tadpole-base";
  });
  const large = await picture(page, "capital", "tadpole-base");
  assert.match(large.words, /“Changsha” /);
  assert.ok(large.caption.includes("tadpole-base") && percents(large.words)[0] > onCard, large.words);
  // An earlier step is another model, and says so.
  await page.evaluate(() => {
    location.hash = "#device=cpu&lang=en&model=tadpole-base@100";
  });
  const young = await picture(page, "capital", "tadpole-base@100");
  assert.ok(young.caption.includes("step 100") && percents(young.words)[0] < 50, JSON.stringify(young));
});

test("pictures ask only for cards in sight, after the page has written, one after another, and once for a model", {
  timeout: PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context, { height: 500 });
  const page = await watchedPage(browser.context, browser.problems);
  // What the page asks the worker, and whether its text was being written then, or not begun.
  await page.addInitScript(() => {
    globalThis.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (...message) {
      const { name } = message[0];
      const isWriting = document.querySelector('.lessons [aria-busy="true"]') !== null;
      const tokens = Number(document.querySelector('[data-testid="living"]')?.dataset.tokens ?? 0);
      globalThis.asked.push({ name, isFree: !isWriting && tokens > 0 });
      return postMessage.apply(this, message);
    };
  });
  await page.goto(`${browser.site.address}#device=cpu&lang=en`);
  await ready(page);
  const asked = (names) => page.evaluate((names) => globalThis.asked.filter(({ name }) => names.includes(name)), names);
  await picture(page, "embedding", "tadpole-nano");
  const first = await asked(["encode", "embeddingMap", "grade", "cases"]);
  assert.ok(first.length > 0 && first.every(({ isFree }) => isFree), JSON.stringify(first));
  assert.deepEqual(await asked(["grade", "cases"]), [], "cards further down are not in sight");
  await picture(page, "scale", "tadpole-nano");
  await page.getByTestId("lab-bench").click();
  await page.locator('[data-testid="lab-bench"][aria-current="page"]').waitFor();
  await page.getByTestId("lab-lessons").click();
  await picture(page, "embedding", "tadpole-nano");
  await page.waitForTimeout(1_000);
  assert.equal((await asked(["embeddingMap"])).length, 1);
});

test("pictures wait while a model trains, then are the reader's own model's; what it cannot read is shown of its own text", {
  timeout: PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", ...TINY, lab: "train", "tokenizer.kind": "char", "train.steps": "100000" });
  await page.getByTestId("start").click();
  await reached(page, 5);
  await page.getByTestId("lab-lessons").click();
  await page.getByTestId("lesson-tokens").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => customElements.get("tp-card-picture"));
  await page.waitForTimeout(1_500);
  assert.equal(await page.locator("tp-card-picture figure").count(), 0);
  await page.getByTestId("lab-train").click();
  await page.getByTestId("pause").click();
  await status(page, "paused");
  await page.getByTestId("lab-lessons").click();
  const tokens = await picture(page, "tokens", "own");
  assert.equal(tokens.kind, "tokens");
  assert.match(tokens.caption, /Your model|your model|First names/);
  assert.equal((await picture(page, "capital", "own")).kind, "bars");
  assert.equal((await picture(page, "training", "own")).kind, "curve");
});

// ---------- what is done ----------

for (const lang of LANGUAGES) {
  test(`a lesson that is left for the next one is done, also after a reload, until that is forgotten: ${lang}`, async (context) => {
    const browser = await openBrowser(context);
    const page = await visit(browser, { lang });
    const count = (n) =>
      page
        .getByTestId("lessons-done")
        .filter({ hasText: fill(texts[lang].someDone, { n: String(n), total: String(LESSONS.length) }) })
        .waitFor();
    await count(0);
    assert.equal(await page.getByTestId("forget-done").count(), 0);
    await page
      .getByTestId("go-on")
      .filter({ hasText: fill(texts[lang].beginWith, { at: "1" }) })
      .click();
    await guide(page, LESSONS[0].id).waitFor();
    await page.getByTestId("guide-on").click();
    await guide(page, LESSONS[1].id).waitFor();
    await page.getByTestId("guide-all").click();
    await page.getByTestId(`done-${LESSONS[0].id}`).filter({ hasText: texts[lang].isDone }).waitFor();
    await count(1);
    await page.reload();
    await ready(page);
    await count(1);
    assert.equal(await page.getByTestId("progress").evaluate(({ value, max }) => value / max), 1 / LESSONS.length);
    // The last lesson has no next; the first one that is not done comes then.
    const last = LESSONS.at(-1).id;
    await page.getByTestId(`lesson-${last}`).click();
    await guide(page, last).waitFor();
    await page.getByTestId("guide-done").click();
    await count(2);
    const on = page.getByTestId("go-on").filter({ hasText: fill(texts[lang].goOn, { at: "2" }) });
    assert.equal(await on.getAttribute("data-lesson"), LESSONS[1].id);
    await page.getByTestId("forget-done").click();
    await count(0);
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "lessons-title");
    await page.reload();
    await ready(page);
    await count(0);
  });
}

test("a lesson whose run has finished is done; one that was only opened is not", { timeout: PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser);
  await page.getByTestId("lesson-nextToken").click();
  await guide(page, "nextToken").waitFor();
  await page.getByTestId("lab-lessons").click();
  await page.getByTestId("lesson-nextToken").waitFor();
  assert.equal(await page.getByTestId("done-nextToken").count(), 0);
  await page.getByTestId("lesson-nextToken").click();
  await page.getByTestId("train-steps").fill("3");
  await page.getByTestId("train-steps").press("Enter");
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("lab-lessons").click();
  await page.getByTestId("done-nextToken").waitFor();
});

// ---------- a course ----------

const hash = (page, is) => page.waitForFunction((is) => new URLSearchParams(location.hash.slice(1)).get("course") === is, is);

for (const lang of LANGUAGES) {
  test(`a course shows its lessons alone, in its order, and stays through all of them: ${lang}`, async (context) => {
    const browser = await openBrowser(context);
    const course = "sampling,frogs,tokens,sampling,<b>,capital";
    const page = await watchedPage(browser.context, browser.problems);
    await page.goto(`${browser.site.address}#device=cpu&course=${course}&lang=${lang}`);
    await ready(page);
    const mine = ["sampling", "tokens", "capital"];
    assert.deepEqual(await cardsOf(page), mine);
    await page
      .getByTestId("lessons-title")
      .filter({ hasText: fill(texts[lang].courseOf, { n: "3" }) })
      .waitFor();
    const said = await page.getByTestId("course-unknown").textContent();
    assert.ok(said.includes("“frogs”, “<b>”"), said);
    await page.getByTestId("go-on").click();
    for (const [at, id] of mine.entries()) {
      await guide(page, id)
        .filter({ hasText: fill(texts[lang].lessonOf, { at: String(at + 1), n: "3" }) })
        .waitFor();
      assert.equal(await page.getByTestId("guide-back").count(), at === 0 ? 0 : 1);
      await hash(page, course);
      // Other labs, and a reload, are within the course.
      if (at === 1) {
        await page.getByTestId("lab-inside").click();
        await guide(page, id).waitFor();
        await page.reload();
        await ready(page);
        await guide(page, id).waitFor();
      }
      await page.getByTestId(at < 2 ? "guide-on" : "guide-done").click();
    }
    await page
      .getByTestId("lessons-done")
      .filter({ hasText: fill(texts[lang].allDone, { total: "3" }) })
      .waitFor();
    assert.deepEqual(await cardsOf(page), mine);
    assert.equal(await page.getByTestId("go-on").count(), 0);
    await page.getByTestId("leave-course").click();
    await page.waitForFunction((n) => document.querySelectorAll(".card").length === n, LESSONS.length);
    await hash(page, null);
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll(".card").length === 3);
    await hash(page, course);
  });
}

test("a course of unknown names alone shows all lessons, and says what it left out", async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser, { course: "frogs,newts" });
  assert.equal((await cardsOf(page)).length, LESSONS.length);
  await page.getByTestId("course-unknown").filter({ hasText: "“frogs”, “newts”" }).waitFor();
});

for (const [lang, width] of [
  ["en", 1280],
  ["zh", 360],
]) {
  test(`the dialog makes a course: lessons, order by buttons and keys, language, link: ${lang}, ${width} px`, async (context) => {
    const browser = await openBrowser(context, { width, height: width === 360 ? 740 : 800, colorScheme: width === 360 ? "dark" : "light" });
    const page = await visit(browser, { lang });
    await page.getByTestId("make-course").click();
    await page.locator('[data-testid="choose-tokens"]:focus').waitFor();
    assert.equal(await page.getByTestId("course-link").count(), 0);
    for (const id of ["capital", "tokens", "attention", "sampling"]) await page.getByTestId(`choose-${id}`).check();
    await page.getByTestId("choose-sampling").uncheck();
    const link = async () => new URLSearchParams((await page.getByTestId("course-link").inputValue()).split("#")[1]);
    assert.equal((await link()).get("course"), "capital,tokens,attention");
    await page.getByTestId("up-attention").click();
    await page.locator('[data-testid="up-attention"]:focus').waitFor();
    assert.equal((await link()).get("course"), "capital,attention,tokens");
    await page.keyboard.press("ArrowUp");
    await page.locator('[data-testid="up-attention"]:focus').waitFor();
    assert.equal((await link()).get("course"), "attention,capital,tokens");
    await page.keyboard.press("End");
    await page.locator('[data-testid="down-attention"]:focus').waitFor();
    assert.equal((await link()).get("course"), "capital,tokens,attention");
    const { title } = texts[lang].lessonTexts.attention;
    await page
      .getByTestId("course-said")
      .filter({ hasText: fill(texts[lang].makes.moved, { title, at: "3", n: "3" }) })
      .waitFor();
    assert.equal((await link()).get("lang"), null);
    const other = lang === "en" ? "zh" : "en";
    await page.getByTestId("course-language").selectOption(other);
    assert.equal((await link()).get("lang"), other);
    assert.deepEqual(await violations(page), []);
    await noSidewaysScroll(page);
    const handed = await page.getByTestId("course-link").inputValue();
    await page.keyboard.press("Escape");
    await page.locator('[data-testid="make-course"]:focus').waitFor();
    const reader = await watchedPage(browser.context, browser.problems);
    await reader.goto(handed);
    await ready(reader);
    assert.deepEqual(await cardsOf(reader), ["capital", "tokens", "attention"]);
    await reader
      .getByTestId("lessons-title")
      .filter({ hasText: fill(texts[other].courseOf, { n: "3" }) })
      .waitFor();
    // Within a course the dialog begins with its lessons.
    await reader.getByTestId("make-course").click();
    await reader.getByTestId("course-link").waitFor();
    assert.ok((await reader.getByTestId("course-link").inputValue()).endsWith("#course=capital,tokens,attention"));
  });
}

for (const [theme, width] of [
  ["light", 1280],
  ["dark", 360],
]) {
  test(`axe finds no problem in the cards and their pictures, and nothing scrolls sideways: ${theme}, ${width} px`, {
    timeout: PATIENCE,
  }, async (context) => {
    const browser = await openBrowser(context, { colorScheme: theme, width, height: 740 });
    const page = await visit(browser);
    await wrote(page);
    await page.getByTestId("lesson-tokens").click();
    await page.getByTestId("guide-on").click();
    await guide(page, LESSONS[1].id).waitFor();
    await page.getByTestId("lab-lessons").click();
    await page.getByTestId("done-tokens").waitFor();
    // The lesson left its own model behind.
    for (const { id } of LESSONS) await picture(page, id, "tadpole-");
    assert.deepEqual(await violations(page), []);
    await noSidewaysScroll(page);
  });
}
