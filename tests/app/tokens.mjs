// The Tokens lab under test: opens it, types a text, trains a tokenizer, reads its counts and pieces.
import assert from "node:assert/strict";
import { giveFile, openBrowser, PATIENCE, TINY } from "./browser.mjs";

export const SETTINGS = { device: "cpu", ...TINY };

/** Types a text and waits for its encoding. */
export async function encode(page, text) {
  await page.getByTestId("text").fill(text);
  const bytes = new TextEncoder().encode(text).length;
  await count(page, "byte-count", bytes);
}

export async function count(page, name, wanted) {
  await page.waitForFunction(
    ([name, wanted]) => Number(document.querySelector(`[data-testid="${name}"]`)?.textContent?.replace(/\D/g, "") || Number.NaN) === wanted,
    [name, wanted],
    { timeout: PATIENCE },
  );
}

/** Waits until the text is split into these pieces. */
export async function pieces(page, wanted) {
  const cut = () => page.locator('[data-testid="strip-text"] .tok').allTextContents();
  const [since, found] = [Date.now(), []];
  while (found.join(" ") !== wanted && Date.now() - since < 10_000) found.splice(0, found.length, ...(await cut()));
  assert.equal(found.join(" "), wanted);
}

/** Unfolds the controls behind "more". */
export async function more(page) {
  await page.locator("details.more:not([open]) > summary").click();
}

/** Trains a tokenizer with this vocabulary, on a file or on the settings' corpus. */
export async function trainTokenizer(page, vocabSize, file = null) {
  if (!(await page.getByTestId("train-tokenizer").isVisible())) await more(page);
  if (file) await giveFile(page, "tokens-corpus-file", file);
  await page.getByTestId("bpe-vocabSize").fill(String(vocabSize));
  await page.getByTestId("bpe-vocabSize").blur();
  await page.getByTestId("train-tokenizer").click();
  await count(page, "vocab-size", vocabSize);
}

export const number = async (page, name) => Number((await page.getByTestId(name).textContent()).replace(/[^\d.]/g, ""));

export async function openTokens(test, settings = {}) {
  const browser = await openBrowser(test);
  const page = await browser.open({ ...SETTINGS, ...settings });
  await page.locator('[data-testid="strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
  return { browser, page };
}
