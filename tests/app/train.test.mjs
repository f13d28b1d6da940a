// The Train lab in a real browser on the CPU: a tiny run from start to end, through pauses, reloads, a torn write, and bad corpora.
import assert from "node:assert/strict";
import { test } from "node:test";
import { giveFile, modelStep, openBrowser, PATIENCE, pause, reached, ready, rested, status, subject, TINY, textFile } from "./browser.mjs";

const SETTINGS = { device: "cpu", lab: "train", ...TINY };
/** A run that does not end by itself during a test. */
const LONG = { ...SETTINGS, "train.steps": "100000", "train.evalInterval": "5", "train.sampleInterval": "5" };

/** Trains at least to this step, then pauses; returns the step at rest, which is on disk. */
async function trainTo(page, step) {
  await page.getByTestId("start").click();
  await reached(page, step);
  return pause(page);
}

test("a run goes from start to done, with numbers, curves and samples", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(SETTINGS);
  await page.getByTestId("estimate").waitFor();
  await page.getByTestId("start").click();
  await status(page, "done");
  assert.equal(await modelStep(page), 40);
  for (const name of ["train-loss", "val-loss", "perplexity", "bits", "grad-norm", "rate", "memory"]) {
    assert.match(await page.getByTestId(`stat-${name}`).textContent(), /\d/, name);
  }
  await page.locator('[data-testid="curves"] canvas').waitFor();
  assert.ok((await page.locator('[data-testid="samples"] blockquote').count()) > 0);
  await page.getByText("The numbers as a table").click();
  await page.locator('[data-testid="curves"] tbody tr').nth(39).waitFor();
  await page.getByTestId("go-on").click();
  await reached(page, 80);
  await status(page, "done");
});

test("a paused run survives a reload with its curves and goes on", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const step = await trainTo(page, 12);
  const samples = await page.getByTestId("samples").textContent();
  const loss = await page.getByTestId("stat-train-loss").textContent();
  await page.reload();
  await ready(page);
  await status(page, "paused");
  assert.equal(await modelStep(page), step);
  assert.equal(await page.getByTestId("stat-train-loss").textContent(), loss);
  assert.equal(await page.getByTestId("samples").textContent(), samples);
  await page.locator('[data-testid="curves"] canvas').waitFor();
  await page.getByTestId("step").click();
  await reached(page, step + 1);
  assert.equal(await rested(page), step + 1, "one step and no more");
  await page.getByTestId("play").click();
  await status(page, "running");
  await reached(page, step + 6);
});

test("a torn write falls back to the run before it", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const first = await trainTo(page, 5);
  await page.getByTestId("play").click();
  await reached(page, first + 4);
  const second = await pause(page);
  assert.ok(second > first);
  const before = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("tadpole");
    const names = await Array.fromAsync(folder.keys());
    const slots = await Promise.all(
      ["a", "b"].map(async (slot) => {
        const name = names.find((each) => each.startsWith("manifest-") && each.endsWith(`-${slot}`));
        const file = await (await folder.getFileHandle(name)).getFile();
        return { run: name.replace("manifest", "run"), ...JSON.parse(await file.text()) };
      }),
    );
    const [newest, older] = slots.sort((x, y) => y.generation - x.generation);
    const handle = await folder.getFileHandle(newest.run);
    const writer = await handle.createWritable({ keepExistingData: true });
    await writer.truncate(100);
    await writer.close();
    return older.step;
  });
  await page.goto("about:blank");
  await page.goBack();
  await ready(page);
  await status(page, "paused");
  assert.equal(await modelStep(page), before);
});

test("starting over keeps the previous run, which can be reopened and deleted", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...LONG, lang: "en" });
  const step = await trainTo(page, 3);
  await page.getByTestId("start-over").click();
  await status(page, "running");
  await reached(page, 2);
  const second = await pause(page);
  await page.getByTestId("file-menu").click();
  const runs = page.getByTestId("run");
  await runs.nth(1).waitFor();
  assert.deepEqual(await runs.evaluateAll((rows) => rows.map((row) => Number(row.dataset.step))), [second, step]);
  await runs.nth(1).getByTestId("open-run").click();
  await page
    .getByTestId("model-step")
    .filter({ hasText: `step ${step}` })
    .waitFor();
  await status(page, "paused");
  await page.reload();
  await ready(page);
  await status(page, "paused");
  assert.equal(await modelStep(page), step, "a reload comes back to the run that was open");
  await page.getByTestId("file-menu").click();
  await page.getByTestId("forget-run").click();
  await page.getByTestId("keep").click();
  await page.getByTestId("forget-run").click();
  await page.getByTestId("forget").click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="run"]').length === 1);
  const files = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("tadpole");
    return (await Array.fromAsync(folder.keys())).filter((name) => name.startsWith("run-"));
  });
  assert.equal(new Set(files.map((name) => name.split("-")[1])).size, 1, `${files}`);
});

test("the other labs answer while training runs", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  await page.getByTestId("start").click();
  await status(page, "running");
  await page.getByTestId("lab-tokens").click();
  await page.locator('[data-testid="strip-text"] .tok').first().waitFor({ timeout: PATIENCE });
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor({ timeout: PATIENCE });
  await page.getByTestId("lab-train").click();
  await status(page, "running");
});

test("a change of device while training replaces the worker, and the run goes on where it was", {
  timeout: 3 * PATIENCE,
}, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  await page.getByTestId("start").click();
  await reached(page, 5);
  const [old] = page.workers();
  const [ended, begun] = [old.waitForEvent("close", { timeout: PATIENCE }), page.waitForEvent("worker", { timeout: PATIENCE })];
  const before = await modelStep(page);
  await status(page, "running");
  await page.locator('select[data-testid="device"]').selectOption("auto");
  await ended;
  assert.notEqual(await begun, old);
  const step = await rested(page);
  assert.ok(step >= before, `step ${step} came back after step ${before}`);
  await page.locator('[data-testid="curves"] canvas').waitFor();
  await page.getByTestId("step").click();
  await reached(page, step + 1);
  assert.equal(await rested(page), step + 1);
});

test("bad corpora are refused with a message, and the run stays", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const step = await trainTo(page, 3);
  const notice = page.getByRole("alert");
  const dropped = [
    [textFile("empty.txt", ""), /empty/],
    [{ ...textFile("huge.txt", ""), buffer: Buffer.alloc(33 * 2 ** 20, 97) }, /huge\.txt/],
    [{ ...textFile("noise.txt", ""), buffer: Buffer.from([0x61, 1, 0xe9, 2, 0x63]) }, /offset 2\b/],
  ];
  for (const [file, words] of dropped) {
    await giveFile(page, "corpus-file", file);
    await notice.filter({ hasText: words }).waitFor();
    await notice.getByRole("button").click();
  }
  const started = [[textFile("one.txt", "x"), /./]];
  for (const [file, words] of started) {
    await giveFile(page, "corpus-file", file);
    await subject(page, "new");
    await page.getByTestId("start").click();
    await notice.filter({ hasText: words }).waitFor({ timeout: PATIENCE });
    await notice.getByRole("button").click();
    await page.getByTestId("show-model").click();
    await status(page, "paused");
    assert.equal(await modelStep(page), step);
  }
});

test("runs are compared by their settings, with the earlier one's curve behind", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, device: "cpu", lang: "en", lab: "train" });
  await page.getByTestId("start").click();
  await status(page, "done");
  const before = await page.getByTestId("stat-train-loss").textContent();
  assert.equal(await page.getByTestId("runs-compared").count(), 0, "one run is compared with nothing");
  await page.getByTestId("train-learningRate").fill("0.02");
  await page.getByTestId("train-learningRate").blur();
  await page.getByTestId("start").click();
  await page.getByTestId("run-earlier").waitFor();
  await status(page, "done");
  const earlier = page.getByTestId("run-earlier");
  assert.equal((await earlier.locator("th").textContent()).trim(), "Learning rate 0.001 (now 0.02)");
  assert.deepEqual((await earlier.locator("td").allTextContents()).slice(1, 3), ["40", before]);
  const legend = page.locator(".u-legend");
  await legend.filter({ hasText: "A train/loss" }).waitFor();

  // This tab knows it after a reload, with the same numbers.
  const cells = await earlier.locator("td").allTextContents();
  await page.reload();
  await ready(page);
  await earlier.waitFor();
  await page.getByTestId("stat-step").filter({ hasText: "40 / 40" }).waitFor();
  assert.equal((await earlier.locator("th").textContent()).trim(), "Learning rate 0.001 (now 0.02)");
  assert.deepEqual(await earlier.locator("td").allTextContents(), cells);
  await legend.filter({ hasText: "A train/loss" }).waitFor();
  await earlier.getByRole("checkbox").uncheck();
  await legend.filter({ hasNotText: "A train/loss" }).waitFor();
  await earlier.getByTestId("run-forget").click();
  await earlier.waitFor({ state: "detached" });
  await page.reload();
  await ready(page);
  await status(page, "done");
  assert.equal(await earlier.count(), 0, "forgotten for good");
});

test("the learning rate changes mid-run, marked on the curve, over a pause and a reload, and back to the schedule", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...LONG, lang: "en", curve: "learningRate" });
  const start = await trainTo(page, 3);
  const rate = page.getByTestId("stat-rate");
  const marks = page.getByTestId("rate-changes");
  assert.equal(await marks.count(), 0, "nothing was changed yet");
  await page.getByTestId("rate-now").fill("0.0123");
  await page.getByTestId("rate-now").press("Enter");
  await page.getByTestId("step").click();
  await rate.filter({ hasText: "0.0123" }).waitFor();
  assert.equal(await modelStep(page), start + 1, "no reset");
  const first = `from step ${start + 1} the learning rate is 0.0123`;
  await marks.filter({ hasText: first }).waitFor();
  await rested(page);

  // The last step's rate is kept with the run.
  await page.reload();
  await ready(page);
  await status(page, "paused");
  await marks.filter({ hasText: first }).waitFor();
  await page.getByTestId("step").click();
  await reached(page, start + 2);
  await rested(page);
  assert.match(await rate.textContent(), /0\.0123/);

  await page.getByTestId("rate-schedule").click();
  await page.getByTestId("step").click();
  await reached(page, start + 3);
  await rate.filter({ hasNotText: "0.0123" }).waitFor();
  await marks.filter({ hasText: `from step ${start + 3} the schedule again` }).waitFor();

  // A key press on the slider moves it by powers of ten.
  const slider = page.getByTestId("rate-slider");
  await slider.focus();
  await slider.press("End");
  assert.equal(await slider.getAttribute("aria-valuetext"), "1");
  await slider.press("ArrowLeft");
  const spoken = await slider.getAttribute("aria-valuetext");
  assert.ok(Math.abs(Number(spoken) - 10 ** -0.05) < 0.01, spoken);
  await page.getByTestId("step").click();
  await reached(page, start + 4);
  assert.ok(Math.abs(Number(await rate.textContent()) - Number(spoken)) < 1e-3);

  // A new run has no changes yet.
  await page.getByTestId("start-over").click();
  await status(page, "running");
  await reached(page, 2);
  await pause(page);
  assert.equal(await marks.count(), 0);
});

test("samples follow the newest step until scrubbed back, by keys too, and again in the next run", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...TINY, device: "cpu", lang: "en", lab: "train" });
  await page.getByTestId("start").click();
  await status(page, "done");
  const slider = page.getByTestId("sample-step-slider");
  const at = async () => Number(/step ([\d,]+)/.exec(await slider.getAttribute("aria-valuetext"))[1].replace(",", ""));
  assert.equal(await at(), 40);
  const newest = await page.getByTestId("samples").textContent();
  await slider.focus();
  await slider.press("Home");
  const first = await at();
  assert.ok(first < 40, `${first}`);
  assert.notEqual(await page.getByTestId("samples").textContent(), newest);
  await page.getByTestId("go-on").click();
  await reached(page, 80);
  await status(page, "done");
  assert.equal(await at(), first, "what was scrubbed to stays");
  await slider.press("End");
  assert.equal(await at(), 80);
  await slider.press("Home");
  await page.getByTestId("start-over").click();
  await page.getByTestId("stat-step").filter({ hasText: "40 / 40" }).waitFor();
  await status(page, "done");
  assert.equal(await at(), 40, "the next run is followed");
});
