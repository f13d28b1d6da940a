// The Tokens lab in a real browser: encoding, bytes of split characters, training a BPE and replaying its merges, bad files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { giveFile, openBrowser, PATIENCE, TINY, textFile } from "./browser.mjs";

const SETTINGS = { device: "cpu", ...TINY };

/** Types a text and waits for its encoding. */
async function encode(page, text) {
  await page.getByTestId("text").fill(text);
  const bytes = new TextEncoder().encode(text).length;
  await count(page, "byte-count", bytes);
}

async function count(page, name, wanted) {
  await page.waitForFunction(
    ([name, wanted]) => Number(document.querySelector(`[data-testid="${name}"]`)?.textContent?.replace(/\D/g, "") || Number.NaN) === wanted,
    [name, wanted],
    { timeout: PATIENCE },
  );
}

/** Waits until the text is cut into these pieces. */
async function pieces(page, wanted) {
  const cut = () => page.locator('[data-testid="strip-text"] .tok').allTextContents();
  const [since, found] = [Date.now(), []];
  while (found.join(" ") !== wanted && Date.now() - since < 10_000) found.splice(0, found.length, ...(await cut()));
  assert.equal(found.join(" "), wanted);
}

/** Unfolds the controls behind "more". */
async function more(page) {
  await page.locator("details.more:not([open]) > summary").click();
}

/** Trains a tokenizer of this vocabulary, on a file or on the corpus of the settings. */
async function trainTokenizer(page, vocabSize, file = null) {
  if (!(await page.getByTestId("train-tokenizer").isVisible())) await more(page);
  if (file) await giveFile(page, "tokens-corpus-file", file);
  await page.getByTestId("bpe-vocabSize").fill(String(vocabSize));
  await page.getByTestId("bpe-vocabSize").blur();
  await page.getByTestId("train-tokenizer").click();
  await count(page, "vocab-size", vocabSize);
}

const number = async (page, name) => Number((await page.getByTestId(name).textContent()).replace(/[^\d.]/g, ""));

async function openTokens(test, settings = {}) {
  const browser = await openBrowser(test);
  const page = await browser.open({ ...SETTINGS, ...settings });
  await page.locator('[data-testid="strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
  return { browser, page };
}

test("the example is encoded at once, and its strips agree", async (context) => {
  const { page } = await openTokens(context);
  const tokens = await number(page, "token-count");
  assert.ok(tokens > 20);
  for (const mode of ["text", "ids", "bytes"]) {
    assert.equal(await page.locator(`[data-testid="strip-${mode}"] .tok`).count(), tokens);
  }
});

test("a character split over tokens shows its bytes, never a replacement character", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "蝌蚪 a\nb");
  const strip = await page.getByTestId("strip-text").textContent();
  assert.ok(!strip.includes("�"));
  assert.match(strip, /E8/);
  assert.match(strip, /·/);
  assert.match(strip, /⏎/);
});

test("hovering a token marks it in every strip and tells its id and bytes", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "hello");
  await page.locator('[data-testid="strip-text"] [data-i="0"]').hover();
  for (const mode of ["text", "ids", "bytes"]) {
    await page.locator(`[data-testid="strip-${mode}"] [data-i="0"].current`).waitFor();
  }
  const id = await page.locator('[data-testid="strip-ids"] [data-i="0"]').textContent();
  assert.match(await page.getByTestId("detail").textContent(), new RegExp(`\\b${id}\\b`));
});

/** A corpus whose three merges follow from counting: a b stand together 14 times, ab c 12 times, abc d 8 times. */
const COUNTED = textFile("counted.txt", `${"abcd\n".repeat(8)}${"abc\n".repeat(4)}${"ab\n".repeat(2)}`);
const MERGES = [
  ["a", "b", "ab", 14],
  ["ab", "c", "abc", 12],
  ["abc", "d", "abcd", 8],
];
/** The pieces of "abcd abc ab b" after none, one, two and three of them. */
const PIECES = ["a b c d · a b c · a b · b", "ab c d · ab c · ab · b", "abc d · abc · ab · b", "abcd · abc · ab · b"];

test("merges step from bytes to tokens and back on the reader's text", async (context) => {
  const { page } = await openTokens(context);
  await trainTokenizer(page, 259, COUNTED);
  await encode(page, "abcd abc ab b");
  await pieces(page, PIECES[3]);
  await page.getByTestId("merge-first").click();
  await pieces(page, PIECES[0]);
  for (const [index, [left, right, joined, count]] of MERGES.entries()) {
    await page.getByTestId("merge-next").click();
    await pieces(page, PIECES[index + 1]);
    const cells = await page.locator('[data-testid="merge-table"] tr[aria-current="true"] td').allTextContents();
    assert.deepEqual(cells, [String(index + 1), left, right, `${joined} ${256 + index}`, String(count)]);
  }
  await page.getByTestId("merge-prev").click();
  await pieces(page, PIECES[2]);
  await page.getByTestId("merge-last").click();
  await pieces(page, PIECES[3]);
});

test("training with another vocabulary replaces the tokenizer", async (context) => {
  const { page } = await openTokens(context);
  await trainTokenizer(page, 300);
});

test("a saved tokenizer loads again", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "Marianna");
  const before = await page.getByTestId("strip-ids").textContent();
  await more(page);
  const coming = page.waitForEvent("download");
  await page.getByTestId("save-tokenizer").click();
  const path = await (await coming).path();
  await trainTokenizer(page, 257);
  await giveFile(page, "tokenizer-file", path);
  await count(page, "vocab-size", 270);
  await page.waitForFunction((wanted) => document.querySelector('[data-testid="strip-ids"]')?.textContent === wanted, before);
});

test("a megabyte stays fluid", async (context) => {
  const { page } = await openTokens(context);
  const text = "The whale and the sea.\n".repeat(2 ** 20 / 23);
  await giveFile(page, "text-file", textFile("long.txt", text));
  await count(page, "byte-count", text.length);
  const chips = await page.locator('[data-testid="strip-text"] .tok').count();
  assert.ok(chips < 20_000, `only what is near the window is laid out, but there are ${chips} chips`);
  const longest = await page.evaluate(async () => {
    const box = document.querySelector('[data-testid="strip-text"]');
    let longest = 0;
    for (let turn = 0; turn < 30; turn += 1) {
      const before = performance.now();
      box.scrollTop = (box.scrollHeight * turn) / 30;
      await new Promise((frame) => requestAnimationFrame(frame));
      longest = Math.max(longest, performance.now() - before);
    }
    return longest;
  });
  assert.ok(longest < 500, `a frame took ${Math.round(longest)} ms`);
});

test("bad files are refused in words, and the text stays", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "keep me");
  const notice = page.getByRole("alert");
  const bad = [
    ["text-file", { ...textFile("latin.txt", ""), buffer: Buffer.from([0x61, 0x62, 0xe9, 0x63]) }, /byte 2\b/],
    ["text-file", textFile("empty.txt", ""), /empty/],
    ["text-file", { ...textFile("huge.txt", ""), buffer: Buffer.alloc(40 * 2 ** 20, 97) }, /huge\.txt/],
    ["tokenizer-file", textFile("tokenizer.json", "{]"), /tokenizer/],
  ];
  await more(page);
  for (const [input, file, words] of bad) {
    await giveFile(page, input, file);
    await notice.filter({ hasText: words }).waitFor();
    assert.equal(await page.getByTestId("text").inputValue(), "keep me");
    await notice.getByRole("button").click();
    await notice.waitFor({ state: "detached" });
  }
  assert.equal(await number(page, "byte-count"), 7);
});

test("an empty and a one-character text are texts", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "x");
  assert.equal(await number(page, "token-count"), 1);
  await page.getByTestId("text").fill("");
  await count(page, "token-count", 0);
});
