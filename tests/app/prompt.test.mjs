// The Prompt lab: the same questions in several ways, asked and graded with the current model; prompts that the person edits; files in and
// out; the curve and the gain. And the made world as a corpus.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, PATIENCE, status, TINY } from "./browser.mjs";
import { openCore } from "./core.mjs";
import { answered, figures, openRaised, outputs, verdicts } from "./prompt.mjs";
import { pageModule } from "./sources.mjs";

const WORLD = { ...TINY, device: "cpu", lang: "en", lab: "train", corpus: "world", "mix.only": "frame", "world.mib": "0.05" };

async function train(page) {
  await page.getByTestId("start").click();
  await status(page, "done");
}

/** Wilson (1927), in another form than the page's: the roots of (p - s)^2 = z^2 p (1 - p) / n. */
function wilson(correct, n, z = 1.959964) {
  const share = correct / n;
  const [a, b, c] = [1 + (z * z) / n, -(2 * share + (z * z) / n), share * share];
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}

const close = (one, other, by = 1e-6) => assert.ok(Math.abs(one - other) < by, `${one}, ${other}`);

// ---------- without a browser ----------

test("intervals match published ones", async () => {
  const { share, gain } = await pageModule("labs/prompt/stats.ts");
  // Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
  close(share(81, 263).low, 0.2553, 5e-5);
  close(share(81, 263).high, 0.3662, 5e-5);
  close(share(15, 148).low, 0.0624, 5e-5);
  for (let n = 1; n < 40; n += 3)
    for (let correct = 0; correct <= n; correct += 1) {
      const [low, high] = wilson(correct, n);
      close(share(correct, n).low, low);
      close(share(correct, n).high, high);
    }
  // Bentur et al. (2009), as in Fagerland, Lydersen and Laake (2014): before 1 + 1 of 21, after 1 + 7.
  const bentur = gain({ both: 1, onlyFirst: 1, onlySecond: 7, neither: 12 });
  close(bentur.gain, 6 / 21);
  close(bentur.low, 0.026, 6e-4);
  close(bentur.high, 0.507, 6e-4);
  // Nothing known, no difference, and the reverse order.
  assert.deepEqual(gain({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }), { n: 0, gain: 0, low: -1, high: 1 });
  for (const [both, onlyFirst, onlySecond, neither] of [
    [3, 9, 1, 7],
    [20, 0, 0, 0],
    [0, 0, 30, 0],
    [5, 5, 5, 5],
  ]) {
    const one = gain({ both, onlyFirst, onlySecond, neither });
    const other = gain({ both, onlyFirst: onlySecond, onlySecond: onlyFirst, neither });
    close(one.gain, -other.gain);
    close(one.low, -other.high);
    assert.ok(one.low <= one.gain && one.gain <= one.high && one.low >= -1 - 1e-9 && one.high <= 1 + 1e-9, JSON.stringify(one));
  }
});

// ---------- in the page ----------

test("a prompt assembled by the page equals the core's, for every task, language and style", async (context) => {
  const { takeApart, promptOf, TRIGGERS } = await pageModule("labs/prompt/prompts.ts");
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en" });
  const core = await openCore(page, "cpu");
  const tasks = ["labels", "dictionary", "frame", "item", "letters", "sum", "columns", "wordProblem"];
  for (const task of [...tasks, "facts", "people", "things", "passage", "noPassage"])
    for (const language of ["en", "zh"]) {
      const draw = async (style) => (await core.call("cases", { ask: { task, language, shots: 8, style }, count: 3, seed: 5 })).cases;
      const [direct, worked, triggered] = await Promise.all(["direct", "worked", "triggered"].map(draw));
      const set = takeApart(direct, worked);
      const made = (style, shots) => set.rows.map((row) => promptOf(set, row, { style, shots, template: "" }, TRIGGERS[language]));
      const prompts = (cases) => cases.map(({ prompt }) => prompt);
      assert.deepEqual(made("direct", 8), prompts(direct), `${task}, ${language}`);
      const isProblem = ["sum", "columns", "wordProblem"].includes(task);
      if (isProblem) assert.deepEqual(made("worked", 8), prompts(worked), task);
      if (isProblem) assert.deepEqual(made("triggered", 8), prompts(triggered), task);
      // Fewer examples are the first ones, before the same question.
      for (const [index, prompt] of made("direct", 2).entries()) assert.ok(direct[index].prompt.endsWith(prompt.split("\n").at(-1)));
    }
  await core.close();
});

test("the made world is a corpus; its questions are asked, changed and counted", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...WORLD, "ask.task": "frame", "ask.columns": "direct:2,nonsense:9", "ask.edits": '{"what": [null]}' });
  await page.getByTestId("lab-prompt").click();
  await page.getByText("There is no model yet").waitFor();
  await page.getByTestId("lab-train").click();
  assert.equal(await page.getByTestId("mix-only").inputValue(), "frame");
  await train(page);

  await page.getByTestId("lab-prompt").click();
  await answered(page);
  assert.equal(await page.locator('[data-testid^="score-"]').count(), 1, "what is no column is none");
  const right = (await verdicts(page, 0)).filter((verdict) => verdict === "right").length;
  const { n, correct, accuracy, low, high } = await figures(page, "score-0");
  const [least, most] = wilson(right, 12);
  assert.ok(n === 12 && correct === right && accuracy === right / 12);
  close(low, least);
  close(high, most);

  // An edited question is asked by itself, outlives a reload, and can be undone.
  await page.getByTestId("cell-3-0").click();
  await page.locator('[data-testid="row-tokens"][data-limit="16"]').waitFor();
  await page.getByTestId("change-row").click();
  const question = page.getByTestId("row-question");
  const own = await question.inputValue();
  await question.fill("zib mol");
  await page.getByTestId("row-answer").fill("never this");
  await answered(page);
  assert.equal(await page.getByTestId("cell-3-0").getAttribute("data-verdict"), "wrong");
  await page.waitForFunction(() => location.hash.includes("zib"));
  await page.reload();
  await page.getByTestId("change-row").click();
  assert.equal(await question.inputValue(), "zib mol");
  await page.getByTestId("row-restore").click();
  assert.equal(await question.inputValue(), own);

  // New questions differ.
  const before = await page.locator("td.asked").allTextContents();
  await page.getByTestId("ask-fresh").click();
  await page.waitForFunction((first) => document.querySelector("td.asked")?.textContent !== first, before[0]);
  await answered(page);
});

test("examples help, in the table and along the curve; an address shows the same again", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser);
  // It runs by itself: three ways, a dozen questions.
  await answered(page);
  const scores = await Promise.all([0, 1, 2].map((column) => figures(page, `score-${column}`)));
  assert.deepEqual(
    scores.map(({ n, shots }) => [n, shots]),
    [
      [12, 0],
      [12, 2],
      [12, 8],
    ],
  );
  assert.ok(scores[0].accuracy <= 0.2 && scores[2].accuracy >= 0.8 && scores[1].accuracy > scores[0].accuracy, JSON.stringify(scores));

  // The prompt of a cell has its two examples, and its tokens are the model's.
  await page.getByTestId("cell-4-1").click();
  const { n, limit } = await figures(page, "row-tokens");
  assert.equal(limit, 256);
  const chips = page.locator('[data-testid="strip-text"] .tok');
  assert.equal(await chips.count(), n);
  assert.equal((await chips.allTextContents()).join("").split("->").length, 4);

  // A column is added, changed and removed; the address follows.
  await page.getByTestId("add-column").click();
  await page.getByTestId("column-shots-number").fill("4");
  await page.getByTestId("column-shots-number").press("Enter");
  await answered(page);
  assert.equal((await figures(page, "score-3")).shots, 4);
  await page.getByTestId("column-close").click();
  await page.getByTestId("column-0").click();
  await page.getByTestId("column-remove").click();
  await page.waitForFunction(() => /ask.columns=direct:2,direct:8,direct:4(&|$)/.test(decodeURIComponent(location.hash)));
  assert.equal(await page.locator('[data-testid^="score-"]').count(), 3);
  const shown = await outputs(page);
  const { hash } = new URL(page.url());
  const other = await openBrowser(context);
  const again = await other.open(Object.fromEntries(new URLSearchParams(hash.slice(1))));
  await answered(again);
  assert.deepEqual(await outputs(again), shown);
  assert.equal(await again.getByTestId("detail").getAttribute("data-row"), "4");
  await again.close();

  await page.getByTestId("view-curve").check();
  await page.getByTestId("ask-run").click();
  await answered(page);
  const points = await Promise.all([0, 1, 2, 4, 8].map((shots) => figures(page, `point-${shots}`)));
  assert.ok(points.every((point) => point.n === 100 && point.low <= point.accuracy && point.accuracy <= point.high));
  const shares = points.map(({ accuracy }) => accuracy);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert.ok(shares[0] <= 0.1 && shares[4] >= 0.9, `${shares}`);
  assert.equal(await page.locator('[data-testid="curve-table"] tbody tr').count(), 5);
  await page.getByTestId("view-gain").check();
  await page.getByText("Only a problem can be answered in steps.").waitFor();
  await page.getByTestId("take-problem").click();
  await page.getByTestId("gain").waitFor();
});

test("steps gain: the bars, and the difference with its interval", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { "ask.task": "wordProblem", "ask.view": "gain", "ask.points": "60" });
  await page.getByTestId("ask-run").click();
  await answered(page);
  for (const [name, before, after] of [
    ["worked", "bar-direct-2", "bar-worked-2"],
    ["triggered", "bar-direct-0", "bar-triggered-0"],
  ]) {
    const [one, other, { gain, low, high, n }] = await Promise.all([before, after, `gain-${name}`].map((each) => figures(page, each)));
    assert.ok(one.n === 60 && other.n === 60 && n === 60);
    close(gain, other.accuracy - one.accuracy);
    assert.ok(other.accuracy >= 0.85 && low > 0.2 && low < gain && gain < high && high <= 1, `${name}: ${gain}, ${low}, ${high}`);
  }
});

test("while a model learns nothing is asked automatically, and answers belong to the step they were asked at", {
  timeout: 2 * PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...WORLD, "train.steps": "1000000", "ask.task": "frame", "ask.rows": "4" });
  await page.getByTestId("start").click();
  await page.getByTestId("lab-prompt").click();
  await page.locator('[data-testid="prompt-table"][data-rows="4"]').waitFor();
  await page.waitForTimeout(1500);
  assert.equal(await page.getByTestId("ask-status").getAttribute("data-missing"), "12");
  await page.getByTestId("ask-run").click();
  await answered(page);
  assert.match(await page.getByTestId("ask-status").textContent(), /by the model at step [\d,]+/);
  const first = await page.getByTestId("ask-status").textContent();
  await page.getByTestId("ask-run").click();
  await page.waitForFunction((before) => {
    const status = document.querySelector('[data-testid="ask-status"]');
    return status.dataset.asking === "false" && status.dataset.missing === "0" && status.textContent !== before;
  }, first);
});

test("on WebGPU the model answers as on the CPU", { timeout: 2 * PATIENCE }, async (context) => {
  const answers = [];
  for (const device of ["cpu", "webgpu"]) {
    const browser = await openBrowser(context);
    const page = await openRaised(browser, { device, "ask.rows": "3", "ask.columns": "direct:0,direct:4" });
    await answered(page);
    answers.push(await outputs(page));
  }
  assert.equal(answers[0].length, 6);
  assert.deepEqual(answers[1], answers[0]);
});

test("a world without documents is refused by name", { timeout: 120_000 }, async (context) => {
  const browser = await openBrowser(context);
  const nothing = ["stories", "facts", "arithmetic", "tasks", "passages", "chat"].map((kind) => [`mix.${kind}`, "0"]);
  const page = await browser.open({ ...WORLD, "mix.only": "null", ...Object.fromEntries(nothing) });
  await page.getByTestId("start").click();
  await page.getByText(/Sum of the weights: 0/).waitFor();
  await page.getByTestId("mix-facts-number").fill("2");
  await page.getByTestId("mix-facts-number").press("Enter");
  await train(page);
});

test("after three sentences each fruit has a third of the next token", { timeout: 300_000 }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ device: "cpu", lang: "en", lab: "train" });
  await page.getByTestId("recipe-fruit").click();
  await status(page, "done");
  await page.getByTestId("after-fruit").click();
  const bars = page.locator('[data-testid="bars"] li');
  await bars.nth(2).waitFor();
  const three = (await bars.allTextContents()).slice(0, 3);
  assert.deepEqual(three.map((text) => text.replace(/[^a-z]/g, "")).sort(), ["apple", "banana", "orange"]);
  for (const text of three) {
    const share = Number(/([\d.]+)%/.exec(text)[1]) / 100;
    assert.ok(Math.abs(share - 1 / 3) <= 0.02, text);
  }
});
