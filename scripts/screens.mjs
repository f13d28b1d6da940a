// Takes the reference screenshots from the built page: each lab as it opens with a raised model, in both themes, both languages and
// three widths. Run after `npm run build`: node scripts/screens.mjs [LAB ...]. Writes docs/screens/LAB-WIDTH-THEME-LANGUAGE.jpg.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { Failure, root } from "./tools.mjs";

/** Each width in both themes, and each theme in both languages. */
const VIEWS = [
  { width: 1280, height: 900, theme: "light", lang: "en" },
  { width: 1280, height: 900, theme: "dark", lang: "zh" },
  { width: 768, height: 1024, theme: "light", lang: "zh" },
  { width: 768, height: 1024, theme: "dark", lang: "en" },
  { width: 360, height: 740, theme: "light", lang: "zh" },
  { width: 360, height: 740, theme: "dark", lang: "en" },
];

/** What is in sight when a lab is there, and what a person does first. */
const SHOTS = {
  lessons: { there: '[data-testid="write-another"]:not([aria-disabled])' },
  tokens: { there: '[data-testid="strip-text"] .tok' },
  train: { there: '[data-testid="show-model"]', first: "show-model" },
  inside: { there: '[data-testid="grid"] canvas' },
  sample: { there: '[data-testid="bars"] li', first: "generate" },
  prompt: { there: '[data-testid="row-0"]', first: "ask-run" },
  bench: { there: '[data-testid="bench-S"]' },
};
/** For pictures that fade in and work that streams. */
const REST_MS = 2_500;

async function shoot(browser, address, lab, { width, height, theme, lang }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  await page.goto(`${address}#${new URLSearchParams({ device: "cpu", model: "tadpole-base", lab, lang })}`);
  const { there, first } = SHOTS[lab];
  await page.locator(there).first().waitFor({ timeout: 60_000 });
  if (first) await page.getByTestId(first).click();
  await page.waitForTimeout(REST_MS);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${lab}-${width}-${theme}-${lang}.jpg`), type: "jpeg", quality: 70 });
  await context.close();
}

const folder = join(root, "docs", "screens");
const labs = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SHOTS);
const unknown = labs.find((lab) => !(lab in SHOTS));
if (unknown) throw new Failure(`there is no lab ${unknown}`, `choose from ${Object.keys(SHOTS).join(", ")}`);
await mkdir(folder, { recursive: true });
const site = await serve({ port: 0 });
const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
try {
  for (const lab of labs) for (const view of VIEWS) await shoot(browser, site.address, lab, view);
} finally {
  await browser.close();
  await site.close();
}
