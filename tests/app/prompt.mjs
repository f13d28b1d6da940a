// The Prompt lab under test: opens it, waits for its answers, reads what it shows.
import { readFile } from "node:fs/promises";
import { PATIENCE } from "./browser.mjs";

export const BASE = { device: "cpu", lang: "en", lab: "prompt" };

export async function openRaised(browser, settings = {}) {
  const page = await browser.open({ ...BASE, ...settings });
  await page.getByTestId("open-tadpole-base").click();
  await page.getByTestId("ask-status").waitFor();
  return page;
}

/** Waits until every cell has its answer. */
export const answered = (page) =>
  page.locator('[data-testid="ask-status"][data-asking="false"][data-missing="0"]:not([data-answered="0"])').waitFor({ timeout: PATIENCE });

/** The figures of an element, all of which must be numbers. */
export async function figures(page, name) {
  const data = await page.getByTestId(name).evaluate((element) => ({ ...element.dataset }));
  const { testid: _, style: __, ...rest } = data;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, Number(value)]));
}

export const verdicts = (page, column) =>
  page.locator(`[data-testid^="cell-"][data-testid$="-${column}"]`).evaluateAll((cells) => cells.map(({ dataset }) => dataset.verdict));

/** For every cell that has an answer. */
export const outputs = (page) => page.locator("[data-output]").evaluateAll((cells) => cells.map(({ dataset }) => dataset.output));

/** Arguments for a file input. */
export const file = (name, text) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });

export async function downloaded(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(button).click()]);
  return readFile(await download.path(), "utf8");
}
