// What a person sends on: the Share dialog and its link, a model inside a link, projector mode, and paper.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { modelStep, noSidewaysScroll, openBrowser, PATIENCE, ready, status, TINY, watchedPage } from "./browser.mjs";
import { pageModule } from "./sources.mjs";

const SAMPLE = { model: "tadpole-nano@1000", lab: "sample", lang: "en", device: "cpu", theme: "dark", prompt: "One day" };

async function openSample(browser, settings = {}) {
  const page = await browser.open({ ...SAMPLE, ...settings });
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  return page;
}

/** The settings in the dialog's link. */
async function linked(page) {
  const link = await page.getByTestId("address").inputValue();
  return { link, settings: Object.fromEntries(new URLSearchParams(new URL(link).hash.slice(1))) };
}

const told = async (page, name) => (await page.getByTestId(`travels-${name}`).textContent()).trim();

async function trained(page) {
  await page.getByTestId("start").click();
  await status(page, "done");
}

test("the dialog says what the link carries and what stays, and the link opens the same elsewhere", async (context) => {
  const browser = await openBrowser(context);
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await openSample(browser, { "sampling.temperature": "1.3", "sampling.seed": "7" });
  await page.getByTestId("share").click();
  await page.locator('[data-testid="share-copy"]:focus').waitFor();
  assert.equal(await told(page, "lab"), "Sample");
  assert.equal(await told(page, "model"), "tadpole-nano, step 1,000");
  assert.equal(await told(page, "text"), "One day");
  assert.equal(await told(page, "settings"), "Temperature 1.3");
  assert.equal(await told(page, "seed"), "7");
  assert.equal(await told(page, "language"), "English");
  assert.match(await page.getByTestId("personal").textContent(), /Theme and device/);
  assert.equal(await page.getByTestId("own-model").count(), 0);
  const { link, settings } = await linked(page);
  assert.deepEqual(settings, {
    model: "tadpole-nano@1000",
    lab: "sample",
    lang: "en",
    prompt: "One day",
    "sampling.temperature": "1.3",
    "sampling.seed": "7",
  });
  await page.getByTestId("share-copy").click();
  await page.getByTestId("copied").filter({ hasText: "Link copied." }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  const bars = await page.getByTestId("bars").textContent();
  const other = await watchedPage((await openBrowser(context)).context, browser.problems);
  await other.goto(link);
  await other.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  assert.equal(await other.getByTestId("bars").textContent(), bars);
  assert.equal(await other.getByTestId("seed").inputValue(), "7");
});

test("what is ticked is hidden for whoever opens the link; the preview follows", async (context) => {
  const browser = await openBrowser(context);
  const page = await openSample(browser);
  await page.getByTestId("share").click();
  await page.getByTestId("share-hide").click();
  for (const name of ["temperature", "tree", "device", "lab-train"]) await page.getByTestId(`hide-${name}`).check();
  await page.getByTestId("hide-tree").uncheck();
  assert.equal((await linked(page)).settings.hide, "temperature,device,lab-train");
  assert.equal(await told(page, "hidden"), "Temperature, Device, Link to Train");
  assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("hide"), null, "only for the link");
  const { link } = await linked(page);
  const other = await watchedPage(browser.context, browser.problems);
  await other.goto(link);
  await other.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  assert.equal(await other.getByTestId("temperature-slider").count(), 0);
  assert.equal(await other.getByTestId("lab-train").count(), 0);
  assert.equal(await other.getByTestId("device").count(), 0);
  assert.equal(await other.getByTestId("tree").count(), 1);
});

test("every control that the address may hide is in the dialog", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ lab: "tokens", device: "cpu", lang: "en" });
  const doc = await readFile(new URL("../../docs/ADDRESS.md", import.meta.url), "utf8");
  for (const lab of ["tokens", "train", "inside", "sample", "prompt"]) {
    const title = `${lab[0].toUpperCase()}${lab.slice(1)}`;
    const [, row] = doc.match(new RegExp(`^\\| ${title} \\| (.*) \\|$`, "m"));
    const names = [...row.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    await page.getByTestId(`lab-${lab}`).click();
    await page.locator(`tp-${lab}-lab`).waitFor();
    await page.getByTestId("share").click();
    await page.getByTestId("share-hide").click();
    for (const name of names) assert.equal(await page.getByTestId(`hide-${name}`).count(), 1, `${lab}: ${name}`);
    await page.getByTestId("close").click();
  }
});

for (const [colorScheme, lang] of [
  ["light", "zh"],
  ["dark", "en"],
]) {
  test(`the dialog fits a phone and has no accessibility problems, ${colorScheme}, ${lang}`, async (context) => {
    const browser = await openBrowser(context, { width: 360, height: 740, colorScheme });
    const page = await browser.open({ ...TINY, lab: "train", lang, device: "cpu" });
    await trained(page);
    await page.getByTestId("tools").click();
    await page.getByTestId("share").click();
    await page.getByTestId("share-in-link").waitFor();
    await page.getByTestId("share-hide").click();
    assert.deepEqual(await violations(page), []);
    await noSidewaysScroll(page);
    const wide = await page.locator("dialog").evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    assert.equal(wide, 0);
  });
}

test("a model trained here goes along as a file, or inside the link, and answers the same there", {
  timeout: 3 * PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, lab: "train", lang: "en", device: "cpu", prompt: "Ann" });
  await trained(page);
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  const names = await page.locator('[data-testid="bars"] .tok').allTextContents();
  await page.getByTestId("share").click();
  assert.match(await page.getByTestId("own-model").textContent(), /only in this browser/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("share-file").click()]);
  assert.equal(download.suggestedFilename(), "first-names-40.tadpole");
  await page.getByTestId("share-in-link").check();
  assert.equal(await page.getByTestId("own-model").count(), 0);
  assert.match(await told(page, "model"), /First names, step 40: the weights/);
  const { link, settings } = await linked(page);
  const bytes = Buffer.from(settings.m, "base64url").length;
  assert.ok(bytes > 5_000 && bytes <= 30 * 1024, `${bytes} bytes`);
  context.diagnostic(`a model of 6,830 parameters takes ${bytes} bytes in a link`);
  assert.match(await page.getByTestId("share-fits").textContent(), /16 bits/);

  const { context: fresh, problems } = await openBrowser(context);
  const other = await watchedPage(fresh, problems);
  await other.goto(link);
  assert.match(await other.getByTestId("link-model").textContent(), /^First names: 6\.83K parameters, step 40, 16 bits a number\.$/);
  await other.getByTestId("open-link").click();
  await other.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  assert.equal(await modelStep(other), 40);
  assert.match(await other.getByTestId("checkpoint").textContent(), /First names/);
  assert.deepEqual(await other.locator('[data-testid="bars"] .tok').allTextContents(), names);
  assert.doesNotMatch(other.url(), /[#&]m=/, "it is in the address no longer");
  await other.reload();
  await ready(other);
  assert.equal(await other.getByRole("dialog").count(), 0);
  assert.equal(await modelStep(other), 40, "the browser keeps it as it keeps a file's");
});

test("whoever declines a link's model goes on with what the page has", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, lab: "train", lang: "en", device: "cpu" });
  await trained(page);
  await page.getByTestId("share").click();
  await page.getByTestId("share-in-link").check();
  const { link } = await linked(page);
  const { context: fresh, problems } = await openBrowser(context);
  const other = await watchedPage(fresh, problems);
  await other.goto(link);
  await other.getByTestId("leave-link").click();
  await other.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
});

test("a link with a damaged model, too large a one, or none of ours is refused by name", { timeout: 3 * PATIENCE }, async (context) => {
  const { pack, asText } = await pageModule("share/packed.ts");
  const browser = await openBrowser(context);
  const own = await browser.open({ ...TINY, lab: "train", lang: "en", device: "cpu" });
  await trained(own);
  await own.getByTestId("share").click();
  await own.getByTestId("share-in-link").check();
  const { m } = (await linked(own)).settings;
  await own.close();
  const fileWith = (dtype, shape, bytes) => {
    const header = Buffer.from(JSON.stringify({ __metadata__: { format: "other" }, a: { dtype, shape, data_offsets: [0, bytes] } }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return new Uint8Array(Buffer.concat([length, header, Buffer.alloc(bytes)]));
  };
  const foreign = fileWith("F16", [2], 4);
  const bomb = fileWith("U8", [9_000_000], 9_000_000);
  const cases = [
    [m.slice(0, -400), /damaged/],
    [`${m.slice(0, 3000)}AAAA${m.slice(3004)}`, /damaged/],
    ["%00%%%", /damaged/],
    ["A".repeat(60_000), /larger than a link/],
    [asText(await pack(bomb, 16, "")), /larger than a link/],
  ];
  for (const [text, words] of cases) {
    const page = await watchedPage(browser.context, browser.problems);
    await page.goto(`${browser.site.address}#lang=en&device=cpu&lab=sample&model=none&m=${encodeURIComponent(text)}`);
    await page.getByRole("alert").filter({ hasText: words }).waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.close();
  }
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto(`${browser.site.address}#lang=en&device=cpu&lab=sample&model=none&m=${asText(await pack(foreign, 16, "<b>x</b>"))}`);
  assert.match(await page.getByTestId("link-model").textContent(), /^<b>x<\/b>: 2 parameters/);
  await page.getByTestId("open-link").click();
  await page.getByRole("alert").filter({ hasText: "no Tadpole checkpoint" }).waitFor({ timeout: PATIENCE });
});

test("eight bits a number keep a model's weights within half a step of its rows' scale", async () => {
  const { pack, unpack, asText, halfToNumber, headerOf } = await pageModule("share/packed.ts");
  const shape = [7, 33];
  const halves = Uint16Array.from({ length: 7 * 33 }, (_, at) => ((at * 7919) % 0x3c00) | (at % 2 ? 0x8000 : 0));
  const header = Buffer.from(JSON.stringify({ w: { dtype: "F16", shape, data_offsets: [0, 2 * halves.length] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = new Uint8Array(Buffer.concat([length, header, Buffer.from(halves.buffer)]));
  const { file: back, bits } = await unpack(asText(await pack(file, 8, "")));
  assert.equal(bits, 8);
  const { w } = headerOf(back).tensors;
  assert.deepEqual([w.dtype, w.shape], ["F32", shape]);
  const start = back.length - 4 * halves.length;
  const values = new Float32Array(back.slice(start).buffer);
  for (let row = 0; row < 7; row += 1) {
    const asked = Array.from(halves.subarray(row * 33, row * 33 + 33), halfToNumber);
    const most = Math.max(...asked.map(Math.abs));
    for (const [at, value] of asked.entries()) assert.ok(Math.abs(values[row * 33 + at] - value) <= most / 127 / 2 + 1e-6);
  }
  const same = await unpack(asText(await pack(file, 16, "")));
  assert.deepEqual(same.file.slice(-2 * halves.length), file.slice(-2 * halves.length), "sixteen bits are kept");
});

test("a model that does not fit in a link says by how much, and a larger one goes in 8 bits", {
  timeout: 3 * PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const shape = (width) => ({
    "model.dModel": String(width),
    "model.dFf": String(4 * width),
    "train.steps": "5",
    "tokenizer.kind": "char",
  });
  for (const [width, layers, words] of [
    [28, 2, /It fits: .* 8 bits a number/],
    [64, 2, /It does not fit: .* KiB packed, and a link carries 30 KiB\. About [\d.]+K parameters fit/],
  ]) {
    const page = await browser.open({ ...TINY, ...shape(width), "model.nLayer": String(layers), lab: "train", lang: "en", device: "cpu" });
    await trained(page);
    await page.getByTestId("share").click();
    const said = page.getByTestId("share-fits").filter({ hasText: words });
    await said.waitFor();
    context.diagnostic(await said.textContent());
    if (width === 28) {
      await page.getByTestId("share-in-link").check();
      const { link } = await linked(page);
      const other = await watchedPage((await openBrowser(context)).context, browser.problems);
      await other.goto(link);
      await other.getByTestId("open-link").click();
      await other.getByTestId("checkpoint").filter({ hasText: "First names" }).waitFor({ timeout: PATIENCE });
    }
    await page.close();
  }
});

test("projector mode has large type and few controls, works with a lesson, and Esc or its button leaves it", async (context) => {
  const browser = await openBrowser(context, { width: 1280, height: 720 });
  const page = await openSample(browser, { lesson: "capital" });
  const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.querySelector("main")).fontSize));
  const before = await size();
  await page.getByTestId("share").click();
  await page.getByTestId("projector-start").click();
  await page.locator("html[data-projector]").waitFor();
  assert.ok(Math.abs((await size()) / before - 1.4) < 0.01, `${await size()} after ${before}`);
  await page.waitForURL(/projector=1/);
  await page.getByTestId("guide").waitFor();
  for (const name of ["device", "file-menu", "embed"]) assert.equal(await page.getByTestId(name).first().isVisible(), false, name);
  assert.ok(await page.getByTestId("temperature-slider").isVisible());
  await noSidewaysScroll(page);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.locator("html:not([data-projector])").waitFor();
  assert.equal(await size(), before);
  assert.ok(await page.getByTestId("device").isVisible());
  const other = await openSample(browser, { projector: "1", lang: "zh" });
  await other.getByTestId("projector-leave").filter({ hasText: "退出投影模式" }).click();
  await other.locator("html:not([data-projector])").waitFor();
  await other.waitForURL((url) => !url.hash.includes("projector"));
});

test("paper has the figure, its caption and the guide, black on white from the dark theme, and no controls", async (context) => {
  const browser = await openBrowser(context, { colorScheme: "dark" });
  const page = await browser.open({
    model: "tadpole-nano",
    lab: "inside",
    "inside.view": "attention",
    lang: "en",
    device: "cpu",
    lesson: "attention",
  });
  await page.getByTestId("inside-status").waitFor({ timeout: PATIENCE });
  await page.waitForFunction(() =>
    [...document.styleSheets].some((sheet) => [...sheet.cssRules].some((rule) => rule.cssText.includes("paper-caption"))),
  );
  const canvas = () =>
    page
      .locator(".inside-matrix canvas, [data-step] canvas")
      .first()
      .evaluate((element) => element.toDataURL());
  const onScreen = await canvas();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.locator(".paper-caption p").first().waitFor();
  const look = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return { paper: style.backgroundColor, ink: style.color, theme: document.documentElement.dataset.theme };
  });
  assert.deepEqual(look, { paper: "rgb(255, 255, 255)", ink: "rgb(0, 0, 0)", theme: "light" });
  await page.waitForFunction(
    (before) => document.querySelector(".inside-matrix canvas, [data-step] canvas").toDataURL() !== before,
    onScreen,
  );
  for (const name of ["share", "file-menu", "embed", "save-figure", "guide-on", "lab-train"])
    assert.equal(await page.getByTestId(name).first().isVisible(), false, name);
  assert.ok(await page.getByTestId("guide").isVisible());
  assert.match(await page.locator(".paper-caption").textContent(), /Model: tadpole-nano, 233K parameters .* step 16,000/);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll(".guide, .guide *, .strip")]
      .filter((each) => each.scrollHeight > each.clientHeight + 2 && getComputedStyle(each).overflowY !== "visible")
      .map(({ className }) => className),
  );
  assert.deepEqual(cut, []);
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  await page.locator('html[data-theme="dark"]').waitFor();
  assert.equal(await page.locator(".paper-caption").count(), 0);
  await page.waitForFunction(
    (before) => document.querySelector(".inside-matrix canvas, [data-step] canvas").toDataURL() === before,
    onScreen,
  );
  const pdf = await page.pdf({ format: "A4", printBackground: false });
  assert.ok(pdf.length > 20_000 && pdf.subarray(0, 4).toString() === "%PDF");
  assert.equal(await page.locator(".paper-caption").count(), 0, "as it was");
});
