// A post of another site with labs in it, and their events.
import { openBlog } from "./blog.mjs";
import { openBrowser, watchedPage } from "./browser.mjs";
import { plantFaults } from "./faults.mjs";

export const PATIENCE = 60_000;

/** A very short run. */
export const TRAIN = new URLSearchParams({
  "model.nLayer": "1",
  "model.dModel": "16",
  "model.nHead": "2",
  "model.nKvHead": "2",
  "model.dFf": "32",
  "model.contextLength": "16",
  "tokenizer.vocabSize": "270",
  "train.batchSize": "2",
  "train.sampleInterval": "0",
  "train.evalInterval": "0",
  corpus: "first-names",
});

export const script = (site) => `<script type="module" src="${site}tadpole-lab.js"></script>`;
export const lab = (attributes, inner = "") => `<tadpole-lab ${attributes}>${inner}</tadpole-lab>`;

/** Opens a blog's page; returns the page, and the events of our elements in order. */
export async function openPost(test, body, options = {}) {
  const browser = await openBrowser(test);
  if (options.faults) await plantFaults(browser.context);
  const address = await openBlog(test, browser.site.address, body(browser.site.address), options);
  const page = await watchedPage(browser.context, browser.problems);
  const workers = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  await page.addInitScript(() => {
    if (top !== window) return;
    globalThis.told = [];
    for (const name of ["ready", "token", "step", "error"])
      addEventListener(name, ({ target, detail }) => detail && globalThis.told.push([name, target.id, detail]), true);
  });
  await page.goto(address);
  return { browser, page, workers };
}

/** The frame of an element, once its lab is ready. */
export async function frameOf(page, id) {
  await page.waitForFunction((id) => globalThis.told.some(([name, of]) => name === "ready" && of === id), id, { timeout: PATIENCE });
  const element = await page.evaluateHandle((id) => document.getElementById(id).shadowRoot.querySelector('iframe[part="frame"]'), id);
  return element.contentFrame();
}
