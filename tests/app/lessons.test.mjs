// The first page, the tour and the lessons: a first visit shows a model that writes; every lesson opens with one click and its lab set up,
// in both languages, and its claims hold.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { modelStep, noSidewaysScroll, openBrowser, PATIENCE, reached, ready, status, TINY, watchedPage } from "./browser.mjs";
import { openCore, request } from "./core.mjs";
import { pageModule } from "./sources.mjs";

const { LESSONS, TOUR } = await pageModule("labs/lessons/list.ts");
const texts = {
  en: (await pageModule("labs/lessons/en.ts")).en,
  zh: (await pageModule("labs/lessons/zh.ts")).zh,
};
const LANGUAGES = ["en", "zh"];

/** The first page as on a first visit. */
async function visit(browser, settings = {}) {
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto(`${browser.site.address}#${new URLSearchParams({ device: "cpu", lang: "en", ...settings })}`);
  await ready(page);
  return page;
}

/** A lesson, opened from the first page. */
async function open(browser, id, lang = "en") {
  const page = await visit(browser, { lang });
  await page.getByTestId(`lesson-${id}`).click();
  await page.locator(`[data-testid="guide"][data-page="${id}"]`).waitFor();
  return page;
}

const wrote = (page) => page.locator('[data-testid="living"]:not([data-tokens="0"])').waitFor({ timeout: PATIENCE });

test("a first visit shows a model that writes, names it in the address, and comes back", async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser);
  await wrote(page);
  await page.locator('[data-testid="write-another"]:not([aria-disabled])').waitFor();
  const first = await page.locator(".living-text").textContent();
  assert.ok(first.startsWith(texts.en.starts.world), first);
  await page.getByTestId("write-another").click();
  await page.waitForFunction((old) => document.querySelector(".living-text").textContent !== old, first);
  await page.waitForFunction(() => location.hash.includes("model=tadpole-nano"));
  await page.reload();
  await wrote(page);
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor();
});

test("a lesson that is opened before the core has started opens its model, though a run is kept", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "train", ...TINY });
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.goto(`${browser.site.address}?again#lang=en&device=cpu`);
  // As soon as the link exists.
  await page.evaluate(async () => {
    const link = () => document.querySelector('[data-testid="lesson-attention"]');
    while (!link()) await new Promise((frame) => requestAnimationFrame(frame));
    link().click();
  });
  assert.match(await page.getByTestId("checkpoint").textContent(), /Starting/);
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-base" }).waitFor({ timeout: PATIENCE });
});

test("a link leads from the text to the Sample lab, with the same prompt and seed", async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser);
  await page.locator('[data-testid="living"][data-tokens="48"]').waitFor({ timeout: PATIENCE });
  const first = (await page.locator(".living-text").textContent()).replaceAll("·", " ");
  await page.getByTestId("why").click();
  await page.getByTestId("generate").click();
  await page.waitForFunction(
    (text) => document.querySelector('[data-testid="written"]')?.textContent.startsWith(text),
    first.slice(0, 100),
    { timeout: PATIENCE },
  );
});

test("your own model is not replaced by a visit, and a link to a model keeps it", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "train", "train.steps": "3", preset: "nano" });
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("stored").waitFor();
  await page.close();
  const again = await visit(browser);
  assert.equal(await modelStep(again), 3);
  await again.getByTestId("lesson-attention").click();
  await again.getByTestId("checkpoint").filter({ hasText: "tadpole-base" }).waitFor();
  await again.getByTestId("file-menu").click();
  await again.getByTestId("open-run").click();
  await again.getByTestId("model-step").filter({ hasText: "step 3" }).waitFor();
  await again.waitForFunction(() => !location.hash.includes("model="));
});

test("an unknown model in the address leaves the page with the one it has, and an earlier step is found", async (context) => {
  const browser = await openBrowser(context);
  const page = await visit(browser, { model: "tadpole-giant" });
  await page.waitForFunction(() => !location.hash.includes("giant"));
  await page.evaluate(() => {
    location.hash = "#device=cpu&lang=en&model=tadpole-base@3000&lab=sample&prompt=One day";
  });
  await page.getByTestId("model-step").filter({ hasText: "step 3,000" }).waitFor();
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-base" }).waitFor();
});

for (const lang of LANGUAGES) {
  test(`while a model learns, the first page writes from it, again and again: ${lang}`, { timeout: PATIENCE }, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu", lang, ...TINY, lab: "train", "train.steps": "100000" });
    await page.getByTestId("start").click();
    await reached(page, 5);
    await page.getByTestId("lab-lessons").click();
    const card = page.getByTestId("living");
    await card
      .locator("figcaption")
      .filter({ hasText: texts[lang].livingLearns.split("{parameters}")[1] })
      .waitFor();
    /** The next text that is complete and not this one. */
    const another = async (than) => {
      const whole = await page.waitForFunction(
        (than) => {
          const { dataset, textContent } = document.querySelector('[data-testid="living"] .living-text:not(:empty)')?.parentElement ?? {};
          return dataset?.tokens === "48" && textContent !== than && textContent;
        },
        than,
        { timeout: PATIENCE, polling: 50 },
      );
      return whole.jsonValue();
    };
    const first = await another("");
    // From then on it is never empty, and it changes as the model learns.
    await page.evaluate(() => {
      globalThis.fewest = Number.POSITIVE_INFINITY;
      const card = document.querySelector('[data-testid="living"]');
      new MutationObserver(() => {
        globalThis.fewest = Math.min(globalThis.fewest, Number(card.dataset.tokens));
      }).observe(card, { attributes: true });
    });
    const step = await modelStep(page);
    assert.notEqual(await another(first), first);
    assert.ok((await page.evaluate(() => globalThis.fewest)) > 0);
    await reached(page, step + 5);
  });
}

for (const lang of LANGUAGES) {
  test(`the tour marks the subject of each step, and resumes where it was left: ${lang}`, async (context) => {
    const browser = await openBrowser(context);
    const page = await visit(browser, { lang });
    assert.ok(TOUR.length <= 12 && texts[lang].tourTexts.length === TOUR.length);
    await page.getByTestId("tour").click();
    for (const at of TOUR.keys()) {
      await page.locator(`[data-testid="guide"][data-page="tour-${at + 1}"]`).waitFor();
      await page.locator("[data-toured]").waitFor({ timeout: PATIENCE });
      assert.ok(
        await page.evaluate((about) => document.querySelector(about).hasAttribute("data-toured"), TOUR[at].about),
        `step ${at + 1}`,
      );
      if (at === 3) {
        await page.getByTestId("guide-close").click();
        await page.getByTestId("guide").waitFor({ state: "detached" });
        assert.equal(await page.locator("[data-toured]").count(), 0);
        await page.getByTestId("lab-lessons").click();
        await page.getByTestId("tour").click();
        await page.locator('[data-testid="guide"][data-page="tour-4"]').waitFor();
      }
      await page.getByTestId(at + 1 < TOUR.length ? "guide-on" : "guide-done").click();
    }
    await page.getByTestId("guide").waitFor({ state: "detached" });
  });

  test(`every lesson says two to five sentences and opens its lab: ${lang}`, { timeout: 2 * PATIENCE }, async (context) => {
    const browser = await openBrowser(context);
    const page = await visit(browser, { lang });
    for (const lesson of LESSONS) {
      const { title, say } = texts[lang].lessonTexts[lesson.id];
      const sentences = say.join(" ").match(/[.!?。！？](?=\s|$|[^\d\s])/g) ?? [];
      assert.ok(say.length >= 2 && say.length <= 5 && sentences.length >= say.length, `${lesson.id}: ${sentences.length} sentences`);
      await page.getByTestId("lab-lessons").click();
      await page.getByTestId(`lesson-${lesson.id}`).click();
      await page.locator(`[data-testid="guide"][data-page="${lesson.id}"]`).filter({ hasText: title }).waitFor();
      const { lab, model } = lesson.address(texts[lang]);
      await page.locator(`[data-testid="lab-${lab}"][aria-current="page"]`).waitFor();
      if (model?.startsWith("tadpole")) await page.getByTestId("checkpoint").filter({ hasText: model }).waitFor();
      assert.equal(await page.evaluate(() => scrollY), 0);
    }
  });
}

// ---------- what the lessons claim ----------

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

/** An element's box once it stops moving: a lesson's model and text arrive after its address. */
async function restingBox(page, locator) {
  for (let before = ""; ; ) {
    const box = await locator.boundingBox();
    if (JSON.stringify(box) === before) return box;
    before = JSON.stringify(box);
    await page.waitForTimeout(500);
  }
}

test("one block, number by number: the sum behind a number equals what the model computed", async (context) => {
  const page = await open(await openBrowser(context), "block");
  const heat = page.locator('[data-step="mlp"] [data-testid="heat"]');
  await heat.waitFor({ timeout: 30_000 });
  const { width, height } = await restingBox(page, heat);
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

// ---------- the page itself ----------

for (const theme of ["light", "dark"]) {
  test(`axe finds no problem in the first page, a lesson and the tour, ${theme}`, async (context) => {
    const browser = await openBrowser(context, { colorScheme: theme });
    const page = await visit(browser);
    await page.locator('[data-testid="write-another"]:not([aria-disabled])').waitFor({ timeout: PATIENCE });
    assert.deepEqual(await violations(page), [], "the first page");
    await page.getByTestId("lesson-capital").click();
    await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
    assert.deepEqual(await violations(page), [], "a lesson");
    await page.getByTestId("guide-all").click();
    await page.getByTestId("tour").click();
    await page.locator("[data-toured]").waitFor();
    assert.deepEqual(await violations(page), [], "the tour");
  });
}

for (const lang of LANGUAGES) {
  test(`at 360 px neither the first page nor a lesson scrolls sideways: ${lang}`, async (context) => {
    const browser = await openBrowser(context, { width: 360, height: 740 });
    const page = await visit(browser, { lang });
    await wrote(page);
    await noSidewaysScroll(page);
    await page.getByTestId("lesson-attention").click();
    await page.getByTestId("grid").waitFor({ timeout: PATIENCE });
    await noSidewaysScroll(page);
  });
}
