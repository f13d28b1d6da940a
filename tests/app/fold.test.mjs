// What a person sees without scrolling: the header in its rows, the figure of every lab and lesson above the fold, at most four controls, what is
// moved together with what moves; the guide beside the lab or in its sheet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { noSidewaysScroll, openBrowser, PATIENCE } from "./browser.mjs";
import { LESSONS, TOUR, texts, visit } from "./lessons.mjs";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
];

/** The figure of each lab. */
const FIGURES = {
  lessons: '[data-testid="living"]',
  tokens: "figure.canvas",
  train: '[data-testid="curves"]',
  inside: 'tp-inside-lab :is(figure, [data-testid="map"], [data-testid="steps"])',
  sample: "figure.next",
  prompt: "tp-prompt-lab :is(.prompt-scroll, .prompt-curve, .prompt-gain)",
  bench: "tp-bench-lab :is(figure, .empty)",
};
const LABS = Object.keys(FIGURES);

const MOST_CONTROLS = 4;
/** A figure shows this share of itself, or this many pixels. */
const [SHARE, PIXELS] = [0.5, 200];

/** Opens an address, with its model loaded and its figure drawn. */
async function at(browser, address) {
  const page = await visit(browser, { model: "tadpole-base", ...address });
  const named = (address.model ?? "tadpole-base").split("@")[0];
  await page.getByTestId("checkpoint").filter({ hasText: named }).waitFor({ timeout: PATIENCE });
  await page
    .locator(FIGURES[address.lab ?? "lessons"])
    .first()
    .waitFor({ timeout: PATIENCE });
  return page;
}

/** The first figure's box, in the part of the screen that no sheet covers. */
const seen = (page, selector) =>
  page.evaluate((selector) => {
    const figure = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
    const guide = document.querySelector(".guide");
    const covered = guide && getComputedStyle(guide).position === "fixed" ? guide.offsetHeight : 0;
    const { top, bottom, height } = figure.getBoundingClientRect();
    return { top, height, shown: Math.min(bottom, innerHeight - covered) - top, scrolled: scrollY };
  }, selector);

/** Settings outside the figure and the table: a slider with its box, a group of choices or of buttons, each counts as one. Texts are no settings. */
const controls = (page) =>
  page.evaluate(() => {
    const inputs = [...document.querySelectorAll(".lab :is(input, select, tp-drop-zone)")];
    const isShown = (input) => input.checkVisibility() && !input.closest("figure, table");
    const whole = (input) => input.closest("fieldset, [role=group]") ?? input.closest("tp-slider, tp-drop-zone") ?? input;
    return new Set(inputs.filter(isShown).map(whole)).size;
  });

async function aboveTheFold(page, lab, name) {
  const { top, height, shown, scrolled } = await seen(page, FIGURES[lab]);
  assert.equal(scrolled, 0, name);
  assert.ok(
    top >= 0 && shown >= Math.min(PIXELS, SHARE * height),
    `${name}: the figure begins at ${top}, ${shown} of ${height} px are seen`,
  );
  const count = await controls(page);
  assert.ok(count <= MOST_CONTROLS, `${name}: ${count} controls`);
}

for (const size of SIZES) {
  const where = `${size.width} x ${size.height}`;
  for (const lab of LABS) {
    test(`the figure is above the fold, and there are at most four controls: ${lab}, ${where}`, async (context) => {
      const browser = await openBrowser(context, size);
      for (const lang of ["en", "zh"]) {
        const page = await at(browser, { lab, lang });
        await aboveTheFold(page, lab, `${lab}, ${lang}`);
        await noSidewaysScroll(page);
        await page.close();
      }
    });
  }

  for (const lesson of LESSONS) {
    const { lab } = lesson.address(texts.en);
    const name = `the figure is above the fold, and its subject marked: lesson ${lesson.id}, ${where}`;
    test(name, async (context) => {
      const browser = await openBrowser(context, size);
      const page = await at(browser, { ...lesson.address(texts.en), lesson: lesson.id });
      await page.locator("[data-toured]").waitFor({ timeout: PATIENCE });
      assert.ok(await page.evaluate((about) => document.querySelector(about).hasAttribute("data-toured"), lesson.about));
      await aboveTheFold(page, lab, lesson.id);
    });
  }
}

test("the header is one row at 1,280 and wider, in both languages, and two below", async (context) => {
  const browser = await openBrowser(context, { width: 1280, height: 800 });
  for (const lang of ["en", "zh"]) {
    const page = await at(browser, { lab: "tokens", lang });
    const height = async (width) => {
      await page.setViewportSize({ width, height: 800 });
      return (await page.locator("header.top").boundingBox()).height;
    };
    for (const width of [1280, 1440, 1920]) assert.ok((await height(width)) <= 56, `${lang}, ${width}: ${await height(width)} px`);
    for (const width of [1279, 960, 640, 360]) {
      assert.ok((await height(width)) <= 100, `${lang}, ${width}: ${await height(width)} px`);
      await noSidewaysScroll(page);
    }
    const isCut = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.querySelector(".checkpoint > p");
      return scrollWidth > clientWidth;
    });
    assert.equal(isCut, false, "a phone shows the model's name and size");
    await page.close();
  }
});

test("on a phone the labs scroll sideways to the current one, and the tools unfold", async (context) => {
  const browser = await openBrowser(context, { width: 360, height: 740 });
  const page = await at(browser, { lab: "bench" });
  const link = () => page.locator('.top nav [aria-current="page"]').boundingBox();
  const isWithin = ({ x, width }) => x >= 0 && x + width <= 360;
  assert.ok(isWithin(await link()));
  await page.getByTestId("lab-lessons").click();
  await page.getByTestId("living").waitFor();
  assert.ok(isWithin(await link()));
  const tools = page.getByTestId("tools");
  assert.equal(await page.getByTestId("share").isVisible(), false);
  await tools.focus();
  await page.keyboard.press("Enter");
  for (const name of ["device", "device-about", "file-menu", "language", "theme", "share"])
    assert.ok(await page.getByTestId(name).isVisible(), name);
  await page.getByTestId("device-about").click();
  assert.ok(await page.getByTestId("device-kind").isVisible());
  await noSidewaysScroll(page);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByTestId("share").isVisible(), false);
  assert.ok(await tools.evaluate((button) => button === document.activeElement));
});

test("at 1,920 px the figure grows and the rails do not; at 640 px, which is 200 % of 1,280, they still stand side by side", async (context) => {
  const browser = await openBrowser(context, { width: 1280, height: 800 });
  const lesson = LESSONS.find(({ id }) => id === "sampling");
  const page = await at(browser, { ...lesson.address(texts.en), lesson: lesson.id });
  const widths = async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const of = async (selector) => (await page.locator(selector).first().boundingBox()).width;
    return { figure: await of("figure.next"), guide: await of(".guide"), rail: await of(".columns > div") };
  };
  const [narrow, wide, zoomed] = [await widths(1280), await widths(1920), await widths(640)];
  assert.ok(wide.figure > narrow.figure + 400, `${narrow.figure}, ${wide.figure}`);
  assert.equal(wide.guide, narrow.guide);
  assert.ok(narrow.guide >= 270 && narrow.guide <= 300, `${narrow.guide}`);
  assert.ok(wide.rail < 400, `${wide.rail}`);
  assert.ok(zoomed.figure + zoomed.rail > 560 && zoomed.figure > 340, JSON.stringify(zoomed));
  await noSidewaysScroll(page);
});

test("on a phone the sliders are seen with the bars that they move, and a merge with the tokens it makes", async (context) => {
  const browser = await openBrowser(context, { width: 360, height: 740 });
  const sample = await at(browser, { lab: "sample" });
  const slider = sample.getByTestId("minP-slider");
  const bar = sample.locator('[data-testid="bars"] li').nth(4);
  await bar.waitFor({ timeout: PATIENCE });
  for (const box of [await slider.boundingBox(), await bar.boundingBox()]) assert.ok(box.y > 0 && box.y + box.height <= 740, `${box.y}`);
  const tokens = await at(browser, { lab: "tokens", text: "Tadpoles become frogs." });
  const strip = tokens.getByTestId("strip-text");
  const merge = tokens.getByTestId("merges-slider");
  await merge.waitFor({ timeout: PATIENCE });
  await merge.scrollIntoViewIfNeeded();
  const [above, below] = [await strip.boundingBox(), await merge.boundingBox()];
  assert.ok(below.y + below.height - above.y <= 740, `${above.y} to ${below.y}`);
});

test("what a lab is about is behind a button beside its title", async (context) => {
  const browser = await openBrowser(context, { width: 360, height: 740 });
  const page = await at(browser, { lab: "sample" });
  const about = page.getByTestId("about");
  assert.equal(await page.locator(".lead").count(), 0);
  await about.focus();
  await page.keyboard.press("Enter");
  await page.locator(".lead").filter({ hasText: "Sampling decides which one is written" }).waitFor();
  assert.equal(await about.getAttribute("aria-expanded"), "true");
  await noSidewaysScroll(page);
  await page.keyboard.press("Enter");
  await page.locator(".lead").waitFor({ state: "detached" });
  const hidden = await at(browser, { lab: "sample", hide: "lead" });
  assert.equal(await hidden.getByTestId("about").count(), 0);
});

// ---------- the guide ----------

const guideOf = (page) => page.getByTestId("guide");

async function lessonAt(context, size, id = "capital") {
  const browser = await openBrowser(context, size);
  const lesson = LESSONS.find((each) => each.id === id);
  const page = await at(browser, { ...lesson.address(texts.en), lesson: id });
  await guideOf(page).waitFor();
  return page;
}

test("the guide stands beside the lab, stays in sight, goes along to another lab, and folds for this tab", async (context) => {
  const page = await lessonAt(context, { width: 1280, height: 800 });
  const box = await guideOf(page).boundingBox();
  assert.ok(box.x + box.width <= (await page.locator(".lab").boundingBox()).x, "nothing of the lab is below it");
  await page.evaluate(() => scrollTo(0, 500));
  assert.ok((await guideOf(page).boundingBox()).y >= 0, "it stays while the lab scrolls");
  await page.getByTestId("lab-train").click();
  await page.getByTestId("curves").waitFor({ timeout: PATIENCE });
  assert.ok(await guideOf(page).isVisible());
  assert.equal(await page.locator("[data-toured]").count(), 0, "its subject is in its own lab");

  const fold = page.getByTestId("guide-fold");
  await fold.focus();
  await page.keyboard.press("Enter");
  assert.equal(await fold.getAttribute("aria-expanded"), "false");
  assert.ok((await guideOf(page).boundingBox()).width < 48);
  assert.ok(await fold.evaluate((button) => button === document.activeElement));
  assert.equal(await page.getByTestId("guide-on").isVisible(), false);
  await page.reload();
  await fold.waitFor();
  assert.equal(await fold.getAttribute("aria-expanded"), "false");
  assert.deepEqual(await violations(page), []);
  await fold.click();
  assert.ok(await page.getByTestId("guide-on").isVisible());
});

test("on a phone the guide is a sheet of three heights, by button, by key and by drag", async (context) => {
  const page = await lessonAt(context, { width: 360, height: 740 });
  const guide = guideOf(page);
  const height = async () => {
    // Its height may be on its way.
    await guide.evaluate((sheet) => Promise.all(sheet.getAnimations().map(({ finished }) => finished)));
    return (await guide.boundingBox()).height;
  };
  const grip = page.getByTestId("guide-height");
  const isRead = () => page.locator(".guide-say").isVisible();
  assert.ok((await height()) <= 80);
  assert.equal(await isRead(), false);
  assert.ok((await guide.locator("h2").isVisible()) && (await page.getByTestId("guide-on").isVisible()));

  await grip.click();
  assert.equal(await height(), 370);
  assert.ok(await isRead());
  assert.deepEqual(await violations(page), []);
  await grip.click();
  assert.ok((await height()) > 600);
  await grip.click();
  assert.ok((await height()) <= 80);

  await grip.focus();
  await page.keyboard.press("ArrowUp");
  assert.equal(await height(), 370);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.ok((await height()) <= 40, "below the lowest it is a strip");
  await page.getByTestId("guide-fold").click();
  assert.ok((await height()) > 40);

  const drag = async (to) => {
    const { x, y, width } = await guide.locator(".guide-title").boundingBox();
    await page.mouse.move(x + width / 3, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + width / 3, (y + to) / 2, { steps: 3 });
    await page.mouse.move(x + width / 3, to, { steps: 3 });
    await page.mouse.up();
  };
  await drag(400);
  assert.equal(await height(), 370);
  await drag(60);
  assert.ok((await height()) > 600);
  await drag(735);
  assert.ok((await height()) <= 40);
});

test("on a phone a step of the tour has its subject in sight, above the sheet", async (context) => {
  const browser = await openBrowser(context, { width: 360, height: 740 });
  for (const [step, { about, address }] of TOUR.entries()) {
    const page = await visit(browser, { ...address(texts.en), tour: String(step + 1) });
    const subject = page.locator("[data-toured]");
    await subject.waitFor({ timeout: PATIENCE });
    // What is higher than the screen begins on it.
    const isSeen = () =>
      page.waitForFunction(() => {
        const { top, bottom } = document.querySelector("[data-toured]").getBoundingClientRect();
        const end = innerHeight - document.querySelector(".guide").offsetHeight;
        return top < end - 20 && bottom > 20;
      });
    await isSeen().catch(() => assert.fail(`step ${step + 1}: ${about} is out of sight`));
    await page.close();
  }
});
