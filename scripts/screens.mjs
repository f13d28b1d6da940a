// Takes the reference screenshots from the built page: each lab as it opens with a raised model, in both themes, both languages and three
// widths. Run after `npm run build`: node scripts/screens.mjs [LAB ...] [--width N] [--out FOLDER]. Writes
// docs/screens/LAB-WIDTH-THEME-LANGUAGE.jpg, or into that folder, for all widths or for that one.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { Failure, main, root } from "./tools.mjs";

/** Each width in both themes, and each theme in both languages. */
const VIEWS = [
  { width: 1280, height: 800, theme: "light", lang: "en" },
  { width: 1280, height: 800, theme: "dark", lang: "zh" },
  { width: 1920, height: 1080, theme: "light", lang: "zh" },
  { width: 1920, height: 1080, theme: "dark", lang: "en" },
  { width: 360, height: 740, theme: "light", lang: "zh" },
  { width: 360, height: 740, theme: "dark", lang: "en" },
];

/** What is visible when a lab has loaded, and what a person does first. */
const SHOTS = {
  lessons: { there: '[data-testid="write-another"]:not([aria-disabled])' },
  tokens: { there: '[data-testid="strip-text"] .tok' },
  train: { there: '[data-testid="show-model"]', first: "show-model" },
  inside: { there: '[data-testid="way"] canvas' },
  sample: { there: '[data-testid="bars"] li', first: "generate" },
  prompt: { there: '[data-testid="row-0"]', first: "ask-run" },
  bench: { there: '[data-testid="bench-S"]' },
};
/** For pictures that fade in and work that streams. */
const REST_MS = 2_500;

async function shoot(browser, address, folder, lab, { width, height, theme, lang }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  await page.goto(`${address}#${new URLSearchParams({ device: "cpu", model: "tadpole-base", lab, lang })}`);
  const { there, first } = SHOTS[lab];
  await page.locator(there).first().waitFor({ timeout: 60_000 });
  if (first) await page.getByTestId(first).click();
  await page.waitForTimeout(REST_MS);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${lab}-${width}-${theme}-${lang}.jpg`), type: "jpeg", quality: 62 });
  await context.close();
}

async function screens() {
  const { labs, views, folder } = readArguments();
  await mkdir(folder, { recursive: true });
  const site = await serve({ port: 0 });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
  try {
    for (const lab of labs) for (const view of views) await shoot(browser, site.address, folder, lab, view);
    console.log(`${labs.length * views.length} screenshots in ${folder}`);
  } finally {
    await browser.close();
    await site.close();
  }
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { width: { type: "string" }, out: { type: "string" } } });
  } catch (error) {
    throw new Failure(error.message.split("\n")[0], "node scripts/screens.mjs [LAB ...] [--width N] [--out FOLDER]");
  }
  const { positionals, values } = parsed;
  const labs = positionals.length > 0 ? positionals : Object.keys(SHOTS);
  const unknown = labs.find((lab) => !(lab in SHOTS));
  if (unknown) throw new Failure(`there is no lab ${unknown}`, `choose from ${Object.keys(SHOTS).join(", ")}`);
  const views = VIEWS.filter(({ width }) => (values.width ?? String(width)) === String(width));
  const widths = [...new Set(VIEWS.map(({ width }) => width))].join(", ");
  if (views.length === 0) throw new Failure(`no screenshot is ${values.width} wide`, `choose from ${widths}`);
  return { labs, views, folder: resolve(values.out ?? join(root, "docs", "screens")) };
}

await main(import.meta.url, screens);
