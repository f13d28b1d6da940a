// npm run recipes: trains each one-click recipe of the Train lab in a headless Chromium on the CPU, as a person would, asks it held-out
// questions in the lab that it names, and writes the results into web/src/labs/train/measured.json. Names after `--` select recipes;
// `--steps N` stops each after that many, `--questions N` asks fewer than 200, and `--out FILE` writes somewhere else. Needs a build; build
// again for the page to show the figures.
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { Failure, main, root } from "./tools.mjs";

const FILE = join(root, "web", "src", "labs", "train", "measured.json");
const PATIENCE = 1_800_000;

main(import.meta.url, async () => {
  const options = readArguments();
  const site = await serve({ port: 0 });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
  try {
    const found = JSON.parse(await readFile(FILE, "utf8"));
    for (const name of await wanted(browser, site.address, options.names)) {
      found[name] = await measure(browser, site.address, name, options);
      console.log(name, JSON.stringify(found[name]));
      await writeFile(options.out, `${JSON.stringify(found, null, 2)}\n`);
    }
  } finally {
    await browser.close();
    await site.close();
  }
});

function readArguments() {
  const strings = Object.fromEntries(["steps", "questions", "out"].map((name) => [name, { type: "string" }]));
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: strings });
  } catch (error) {
    throw new Failure(error.message.split("\n")[0], "npm run recipes -- [NAME ...] [--steps N] [--questions N] [--out FILE]");
  }
  const { positionals: names, values } = parsed;
  const steps = values.steps === undefined ? Infinity : whole("steps", values.steps);
  return { names, steps, questions: whole("questions", values.questions ?? "200"), out: resolve(values.out ?? FILE) };
}

function whole(flag, text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Failure(`--${flag} ${text} is out of range`, "give a whole number from 1 on");
}

/** The requested recipes, which the page must have; all if none is named. */
async function wanted(browser, address, asked) {
  const page = await browser.newPage();
  await page.goto(`${address}#lab=train&lang=en`);
  await page.locator('[data-testid^="recipe-"]').first().waitFor();
  const names = await page.locator('[data-testid^="recipe-"]').evaluateAll((all) => all.map(({ dataset }) => dataset.testid.slice(7)));
  await page.close();
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Failure(`there is no recipe ${unknown.join(", ")}`, `choose from ${names.join(", ")}`);
  return asked.length > 0 ? asked : names;
}

async function measure(browser, address, name, { steps: most, questions }) {
  // A fresh context, so that no kept run causes a question.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${address}#lab=train&device=cpu&lang=en&ask.rows=${questions}`);
  await page.locator('[data-testid="device-kind"]:not([data-kind=""])').waitFor({ state: "attached" });
  const began = performance.now();
  await page.getByTestId(`recipe-${name}`).click();
  await ended(page, most);
  const seconds = Math.round((performance.now() - began) / 1000);
  const steps = Number((await page.getByTestId("model-step").textContent()).replace(/\D/g, ""));
  await page.getByTestId(`after-${name}`).click();
  const score = name === "fruit" ? await shares(page) : await answers(page, questions);
  await context.close();
  return { steps, seconds, ...score };
}

/** Waits for the end of a run; a run that should be shorter is stopped. */
async function ended(page, most) {
  const status = (name) => page.locator(`[data-testid="status"][data-status="${name}"]`);
  if (most === Infinity) return status("done").waitFor({ timeout: PATIENCE });
  // Until it runs, the page shows the step of the model before it.
  await status("running").or(status("done")).waitFor({ timeout: PATIENCE });
  await page.waitForFunction(
    (most) => Number(document.querySelector('[data-testid="model-step"]')?.textContent.replace(/\D/g, "")) >= most,
    most,
    { timeout: PATIENCE },
  );
  await page.getByTestId("stop").click();
  await status("stopped").or(status("done")).waitFor();
}

/** The score of the Prompt lab. */
async function answers(page, questions) {
  await page.locator('[data-testid="ask-run"]:not([aria-disabled])').click();
  const score = page.locator(`[data-testid="score-0"][data-n="${questions}"]`);
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
