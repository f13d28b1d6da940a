// What a first visit fetches and costs, and that nothing moves under the reader.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../../scripts/serve.mjs";
import { launch, PATIENCE, ready, SITE } from "../browser.mjs";

const LABS = ["lessons", "tokens", "train", "inside", "sample", "prompt", "bench"];
const WIDTHS = [1280, 360];

/**
 * Of a first visit: all bytes that are fetched, by the page, its workers and its service worker, the core's module and a model of a quarter of a megabyte
 * among them; seconds of the page's own thread; and layout shift (https://web.dev/articles/cls), of which less than 0.1 counts as good.
 */
const BUDGET = { bytes: 2_500_000, seconds: 0.8, shift: 0.05 };

for (const width of WIDTHS) {
  test(`a first visit keeps its budget and nothing moves, ${width} px`, { timeout: 2 * PATIENCE }, async (context) => {
    const site = await serve(SITE);
    context.after(() => site.close());
    for (const lab of LABS) {
      const cost = await visit(`${site.address}#device=cpu&lab=${lab}`, width);
      context.diagnostic(
        `${lab}: ${cost.bytes.toLocaleString("en-US")} bytes, ${cost.seconds.toFixed(2)} s, layout shift ${cost.shift.toFixed(3)}`,
      );
      for (const [what, most] of Object.entries(BUDGET)) assert.ok(cost[what] <= most, `${lab}: ${what} ${cost[what]}, at most ${most}`);
    }
  });
}

test("a first visit fetches nothing more until asked", { timeout: PATIENCE }, async (context) => {
  const site = await serve(SITE);
  context.after(() => site.close());
  const { bytes } = await visit(`${site.address}#device=cpu`, WIDTHS[0], 30_000);
  context.diagnostic(`${bytes.toLocaleString("en-US")} bytes in the first half minute`);
  assert.ok(bytes <= BUDGET.bytes, `${bytes} bytes`);
});

/** What a page costs until it is idle, and for this many milliseconds after that. */
async function visit(address, width, staysMs = 1500) {
  const browser = await launch("", { width, offline: true });
  try {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      globalThis.shift = 0;
      const add = (list) => {
        for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shift += value;
      };
      new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    });
    const control = await browser.newCDPSession(page);
    await control.send("Performance.enable", { timeDomain: "threadTicks" });
    const sizes = [];
    browser.on("requestfinished", (request) => sizes.push(request.sizes()));
    await page.goto(address);
    await ready(page);
    await page.getByTestId("checkpoint").filter({ hasText: "tadpole-nano" }).waitFor({ timeout: PATIENCE });
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(staysMs);
    const { metrics } = await control.send("Performance.getMetrics");
    const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    const seconds = metrics.find(({ name }) => name === "TaskDuration").value;
    return { bytes, seconds, shift: await page.evaluate(() => globalThis.shift) };
  } finally {
    await browser.close();
  }
}
