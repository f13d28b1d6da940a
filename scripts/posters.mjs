// Draws what a lab in another site's page shows before it opens: the figure of each lab, as the built page draws it from a model that comes
// with it, light and dark in one SVG; and measures the height that each lab has in columns of several widths. Run after `npm run build`:
// node scripts/posters.mjs [--only LAB]. Writes web/public/posters/ and prints the heights for web/src/embed/element-look.ts.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";
import { main, readOptions, root } from "./tools.mjs";

const FOLDER = join(root, "web", "public", "posters");
const WIDTHS = [360, 560, 760, 1060];
/** The settings of each lab's picture, and where its figure's menu is. */
const LABS = {
  tokens: { settings: {}, place: null },
  train: {
    settings: { corpus: "first-names", "tokenizer.kind": "char", "model.contextLength": "32", "train.steps": "200" },
    place: ".curves",
  },
  inside: { settings: { model: "tadpole-nano" }, place: ".inside-matrix" },
  sample: { settings: { model: "tadpole-nano", prompt: "One day Lily went to the" }, place: "figure.next" },
  prompt: { settings: { model: "tadpole-base", "ask.view": "curve", "ask.points": "12" }, place: ".prompt-curve" },
};
const MODELS = { inside: "tadpole-nano", sample: "tadpole-nano", prompt: "tadpole-nano" };

async function posters() {
  await mkdir(FOLDER, { recursive: true });
  const site = await serve({ port: 0 });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
  try {
    const { only } = readOptions("only");
    for (const [lab, { settings, place }] of Object.entries(LABS).filter(([name]) => !only || name === only)) {
      const [light, dark] = [
        await drawn(browser, site, lab, settings, place, "light"),
        await drawn(browser, site, lab, settings, place, "dark"),
      ];
      await writeFile(join(FOLDER, `${lab}.svg`), both(light, dark));
      console.log(`${lab}.svg`);
    }
    for (const lab of ["lessons", ...Object.keys(LABS), "bench"]) console.log(`  ${lab}: [${await heights(browser, site, lab)}],`);
  } finally {
    await browser.close();
    await site.close();
  }
}

/** The figure as its menu saves it. */
async function drawn(browser, site, lab, settings, place, theme) {
  const page = await browser.newPage({ viewport: { width: 900, height: 900 }, acceptDownloads: true });
  await page.goto(`${site.address}#${new URLSearchParams({ lab, device: "cpu", lang: "en", theme, ...settings })}`);
  if (place === null) return strip(page);
  if (lab === "train") {
    await page.getByTestId("start").click();
    await page.locator('[data-testid="status"][data-status="done"]').waitFor({ timeout: 300_000 });
  }
  const menu = page.locator(`${place} tp-figure-menu`).first();
  await menu.getByTestId("save-figure").click({ timeout: 120_000 });
  if (lab === "prompt")
    await page.locator('[data-testid="ask-status"][data-missing="0"]:not([data-answered="0"])').waitFor({ timeout: 120_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), menu.getByTestId("save-svg").click()]);
  const svg = await readFile(await download.path(), "utf8");
  await page.close();
  return svg.replaceAll(new RegExp(` · ${new URL(site.address).host}[^<]*`, "g"), "");
}

/** The Tokens lab's text, token by token, where the page has it. */
async function strip(page) {
  await page.locator("tp-token-strip .tok").first().waitFor();
  const svg = await page
    .locator("tp-token-strip")
    .first()
    .evaluate((place) => {
      const box = place.getBoundingClientRect();
      const paint = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
      const rgb = (colour) => {
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 1, 1);
        return `rgb(${paint.getImageData(0, 0, 1, 1).data.slice(0, 3).join()})`;
      };
      const plain = (words) => words.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
      const ink = rgb(getComputedStyle(document.body).color);
      const tokens = [...place.querySelectorAll(".tok")].map((token) => {
        const { left, top, width, height } = token.getBoundingClientRect();
        const [x, y] = [Math.round(left - box.left + 24), Math.round(top - box.top + 24)];
        const fill = rgb(getComputedStyle(token).backgroundColor);
        return `<rect x="${x}" y="${y}" width="${Math.round(width)}" height="${Math.round(height)}" rx="4" fill="${fill}"/><text x="${x + 2}" y="${y + Math.round(height * 0.74)}" fill="${ink}" font-size="15" font-family="ui-monospace, Menlo, Consolas, monospace" xml:space="preserve" textLength="${Math.round(width) - 4}" lengthAdjust="spacingAndGlyphs">${plain(token.textContent)}</text>`;
      });
      const [width, height] = [Math.round(box.width) + 48, Math.round(box.height) + 48];
      const paper = rgb(getComputedStyle(document.body).backgroundColor);
      return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>Tokens</title><rect width="${width}" height="${height}" fill="${paper}"/>${tokens.join("")}</svg>`;
    });
  await page.close();
  return svg;
}

/** One file that follows the reader's color scheme. */
function both(light, dark) {
  const [, width, height] = light.match(/width="(\d+)" height="(\d+)"/);
  const paper = (svg) => svg.match(/<rect [^>]*fill="([^"]+)"/)[1];
  const style = `svg{background:${paper(light)}}.dark{display:none}@media (prefers-color-scheme:dark){svg{background:${paper(dark)}}.light{display:none}.dark{display:inline}}`;
  const part = (svg, name) => svg.trim().replace("<svg ", `<svg class="${name}" `);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%" viewBox="0 0 ${width} ${height}" preserveAspectRatio="xMidYMin meet"><style>${style}</style>${part(light, "light")}${part(dark, "dark")}</svg>\n`;
}

/** Of the frame's page in columns of these widths, in tens of pixels. */
async function heights(browser, site, lab) {
  const found = [];
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(`${site.address}embed.html#${new URLSearchParams({ lab, lang: "en", device: "cpu", model: MODELS[lab] ?? "none" })}`);
    await page.locator("section.lab").waitFor();
    await page.waitForTimeout(3_000);
    found.push(Math.round((await page.evaluate(() => document.getElementById("app").getBoundingClientRect().height)) / 10));
    await page.close();
  }
  return found.join(", ");
}

await main(import.meta.url, posters);
