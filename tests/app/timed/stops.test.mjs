// How soon a stop is heard: in training, whatever the worker is busy with, and while questions are asked. (The Bench lab's is in bench.test.mjs.)
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelStep, openBrowser, PATIENCE, reached, status, stopTakes, TINY } from "../browser.mjs";
import { hurt, plantFaults } from "../faults.mjs";
import { openRaised } from "../prompt.mjs";

/** A run that does not end by itself during a test. */
const LONG = { device: "cpu", lab: "train", ...TINY, "train.steps": "100000", "train.evalInterval": "5", "train.sampleInterval": "5" };

test("stop takes effect within 200 ms", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open(LONG);
  const took = [];
  // Three attempts, since other programs may slow the machine for a moment.
  for (const button of ["start", "start-over", "start-over"]) {
    await page.getByTestId(button).click();
    await status(page, "running");
    await reached(page, 1);
    took.push(await stopTakes(page));
  }
  assert.ok(Math.min(...took) < 200, `it took ${took.map(Math.round).join(", ")} ms`);
  assert.ok((await modelStep(page)) > 0);
});

test("stop shows at once although a step takes seconds", async (context) => {
  const browser = await openBrowser(context);
  await plantFaults(browser.context);
  const page = await browser.open(LONG);
  await page.getByTestId("start").click();
  await reached(page, 4);
  await hurt(page, { fault: "busy", ms: 4000 });
  const took = await stopTakes(page);
  assert.ok(took < 1000, `it took ${Math.round(took)} ms, of the 4,000 that the worker hears nothing`);
  const step = await modelStep(page);
  await page.getByTestId("play").click();
  await reached(page, step + 1);
});

test("many questions can be stopped, keep their answers so far, and be continued", { timeout: 2 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await openRaised(browser, { "ask.task": "wordProblem", "ask.rows": "500" });
  const took = [];
  // Three attempts, since other programs may slow the machine for a moment.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await page.locator('[data-testid="ask-run"]:not([aria-disabled])').click();
    await page.locator('[data-testid="ask-status"][data-asking="true"]').waitFor();
    await page.locator('[data-testid="cell-0-0"]:not([data-verdict="pending"])').waitFor();
    took.push(
      await page.evaluate(async () => {
        const before = performance.now();
        document.querySelector('[data-testid="ask-stop"]').click();
        while (!document.querySelector('[data-testid="ask-status"][data-asking="false"]'))
          await new Promise((frame) => requestAnimationFrame(frame));
        return performance.now() - before;
      }),
    );
  }
  assert.ok(Math.min(...took) < 200, `it took ${took.map(Math.round).join(", ")} ms`);
  const answers = async () => Number(await page.getByTestId("ask-status").getAttribute("data-answered"));
  const before = await answers();
  assert.ok(before > 0 && before < 1500);
  await page.waitForTimeout(300);
  assert.equal(await answers(), before, "nothing comes after a stop");
  assert.equal(await page.locator('[data-testid^="row-"]').count(), 50);
  await page.getByTestId("more-rows").click();
  assert.equal(await page.locator('[data-testid^="row-"]').count(), 100);
  await page.getByTestId("ask-run").click();
  await page.locator('[data-testid="ask-status"][data-asking="true"]').waitFor();
  await page.keyboard.press("Escape");
  await page.locator('[data-testid="ask-status"][data-asking="false"]').waitFor();
  assert.ok((await answers()) >= before);
});
