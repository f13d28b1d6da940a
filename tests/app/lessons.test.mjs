// The first page, the tour and the lessons: a first visit shows a model that writes; every lesson opens with one click and its lab set up, place, in
// both languages. What lessons claim is held to in lessons-claims.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { modelStep, noSidewaysScroll, openBrowser, PATIENCE, reached, status, TINY } from "./browser.mjs";
import { LANGUAGES, LESSONS, TOUR, texts, visit, wrote } from "./lessons.mjs";

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
