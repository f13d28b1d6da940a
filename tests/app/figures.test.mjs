// What every figure saves: standalone pictures, and the page's numbers in full.
import assert from "node:assert/strict";
import { test } from "node:test";
import { atRest, openBrowser, PATIENCE, QUICK_BENCH, status, TINY } from "./browser.mjs";
import { openStep } from "./inside.mjs";
import { assertPicture, csvRows, csvTable, saved } from "./saved.mjs";
import { pageModule } from "./sources.mjs";

const ALL = ["png", "svg", "csv", "json"];
const rounded = (value) => new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 }).format(value);
/** Values near 0 or 1 are not rounded to them. */
const percent = (value) => {
  const words = rounded(value);
  if (words === "0%" && value > 0) return "<0.1%";
  return words === "100%" && value < 1 ? ">99.9%" : words;
};
const fine = (value) => new Intl.NumberFormat("en", { maximumSignificantDigits: 4 }).format(value);

async function openInside(browser, view, settings = {}) {
  const page = await browser.open({ device: "cpu", lang: "en", lab: "inside", "inside.view": view, ...settings });
  await page.getByTestId("open-tadpole-nano").click();
  await page.getByTestId("inside-status").waitFor();
  return page;
}

/** The rows of the JSON, which must equal those of the CSV. */
function jsonRows({ csv, json }) {
  const { rows, title } = JSON.parse(json.text);
  assert.ok(title.length > 0);
  const [header, ...lines] = csvTable(csv.text);
  assert.deepEqual(Object.keys(rows[0]), header);
  assert.equal(rows.length, lines.length);
  const first = Object.values(rows[0]);
  for (const [at, value] of first.entries()) if (typeof value === "number") assert.equal(Number(lines[0][at]), value);
  return rows;
}

test("cells with commas, quotes or line breaks are quoted, and none is a spreadsheet formula", async () => {
  const { csv, json } = await pageModule("figures/files.ts");
  const cells = ["=1+1", "+x", "-x", "@x", 'a "b"', "a,b", "a\r\nb", " a", "plain"];
  const data = { columns: ["token", "value"], rows: () => cells.map((cell, at) => [cell, at === 0 ? -1.5e-9 : null]) };
  const text = await csv(data);
  const rows = csvRows(text.replaceAll("a\r\nb", "a;b"));
  assert.deepEqual(
    rows.map(([cell]) => cell),
    ["'=1+1", "'+x", "'-x", "'@x", 'a "b"', "a,b", "a;b", " a", "plain"],
  );
  assert.equal(rows[0][1], "-1.5e-9", "a number below zero is a number");
  assert.equal(rows[1][1], "");
  assert.deepEqual(JSON.parse(await json({ title: "T", file: ["x"] }, data)).rows[0], { token: "=1+1", value: -1.5e-9 });
});

test("attention is saved as a grid and as one head, with the page's numbers", async (context) => {
  const browser = await openBrowser(context);
  const page = await openInside(browser, "attention");
  const grid = await saved(page.getByTestId("grid"), ALL);
  const picture = await assertPicture(page, grid, /Attention/);
  assert.ok(picture.words.includes("Block 0, head 1"));
  assert.equal(grid.csv.name, "tadpole-inside-attention-all-step-16000.csv");
  const head = await saved(page.locator(".inside-matrix"), ALL);
  const { words } = await assertPicture(page, head, /^Block \d, head 0/);
  assert.ok(words.includes("token that reads") && words.includes("token that is read"));
  const rows = csvRows(head.csv.text);
  jsonRows(head);
  const shares = rows.map((row) => row.slice(1).map(Number));
  for (const row of shares) assert.ok(Math.abs(row.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
  const said = await page.getByTestId("inside-detail").textContent();
  assert.ok(said.endsWith(`: ${percent(Math.max(...shares.at(-1)))}.`), said);
  // The grid has the same numbers for this head.
  const block = Number(head.csv.name.match(/block-(\d)/)[1]);
  const same = csvRows(grid.csv.text).filter(([at, of]) => Number(at) === block && of === "0");
  assert.deepEqual(
    same.map((row) => row.slice(3)),
    rows.map((row) => row.slice(1)),
  );
  // A large matrix is an image inside the picture.
  await page.getByTestId("inside-text").fill("the fox ".repeat(40));
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="strip-text"] .tok').length > 33);
  assert.match((await saved(page.locator(".inside-matrix"), ["svg"])).svg.text, /<image [^>]*href="data:image\/png/);
});

test("a picture says where it comes from, unless its box is unticked, and is a paper's own: text, view box, title, description", async (context) => {
  const browser = await openBrowser(context);
  const text = "The <fox> & the log";
  const page = await browser.open({
    device: "cpu",
    lang: "en",
    lab: "sample",
    prompt: text,
    "sampling.temperature": "1.3",
    "sampling.seed": "9",
  });
  await page.getByTestId("open-tadpole-nano").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  const place = page.locator("figure.next");
  const files = await saved(place, ["png", "svg"]);
  const { words } = await assertPicture(page, files, /./);
  assert.ok(words.includes(`Text: “${text}”`), `${words}`);
  assert.ok(words.includes("Model: tadpole-nano, 233K parameters (4 × 4 heads, width 64), step 16,000"));
  assert.ok(
    words.some((line) => /Temperature 1\.3, top_k 40, top_p 0\.95, min_p 0\.05, Seed 9/.test(line)),
    `${words}`,
  );
  assert.ok(words.some((line) => line.startsWith("Sample · Tadpole · ")));
  const { text: svg } = files.svg;
  assert.match(svg, /^<svg [^>]*viewBox="0 0 \d+ \d+"[^>]*font-family="[^"]*sans-serif"/);
  assert.match(svg, /<desc>[^<]*tadpole-nano/);
  assert.doesNotMatch(svg, /<style|class=|<foreignObject/);
  await place.getByTestId("save-figure").click();
  await place.getByTestId("save-caption").uncheck();
  await place.getByTestId("save-figure").click();
  const bare = await saved(place, ["png", "svg"]);
  const without = await assertPicture(page, bare, /./);
  assert.ok(!without.words.some((line) => /tadpole-nano|Seed 9/.test(line)));
  assert.ok(without.size[1] < (await assertPicture(page, files, /./)).size[1]);
});

test("a block's steps, the lens, the map and the two texts save what they show", async (context) => {
  const browser = await openBrowser(context);
  const page = await openInside(browser, "block", { theme: "dark" });
  const step = await saved(await openStep(page, "weights"), ALL);
  await assertPicture(page, step, /weights/);
  assert.match(step.svg.text, /fill="#101615"/, "the dark page's paper");
  jsonRows(step);
  assert.match((await saved(await openStep(page, "hidden"), ["csv"])).csv.name, /hidden-step-16000\.csv$/);

  await page.getByTestId("view-lens").check();
  // Tokens that are part of a character are completed after the rest.
  await atRest(page.locator(".inside-lens"));
  const lens = await saved(page.locator(".inside-lens"), ALL);
  await assertPicture(page, lens, /What comes next/);
  assert.deepEqual(
    jsonRows(lens).map(({ probability }) => percent(probability)),
    await page.locator('[data-testid="lens"] .share').allTextContents(),
  );

  await page.getByTestId("view-map").check();
  await page.getByTestId("scatter").waitFor();
  await page.getByTestId("scatter").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByTestId("near").waitFor();
  const map = await saved(page.locator(".inside-map"), ALL);
  const { words } = await assertPicture(page, map, /Embeddings/);
  assert.ok(words.some((word) => /component 1, .*variance/.test(word)));
  assert.ok(jsonRows(map).length > 100);
  const near = await saved(page.getByTestId("near"), ALL);
  await assertPicture(page, near, /Nearest to/);
  assert.deepEqual(
    jsonRows(near).map(({ cosine }) => cosine.toFixed(3)),
    await page.locator('[data-testid="near"] td').allTextContents(),
  );

  await page.getByTestId("view-compare").check();
  await page.getByTestId("alike").waitFor();
  const alike = await saved(page.getByTestId("alike"), ALL);
  await assertPicture(page, alike, /Cosine of/);
  assert.deepEqual(
    jsonRows(alike).map(({ cosine }) => cosine.toFixed(3)),
    await page.locator('[data-testid^="cosine-"]').allTextContents(),
  );
  assert.deepEqual(
    jsonRows(alike).map((row) => percent(row["its probability"])),
    await page.locator('[data-testid="alike"] .became.first:nth-child(4) .share').allTextContents(),
  );

  await page.getByTestId("view-positions").check();
  await page.getByTestId("order").waitFor();
  const order = await saved(page.getByTestId("order"), ALL);
  await assertPicture(page, order, /Same words, other order/);
  const written = jsonRows(order).filter(({ order }) => order === "written");
  assert.ok(Math.abs(written.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-4, "the whole distribution");
  assert.deepEqual(
    written.slice(0, 5).map(({ probability }) => percent(probability)),
    (await page.locator('[data-testid="order"] .share').allTextContents()).slice(0, 5),
  );
});

test("the curves, the next token and the bench's table save what they show", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, ...QUICK_BENCH, device: "cpu", lang: "en", lab: "train", prompt: "Ann" });
  await page.getByTestId("start").click();
  await status(page, "done");
  const curves = await saved(page.getByTestId("curves"), ALL);
  const { words } = await assertPicture(page, curves, /loss/);
  const rows = jsonRows(curves);
  assert.equal(rows.at(-1).step, 40);
  assert.equal(fine(rows.at(-1).trainLoss), await page.getByTestId("stat-train-loss").textContent());
  assert.equal(fine(rows.findLast(({ valLoss }) => valLoss !== null).valLoss), await page.getByTestId("stat-val-loss").textContent());
  assert.ok(words.length > 8, "ticks, axes and a legend");
  assert.equal(curves.png.name, "tadpole-train-loss-step-40.png");

  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  const next = await saved(page.locator("figure.next"), ALL);
  await assertPicture(page, next, /./);
  const shown = (await page.locator('[data-testid="bars"] .share').allTextContents()).map((share) => (share === "–" ? "0%" : share));
  const stage = Object.keys(jsonRows(next)[0]).at(-1);
  assert.deepEqual(
    jsonRows(next).map((row) => percent(row[stage])),
    shown,
  );

  await page.getByTestId("lab-bench").click();
  await page.getByTestId("bench-run").click();
  await page.getByTestId("bench-decode-S").waitFor({ timeout: PATIENCE });
  const cells = await page.locator('[data-testid="bench-decode-S"] .number').allTextContents();
  const bench = await saved(page.locator("tp-bench-lab"), ["png", "svg"]);
  const table = await assertPicture(page, bench, /./);
  assert.ok(
    cells.every((cell) => table.words.includes(cell.trim())),
    cells.join(),
  );
});

test("the Prompt lab's curve and gain save every figure with its interval", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({
    device: "cpu",
    lang: "en",
    model: "tadpole-base",
    lab: "prompt",
    "ask.view": "curve",
    "ask.points": "12",
  });
  const done = () => page.locator('[data-testid="ask-status"][data-asking="false"][data-missing="0"]:not([data-answered="0"])').waitFor();
  await done();
  const curve = await saved(page.getByTestId("curve"), ALL);
  await assertPicture(page, curve, /right answers by examples/);
  const shown = await page
    .locator('[data-testid^="point-"]')
    .evaluateAll((points) => points.map(({ dataset }) => Number(dataset.accuracy)));
  assert.deepEqual(
    jsonRows(curve).map(({ accuracy }) => accuracy),
    shown,
  );
  await page.getByTestId("ask-task").selectOption("wordProblem");
  await page.getByTestId("view-gain").check();
  await page.getByTestId("ask-run").click();
  await done();
  const gain = await saved(page.getByTestId("gain"), ALL);
  await assertPicture(page, gain, /at once and in steps/);
  assert.ok(jsonRows(gain).every(({ low, accuracy, high }) => low <= accuracy && accuracy <= high));
});

test("the Tokens lab saves tokens by language for every chosen tokenizer", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "tokens", "tokens.compare": "gpt2" });
  await page.locator('[data-testid="language-zh"] td:nth-of-type(3) svg').waitFor({ timeout: 60_000 });
  const files = await saved(page.locator(".by-language"), ALL);
  await assertPicture(page, files, /language/i);
  const chinese = jsonRows(files).filter(({ language }) => language === "zh");
  assert.deepEqual(
    chinese.map(({ tokenizer }) => tokenizer),
    ["lab", "gpt2"],
  );
  const told = await page.locator('[data-testid="language-zh"] td').allTextContents();
  assert.ok(
    chinese.every(({ tokensPerCharacter }, at) => told[at + 1].includes(tokensPerCharacter.toFixed(2))),
    `${told}`,
  );
});
