// The Train lab shows either one model or a run that has not begun: settings, curve, samples, numbers and text; and a run comes back with
// its own settings and corpus.
import assert from "node:assert/strict";
import { test } from "node:test";
import { giveFile, openBrowser, PATIENCE, reached, status, subject, TINY, textFile } from "./browser.mjs";

const SETTINGS = { device: "cpu", lab: "train", ...TINY };
/** A run that does not end by itself during a test. */
const LONG = { ...SETTINGS, "train.steps": "100000", "train.evalInterval": "5", "train.sampleInterval": "5" };
const BARE = { device: "cpu", lab: "train", lang: "en" };
const FROGS = "the frog jumps over the log and the bog\n".repeat(300);

/** Sets a field of the form. */
async function set(page, name, value) {
  await page.getByTestId(name).fill(value);
  await page.getByTestId(name).blur();
}

/** The losses of the first steps, which depend on corpus and settings alone. */
async function firstLosses(page) {
  await page.locator("details.table > summary").first().click();
  await page.locator("details.table tbody tr").nth(5).waitFor();
  const cells = await page.locator("details.table tbody tr td:nth-of-type(1)").allTextContents();
  return cells.filter((cell) => cell !== "–").slice(-5);
}

test("a run comes back with its own settings, and starts over with its own corpus", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lang: "en", "train.learningRate": "0.004", "train.evalInterval": "0" });
  await giveFile(page, "corpus-file", textFile("frogs.txt", FROGS));
  await page.getByTestId("start").click();
  await status(page, "done");
  const losses = await firstLosses(page);
  await page.close();

  // An address without run settings.
  const other = await browser.open(BARE);
  await status(other, "done");
  await subject(other, "model");
  await other.locator("details.more > summary").click();
  const fields = {};
  for (const name of ["corpus", "train-steps", "train-learningRate", "model-dModel", "tokenizer-vocabSize", "train-evalInterval"])
    fields[name] = await other.getByTestId(name).inputValue();
  assert.deepEqual(fields, {
    corpus: "own",
    "train-steps": "40",
    "train-learningRate": "0.004",
    "model-dModel": "16",
    "tokenizer-vocabSize": "270",
    "train-evalInterval": "0",
  });
  assert.match(await other.getByTestId("corpus").locator("option:checked").textContent(), /frogs\.txt/);
  assert.match(other.url(), /corpus=own%3Afrogs\.txt/);
  await other.getByTestId("start-over").click();
  await status(other, "running");
  await status(other, "done");
  assert.deepEqual(await firstLosses(other), losses, "the same corpus, settings and seed");

  // Another learning rate makes another run, with the same corpus.
  await set(other, "train-learningRate", "0.001");
  await subject(other, "new");
  await other.getByTestId("start").click();
  await other.getByTestId("run-earlier").waitFor();
  await status(other, "done");
  assert.match(await other.getByTestId("corpus").locator("option:checked").textContent(), /frogs\.txt/);
});

test("the page asks for a file that the address names and it does not have, and learns nothing else instead", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, lang: "en", corpus: "own:frogs.txt" });
  await page.getByText("This run learns from “frogs.txt”, which is no longer here").waitFor();
  assert.equal(await page.getByTestId("start").getAttribute("aria-disabled"), "true");
  await giveFile(page, "corpus-file", textFile("frogs.txt", FROGS));
  await page.getByTestId("start").click();
  await status(page, "done");
  await page.getByTestId("checkpoint").filter({ hasText: "frogs.txt" }).waitFor();

  // The same name with another text makes another run.
  await giveFile(page, "corpus-file", textFile("frogs.txt", FROGS.replaceAll("frog", "toad")));
  await subject(page, "new");
  await page.getByTestId("start").click();
  await status(page, "running");
  await status(page, "done");
  await subject(page, "model");
});

test("the Train lab shows the named model's run, or what a run that has not begun will show", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...BARE, model: "tadpole-nano", "train.learningRate": "0.007", "train.evalInterval": "100" });
  await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
  await subject(page, "new");
  await page.getByTestId("to-come").filter({ hasText: "over 2,000 steps" }).filter({ hasText: "after every 100 steps" }).waitFor();
  await page.getByTestId("samples-to-come").waitFor();
  for (const name of ["no-optimizer", "sample-step-slider", "kept"]) assert.equal(await page.getByTestId(name).count(), 0, name);
  assert.equal(await page.locator('[data-testid="curves"] canvas').count(), 0);
  assert.equal(await page.getByTestId("stat-train-loss").textContent(), "–");

  // One click shows the current model, with its own settings; another restores the new run's.
  await page.getByTestId("show-model").click();
  await subject(page, "model");
  await page.locator('[data-testid="curves"] canvas').waitFor();
  await page.getByTestId("no-optimizer").waitFor();
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.003");
  assert.match(await page.getByTestId("curves").getAttribute("aria-label"), /^tadpole-nano: train\/loss, val\/loss over 16,000 steps$/);
  assert.equal(await page.getByTestId("evaluated-at").first().textContent(), "at step 15,000");

  // It follows the model as long as a model is shown.
  await page.getByTestId("file-menu").click();
  await page.getByTestId("open-shipped-tadpole-base").click();
  await page.getByTestId("subject").filter({ hasText: "tadpole-base" }).waitFor({ timeout: PATIENCE });
  await page
    .getByTestId("curves")
    .and(page.getByLabel(/^tadpole-base: /))
    .waitFor();
  await page.getByTestId("file-menu").click();
  await page.getByTestId("show-new").click();
  await subject(page, "new");
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.007");
});

test("a setting changed while a run trains belongs to a new run; the old one is one click away", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...LONG, lang: "en" });
  await page.getByTestId("start").click();
  await reached(page, 5);
  await set(page, "train-learningRate", "0.02");
  await subject(page, "new");
  await page.getByTestId("at-work").filter({ hasText: "First names is training: step" }).waitFor();
  assert.equal(await page.locator('[data-testid="curves"] canvas').count(), 0);
  await page.getByTestId("show-model").click();
  await status(page, "running");
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.001");
  await page.locator('[data-testid="curves"] canvas').waitFor();
  await page.getByTestId("show-new").click();
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.02");

  // Its start ends the working run, which stays kept as it is.
  await page.getByTestId("start").click();
  await subject(page, "model");
  await status(page, "running");
  await page.getByTestId("file-menu").click();
  await page.getByTestId("run").nth(1).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0, "nothing is lost, so nothing is asked");

  // An opened run brings its settings; those of the run that has not begun are set aside.
  await page.getByTestId("pause").click();
  await set(page, "train-learningRate", "0.5");
  await subject(page, "new");
  await page.locator('[data-testid="run"]:not([aria-current])').getByTestId("open-run").click();
  await status(page, "paused");
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.001");
  await page.getByTestId("show-new").click();
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.5");
});

test("a recipe sets the settings of a run that has not begun aside, and does not lose them", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...BARE, "train.learningRate": "0.007", corpus: "first-names" });
  await page.getByTestId("recipe-fruit").click();
  await reached(page, 5);
  await page.getByTestId("pause").click();
  assert.equal(await page.getByTestId("corpus").inputValue(), "fruit");
  await page.getByTestId("show-new").click();
  assert.equal(await page.getByTestId("corpus").inputValue(), "first-names");
  assert.equal(await page.getByTestId("train-learningRate").inputValue(), "0.007");
});

test("numbers belong to the run: parameters, steps of an evaluation, one step, the time of a step", async (context) => {
  const browser = await openBrowser(context);
  // Three lines have fewer byte pairs than the vocabulary has room for.
  const page = await browser.open({ ...SETTINGS, lang: "en", corpus: "fruit", "tokenizer.vocabSize": "1000", "train.evalInterval": "30" });
  await page.getByTestId("estimate").filter({ hasText: "if the vocabulary has 1,000 tokens" }).waitFor();
  await page.getByTestId("start").click();
  await status(page, "done");
  const words = page.getByTestId("estimate").filter({ hasText: / parameters with \d+ tokens/ });
  await words.waitFor();
  const [, parameters, tokens] = /^([\d,]+) parameters with (\d+) tokens/.exec((await words.textContent()).trim());
  assert.ok(Number(tokens) < 1000, tokens);
  // Embeddings and the head share their weights: each token is a row of 16, and the rest is what the smallest vocabulary leaves.
  const shown = await page.getByTestId("checkpoint").textContent();
  const short = Number(/([\d.]+)K parameters/.exec(shown)[1]) * 1000;
  assert.ok(Math.abs(short - Number(parameters.replace(",", ""))) < 6, `${parameters}, ${shown}`);
  assert.equal(await page.getByTestId("evaluated-at").first().textContent(), "at step 40");
  assert.match(await page.getByTestId("curves").getAttribute("aria-label"), /over 40 steps$/);
  await set(page, "train-steps", "1");
  await page
    .getByTestId("go-on")
    .filter({ hasText: /^\s*Train 1 more step\s*$/ })
    .waitFor();
});

test("runs on different made worlds are different runs, and the comparison says how", async (context) => {
  const browser = await openBrowser(context);
  const world = { corpus: "world", "world.mib": "0.05", "mix.only": "facts" };
  const page = await browser.open({ ...SETTINGS, lang: "en", ...world });
  await page.getByTestId("start").click();
  await status(page, "done");
  await set(page, "world-seed", "2");
  await subject(page, "new");
  await page.getByTestId("mix-only").selectOption("frame");
  await page.getByTestId("start").click();
  const earlier = page.getByTestId("run-earlier");
  await earlier.waitFor();
  await status(page, "done");
  await page.getByTestId("checkpoint").filter({ hasText: "The made world" }).waitFor();
  const words = (await earlier.locator("th").textContent()).trim();
  assert.match(words, /^Seed \(The made world\) 1 \(now 2\); Documents Facts \(now A word in a frame .+\)$/);
});
