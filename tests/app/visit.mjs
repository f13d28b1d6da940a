// What a first visit fetches and costs, and its limits.
import { launch, PATIENCE, ready } from "./browser.mjs";

/**
 * Of a first visit: all bytes that are fetched, by the page, its workers and its service worker, the core's module and a model of a quarter of a megabyte
 * among them; seconds of the page's own thread; and layout shift (https://web.dev/articles/cls), of which less than 0.1 counts as good.
 */
export const BUDGET = { bytes: 2_500_000, seconds: 0.8, shift: 0.05 };

/** What a page costs until it is idle, and for this many milliseconds after that. */
export async function visit(address, width, staysMs = 1500) {
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
