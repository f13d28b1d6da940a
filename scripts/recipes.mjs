// npm run recipes: trains each one-click recipe of the Train lab in a headless Chromium on the CPU, as a person would, asks it
// held-out questions in the lab that it names, and writes what it came to into web/src/labs/train/measured.json.
// Names after `--` measure those recipes alone. Needs a build; build again for the page to show the figures.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { main, root } from "./tools.mjs";

const FILE = join(root, "web", "src", "labs", "train", "measured.json");
const QUESTIONS = 200;
const PATIENCE = 1_800_000;

main(import.meta.url, async () => {
  const site = await serve({ port: 0 });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
  try {
    const found = JSON.parse(await readFile(FILE, "utf8"));
    for (const name of await wanted(browser, site.address)) {
      found[name] = await measure(browser, site.address, name);
      console.log(name, JSON.stringify(found[name]));
      await writeFile(FILE, `${JSON.stringify(found, null, 2)}\n`);
    }
  } finally {
    await browser.close();
    await site.close();
  }
});

async function wanted(browser, address) {
  const asked = process.argv.slice(2);
  if (asked.length > 0) return asked;
  const page = await browser.newPage();
  await page.goto(`${address}#lab=train&lang=en`);
  await page.locator('[data-testid^="recipe-"]').first().waitFor();
  const names = await page.locator('[data-testid^="recipe-"]').evaluateAll((all) => all.map(({ dataset }) => dataset.testid.slice(7)));
  await page.close();
  return names;
}

async function measure(browser, address, name) {
  // A context of its own, so that no kept run asks to be replaced.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${address}#lab=train&device=cpu&lang=en&ask.rows=${QUESTIONS}`);
  await page.locator('[data-testid="device-kind"]:not([data-kind=""])').waitFor({ state: "attached" });
  const began = performance.now();
  await page.getByTestId(`recipe-${name}`).click();
  await page.locator('[data-testid="status"][data-status="done"]').waitFor({ timeout: PATIENCE });
  const seconds = Math.round((performance.now() - began) / 1000);
  const steps = Number((await page.getByTestId("model-step").textContent()).replace(/\D/g, ""));
  await page.getByTestId(`after-${name}`).click();
  const score = name === "fruit" ? await shares(page) : await answers(page);
  await context.close();
  return { steps, seconds, ...score };
}

/** The score of the Prompt lab. */
async function answers(page) {
  await page.locator('[data-testid="ask-run"]:not([aria-disabled])').click();
  const score = page.locator(`[data-testid="score-0"][data-n="${QUESTIONS}"]`);
  await score.waitFor({ timeout: PATIENCE });
  const { n, accuracy, low, high } = await score.evaluate(({ dataset }) => ({ ...dataset }));
  return { n: Number(n), accuracy: Number(accuracy), low: Number(low), high: Number(high) };
}

/** The probabilities of the three likeliest tokens in the Sample lab. */
async function shares(page) {
  const bars = page.locator('[data-testid="bars"] li .share');
  await bars.nth(2).waitFor();
  const three = (await bars.allTextContents()).slice(0, 3).map((text) => Number.parseFloat(text) / 100);
  return { n: 3, accuracy: three.reduce((sum, share) => sum + share), low: Math.min(...three), high: Math.max(...three) };
}
