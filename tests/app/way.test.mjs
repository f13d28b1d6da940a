// The drawn way through a model: it fits any width, depth and text; it says what the core computed; it plays, and leads into the labs and back by
// pointer and by keyboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { violations } from "./axe.mjs";
import { atRest, noSidewaysScroll, openBrowser, PATIENCE, status, TINY } from "./browser.mjs";
import { openStep } from "./inside.mjs";
import { pageModule } from "./sources.mjs";

const { placed, leastWidth, rowAt, NARROW, HEAD } = await pageModule("way/geometry.ts");
const { fitting } = await pageModule("way/fold.ts");

const STORY = "One day Lily went to the park. The fox did not eat the cabbage because it was too young. The";
const MATRIX = { rows: 1, columns: 1, values: [0] };

/** A picture like that of a model with so many blocks and heads. */
function pictureOf(blocks, heads) {
  const part = (id, more) => ({ id, label: id, title: id, frame: null, opens: true, kind: "matrix", matrix: MATRIX, ...more });
  const block = (at) => {
    const frame = `block ${at}`;
    const all = Array.from({ length: heads }, (_, head) => ({ id: `head-${at}-${head}`, title: "", matrix: MATRIX, isOpen: false }));
    return [
      part(`reads-${at}`, { frame, kind: "reads", heads: all, head: null }),
      part(`attention-${at}`, { frame, isAdded: true, isSpare: true }),
      part(`mlp-${at}`, { frame, isAdded: true, isSpare: true }),
      part(`residual-${at}`, { frame }),
    ];
  };
  return {
    tokens: [],
    parts: [
      part("tokens", { kind: "tokens" }),
      part("embedding"),
      ...Array.from({ length: blocks }, (_, at) => block(at)).flat(),
      part("next", { kind: "next", candidates: [] }),
    ],
    folded: (from, to) => ({ label: `${to - from + 1}`, title: `${from}-${to}` }),
    back: "",
  };
}

test("any model fits any width: parts do not overlap, the chosen block is whole, and what is folded is named", () => {
  const shape = fc.record({
    blocks: fc.integer({ min: 1, max: 48 }),
    heads: fc.integer({ min: 1, max: 32 }),
    width: fc.integer({ min: 290, max: 2600 }),
    chosen: fc.nat(),
  });
  fc.assert(
    fc.property(shape, ({ blocks, heads, width, chosen }) => {
      const around = `block ${chosen % blocks}`;
      const parts = fitting(pictureOf(blocks, heads), width, around);
      assert.ok(leastWidth(parts, width < NARROW) <= width, `${blocks} blocks in ${width} px`);
      const { parts: boxes, heads: squares } = placed(parts, 30, 29, { width, height: 480 }, 0);
      for (const [at, { left, width: own }] of boxes.entries()) {
        assert.ok(own >= 10 && left + own <= width + 0.01, `part ${at}`);
        if (at > 0) assert.ok(left >= boxes[at - 1].left + boxes[at - 1].width - 0.01);
      }
      assert.ok(squares.flat().every((square) => square.width >= 2 && square.top + square.height <= 480));
      const shown = new Set(parts.map(({ frame }) => frame));
      assert.ok(shown.has(around));
      const folded = parts.filter(({ kind }) => kind === "folded").reduce((sum, { label }) => sum + Number(label), 0);
      assert.equal(shown.size - 1 + folded, blocks, "each block is shown or counted");
    }),
  );
});

test("any text fits any height: the focus is readable, every token has its row, and a pointer finds it", () => {
  const { parts } = pictureOf(4, 4);
  const shape = fc.record({
    count: fc.integer({ min: 1, max: 128 }),
    focus: fc.nat(),
    from: fc.nat({ max: 127 }),
    height: fc.integer({ min: 300, max: 1200 }),
  });
  fc.assert(
    fc.property(shape, ({ count, focus: any, from, height }) => {
      const focus = any % count;
      const { rows } = placed(parts, count, focus, { width: 1200, height }, from);
      assert.equal(rows.edges[0], HEAD);
      assert.ok(focus >= rows.readable[0] && focus < rows.readable[1], `${focus} is outside ${rows.readable}`);
      for (let row = 0; row < count; row += 1) {
        const [top, bottom] = [rows.edges[row], rows.edges[row + 1]];
        assert.ok(bottom - top > 0.5, `row ${row} of ${count} is ${bottom - top} px high`);
        assert.equal(rowAt(rows, (top + bottom) / 2), row);
      }
      assert.ok(rows.edges[count] <= height, "the rows end inside the picture");
    }),
  );
});

const words = (page) => page.getByTestId("way-words").first().locator("li").allTextContents();

test("the first page plays how the live model wrote its text, and every part leads into its lab", {
  timeout: PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "lessons", model: "tadpole-nano" });
  const place = async () => Number((await page.getByTestId("walk-at").textContent()).match(/token (\d+) of/)[1]);
  await page.getByTestId("walk-play").filter({ hasText: "Pause" }).waitFor();
  const first = await place();
  await page.waitForFunction(
    (before) => !document.querySelector('[data-testid="walk-at"]').textContent.includes(`token ${before} of`),
    first,
  );
  await page.getByTestId("walk-play").click();
  await page.getByTestId("walk-play").filter({ hasText: "Play" }).waitFor();
  const rest = await place();
  await page.getByTestId("walk-step").click();
  assert.equal(await place(), rest + 1);
  await page.getByTestId("walk-back").click();
  assert.equal(await place(), rest);
  await page.getByTestId("walk-step").click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="way-words"] li').length === 10);
  const said = await words(page);
  assert.match(said[0], new RegExp(`the way of token ${rest + 1}, “.+”, is drawn`));
  // The last line has what came next in the text.
  assert.match(said.at(-1), /^What may come next: “.+” \d/);
  await page.getByTestId("door-head-2-1").click();
  await page.locator('[data-testid="lab-inside"][aria-current="page"]').waitFor();
  await page.getByText("Block 2, head 1", { exact: true }).waitFor();
});

test("who wants less motion sees the first token's whole way, and nothing plays", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.context.newPage();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${browser.site.address}#device=cpu&lang=en`);
  await page.getByTestId("walk-play").filter({ hasText: "Play" }).waitFor({ timeout: PATIENCE });
  const before = await page.getByTestId("walk-at").textContent();
  await page.waitForTimeout(3_000);
  assert.equal(await page.getByTestId("walk-at").textContent(), before);
});

test("what the picture says is what the core computes: reads, the lens after each block, and the next token", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "inside", "inside.text": STORY });
  await page.getByTestId("open-tadpole-base").click();
  await page.getByTestId("way").waitFor({ timeout: PATIENCE });
  const said = await words(page);
  const next = said.at(-1).match(/“.*?” [<\d.]+%/g);
  await page.getByTestId("view-lens").check();
  const rows = page.locator('[data-testid="lens"] tbody tr');
  const lens = async (row) => {
    const [names, shares] = [await row.locator(".tok").allTextContents(), await row.locator(".share").allTextContents()];
    return names.map((name, at) => `“${name}” ${shares[at]}`);
  };
  assert.deepEqual(next, await lens(rows.last()));
  for (let block = 0; block < 4; block += 1) {
    const [best] = await lens(rows.nth(block + 1));
    const [, name, share] = best.match(/^(“.*”) (.*)$/);
    assert.ok(said.includes(`After block ${block} the model would say ${name} (${share}).`), best);
  }
  const [, from, share, head] = said.find((line) => line.startsWith("Block 3:")).match(/reads most from (“.*”), (.*) in head (\d)/);
  await page.getByTestId("view-attention").check();
  await page.getByTestId(`head-3-${head}`).click();
  await page
    .getByTestId("inside-detail")
    .filter({ hasText: `reads most from ${from}: ${share}` })
    .waitFor();

  // Under the pointer another token: the core is asked for it.
  await page.getByTestId("view-model").check();
  const picture = page.locator("tp-way");
  await atRest(picture);
  const box = await picture.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 120);
  await page.waitForFunction((last) => {
    const lines = [...document.querySelectorAll('[data-testid="way-words"] li')].map((line) => line.textContent);
    return lines.length === 10 && lines.at(-1) !== last;
  }, said.at(-1));
});

test("the way leads by keyboard from the model to a number and back, and the address holds where one is", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "inside", "inside.text": STORY });
  await page.getByTestId("open-tadpole-base").click();
  await page.getByTestId("way").waitFor({ timeout: PATIENCE });
  const focused = () => page.evaluate(() => document.activeElement?.dataset.door ?? "");
  await page.getByTestId("door-embedding").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "reads-0");
  for (let at = 0; at < 8; at += 1) await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "reads-1");
  const before = await words(page);
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction((old) => document.querySelector('[data-testid="way-words"] li').textContent !== old, before[0]);
  await page.keyboard.press("Enter");
  await page.getByTestId("steps").waitFor();
  assert.match(await page.getByTestId("trail").innerText(), /Model[\s›]*Block 1/);
  const figure = await openStep(page, "mlp");
  await page.waitForFunction(() =>
    ["inside.view=block", "inside.block=1", "inside.step=mlp"].every((each) => location.hash.includes(each)),
  );
  await page.reload();
  await figure.getByTestId("heat").waitFor({ timeout: PATIENCE });
  await figure.getByTestId("heat").click();
  await figure.getByTestId("sum").waitFor();
  await page.keyboard.press("Escape");
  await figure.getByTestId("sum").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await figure.waitFor({ state: "detached" });
  await page.getByTestId("door-head-1-2").click();
  await page.keyboard.press("Enter");
  await page.getByText("Block 1, head 2", { exact: true }).waitFor();
  await page.getByTestId("grid").locator("button").first().focus();
  await page.keyboard.press("Escape");
  await page.getByTestId("steps").waitFor();
  await page.getByTestId("trail-model").click();
  await page.getByTestId("way").waitFor();
});

for (const [lang, width] of [
  ["en", 1280],
  ["zh", 360],
]) {
  test(`axe finds nothing in the way, and nothing scrolls sideways: ${lang}, ${width} px`, async (context) => {
    const browser = await openBrowser(context, { width, height: 740 });
    const page = await browser.open({ device: "cpu", lang, lab: "lessons", model: "tadpole-nano" });
    await page.getByTestId("walk-at").waitFor({ timeout: PATIENCE });
    await page.getByTestId("walk-play").click();
    assert.deepEqual(await violations(page), [], "first page");
    await noSidewaysScroll(page);
    for (const view of ["model", "block"]) {
      await page.evaluate((view) => (location.hash = `${location.hash.slice(1)}&lab=inside&inside.view=${view}`), view);
      await page.locator("tp-way .way-door").first().waitFor({ state: "attached", timeout: PATIENCE });
      assert.deepEqual(await violations(page), [], view);
      await noSidewaysScroll(page);
    }
  });
}

test("while a model learns, the picture on the first page follows it", { timeout: PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, device: "cpu", lang: "en", lab: "train", "train.steps": "100000" });
  await page.getByTestId("start").click();
  await status(page, "running");
  await page.getByTestId("lab-lessons").click();
  await page.getByTestId("way-words").waitFor({ state: "attached", timeout: PATIENCE });
  const before = await words(page);
  await page.waitForFunction(
    (old) => [...document.querySelectorAll('[data-testid="way-words"] li')].map((line) => line.textContent).join() !== old,
    before.join(),
    { timeout: PATIENCE },
  );
});
