// Takes the README's pictures from the built page: a small model raised on first names on the CPU, then sampled, and a model that
// comes with the page, asked questions of the made world and seen from inside.
// Run after `npm run build`: node scripts/pictures.mjs. Writes docs/images/.
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { root } from "./tools.mjs";

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

/** What stands in the Prompt lab after questions to the largest model of those that come with the page. */
async function asked() {
  const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
  await page.goto(`${site.address}#device=cpu&model=tadpole-base&lab=prompt`);
  for (const column of [0, 1, 2]) await page.locator(`[data-testid="score-${column}"][data-n="12"]`).waitFor();
  return page;
}

const site = await serve({ port: 0 });
const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
const picture = (page, name) => page.screenshot({ path: join(root, "docs", "images", `${name}.png`), fullPage: true });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  await page.goto(`${site.address}#${new URLSearchParams(SETTINGS)}`);
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
  const raised = await asked();
  await picture(raised, "prompt");
  await raised.getByTestId("lab-inside").click();
  await raised.getByTestId("head-3-1").click();
  await raised.getByText("Block 3, head 1", { exact: true }).waitFor();
  await picture(raised, "inside");
} finally {
  await browser.close();
  await site.close();
}
