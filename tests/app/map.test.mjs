// The embedding map: kinds of tokens by shape and colour, said beside it with their numbers; names that do not cover each other, more of them
// seen closer; the picked token marked by a shape of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./axe.mjs";
import { atRest, noSidewaysScroll, openBrowser, PATIENCE } from "./browser.mjs";
import { saved } from "./saved.mjs";
import { pageModule } from "./sources.mjs";

const { TOKEN_CLASSES, tokenClass } = await pageModule("components/token-class.ts");
const { placeLabels } = await pageModule("components/labels.ts");
const { zoomed, seen, WHOLE } = await pageModule("components/zoom.ts");
const { shapePath } = await pageModule("components/point-shapes.ts");
const bytes = (text) => new TextEncoder().encode(text);
/** “ red” in the tokenizer of tadpole-base. */
const RED = "956";

test("a token's class follows from its bytes", () => {
  const expected = {
    start: [" red", " don't", " é"],
    inside: ["ed", "A", "'s", "ß"],
    digit: ["7", " 12", "٣"],
    mark: [".", " (", "->", "，", "+", "。\n"],
    han: ["红", "因为它", " 中"],
    other: [" ", "\n", "a1", "<|endoftext|>", "か", " x.", ""],
  };
  for (const [name, texts] of Object.entries(expected)) for (const text of texts) assert.equal(tokenClass(bytes(text)), name, text);
  assert.equal(tokenClass([0xe7, 0x9a]), "bytes");
  assert.equal(new Set(TOKEN_CLASSES.map((_, at) => shapePath(at, 5))).size, TOKEN_CLASSES.length, "each has a shape of its own");
});

test("names never meet, keep within the picture, and the first come first", () => {
  // Forty points on a line, at distances less than a name's width.
  const names = Array.from({ length: 40 }, (_, index) => ({ index, x: 20 + 9 * index, y: 100, width: 50, height: 16 }));
  const labels = placeLabels(names, 400, 200);
  assert.ok(labels.length >= 12 && labels.length < 40, `${labels.length}`);
  assert.equal(labels[0].index, 0);
  for (const [at, one] of labels.entries()) {
    assert.ok(one.left >= 0 && one.top >= 0 && one.left + 50 <= 400 && one.top + 16 <= 200);
    for (const other of labels.slice(at + 1)) assert.ok(Math.abs(one.left - other.left) >= 50 || Math.abs(one.top - other.top) >= 16);
  }
  assert.equal(placeLabels(names, 400, 200, [], 3).length, 3);
});

test("seen closer, the place under the pointer stays, and nothing beyond the edge is seen", () => {
  const closer = zoomed(WHOLE, 4, 0.3, 0.6);
  assert.ok(Math.abs(seen(0.3, closer.x, closer.times) - 0.3) < 1e-9 && Math.abs(seen(0.6, closer.y, closer.times) - 0.6) < 1e-9);
  const corner = zoomed(WHOLE, 4, 0, 0);
  assert.equal(seen(0, corner.x, corner.times), 0);
  assert.deepEqual(zoomed(closer, 1e-9), WHOLE);
  assert.equal(zoomed(WHOLE, 1e9).times, 16);
});

/** No two names on the map meet; returns how many there are. */
async function apart(page) {
  const boxes = await page.locator(".scatter-tag").evaluateAll((tags) => tags.map((tag) => tag.getBoundingClientRect().toJSON()));
  const frame = await page.getByTestId("scatter").evaluate((element) => element.getBoundingClientRect().toJSON());
  for (const [at, one] of boxes.entries()) {
    assert.ok(one.left >= frame.left && one.right <= frame.right && one.top >= frame.top && one.bottom <= frame.bottom, "within the map");
    for (const other of boxes.slice(at + 1))
      assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top, "names meet");
  }
  return boxes.length;
}

for (const [lang, width] of [
  ["en", 1280],
  ["zh", 360],
])
  test(`the map says its classes, and marks the picked token: ${lang}, ${width} px`, async (context) => {
    const browser = await openBrowser(context, { width, height: 740 });
    const settings = { device: "cpu", lang, lab: "inside", "inside.view": "map", "inside.near": RED, model: "tadpole-base" };
    const page = await browser.open(settings);
    await page.getByTestId("near").waitFor({ timeout: PATIENCE });
    await atRest(page.getByTestId("scatter"));
    const points = await page.locator("tp-scatter-map").evaluate((map) => map.points.length / 2);
    const classes = await page.locator('[data-testid="classes"] [data-class]').evaluateAll((items) =>
      items.map((item) => ({
        count: Number(item.dataset.count),
        words: item.textContent,
        path: item.querySelector("path").getAttribute("d"),
      })),
    );
    assert.equal(
      classes.reduce((sum, { count }) => sum + count, 0),
      points,
      "every token is of one class",
    );
    assert.ok(classes.length >= 5 && classes.every(({ count, words }) => count > 0 && words.includes(`· ${count}`)));
    assert.equal(new Set(classes.map(({ path }) => path)).size, classes.length);
    // The map's own classes are those of the tokens' bytes.
    const { drawn, texts } = await page.locator("tp-scatter-map").evaluate((map) => {
      const all = Array.from({ length: map.points.length / 2 }, (_, index) => index);
      return { drawn: all.map((index) => map.group(index)), texts: all.map((index) => map.name(index)) };
    });
    const red = texts.indexOf("·red");
    assert.equal(TOKEN_CLASSES[drawn[red]], "start");
    assert.equal(TOKEN_CLASSES[drawn[texts.indexOf("红色")]], "han");
    assert.equal(TOKEN_CLASSES[drawn[texts.indexOf("7")]], "digit");

    const mark = page.locator(".scatter-rings .picked");
    assert.equal(Number(await mark.getAttribute("data-index")), red);
    const [picked, ring] = [await mark.getAttribute("d"), await page.locator(".scatter-rings .ring").first().getAttribute("d")];
    assert.notEqual(picked, ring, "a shape of its own");
    assert.equal(await page.locator(".scatter-tag.picked").textContent(), "·red");
    const before = await apart(page);
    assert.ok(before >= 3, `${before} names`);

    // Seen closer, tokens around have names too.
    const zoom = page.locator(".scatter-zoom button");
    await zoom.nth(0).click();
    await zoom.nth(0).click();
    await page.waitForFunction((few) => document.querySelectorAll(".scatter-tag").length > few, before);
    await apart(page);
    assert.ok(await page.locator(".scatter-tag.picked").isVisible(), "the picked token stays in sight");
    // By keyboard: the point that is gone to comes into sight.
    await page.getByTestId("scatter").focus();
    await page.keyboard.press("+");
    for (let times = 0; times < 5; times += 1) await page.keyboard.press("ArrowRight");
    await page.locator(".scatter-tag.current").waitFor();
    await apart(page);
    await page.keyboard.press("Enter");
    await page.waitForFunction((old) => document.querySelector(".scatter-rings .picked")?.dataset.index !== old, String(red));
    // A drag moves the map and picks nothing.
    const { x, y, width: side } = await page.getByTestId("scatter").boundingBox();
    const chosen = await mark.getAttribute("data-index");
    const moved = await page.locator("tp-scatter-map").evaluate((map) => map.zoom.x);
    await page.mouse.move(x + side / 2, y + side / 2);
    await page.mouse.down();
    await page.mouse.move(x + side / 2 - 60, y + side / 2, { steps: 3 });
    await page.mouse.up();
    assert.notEqual(await page.locator("tp-scatter-map").evaluate((map) => map.zoom.x), moved);
    assert.equal(await mark.getAttribute("data-index"), chosen);
    await zoom.nth(2).click();
    assert.equal(await page.locator("tp-scatter-map").evaluate((map) => map.zoom.times), 1);
    assert.deepEqual(await violations(page), []);
    await noSidewaysScroll(page);

    // The file says the same.
    const { svg } = await saved(page.locator(".inside-map"), ["svg"]);
    for (const { words } of classes) assert.ok(svg.text.includes(`>${words.trim()}<`), words);
  });
