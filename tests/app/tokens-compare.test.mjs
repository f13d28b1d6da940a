// Two tokenizers side by side in the Tokens lab: the known ones held against their npm package, what a token covers in the other, the merges of a
// known one, and languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { encode as o200k } from "gpt-tokenizer/encoding/o200k_base";
import { encode as r50k } from "gpt-tokenizer/encoding/r50k_base";
import { openBrowser, PATIENCE, status } from "./browser.mjs";
import { count, encode, number, openTokens, SETTINGS } from "./tokens.mjs";

/** Chooses a second tokenizer, and waits for its tokens. */
async function compare(page, choice) {
  await page.getByTestId("compare").selectOption(choice);
  await page.locator('[data-testid="other-strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
}

const PEERS = { gpt2: r50k, cl100k, o200k };
const TEXTS = [
  "The whale surfaced at dawn; THEY'RE we'll it's  two  spaces, naïve café.\n\n  A new line. ",
  "蝌蚪变成青蛙。他们赋有理性和良心，并应以兄弟关系的精神相对待！",
  "for (let i = 0; i < 10; i++) {\n\tconst x_1 = a[i] ** 2; // ok\n}\n",
  "🐸👩‍👩‍👧 🇨🇳 e\u0301 \u200d ",
  "12 + 34 = 46, 3.14159, 1234567890, 2026-11-23, ٣٤٥",
];

/** As in tiktoken's `n_vocab`. */
const VOCABULARIES = { gpt2: 50_257, cl100k: 100_277, o200k: 200_019 };

for (const [choice, encodeThere] of Object.entries(PEERS)) {
  test(`${choice} is fetched when it is chosen, from this site alone, and cuts like its own package`, async (context) => {
    const { browser, page } = await openTokens(context);
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    assert.match(await page.locator(`[data-testid="tokenizer"] option[value="${choice}"]`).textContent(), /[KM]iB/);
    await page.getByTestId("tokenizer").selectOption(choice);
    await count(page, "vocab-size", VOCABULARIES[choice]);
    const ids = [...(await page.getByTestId("vocab-note").textContent()).matchAll(/<\|\w+\|> (\d+)/g)].map(([, id]) => Number(id));
    assert.equal(Math.max(...ids), VOCABULARIES[choice] - 1, "the highest id is the last of them");
    for (const text of TEXTS) {
      await encode(page, text);
      const wanted = encodeThere(text).join(" ");
      await page.waitForFunction(
        (wanted) => [...document.querySelectorAll('[data-testid="strip-ids"] .tok')].map((chip) => chip.textContent).join(" ") === wanted,
        wanted,
      );
    }
    const ranks = fetched.filter((url) => url.endsWith(".tiktoken"));
    assert.equal(ranks.length, 1);
    assert.ok(
      fetched.every((url) => url.startsWith(browser.site.address)),
      fetched.join(" "),
    );
    await page.getByTestId("tokenizer").selectOption("lab");
    await count(page, "vocab-size", 270);
    await page.getByTestId("tokenizer").selectOption(choice);
    await count(page, "vocab-size", VOCABULARIES[choice]);
    assert.equal(fetched.filter((url) => url.endsWith(".tiktoken")).length, 1, "it is fetched once");
  });
}

test("no rank file is fetched before one is chosen", async (context) => {
  const browser = await openBrowser(context);
  const fetched = [];
  browser.context.on("request", (request) => fetched.push(request.url()));
  const page = await browser.open(SETTINGS);
  await page.getByTestId("language-ja").waitFor({ timeout: PATIENCE });
  assert.deepEqual(
    fetched.filter((url) => url.includes("ranks")),
    [],
  );
});

test("a failed rank file is reported, and can be chosen again", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await page.locator('[data-testid="strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
  await page.evaluate(() => {
    const { fetch } = window;
    window.fetch = async (url) => {
      window.fetch = fetch;
      return new Response(`not ${url}`, { status: 503 });
    };
  });
  await page.getByTestId("compare").selectOption("gpt2");
  const notice = page.getByRole("alert");
  await notice.filter({ hasText: /GPT-2.*503/ }).waitFor();
  assert.equal(await page.getByTestId("compare").inputValue(), "");
  await compare(page, "gpt2");
  await notice.waitFor({ state: "detached" });
});

/** The bytes of a panel's tokens as [start, end], by their index. */
async function spans(page, name) {
  const tokens = await page.locator(`[data-testid="${name}"] .tok`).allTextContents();
  let end = 0;
  return tokens.map((token) => {
    const start = end;
    end += token.replaceAll("⏎\n", "⏎").length;
    return [start, end];
  });
}

test("two tokenizers cut one text, and a token marks what covers its bytes in the other, both ways", async (context) => {
  const { page } = await openTokens(context);
  await compare(page, "gpt2");
  const text = "Marianna surfaced at dawn\nand whispered";
  await encode(page, text);
  await count(page, "other-token-count", r50k(text).length);
  const names = ["strip-text", "other-strip-text"];
  const [mine, theirs] = [await spans(page, names[0]), await spans(page, names[1])];
  assert.equal(mine.at(-1)[1], text.length);
  assert.equal(theirs.at(-1)[1], text.length);
  for (const [from, to, here, there] of [
    [mine, theirs, ...names],
    [theirs, mine, names[1], names[0]],
  ]) {
    for (const index of [0, 2, from.length - 1]) {
      await page.locator(`[data-testid="${here}"] [data-i="${index}"]`).hover();
      const [start, end] = from[index];
      const wanted = to.flatMap(([left, right], at) => (left < end && right > start ? [at] : []));
      await page.locator(`[data-testid="${there}"] [data-i="${wanted[0]}"].touched`).waitFor();
      const found = await page
        .locator(`[data-testid="${there}"] .touched`)
        .evaluateAll((chips) => chips.map(({ dataset }) => Number(dataset.i)));
      assert.deepEqual(found, wanted);
      const detail = await page.getByTestId(there === names[0] ? "detail" : "other-detail").textContent();
      assert.match(detail, new RegExp(`here in ${wanted.length}:`));
    }
  }
});

test("any two tokenizers stand side by side, and a shared address brings them back", async (context) => {
  const { browser, page } = await openTokens(context, { tokenizer: "cl100k", "tokens.compare": "gpt2", text: "12345 whales" });
  await count(page, "token-count", cl100k("12345 whales").length);
  await count(page, "other-token-count", r50k("12345 whales").length);
  await page.getByTestId("compare").selectOption("lab");
  await count(page, "other-vocab-size", 270);
  await page.getByTestId("merge-first").click();
  await count(page, "token-count", 12);
  await page.waitForFunction(() => /tokenizer=cl100k.*tokens.compare=lab|tokens.compare=lab.*tokenizer=cl100k/.test(location.hash));
  await page.waitForFunction(() => location.hash.includes("tokens.merges=0"));
  const there = await page.getByTestId("other-strip-text").textContent();
  const shared = await browser.context.newPage();
  await shared.goto(page.url());
  await shared.waitForFunction((wanted) => document.querySelector('[data-testid="other-strip-text"]')?.textContent === wanted, there, {
    timeout: PATIENCE,
  });
  await count(shared, "token-count", 12);
  assert.equal(await shared.getByTestId("tokenizer").inputValue(), "cl100k");
});

test("the live model's tokenizer stands beside the one trained here", async (context) => {
  const { page } = await openTokens(context, { lab: "tokens", "bpe.vocabSize": "300" });
  await count(page, "vocab-size", 300);
  await page.getByTestId("lab-train").click();
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("lab-tokens").click();
  await compare(page, "model");
  await count(page, "other-vocab-size", 270);
  await count(page, "vocab-size", 300);
});

test("the merges of a known tokenizer skip those that leave the text unchanged, and the latest stands out", async (context) => {
  const { page } = await openTokens(context, { tokenizer: "gpt2", text: "the whale, the sea" });
  await count(page, "token-count", r50k("the whale, the sea").length);
  await page.getByTestId("merge-first").click();
  await count(page, "token-count", 18);
  let [before, steps] = [18, 0];
  for (;;) {
    await page.getByTestId("merge-next").click();
    await page.waitForFunction((before) => Number(document.querySelector('[data-testid="token-count"]')?.textContent) < before, before);
    const made = page.locator('[data-testid="strip-text"] .tok.made');
    const places = await made.count();
    const now = await number(page, "token-count");
    assert.equal(before - now, places, "each place that was joined is marked");
    assert.match(await page.getByTestId("merge-made").textContent(), new RegExp(`\\b${places} time`));
    before = now;
    steps += 1;
    if (now === r50k("the whale, the sea").length) break;
    assert.ok(steps < 18);
  }
  await page.getByTestId("merge-prev").click();
  await page.waitForFunction((before) => Number(document.querySelector('[data-testid="token-count"]')?.textContent) > before, before);
});

test("tokens per character of the same sentences match the core", async (context) => {
  const { page } = await openTokens(context);
  await compare(page, "o200k");
  const rows = page.locator('[data-testid="languages"] tbody tr');
  assert.equal(await rows.count(), 7);
  for (const language of ["zh", "hi", "en"]) {
    const row = page.getByTestId(`language-${language}`);
    await row.filter({ hasNotText: "–" }).waitFor();
    const [characters, mine, theirs] = await row.locator("td").allTextContents();
    await row.getByRole("button").click();
    const sentence = await page.getByTestId("text").inputValue();
    assert.equal([...sentence].length, Number(characters));
    await count(page, "byte-count", new TextEncoder().encode(sentence).length);
    for (const [told, tokens] of [
      [mine, await number(page, "token-count")],
      [theirs, o200k(sentence).length],
    ]) {
      assert.match(told, new RegExp(`\\b${tokens} tokens`));
      assert.ok(told.includes((tokens / Number(characters)).toFixed(2)), told);
    }
  }
});
