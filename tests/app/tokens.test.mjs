// The Tokens lab in a real browser: encoding, bytes of split characters, training a BPE and replaying its merges, a megabyte pasted, bad files.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { giveFile, textFile } from "./browser.mjs";
import { pageModule } from "./sources.mjs";
import { count, encode, more, number, openTokens, pieces, trainTokenizer } from "./tokens.mjs";

test("the example is encoded at once, and its strips agree", async (context) => {
  const { page } = await openTokens(context);
  const tokens = await number(page, "token-count");
  assert.ok(tokens > 20);
  for (const mode of ["text", "ids", "bytes"]) {
    assert.equal(await page.locator(`[data-testid="strip-${mode}"] .tok`).count(), tokens);
  }
});

test("a character split over tokens is shown once, whole, over its tokens' colours, and each of its tokens can be picked", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "蝌蚪 a\nb");
  const strip = page.getByTestId("strip-text");
  assert.equal((await strip.textContent()).replaceAll("\n", ""), "蝌蚪·a⏎b", "it is read and copied once");
  assert.equal(await strip.locator(".partial").count(), 0);
  const slices = await strip.locator('[data-i="0"], [data-i="1"], [data-i="2"]').evaluateAll((chips) =>
    chips.map((chip) => {
      const { left, right, top } = chip.querySelector(".slice").getBoundingClientRect();
      return { left, right, top, colour: getComputedStyle(chip).backgroundColor };
    }),
  );
  assert.equal(new Set(slices.map(({ colour }) => colour)).size, 3, "each token has its colour");
  assert.equal(new Set(slices.map(({ top }) => top)).size, 1);
  for (const [at, { left }] of slices.entries()) if (at > 0) assert.ok(Math.abs(left - slices[at - 1].right) < 2, "they touch");
  await strip.locator('[data-i="1"]').hover();
  await page.getByTestId("detail").filter({ hasText: "part of 蝌" }).waitFor();
  assert.match(await page.getByTestId("strip-bytes").textContent(), /E8.*9D.*8C/);
});

test("however a text is cut into tokens, the pieces are its characters, and every byte is in one", async () => {
  const { isSlice, isStray, piecesOf, tokenName, tokensOf } = await pageModule("components/token-pieces.ts");
  const cut = fc.tuple(fc.string({ unit: "grapheme", maxLength: 8 }), fc.array(fc.nat(4), { maxLength: 40 }));
  fc.assert(
    fc.property(cut, ([text, lengths]) => {
      const bytes = [...new TextEncoder().encode(text)];
      const parts = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const length = 1 + (lengths[turn] ?? 0);
        parts.push(bytes.slice(at, at + length));
        at += length;
      }
      const tokens = tokensOf(parts);
      const pieces = parts.flatMap((_, index) => piecesOf(tokens, index));
      assert.ok(!pieces.some(isStray));
      const read = pieces.map((piece) => ("text" in piece ? piece.text : piece.from === 0 ? piece.whole : "")).join("");
      assert.equal(read, text);
      const count = (piece) => (isSlice(piece) ? piece.to - piece.from : new TextEncoder().encode(piece.text).length);
      assert.equal(
        pieces.reduce((sum, piece) => sum + count(piece), 0),
        bytes.length,
      );
    }),
  );
  const broken = tokensOf([[0x61, 0xe8], [0x8b], [0x62], [0x80, 0xb9]]);
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => piecesOf(broken, index)),
    [[{ text: "a" }, { stray: [0xe8] }], [{ stray: [0x8b] }], [{ text: "b" }], [{ stray: [0x80, 0xb9] }]],
    "what is no text stays bytes",
  );
  assert.equal(tokenName(tokensOf([[0xe8, 0x8b], [0xb9]]), 1), "苹 (B9)");
});

test("a count of one uses the singular", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "a");
  await page.getByText("1 character · 1 byte", { exact: true }).waitFor();
  await encode(page, "ab");
  await page.getByText("2 characters · 2 bytes", { exact: true }).waitFor();
});

test("hovering a token marks it in every strip and shows its id and bytes", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "hello");
  await page.locator('[data-testid="strip-text"] [data-i="0"]').hover();
  for (const mode of ["text", "ids", "bytes"]) {
    await page.locator(`[data-testid="strip-${mode}"] [data-i="0"].current`).waitFor();
  }
  const id = await page.locator('[data-testid="strip-ids"] [data-i="0"]').textContent();
  assert.match(await page.getByTestId("detail").textContent(), new RegExp(`\\b${id}\\b`));
});

/** A corpus whose three merges follow from counting: a b occur together 14 times, ab c 12 times, abc d 8 times. */
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

/** Scrolls a strip from end to end; returns the token that it then shows in its middle, -1 for none. */
async function scrollThrough(page) {
  return page.evaluate(async () => {
    const box = document.querySelector('[data-testid="strip-text"]');
    const seen = [];
    for (let turn = 0; turn <= 20; turn += 1) {
      box.scrollTop = (box.scrollHeight * turn) / 20;
      await new Promise((frame) => requestAnimationFrame(() => setTimeout(frame)));
      const view = box.getBoundingClientRect();
      const middle = view.top + view.height / 2;
      const chip = [...box.querySelectorAll("[data-i]")].find((each) => each.getBoundingClientRect().bottom > middle);
      seen.push(chip && chip.getBoundingClientRect().top < view.bottom ? Number(chip.dataset.i) : -1);
    }
    return seen;
  });
}

test("a megabyte stays fluid", async (context) => {
  const { page } = await openTokens(context);
  const text = "The whale and the sea.\n".repeat(2 ** 20 / 23);
  await giveFile(page, "text-file", textFile("long.txt", text));
  await count(page, "byte-count", text.length);
  await page.locator('[data-testid="strip-text"]').scrollIntoViewIfNeeded();
  const seen = await scrollThrough(page);
  assert.ok(
    seen.every((index, turn) => index > (seen[turn - 1] ?? -1)),
    `each place shows later tokens: ${seen}`,
  );
  assert.ok(seen.at(-1) > (await number(page, "token-count")) * 0.99);
  const chips = await page.locator('[data-testid="strip-text"] .tok').count();
  assert.ok(chips > 0 && chips < 2_000, `only what is near the window is laid out, but there are ${chips} chips`);
});

test("bad files are refused with a message, and the text stays", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "keep me");
  const notice = page.getByRole("alert");
  const bad = [
    ["text-file", { ...textFile("noise.txt", ""), buffer: Buffer.from([0x61, 1, 0xe9, 2, 0x63]) }, /offset 2\b/],
    ["text-file", textFile("empty.txt", ""), /empty/],
    ["text-file", { ...textFile("huge.txt", ""), buffer: Buffer.alloc(5 * 2 ** 20, 97) }, /huge\.txt/],
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

test("an empty and a one-character text are encoded", async (context) => {
  const { page } = await openTokens(context);
  await encode(page, "x");
  assert.equal(await number(page, "token-count"), 1);
  await page.getByTestId("text").fill("");
  await count(page, "token-count", 0);
});
