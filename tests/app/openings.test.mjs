// What a lab opens with is followed by whole words, not by letters or parts of a character, as far as the model's vocabulary has words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE, unchanged } from "./browser.mjs";
import { LANGUAGES } from "./sources.mjs";

/** Whole words among the five likeliest next tokens. The 512 tokens of tadpole-nano hold few. */
const AT_LEAST = { "tadpole-base": { en: 5, zh: 5 }, "tadpole-nano": { en: 5, zh: 3 } };
const SHOWN = 20;

/** The candidates after a prompt, by the model alone. */
async function candidates(page, prompt) {
  if (prompt !== null) await page.getByTestId("prompt").fill(prompt);
  const text = await unchanged(page, () =>
    page.locator('[data-testid="bars"] li').evaluateAll((rows) =>
      JSON.stringify(
        rows.map((row) => {
          const chip = row.querySelector(".tok");
          return { text: chip.textContent, isPart: chip.classList.contains("partial"), share: row.querySelector(".share").textContent };
        }),
      ),
    ),
  );
  return JSON.parse(text).map((each) => ({ ...each, share: Number.parseFloat(each.share.replace(/[<>–]/g, "")) || 0 }));
}

/** Whether it is a word by itself: after it, the model begins something new rather than going on within it. */
async function isWord(page, prompt, { text, isPart }) {
  if (isPart) return false;
  if (/^\p{Script=Han}+$/u.test(text)) return true;
  if (!/^·[A-Za-z]+$/.test(text)) return false;
  const after = await candidates(page, `${prompt} ${text.slice(1)}`);
  const within = after.filter((each) => each.isPart || /^[a-z]/i.test(each.text)).reduce((sum, { share }) => sum + share, 0);
  return within < 30;
}

for (const [model, least] of Object.entries(AT_LEAST))
  for (const lang of LANGUAGES)
    test(`the Sample lab opens before whole words: ${model}, ${lang}`, async (context) => {
      const browser = await openBrowser(context);
      const page = await browser.open({ device: "cpu", lang, model, lab: "sample", stage: "raw", "write.candidates": String(SHOWN) });
      await page
        .locator('[data-testid="bars"] li')
        .nth(SHOWN - 1)
        .waitFor({ timeout: PATIENCE });
      const prompt = await page.getByTestId("prompt").inputValue();
      const first = (await candidates(page, null)).slice(0, 5);
      const words = [];
      for (const each of first) if (await isWord(page, prompt, each)) words.push(each.text);
      assert.ok(words.length >= least[lang], `“${prompt}”: ${JSON.stringify(first)}; words: ${words}`);
    });

for (const [lang, word] of [
  ["en", "·pen"],
  ["zh", "桃"],
])
  test(`the Inside lab's text ends before the word it is about, which is one token: ${lang}`, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu", lang, model: "tadpole-base", lab: "inside", "inside.view": "lens" });
    await page.getByTestId("lens").waitFor({ timeout: PATIENCE });
    const last = page.locator('[data-testid="lens"] tr:last-child .tok').first();
    await page.waitForFunction(
      (wanted) => document.querySelector('[data-testid="lens"] tr:last-child .tok')?.textContent === wanted,
      word,
      { timeout: PATIENCE },
    );
    assert.ok(!(await last.getAttribute("class")).includes("partial"));
    // The head that the hint names reads that word.
    await page.getByTestId("view-attention").check();
    await page.getByTestId("head-3-1").click();
    const detail = page.getByTestId("inside-detail");
    await detail.filter({ hasText: `“${word}”` }).waitFor();
  });
