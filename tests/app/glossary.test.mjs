// The glossary: complete in both languages, each word leads to a place that exists; texts mark their words, and a word opens its sentence by
// pointer and keyboard, on any width, without moving the page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { glossary, PAGE } from "../../scripts/glossary.mjs";
import { violations } from "./axe.mjs";
import { noSidewaysScroll, openBrowser, PATIENCE } from "./browser.mjs";
import { LANGUAGES, pageModule } from "./sources.mjs";

const { finder } = await pageModule("glossary/find.ts");
const WORDS = Object.fromEntries(await Promise.all(LANGUAGES.map(async (lang) => [lang, await pageModule(`glossary/${lang}.ts`)])));
const marks = (lang, text) =>
  finder(
    WORDS[lang],
    lang === "en",
  )(text)
    .filter(({ id }) => id !== null)
    .map(({ text, id }) => `${text}:${id}`);

test("both languages have the same words, each with a sentence and a place, and docs/GLOSSARY.md shows them all", async () => {
  const { en, zh } = WORDS;
  assert.deepEqual(Object.keys(zh.words), Object.keys(en.words));
  assert.ok(Object.keys(en.words).length >= 40);
  for (const [id, { word, says, at }] of Object.entries(en.words)) {
    assert.match(says, /^[A-Ze].{15,200}[.]$/, id);
    assert.doesNotMatch(word + says, /[\u3400-\u9fff]/, id);
    assert.deepEqual(zh.words[id].at, at, `${id} leads elsewhere in Chinese`);
    assert.match(zh.words[id].says, /[。]$/, id);
    const foreign = zh.words[id].word + zh.words[id].says;
    const known = /softmax|logit|top_k|top_p|min_p|GELU|KV|BPE|MLP/g;
    assert.doesNotMatch(foreign.replace(known, ""), /[A-Za-z]{2}/, `${id}: ${foreign}`);
  }
  // No form stands for two words.
  for (const lang of LANGUAGES) {
    const forms = Object.values(WORDS[lang].words).flatMap(({ word, forms = [] }) => [word, ...forms].map((form) => form.toLowerCase()));
    assert.equal(new Set(forms).size, forms.length, lang);
  }
  assert.equal(await readFile(PAGE, "utf8"), await glossary(), "node scripts/glossary.mjs writes it anew");
});

test("a text marks each word once, the longest at each place, and whole words in English alone", () => {
  const en = (text) => marks("en", text);
  assert.deepEqual(en("Tokens are not tokenizers; a token is."), ["Tokens:token", "tokenizers:tokenizer"]);
  assert.deepEqual(en("The activation function, an activation"), ["activation function:activationFunction", "activation:activation"]);
  assert.deepEqual(en("subtoken, blockade, ahead, header, losses"), ["losses:loss"]);
  assert.deepEqual(en("Use the arrow keys over a special token."), ["special token:specialToken"]);
  assert.deepEqual(en("few-shot and top_k (0 off)"), ["few-shot:fewShot", "top_k:topK"]);
  assert.deepEqual(en("Nothing of it."), []);
  const zh = (text) => marks("zh", text);
  assert.deepEqual(zh("每个词元和特殊词元穿过注意力层，词元"), ["词元:token", "特殊词元:specialToken", "注意力:attention", "层:block"]);
  assert.deepEqual(zh("层数不标"), []);
  const text = "A token, a head, and a block.";
  assert.equal(
    finder(
      WORDS.en,
      true,
    )(text)
      .map((piece) => piece.text)
      .join(""),
    text,
    "nothing is lost",
  );
});

/** The marks of the open lab, once they are there. */
async function marked(page) {
  await page.locator(".gloss").first().waitFor({ timeout: PATIENCE });
  return page.locator(".gloss");
}

for (const [lang, width, word] of [
  ["en", 1280, "temperature"],
  ["zh", 360, "温度"],
])
  test(`a word opens its sentence, and closes: ${lang}, ${width} px`, async (context) => {
    const browser = await openBrowser(context, { width, height: 740 });
    const page = await browser.open({ device: "cpu", lang, lab: "sample", model: "tadpole-nano" });
    const words = await marked(page);
    const gloss = words.filter({ hasText: word }).first();
    const says = page.getByTestId("gloss");
    const { says: sentence } = WORDS[lang].words.temperature;
    await gloss.scrollIntoViewIfNeeded();
    const height = () => page.evaluate(() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]);
    const before = await height();

    // By keyboard.
    await gloss.focus();
    await page.keyboard.press("Enter");
    assert.equal(await says.locator("p").textContent(), sentence);
    assert.equal(await gloss.getAttribute("aria-expanded"), "true");
    assert.ok(await says.evaluate((element) => element.contains(document.activeElement)), "the focus is in it");
    assert.deepEqual(await height(), before, "nothing moved");
    const box = await says.boundingBox();
    const inner = await page.evaluate(() => document.documentElement.clientWidth);
    assert.ok(box.x >= 0 && box.x + box.width <= inner && box.y >= 0 && box.y + box.height <= 740, JSON.stringify(box));
    await noSidewaysScroll(page);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    assert.ok(await says.isHidden());
    assert.ok(await gloss.evaluate((button) => document.activeElement === button), "the focus returns");
    await page.waitForFunction((button) => button.getAttribute("aria-expanded") === "false", await gloss.elementHandle());

    // By pointer: the word opens and closes it, a press elsewhere closes it, another word takes its place.
    await gloss.click();
    await says.waitFor();
    await gloss.click();
    assert.ok(await says.isHidden());
    await gloss.click();
    await says.waitFor();
    await page.mouse.click(2, 2);
    await says.waitFor({ state: "hidden" });
    assert.equal(await gloss.getAttribute("aria-expanded"), "false");
    const other = words.filter({ hasNotText: word }).last();
    await gloss.click();
    await other.evaluate((button) => button.click());
    assert.notEqual(await says.locator("p").textContent(), sentence);
    assert.ok(await says.isVisible());
    // Escape on the word itself closes it too, and the lab does not hear it.
    await other.focus();
    await page.keyboard.press("Escape");
    assert.ok(await says.isHidden());
  });

test("every word leads to its place: a lab and a part of it that exist", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "sample", model: "tadpole-nano" });
  await marked(page);
  const shows = {
    "inside.view": (value) => `[data-testid="view-${value}"]:checked`,
    slow: () => '[data-testid="slow"][open]',
    tree: () => '[data-testid="tree"][open]',
    "ask.view": (value) => `[data-testid="view-${value}"]:checked`,
  };
  const places = new Map(Object.values(WORDS.en.words).map(({ at }) => [JSON.stringify(at), at]));
  for (const at of places.values()) {
    await page.evaluate(
      (hash) => (location.hash = hash),
      new URLSearchParams({ lang: "en", device: "cpu", model: "tadpole-nano", ...at }).toString(),
    );
    await page.locator(`[data-testid="lab-${at.lab}"][aria-current="page"]`).waitFor();
    for (const [key, value] of Object.entries(at)) if (key !== "lab") await page.locator(shows[key](value)).waitFor({ timeout: PATIENCE });
  }
  // The link keeps the model, and leads there.
  await page.getByTestId("lab-sample").click();
  await page
    .locator(".gloss", { hasText: /^token$/ })
    .first()
    .click();
  await page.getByTestId("gloss").getByRole("link", { name: "See it in the Tokens lab" }).click();
  await page.locator('[data-testid="lab-tokens"][aria-current="page"]').waitFor();
  assert.ok(await page.getByTestId("gloss").isHidden());
  assert.match(page.url(), /model=tadpole-nano/);
});

test("the words follow the language, and come after the page", async (context) => {
  const browser = await openBrowser(context);
  const asked = [];
  browser.context.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
  const page = await browser.open({ device: "cpu", lang: "en", lab: "sample", model: "tadpole-nano" });
  await marked(page);
  const offline = asked.findIndex((name) => /^offline-.*js/.test(name));
  assert.ok(offline > asked.findIndex((name) => /^sample-.*js/.test(name)), "it loads after the lab");
  await page.getByTestId("language").click();
  await page.locator(".gloss", { hasText: "词元" }).first().waitFor();
});
