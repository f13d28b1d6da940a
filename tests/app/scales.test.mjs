// The colours that carry a meaning: lightness falls or rises all along a scale, also for the colour-blind and in grey; words on it can be
// read; canvases, files and CSS show the same colours; every figure with such colours says what they mean.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { openBrowser, PATIENCE } from "./browser.mjs";
import { saved } from "./saved.mjs";
import { pageModule } from "./sources.mjs";

const { coloursOf, oklab, scaleOf, strengthOf } = await pageModule("components/scales.ts");
const { TOKEN_CLASSES } = await pageModule("components/token-class.ts");
const style = async (path) => (await readFile(new URL(`../../web/src/${path}`, import.meta.url), "utf8")).replace(/\/\*.*?\*\//gs, "");
const sheets = [await style("style/scales.css"), await style("components/scale.css")];

/** The custom properties of a theme, as a browser would find them. */
function readerOf(theme) {
  const found = new Map();
  for (const sheet of sheets)
    for (const [, selector, body] of sheet.matchAll(/(:root[^{]*)\{([^}]*)\}/g))
      if (theme === "dark" || !selector.includes("dark"))
        for (const [, name, value] of body.matchAll(/(--[\w-]+):([^;]+);/g)) found.set(name, value.trim());
  return (name) => found.get(name) ?? "";
}

const THEMES = ["light", "dark"];
const SEQUENTIAL = ["attention", "probability", "surprise"];
const STRENGTHS = Array.from({ length: 101 }, (_, at) => at / 100);

/** Machado, Oliveira & Fernandes (2009), severity 1: what linear light becomes. */
const BLIND = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (light) => 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
const within = (value) => Math.max(0, Math.min(1, value));
const seenBy = (matrix, colour) => matrix.map((row) => encoded(within(row.reduce((sum, each, at) => sum + each * linear(colour[at]), 0))));
const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
const contrast = (one, other) => {
  const [more, less] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (more + 0.05) / (less + 0.05);
};
const apart = (one, other) => {
  const [a, b] = [oklab(one), oklab(other)];
  return Math.hypot(...a.map((value, at) => value - b[at]));
};

for (const theme of THEMES) {
  const read = readerOf(theme);
  const away = theme === "light" ? -1 : 1;

  test(`lightness moves one way along every scale, and evenly: ${theme}`, () => {
    for (const name of [...SEQUENTIAL, "signed"])
      for (const sign of name === "signed" ? [1, -1] : [1]) {
        const { colour } = scaleOf(name, read);
        const lights = STRENGTHS.map((strength) => oklab(colour(sign * strength))[0]);
        const steps = lights.slice(1).map((light, at) => away * (light - lights[at]));
        assert.ok(
          steps.every((step) => step > -0.003),
          `${name} ${sign}: ${Math.min(...steps)}`,
        );
        // No step of a tenth is twice another.
        const tenths = Array.from({ length: 10 }, (_, at) => away * (lights[10 * at + 10] - lights[10 * at]));
        assert.ok(Math.max(...tenths) < 1.6 * Math.min(...tenths), `${name} ${sign}: ${tenths}`);
        assert.ok(away * (lights[100] - lights[0]) > 0.35, `${name} ${sign} spans ${lights[100] - lights[0]}`);
        // Printed in grey it is a scale still.
        const greys = STRENGTHS.map((strength) => away * luminance(colour(sign * strength)));
        assert.ok(
          greys.slice(1).every((grey, at) => grey > greys[at] - 0.002),
          `${name} ${sign} in grey`,
        );
      }
  });

  test(`the two signs differ for every eye, and their ends in grey: ${theme}`, () => {
    const { colour } = scaleOf("signed", read);
    for (const strength of [0.25, 0.5, 0.75, 1]) {
      const [more, less] = [colour(strength), colour(-strength)];
      for (const [name, matrix] of Object.entries(BLIND)) {
        const distance = apart(seenBy(matrix, more), seenBy(matrix, less));
        assert.ok(distance > 0.25 * strength, `${name} at ${strength}: ${distance}`);
      }
    }
    const [more, less] = [colour(1), colour(-1)].map((each) => oklab(each)[0]);
    assert.ok(Math.abs(more - less) > 0.15, `${more}, ${less}`);
  });

  test(`one meaning, one scale; no two alike: ${theme}`, () => {
    const ends = SEQUENTIAL.map((name) => scaleOf(name, read).colour(1));
    for (const [at, one] of ends.entries()) for (const other of ends.slice(at + 1)) assert.ok(apart(one, other) > 0.1, `${one}; ${other}`);
  });

  test(`words on a scale can be read at every strength: ${theme}`, () => {
    const colours = { "#000": [0, 0, 0], "#fff": [255, 255, 255] };
    for (const name of SEQUENTIAL) {
      const { colour, words } = scaleOf(name, read);
      for (const strength of STRENGTHS) {
        const ratio = contrast(colour(strength), colours[words(strength)]);
        assert.ok(ratio >= 4.5, `${name} at ${strength}: ${ratio}`);
      }
    }
  });

  test(`the classes of tokens differ for every eye, and from the paper: ${theme}`, () => {
    const points = coloursOf(read("--points"));
    assert.equal(points.length, TOKEN_CLASSES.length);
    const [paper] = coloursOf(read("--none"));
    for (const [at, one] of points.entries()) {
      assert.ok(contrast(one, paper) >= 3, `${one} on paper: ${contrast(one, paper)}`);
      for (const other of points.slice(at + 1))
        for (const matrix of Object.values(BLIND)) {
          const distance = apart(seenBy(matrix, one), seenBy(matrix, other));
          assert.ok(distance > 0.05, `${one}; ${other}: ${distance}`);
        }
    }
  });
}

/** A colour that CSS computed, as three numbers. */
const painted = (page, css) =>
  page.evaluate((colour) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3));
  }, css);
const near = (one, other) => [0, 1, 2].every((part) => Math.abs(one[part] - other[part]) <= 2);

for (const theme of THEMES) {
  test(`the matrix, the shaded text, the file and the legend have the same colours: ${theme}`, async (context) => {
    const browser = await openBrowser(context);
    const page = await browser.open({ device: "cpu", lang: "en", theme, lab: "inside", "inside.view": "attention", model: "tadpole-nano" });
    await page.getByTestId("grid").waitFor({ timeout: PATIENCE });
    await page.locator(".inside-matrix canvas").waitFor();
    const read = readerOf(theme);
    const { colour, words } = scaleOf("attention", read);
    const shades = await page.locator('[data-testid="strip-text"] .tok').evaluateAll((chips) =>
      chips.map((chip) => {
        const { backgroundColor, color } = getComputedStyle(chip);
        return { strength: Number(chip.style.getPropertyValue("--shade-of")), background: backgroundColor, ink: color };
      }),
    );
    const row = await page.locator(".inside-matrix canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, canvas.height - 1, canvas.width, 1);
      return Array.from({ length: canvas.width }, (_, at) => Array.from(data.slice(4 * at, 4 * at + 4)));
    });
    assert.equal(row.length, shades.length);
    for (const [at, { strength, background, ink }] of shades.entries()) {
      const wanted = colour(strength);
      assert.ok(near(row[at], wanted), `canvas ${row[at]}, ${wanted}`);
      assert.equal(row[at][3], 255);
      assert.ok(near(await painted(page, background), wanted), `css ${background}, ${wanted}`);
      assert.ok(near(await painted(page, ink), await painted(page, words(strength))), `words ${ink} at ${strength}`);
    }
    assert.ok(shades.some(({ strength }) => strength > 0.3));
    // A text short enough for rectangles.
    await page.getByTestId("inside-text").fill("The fox did not eat");
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="strip-text"] .tok').length < 20);
    const { svg, csv } = await saved(page.locator(".inside-matrix"), ["svg", "csv"]);
    const fills = new Set(Array.from(svg.text.matchAll(/fill="rgb\(([\d,]+)\)"/g), ([, fill]) => fill));
    const shares = csv.text
      .trim()
      .split(/\r\n/)
      .slice(1)
      .flatMap((line) =>
        line
          .split(/,(?=[\d.e-]+(?:,|$))/)
          .slice(1)
          .map(Number),
      );
    const drawn = shares.filter((share) => share > 0).map((share) => colour(strengthOf(share)).join());
    assert.ok(drawn.length > 10 && drawn.every((fill) => fills.has(fill)), `${drawn.find((fill) => !fills.has(fill))}`);
    const legend = await page.locator('[data-testid="scale"][data-of="attention"] canvas').evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, 1);
      return [Array.from(data.slice(0, 3)), Array.from(data.slice(-4, -1))];
    });
    assert.ok(near(legend[0], colour(0)) && near(legend[1], colour(1)), `${legend}`);
  });
}

/** Of several pictures, each with a largest number of its own. */
const SIGNED = /^Blue above zero, orange below.* − largest 0 \+ largest$/;

test("every figure with such colours has one legend, which says its ends", async (context) => {
  const browser = await openBrowser(context, { width: 360, height: 740 });
  const page = await browser.open({ device: "cpu", lang: "en", lab: "inside", model: "tadpole-base" });
  await page.getByTestId("way").waitFor({ timeout: PATIENCE });
  const legends = () => page.getByTestId("scale").evaluateAll((all) => all.map((each) => each.innerText.replace(/\s+/g, " ")));
  const expected = {
    model: ["How much a token reads 0% 100%", SIGNED],
    attention: ["How much a token reads 0% 100%"],
    block: ["How much a token reads 0% 100%", SIGNED],
    lens: ["Probability 0% 100%"],
    compare: ["Probability 0% 100%"],
    positions: [/− [\d.]+ 0 \+ [\d.]+$/, /− [\d.]+ 0 \+ [\d.]+$/, "Probability 0% 100%"],
  };
  for (const [view, wanted] of Object.entries(expected)) {
    await page.getByTestId(`view-${view}`).check();
    await page.locator(`[data-testid="scale"] >> nth=${wanted.length - 1}`).waitFor();
    const found = await legends();
    assert.equal(found.length, wanted.length, `${view}: ${found}`);
    for (const [at, words] of wanted.entries())
      assert.ok(words.test ? words.test(found[at]) : words === found[at], `${view}: ${found[at]}`);
    assert.deepEqual(await violations(page), [], view);
    const { width, inner } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth, inner: innerWidth }));
    assert.ok(width <= inner, `${view}: ${width}`);
  }

  await page.getByTestId("lab-sample").click();
  await page.getByTestId("bars-key").waitFor({ timeout: PATIENCE });
  assert.deepEqual(await page.locator(".bars-key span").allTextContents(), [" min_p", " raw"]);
  await page.getByTestId("stage-raw").check();
  assert.deepEqual(await page.locator(".bars-key span").allTextContents(), [" raw"]);
  await page.getByTestId("generate").click();
  await page.locator('[data-testid="finished"]:not(:empty)').waitFor({ timeout: PATIENCE });
  assert.deepEqual(await legends(), ["Surprise, in nats: how little the model expected the token 0 6 or more"]);
  assert.deepEqual(await violations(page), []);
});
