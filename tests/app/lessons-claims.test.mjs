// What the lessons claim is so: each is opened from the first page, and its figure read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { atRest, openBrowser, PATIENCE, reached, status } from "./browser.mjs";
import { openCore, request } from "./core.mjs";
import { openStep } from "./inside.mjs";
import { LANGUAGES, open, texts } from "./lessons.mjs";

/** The likeliest next tokens by the model alone: [token, share]. */
async function bars(page) {
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  const rows = await page
    .locator('[data-testid="bars"] li')
    .evaluateAll((items) =>
      items.map((item) => [item.querySelector(".tok").textContent, Number.parseFloat(item.querySelector(".share").textContent) / 100]),
    );
  return rows;
}

/** The greedy continuation of the lesson's prompt. */
async function greedy(page) {
  await page.getByTestId("temperature-number").fill("0");
  await page.getByTestId("temperature-number").press("Enter");
  await page.getByTestId("generate").click();
  await page.locator('[data-testid="finished"]:not(:empty)').waitFor({ timeout: PATIENCE });
  const [whole, given] = await page.evaluate(() => {
    const written = document.querySelector('[data-testid="written"]');
    return [written.textContent, written.querySelector(".given").textContent];
  });
  return whole.slice(given.length).split("\n")[0].trim();
}

for (const lang of LANGUAGES) {
  const capital = { en: "Changsha", zh: "长沙" }[lang];

  test(`completing with a fact: ${lang}`, async (context) => {
    const page = await open(await openBrowser(context), "capital", lang);
    const [[token, share]] = await bars(page);
    assert.ok(capital.startsWith(token.replace("·", "")) && share > 0.5, `${token} ${share}`);
    assert.match(await greedy(page), new RegExp(`^${capital}[.。]`));
  });

  test(`a confident mistake: ${lang}`, async (context) => {
    const page = await open(await openBrowser(context), "hallucination", lang);
    const [[, share]] = await bars(page);
    // By chance, a token of a vocabulary of 1,024 has a thousandth.
    assert.ok(share > 0.2, `${share}`);
    assert.match(await greedy(page), /^(\p{Lu}\p{L}+|\p{Script=Han}+)[.。]/u);
  });
}

test("meaning as a place: the tokens nearest to a colour are colours, but not at step 0", async (context) => {
  const page = await open(await openBrowser(context), "embedding");
  const colours = async () => {
    const near = page.locator('[data-testid="near"] .tok');
    await near.nth(5).waitFor({ timeout: 30_000 });
    const found = (await near.allTextContents()).map((text) => text.replace("·", ""));
    return found.filter((text) =>
      ["brown", "purple", "green", "yellow", "white", "black", "blue", "pink", "orange", "grey"].includes(text),
    );
  };
  const grown = await colours();
  assert.ok(grown.length >= 5, `${grown}`);
  await page.getByTestId("youth").fill("0");
  await page.getByTestId("model-step").filter({ hasText: "step 0" }).waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid="map"]')?.dataset.step === "0");
  const born = await colours();
  assert.ok(born.length <= 2, `${born}`);
});

test("where a word stands: another order gives another guess; without positions the same run ends at a higher loss", {
  timeout: PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await open(browser, "positions");
  const order = page.getByTestId("order");
  await order.waitFor({ timeout: 30_000 });
  assert.ok(Number(await order.getAttribute("data-distance")) > 0.1);
  assert.equal(await page.getByTestId("own-kind").count(), 1, "the model's own kind is named");

  const core = await openCore(page, "cpu");
  const defaults = await core.call("defaults");
  // Four letters, and the same backwards: a model that knows the letters but not their positions cannot continue.
  const words = Array.from({ length: 600 }, (_, at) =>
    [3, 5, 7, 11].map((step) => "abcdefgh"[(at * step * step + (at >> 3) * step) % 8]).join(""),
  );
  const corpus = words.map((word) => `${word}>${[...word].reverse().join("")}\n`).join("");
  const loss = async (position) => {
    const { model, ...rest } = request(defaults, { steps: 900, batchSize: 12, learningRate: 0.005 });
    const tokenizer = { ...rest.tokenizer, kind: "char" };
    const asked = { ...rest, tokenizer, model: { ...model, nLayer: 1, position } };
    const events = await core.stream("train", { corpus, request: asked });
    return events
      .filter(({ kind }) => kind === "step")
      .flatMap(({ steps }) => steps)
      .at(-1).trainLoss;
  };
  const [without, ...withs] = [await loss("none"), await loss("learned"), await loss("rotary")];
  assert.ok(
    withs.every((value) => value < without - 0.1),
    `without ${without}, with ${withs}`,
  );
});

for (const lang of LANGUAGES) {
  test(`one word, two senses: ${lang}`, async (context) => {
    const page = await open(await openBrowser(context), "polysemy", lang);
    await page.getByTestId("cosine-4").waitFor({ timeout: PATIENCE });
    const cosines = [];
    for (const depth of [0, 1, 2, 3, 4]) cosines.push(Number(await page.getByTestId(`cosine-${depth}`).textContent()));
    assert.ok(cosines[0] > 0.999 && cosines.every((value, at) => at === 0 || value < 0.999), `${cosines}`);
    assert.ok(Math.min(...cosines.slice(2)) < 0.9, `${cosines}`);
  });

  test(`what "it" means: ${lang}`, async (context) => {
    const page = await open(await openBrowser(context), "attention", lang);
    await page.getByTestId("inside-detail").waitFor({ timeout: PATIENCE });
    const { meant, other, from, to } = {
      en: { meant: "fox", other: "cabbage", from: "young", to: "rotten" },
      zh: { meant: "茄子", other: "鸭子", from: "烂", to: "累" },
    }[lang];
    await readsMost(page, meant);
    const text = page.getByTestId("inside-text");
    await text.fill((await text.inputValue()).replace(from, to));
    await readsMost(page, other);
  });
}

/** Waits until the last token's row of the open head has its largest weight on a token that begins this word. */
async function readsMost(page, word) {
  await page.waitForFunction(
    (word) => {
      const [, token = ""] = [...document.querySelector('[data-testid="inside-detail"]').textContent.matchAll(/“(.*?)”/g)].map(
        ([, name]) => name,
      );
      // For a shared character a token shows its bytes in brackets.
      return token !== "" && word.startsWith(token.replace("·", "").replace(/ \([\dA-F ]+\) ?/g, ""));
    },
    word,
    { timeout: 30_000 },
  );
}

test("tokens: the Chinese line costs more of them", async (context) => {
  const page = await open(await openBrowser(context), "tokens");
  const lines = texts.en.starts.tokens.split("\n");
  const counts = [];
  for (const line of lines) {
    await page.getByTestId("text").fill(line);
    await page.waitForFunction((n) => document.querySelector('[data-testid="char-count"]')?.textContent === String(n), [...line].length, {
      timeout: 60_000,
    });
    const number = async (name) => Number((await page.getByTestId(name).textContent()).replace(/\D/g, ""));
    counts.push([await number("token-count"), await number("char-count")]);
  }
  const [[english, letters], [chinese, characters]] = counts;
  assert.ok(english < letters && chinese === 3 * characters, `${counts}`);
  assert.ok(chinese > english);
});

test("one block, number by number: the sum behind a number equals what the model computed", async (context) => {
  const page = await open(await openBrowser(context), "block");
  const heat = (await openStep(page, "mlp")).getByTestId("heat");
  await atRest(heat);
  const { width, height } = await heat.boundingBox();
  await heat.click({ position: { x: 0.4 * width, y: 0.8 * height } });
  const sum = page.locator('[data-step="mlp"] [data-testid="sum"][data-found]');
  await sum.waitFor();
  const [found, computed] = [Number(await sum.getAttribute("data-found")), Number(await sum.getAttribute("data-computed"))];
  assert.ok(Math.abs(found - computed) < 1e-4 && found !== 0, `${found}, ${computed}`);
});

test("from scores to one token: temperature 0 leaves one, and a seed writes the same text again", async (context) => {
  const page = await open(await openBrowser(context), "sampling");
  await bars(page);
  const text = async () => {
    await page.getByTestId("generate").click();
    await page.waitForTimeout(300);
    await page.locator('[data-testid="finished"]:not(:empty)').waitFor({ timeout: 30_000 });
    return page.getByTestId("written").textContent();
  };
  assert.equal(await text(), await text());
  await page.getByTestId("temperature-number").fill("0");
  await page.getByTestId("temperature-number").press("Enter");
  await page
    .getByTestId("survivors")
    .filter({ hasText: /^\s*1 / })
    .waitFor();
});

test("it learns the odds: a third for each, within 0.02", { timeout: PATIENCE }, async (context) => {
  const page = await open(await openBrowser(context), "nextToken");
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("lab-sample").click();
  const shares = new Map((await bars(page)).map(([token, share]) => [token, share]));
  for (const fruit of ["apple", "banana", "orange"]) {
    const share = shares.get(`·${fruit}`);
    assert.ok(Math.abs(share - 1 / 3) < 0.02, `${fruit}: ${share}`);
  }
});

test("one step of learning: the loss falls from the logarithm of the vocabulary's size", { timeout: PATIENCE }, async (context) => {
  const page = await open(await openBrowser(context), "training");
  await page.getByTestId("start").click();
  await page.getByTestId("checkpoint").filter({ hasText: "First names" }).waitFor({ timeout: PATIENCE });
  await reached(page, 60);
  await page.getByTestId("pause").click();
  await status(page, "paused");
  await page.getByTestId("stored").waitFor();
  const loss = Number.parseFloat(await page.getByTestId("stat-train-loss").textContent());
  await page.locator("details.table > summary").first().click();
  await page.locator("details.table tbody tr").nth(9).waitFor();
  const column = await page.locator("details.table tbody tr td:nth-of-type(1)").allTextContents();
  const first = column.findLast((cell) => cell !== "–");
  const vocabulary = Math.log(1024);
  assert.ok(Math.abs(Number.parseFloat(first) - vocabulary) < 0.5, `the first loss is ${first}`);
  assert.ok(loss < vocabulary - 1, `${loss}`);
});

/** The Prompt lab's figures, when all of its questions are answered. */
async function answered(page, name) {
  await page
    .locator('[data-testid="ask-status"][data-asking="false"][data-missing="0"]:not([data-answered="0"])')
    .waitFor({ timeout: 60_000 });
  const data = await page.getByTestId(name).evaluate((element) => ({ ...element.dataset }));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Number(value)]));
}

for (const lang of LANGUAGES) {
  test(`learning from examples: more of them, more right answers: ${lang}`, async (context) => {
    const page = await open(await openBrowser(context), "fewShot", lang);
    const [none, eight] = [await answered(page, "point-0"), await answered(page, "point-8")];
    assert.ok(none.accuracy <= 0.2 && eight.accuracy >= 0.7 && eight.low > none.high, `${none.accuracy}, ${eight.accuracy}`);
  });

  test(`step by step: written steps gain, and so does the sentence: ${lang}`, async (context) => {
    const page = await open(await openBrowser(context), "chainOfThought", lang);
    for (const name of ["gain-worked", "gain-triggered"]) {
      const { gain, low } = await answered(page, name);
      assert.ok(gain > 0.2 && low > 0, `${name}: ${gain}, at least ${low}`);
    }
  });
}

test("more parameters, more data: the larger model answers more and has a lower loss, and its earlier step the reverse", async (context) => {
  const page = await open(await openBrowser(context), "scale");
  /** The current model's curve: bits per byte of the validation part by step, which do not depend on the tokenizer. */
  const losses = async () => {
    await page.getByTestId("lab-train").click();
    await page.getByTestId("subject").waitFor();
    // Once shown, the lab follows the current model.
    const toModel = page.getByTestId("show-model");
    if (await toModel.count()) await toModel.click();
    const summary = page.locator('[data-testid="curves"] details.table > summary');
    await summary.waitFor();
    if (!(await page.locator('[data-testid="curves"] details.table tbody tr').count())) await summary.click();
    await page.locator('[data-testid="curves"] details.table tbody tr').nth(9).waitFor();
    const cells = await page.locator('[data-testid="curves"] details.table tbody tr td:nth-of-type(4)').allTextContents();
    await page.getByTestId("lab-prompt").click();
    return cells.filter((cell) => cell !== "–").map(Number);
  };
  const right = async () => (await answered(page, "score-1")).correct;
  const nano = await right();
  const [small, ...smaller] = await losses();
  await page.getByTestId("file-menu").click();
  await page.getByTestId("open-shipped-tadpole-base").click();
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-base" }).waitFor();
  await page.getByTestId("file-menu").click();
  const base = await right();
  const [large, ...larger] = await losses();
  assert.ok(large < small, `tadpole-base ends at ${large}, tadpole-nano at ${small}`);
  for (const before of [smaller, larger]) assert.ok(before.at(-1) > 2 * Math.max(small, large), "the more was read, the less is lost");
  await page.getByTestId("youth").fill("3");
  await page.getByTestId("model-step").filter({ hasText: "step 1,000" }).waitFor();
  const young = await right();
  assert.ok(nano < base && young < base, `nano ${nano}, base ${base}, base at step 1,000 ${young}`);
});
