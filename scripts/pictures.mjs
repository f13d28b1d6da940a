// Takes the README's pictures from the built page: a small model raised on first names on the CPU, then sampled, and a model that comes
// with the page, asked questions of the made world and seen from inside. Run after `npm run build`: node scripts/pictures.mjs [--steps N]
// [--out FOLDER]. Writes docs/images/, or into that folder; the small model trains for 600 steps, or for N.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { main, readOptions, root } from "./tools.mjs";

const VIEW = { width: 1200, height: 800 };
const SETTINGS = {
  device: "cpu",
  lab: "train",
  corpus: "first-names",
  "tokenizer.kind": "char",
  "model.contextLength": "32",
  "train.steps": "600",
  "train.evalInterval": "50",
  "train.sampleInterval": "100",
};

async function pictures() {
  const { steps, out } = readOptions("steps", "out");
  const folder = resolve(out ?? join(root, "docs", "images"));
  await mkdir(folder, { recursive: true });
  const site = await serve({ port: 0 });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
  const picture = async (page, name) => {
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    console.log(`${name}.png`);
  };
  try {
    await ofOwnModel(browser, site.address, { ...SETTINGS, ...(steps ? { "train.steps": steps } : {}) }, picture);
    await ofRaisedModel(browser, site.address, picture);
  } finally {
    await browser.close();
    await site.close();
  }
}

async function ofOwnModel(browser, address, settings, picture) {
  const page = await browser.newPage({ viewport: VIEW });
  await page.goto(`${address}#${new URLSearchParams(settings)}`);
  await page.getByTestId("start").click();
  await page.locator('[data-testid="status"][data-status="done"]').waitFor({ timeout: 300_000 });
  await picture(page, "train");
  await page.getByTestId("lab-sample").click();
  await page.locator('[data-testid="bars"] li').first().waitFor();
  await page.getByTestId("generate").click();
  await page.locator('[data-testid="finished"]:has-text(".")').waitFor();
  await picture(page, "sample");
  await page.getByTestId("lab-tokens").click();
  await page.getByTestId("merges-slider").or(page.locator("table")).first().waitFor();
  await picture(page, "tokens");
}

/** The Prompt lab after questions to the largest model that comes with the page, and its attention. */
async function ofRaisedModel(browser, address, picture) {
  const page = await browser.newPage({ viewport: VIEW });
  await page.goto(`${address}#device=cpu&model=tadpole-base&lab=prompt`);
  for (const column of [0, 1, 2]) await page.locator(`[data-testid="score-${column}"][data-n="12"]`).waitFor();
  await picture(page, "prompt");
  await page.getByTestId("lab-inside").click();
  await page.getByTestId("door-head-3-1").click();
  await page.getByText("Block 3, head 1", { exact: true }).waitFor();
  await picture(page, "inside");
}

await main(import.meta.url, pictures);
