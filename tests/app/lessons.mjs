// Lessons under test: the first page as somebody sees it who was never here, and a lesson opened from it.
import { PATIENCE, ready, watchedPage } from "./browser.mjs";
import { pageModule } from "./sources.mjs";

export const { LESSONS, TOUR } = await pageModule("labs/lessons/list.ts");
export const texts = {
  en: (await pageModule("labs/lessons/en.ts")).en,
  zh: (await pageModule("labs/lessons/zh.ts")).zh,
};
export const LANGUAGES = ["en", "zh"];

/** The first page as on a first visit. */
export async function visit(browser, settings = {}) {
  const page = await watchedPage(browser.context, browser.problems);
  await page.goto(`${browser.site.address}#${new URLSearchParams({ device: "cpu", lang: "en", ...settings })}`);
  await ready(page);
  return page;
}

/** A lesson, opened from the first page. */
export async function open(browser, id, lang = "en") {
  const page = await visit(browser, { lang });
  await page.getByTestId(`lesson-${id}`).click();
  await page.locator(`[data-testid="guide"][data-page="${id}"]`).waitFor();
  return page;
}

export const wrote = (page) => page.locator('[data-testid="living"]:not([data-tokens="0"])').waitFor({ timeout: PATIENCE });
