// How smoothly the Inside lab follows a pointer over a text of 128 tokens: frames while it moves over the way through the model, and over the
// large matrix of a head with all heads beside it.
import { median } from "./stats.mjs";

const TEXT = "One day Lily went to the park. The fox did not eat the cabbage because it was too young. ".repeat(6);
/** Milliseconds from frame to frame, and of the page's own work per frame; the median and the longest of twenty. */
export async function* overTokens({ browser, address, device, plan }) {
  for (const [view, over, name] of [
    ["model", "tp-way canvas", "the way"],
    ["attention", ".inside-matrix .heat", "a head"],
  ]) {
    const { frames, works } = await movedOver(browser, { address, device, view, over, count: plan.frames });
    yield [median(frames), frames.sort((a, b) => a - b)[Math.floor(0.95 * frames.length)], `${name}: frame to frame`];
    yield [median(works), works.sort((a, b) => a - b)[Math.floor(0.95 * works.length)], `${name}: the page's work in a frame`];
  }
}

async function movedOver(browser, { address, device, view, over, count }) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 1100 } });
  const page = await context.newPage();
  const settings = { device, model: "tadpole-base", lab: "inside", lang: "en", "inside.text": TEXT, "inside.view": view };
  await page.goto(`${address}#${new URLSearchParams(settings)}`);
  await page.getByTestId("inside-status").filter({ hasText: "128 tokens" }).waitFor({ timeout: 300_000 });
  const seen = await page.evaluate(move, { count, over });
  await context.close();
  return seen;
}

/** In the page. */
async function move({ count, over }) {
  const heat = document.querySelector(over);
  const { x, y, width, height } = heat.getBoundingClientRect();
  const [frames, works] = [[], []];
  let last = await new Promise(requestAnimationFrame);
  for (let at = 0; at < count; at += 1) {
    const before = performance.now();
    const [row, column] = [at % 128, (7 * at) % 128];
    heat.dispatchEvent(
      new PointerEvent("pointermove", { clientX: x + (width * column) / 128, clientY: y + (height * row) / 128, bubbles: true }),
    );
    // Lit renders in microtasks; reading a box forces the browser to lay out the changes.
    for (let turn = 0; turn < 5; turn += 1) await null;
    heat.getBoundingClientRect();
    works.push(performance.now() - before);
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  return { frames, works };
}
