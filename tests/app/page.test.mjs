// The page around the labs: languages, widths, themes, accessibility, the address, the keyboard, and use without JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { noSidewaysScroll, openBrowser, PATIENCE, reached, ready, rested, status, TINY, watchedPage } from "./browser.mjs";
import { plantFaults } from "./faults.mjs";
import { openStep } from "./inside.mjs";

const SETTINGS = { device: "cpu", "ask.points": "4", ...TINY };
const LABS = ["tokens", "train", "inside", "sample", "prompt", "bench"];

/** Opens a page with a small trained model, so that every lab has something to show. */
async function openTrained(context, options = {}, settings = {}) {
  const browser = await openBrowser(context, options);
  const page = await browser.open({ ...SETTINGS, ...settings, lab: "train" });
  await page.getByTestId("start").click();
  await status(page, "done");
  return page;
}

async function visit(page, lab) {
  await page.getByTestId(`lab-${lab}`).click();
  const shows = {
    tokens: '[data-testid="strip-text"] .tok',
    train: "canvas",
    inside: '[data-testid="way"] canvas',
    sample: '[data-testid="bars"] li',
    prompt: '[data-testid="row-0"]',
    bench: '[data-testid="bench-S"]',
  };
  await page.locator(shows[lab]).first().waitFor({ timeout: PATIENCE });
  for (const details of await page.locator("main details > summary").all()) await details.click();
}

/** The Tokens lab with a second tokenizer and merges replayed. */
async function compared(page) {
  await page.getByTestId("compare").selectOption("gpt2");
  await page.locator('[data-testid="other-strip-text"] [data-i="3"]').hover({ timeout: PATIENCE });
  await page.getByTestId("merge-prev").click();
  await page.getByTestId("language-ja").waitFor();
}

/** Every view of the Inside lab, with a number opened if possible. */
async function eachView(page, check) {
  for (const view of ["model", "attention", "block", "lens", "map", "compare", "positions"]) {
    await page.getByTestId(`view-${view}`).check();
    if (view === "block") await openStep(page, "mlp");
    const shows = { model: "way", lens: "lens", map: "scatter", compare: "alike" }[view] ?? "heat";
    const picture = page.getByTestId(shows).last();
    await picture.waitFor();
    // Of the way a token: a part would open.
    await picture.click({ position: view === "model" ? { x: 5, y: 60 } : { x: 5, y: 5 } });
    if (shows === "heat" && view !== "positions") await page.getByTestId("sum-value").waitFor();
    await page.getByTestId("save-figure").first().click();
    await page.getByTestId("save-json").first().waitFor();
    await check(view);
  }
}

/** A cell and a column of the Prompt lab opened, its own rows, its curve and its bars. */
async function eachPrompt(page, check) {
  await page.getByTestId("cell-0-1").click();
  await page.getByTestId("column-1").click();
  await page.getByTestId("row-tokens").waitFor();
  await page.getByTestId("change-row").click();
  await check("cell");
  await page.getByTestId("ask-task").selectOption("own");
  await page.getByTestId("set-up").click();
  await check("own rows");
  await page.getByTestId("ask-task").selectOption("sum");
  for (const view of ["curve", "gain"]) {
    await page.getByTestId(`view-${view}`).check();
    await page.getByTestId("ask-run").click();
    await page.locator('[data-testid="ask-status"][data-missing="0"]:not([data-answered="0"])').waitFor({ timeout: PATIENCE });
    await check(view);
  }
}

for (const theme of ["light", "dark"]) {
  test(`axe finds no problem in any lab, ${theme}`, async (context) => {
    const page = await openTrained(context, {}, { theme });
    for (const lab of LABS) {
      await visit(page, lab);
      if (lab === "sample") {
        await page.getByTestId("generate").click();
        await page.locator("figure.output .tok").first().waitFor({ timeout: PATIENCE });
      }
      assert.deepEqual(await violations(page), [], lab);
      const check = async (view) => assert.deepEqual(await violations(page), [], view);
      if (lab === "inside") await eachView(page, check);
      if (lab === "prompt") await eachPrompt(page, check);
      if (lab !== "tokens") continue;
      await compared(page);
      await check("two tokenizers");
    }
    await page.getByTestId("file-menu").click();
    assert.deepEqual(await violations(page), [], "file menu");
  });
}

for (const lang of ["en", "zh"]) {
  test(`at 360 px nothing scrolls sideways, ${lang}`, async (context) => {
    const page = await openTrained(context, { width: 360, height: 740 }, { lang });
    for (const lab of LABS) {
      await visit(page, lab);
      await noSidewaysScroll(page);
      if (lab === "inside") await eachView(page, () => noSidewaysScroll(page));
      if (lab === "prompt") await eachPrompt(page, () => noSidewaysScroll(page));
      if (lab !== "tokens") continue;
      await compared(page);
      await noSidewaysScroll(page);
    }
    await page.getByTestId("tools").click();
    await page.getByTestId("file-menu").click();
    await noSidewaysScroll(page);
  });
}

test("the whole page changes its language, and keeps it in the address", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await page.getByTestId("language").click();
  await page.getByRole("heading", { name: "分词", exact: true, level: 2 }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  await page.waitForFunction(() => location.hash.includes("lang=zh"));
  for (const lab of LABS) {
    await page.getByTestId(`lab-${lab}`).click();
    await page.locator(".lab h2").waitFor();
  }
  await page.getByTestId("language").click();
  await page.getByRole("heading", { name: "Bench", exact: true, level: 2 }).waitFor();
});

test("a Chinese browser gets a Chinese page", async (context) => {
  const browser = await openBrowser(context, { locale: "zh-CN" });
  const page = await browser.open(SETTINGS);
  await page.getByRole("heading", { name: "分词", exact: true, level: 2 }).waitFor();
});

test("no lab changes its layout inside a resize callback, which browsers report as an error", async (context) => {
  const browser = await openBrowser(context);
  await browser.context.addInitScript(() => {
    globalThis.reported = [];
    addEventListener("error", ({ message }) => globalThis.reported.push(message));
  });
  const page = await browser.open({ ...SETTINGS, lab: "train" });
  await page.getByTestId("start").click();
  await status(page, "done");
  for (const lab of LABS) {
    await visit(page, lab);
    for (const width of [1000, 700, 420, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(() => new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame))));
    }
    assert.deepEqual(await page.evaluate(() => globalThis.reported), [], lab);
  }
});

// "C" is what WebKitGTK reports on a machine without a language; others may report nothing.
for (const language of ["C", undefined]) {
  test(`a browser whose language is ${JSON.stringify(language)} trains, draws and counts`, async (context) => {
    const browser = await openBrowser(context);
    await browser.context.addInitScript((language) => {
      Object.defineProperty(Navigator.prototype, "language", { get: () => language });
    }, language);
    const page = await browser.open({ ...SETTINGS, lab: "train" });
    assert.equal(await page.evaluate(() => navigator.language), language);
    await page.getByTestId("start").click();
    await status(page, "done");
    await page.locator('[data-testid="curves"] canvas').waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    const sample = await watchedPage(browser.context, browser.problems);
    await sample.goto(`${browser.site.address}embed.html#device=cpu&lab=tokens`);
    await sample.locator('[data-testid="strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
  });
}

test("the page says that there is no WebGPU and what to do, until the notice is dismissed", async (context) => {
  const browser = await openBrowser(context);
  await plantFaults(browser.context, "delete WorkerNavigator.prototype.gpu;");
  const page = await browser.open({ lab: "train", lang: "en" });
  const told = page.getByTestId("fallback");
  await told.filter({ hasText: "offers no WebGPU" }).filter({ hasText: "Chrome, Edge and Safari" }).waitFor();
  assert.equal(await told.count(), 1);
  await page.reload();
  await ready(page);
  await told.getByRole("button").click();
  await page.getByTestId("lab-sample").click();
  await page.reload();
  await ready(page);
  assert.equal(await told.count(), 0, "said once to who has read it");
});

test("a page without encryption says that WebGPU needs it", async (context) => {
  const browser = await openBrowser(context);
  const { port, pathname } = new URL(browser.site.address);
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto(`http://blog.test:${port}${pathname}#model=none&lang=en&lab=train`);
  await ready(page);
  await page.getByTestId("fallback").filter({ hasText: "https" }).waitFor();
});

test("the address holds only what differs, and brings it back", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ lab: "train", device: "cpu" });
  const steps = page.getByTestId("train-steps");
  const before = await steps.inputValue();
  await steps.fill("77");
  await steps.blur();
  await page.waitForFunction(() => location.hash.includes("train.steps=77"));
  await page.reload();
  await ready(page);
  assert.equal(await steps.inputValue(), "77");
  await steps.fill(before);
  await steps.blur();
  await page.waitForFunction(() => !location.hash.includes("train.steps"));
});

test("controls named by hide are hidden", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train", hide: "learningRate,share" });
  await page.getByTestId("train-steps").waitFor();
  assert.equal(await page.getByTestId("train-learningRate").count(), 0);
  assert.equal(await page.getByTestId("share").count(), 0);
  const inside = await browser.open({
    device: "cpu",
    lab: "inside",
    model: "tadpole-base",
    hide: "lab-train,lab-bench,text,view-block,view-map,save",
  });
  await inside.getByTestId("way").waitFor({ timeout: PATIENCE });
  for (const name of ["lab-train", "lab-bench", "inside-text", "view-block", "view-map", "save-figure"])
    assert.equal(await inside.getByTestId(name).count(), 0, name);
  for (const name of ["lab-sample", "view-lens"]) assert.equal(await inside.getByTestId(name).count(), 1, name);
});

test("wrong values in the address are defaults, not errors", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ lab: "nowhere", device: "abacus", "train.steps": "many", theme: "plaid", lang: "" });
  await page.getByRole("heading", { name: /^Raise a small GPT/, level: 2 }).waitFor();
});

test("Space plays and pauses and the full stop steps, on the transport alone", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lab: "train", "train.steps": "100000" });
  await page.getByTestId("start").waitFor();
  await page.keyboard.press(" ");
  assert.equal(await page.getByTestId("status").getAttribute("data-status"), "idle");
  await page.locator(".lab").focus();
  await page.keyboard.press(" ");
  assert.equal(await page.getByTestId("status").getAttribute("data-status"), "idle", "Space scrolls the page");
  await page.getByTestId("transport").focus();
  await page.keyboard.press(" ");
  await status(page, "running");
  await reached(page, 1);
  await page.keyboard.press(" ");
  const step = await rested(page);
  await page.keyboard.press(".");
  await reached(page, step + 1);
  assert.equal(await rested(page), step + 1);
  await page.keyboard.press("Escape");
  await status(page, "stopped");
});

test("without JavaScript the page explains itself in both languages", async (context) => {
  const { context: scripted, site } = await openBrowser(context);
  const plain = await scripted.browser()?.newContext({ javaScriptEnabled: false });
  assert.ok(plain);
  const page = await plain.newPage();
  await page.goto(site.address);
  await page.getByText("nothing you type or drop leaves this page").waitFor();
  await page.getByText("你输入或拖入的内容不会离开本页").waitFor();
  const source = await (await page.request.get(site.address)).text();
  assert.match(source, /<noscript>[\s\S]*The labs need JavaScript[\s\S]*实验室需要 JavaScript[\s\S]*<\/noscript>/);
});

test("the first Tab stop skips to the lab, and the address stays", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en" });
  const address = page.url();
  await page.keyboard.press("Tab");
  const skip = page.getByTestId("skip");
  assert.ok(await skip.evaluate((link) => link === document.activeElement));
  const { width, height } = await skip.boundingBox();
  assert.ok(width > 40 && height > 20, "it is seen where it has the focus");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN");
  assert.equal(page.url(), address);
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null));
});

test("a software adapter says that the CPU is faster, at any width", async (context) => {
  const browser = await openBrowser(context, { width: 360 });
  const page = await browser.open({ device: "webgpu", lang: "en" });
  const said = page.getByTestId("device-kind");
  await page.getByTestId("tools").filter({ hasText: "⚠" }).click();
  await page.getByTestId("device-about").filter({ hasText: "⚠" }).click();
  await said.filter({ hasText: "a software adapter: the CPU is faster" }).waitFor();
  assert.ok((await said.boundingBox()).height > 8);
  await page.getByTestId("device").selectOption("cpu");
  await said.filter({ hasNotText: "software" }).waitFor({ state: "attached" });
});
