// The Bench lab in a real browser: the quickest row on both devices, its result, a stop, training beside it, and a row that does not fit.
// No speed is asserted: only that the figures are plausible.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "../axe.mjs";
import { noSidewaysScroll, openBrowser, PATIENCE, pause, QUICK_BENCH, reached, status, TINY } from "../browser.mjs";
import { plantFaults } from "../faults.mjs";

const SETTINGS = { device: "cpu", lab: "bench" };
const FIELDS = [
  ...["case", "shape", "device", "adapter", "system", "unit", "median", "min", "max"],
  ...["tokensPerSecond", "gigaflops", "peakGigaflops", "share"],
];

async function benchStatus(page, wanted) {
  await page.locator(`[data-testid="bench-status"][data-status="${wanted}"]`).waitFor({ timeout: PATIENCE });
}

/** Ticks only this. */
async function choose(page, ...names) {
  for (const name of ["train", "decode", "S", "M", "L", "XL"]) await page.getByTestId(`bench-${name}`).setChecked(names.includes(name));
}

async function saved(page, kind) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(`bench-${kind}`).click()]);
  assert.equal(download.suggestedFilename(), `tadpole-bench.${kind}`);
  return readFile(await download.path(), "utf8");
}

/** What must hold for a row on any machine. */
function assertPlausible(row, device) {
  assert.deepEqual(Object.keys(row), FIELDS);
  const { median, min, max, tokensPerSecond, gigaflops, peakGigaflops, share, ...words } = row;
  const { adapter, ...rest } = words;
  assert.deepEqual(rest, { case: "decode", shape: "S", device, system: "tadpole", unit: "ms/token" });
  assert.ok(adapter.length > 0);
  assert.ok(min > 0 && min <= median && median <= max, `${min} <= ${median} <= ${max}`);
  assert.ok(Math.abs(tokensPerSecond - 1000 / median) < 1e-6 * tokensPerSecond);
  assert.ok(gigaflops > 0 && peakGigaflops > 0);
  assert.ok(Math.abs(share - gigaflops / peakGigaflops) < 1e-9);
}

test("the smallest row is measured, copied and saved; a second run is stopped and leaves it", async (context) => {
  const browser = await openBrowser(context);
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await browser.open({ device: "cpu" });
  await page.getByTestId("lab-bench").click();
  assert.equal(await page.getByTestId("bench-XL").isChecked(), false, "124 million parameters only where asked for");
  await choose(page);
  assert.equal(await page.getByTestId("bench-run").getAttribute("aria-disabled"), "true");
  await page.getByTestId("bench-hindered").waitFor();
  await choose(page, "decode", "S");
  await page.getByTestId("bench-run").click();
  await page.getByTestId("bench-peak").getByText("GFLOP/s").waitFor({ timeout: PATIENCE });
  await benchStatus(page, "done");
  assert.equal(await page.locator('[data-testid="bench-table"] tbody tr').count(), 1);
  const row = await page.getByTestId("bench-decode-S").innerText();
  const [line, ...others] = JSON.parse(await saved(page, "json"));
  assert.deepEqual(others, []);
  assertPlausible(line, "cpu");
  const [head, values] = (await saved(page, "csv")).split("\r\n");
  assert.equal(head, FIELDS.join(","));
  assert.equal(values, FIELDS.map((field) => line[field]).join(","));

  const took = [];
  // Three attempts, since other programs may slow the machine for a moment.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await page.getByTestId("bench-run").click();
    await benchStatus(page, "peak");
    took.push(
      await page.evaluate(async () => {
        const before = performance.now();
        document.querySelector('[data-testid="bench-stop"]').click();
        while (!document.querySelector('[data-testid="bench-status"][data-status="stopped"]')) await new Promise(requestAnimationFrame);
        return performance.now() - before;
      }),
    );
  }
  assert.ok(Math.min(...took) < 200, `it took ${took.map(Math.round).join(", ")} ms`);
  assert.equal(await page.getByTestId("bench-decode-S").innerText(), row);
  await page.getByTestId("bench-copy").click();
  await page.getByText("Copied").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^CPU: .*GFLOP\/s/);
  assert.ok(copied.includes(`| ${row.split("\t").join(" | ")} |`), copied);
  await page.reload();
  assert.equal(await page.getByTestId("bench-M").isChecked(), false, "what is chosen is in the address");
  await page.locator(".empty").waitFor();
});

test("software WebGPU measures too, and the rows of the other device stay", { timeout: 4 * PATIENCE }, async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, ...QUICK_BENCH });
  await page.getByTestId("bench-run").click();
  await benchStatus(page, "done");
  await page.locator('select[data-testid="device"]').selectOption("webgpu");
  await page.locator('[data-testid="device-kind"][data-kind="webgpu"]').waitFor({ state: "attached", timeout: PATIENCE });
  await page.locator('[data-testid="bench-run"]:not([aria-disabled])').click();
  await benchStatus(page, "done");
  assert.equal(await page.getByTestId("bench-peak").count(), 2);
  await page.getByTestId("bench-tiles").getByText("in use").first().waitFor({ state: "attached" });
  const rows = JSON.parse(await saved(page, "json"));
  for (const [at, device] of ["cpu", "webgpu"].entries()) assertPlausible(rows[at], device);
});

for (const lang of ["en", "zh"]) {
  test(`with a row in sight axe finds nothing and nothing scrolls sideways, ${lang}`, async (context) => {
    const browser = await openBrowser(context, { width: 360, height: 740 });
    const page = await browser.open({ ...SETTINGS, ...QUICK_BENCH, lang, theme: "light" });
    await page.locator(".lab").focus();
    await page.keyboard.press("Control+Enter");
    await benchStatus(page, "peak");
    assert.deepEqual(await violations(page), [], "measuring");
    await benchStatus(page, "done");
    await noSidewaysScroll(page);
    assert.deepEqual(await violations(page), [], "light");
    await page.getByTestId("tools").click();
    await page.getByTestId("theme").click();
    await page.getByTestId("tools").click();
    assert.deepEqual(await violations(page), [], "dark");
    await page.keyboard.press("Control+Enter");
    await page.getByTestId("bench-run").focus();
    await page.keyboard.press("Control+Enter");
    await benchStatus(page, "peak");
    await page.keyboard.press("Escape");
    await benchStatus(page, "stopped");
  });
}

test("the bench waits while training runs, and stops where training begins", async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.open({ ...SETTINGS, ...QUICK_BENCH, ...TINY, lab: "train", "train.steps": "100000" });
  await page.getByTestId("start").click();
  await reached(page, 1);
  await page.getByTestId("lab-bench").click();
  await page.getByTestId("bench-hindered").waitFor();
  assert.equal(await page.getByTestId("bench-run").getAttribute("aria-disabled"), "true");
  await page.getByTestId("bench-hindered").getByRole("link").click();
  await pause(page);
  await page.getByTestId("lab-bench").click();
  await page.getByTestId("bench-run").click();
  await benchStatus(page, "peak");
  await page.getByTestId("lab-train").click();
  await page.getByTestId("play").click();
  await status(page, "running");
  await page.getByTestId("lab-bench").click();
  await benchStatus(page, "training");
  assert.equal(await page.getByTestId("bench-table").count(), 0);
});

test("a row that does not fit says so in its place, and the others go on", async (context) => {
  const browser = await openBrowser(context);
  // Gives the smallest shape batches that no tab can hold.
  const script = `const send = self.postMessage.bind(self);
    self.postMessage = (message, ...rest) => {
      if (message?.value?.shapes) message.value.shapes[0].batchSize = 4096;
      send(message, ...rest);
    };`;
  await plantFaults(browser.context, script);
  const page = await browser.open({ ...SETTINGS, ...QUICK_BENCH, "bench.train": "true" });
  await page.getByTestId("bench-run").click();
  await benchStatus(page, "done");
  await page
    .getByTestId("bench-train-S")
    .getByText(/needs about .* Leave this shape out/)
    .waitFor();
  const rows = JSON.parse(await saved(page, "json"));
  assert.deepEqual(
    rows.map((row) => `${row.case} ${row.shape}`),
    ["decode S"],
  );
});
