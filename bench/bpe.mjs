// How long the core takes in a browser to learn 1,024 tokens from Moby-Dick (1.2 MB), in wasm on the CPU, in a worker.
// Run after `npm run build`: node bench/bpe.mjs. Prints the median of five runs.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { findChromium } from "../scripts/chromium.mjs";
import { serve } from "../scripts/serve.mjs";
import { openCore } from "../tests/app/core.mjs";

const RUNS = 5;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));

const corpus = await readFile(`${dist}corpora/moby-dick.txt`, "utf8");
const site = await serve({ port: 0 });
const browser = await chromium.launch({ executablePath: await findChromium(), args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.goto(`${site.address}#device=cpu`);
  const core = await openCore(page, "cpu");
  const config = (await core.call("defaults")).tokenizer;
  await page.evaluate((corpus) => {
    globalThis.corpus = corpus;
  }, corpus);
  const times = [];
  for (let run = 0; run < RUNS; run++) {
    times.push(
      await core.handle.evaluate(async (core, config) => {
        const started = performance.now();
        await core.stream("trainTokenizer", { corpus: globalThis.corpus, config });
        return performance.now() - started;
      }, config),
    );
  }
  times.sort((a, b) => a - b);
  const bytes = new TextEncoder().encode(corpus).length;
  console.log(
    `${config.vocabSize} tokens from ${bytes} bytes: median ${times[RUNS >> 1].toFixed(0)} ms (${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)})`,
  );
} finally {
  await browser.close();
  await site.close();
}
