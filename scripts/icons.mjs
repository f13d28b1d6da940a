// node scripts/icons.mjs: draws the installed page's icons in web/public/icons/ from icon.svg there, in the tests' browser.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { main, root } from "./tools.mjs";

const FOLDER = join(root, "web", "public", "icons");
/** A maskable icon keeps its picture within the middle four fifths: https://w3c.github.io/manifest/#icon-masks */
const ICONS = [
  { name: "192", side: 192, padding: 0 },
  { name: "512", side: 512, padding: 0 },
  { name: "maskable-512", side: 512, padding: 0.14 },
];

async function draw() {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
  const svg = await readFile(join(FOLDER, "icon.svg"), "utf8");
  for (const { name, side, padding } of ICONS) {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    const ground = padding > 0 ? "#fbfcfb" : "transparent";
    const inset = Math.round(side * padding);
    await page.setContent(
      `<style>html{background:${ground}}body{margin:${inset}px}svg{display:block;width:${side - 2 * inset}px}</style>${svg}`,
    );
    await page.screenshot({ path: join(FOLDER, `${name}.png`), omitBackground: true });
    await page.close();
  }
  await browser.close();
  console.log(`${ICONS.length} icons in ${FOLDER}`);
}

await main(import.meta.url, draw);
