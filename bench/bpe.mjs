// How long the core takes in a browser to learn 1,024 tokens from Moby-Dick (1.2 MB), in wasm on the CPU, in a worker.
// Run after `npm run build`: node bench/bpe.mjs [--runs N]. Prints the median of five runs, or of N.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serve } from "../scripts/serve.mjs";
import { main, readOptions, root } from "../scripts/tools.mjs";
import { startCore } from "../tests/app/core.mjs";
import { launch } from "./driver.mjs";
import { whole } from "./options.mjs";
import { median } from "./stats.mjs";

async function bpe() {
  const runs = whole("runs", readOptions("runs").runs ?? "5", 99);
  const site = await serve({ port: 0 });
  const browser = await launch();
  try {
    const corpus = await readFile(join(root, "dist", "corpora", "moby-dick.txt"), "utf8");
    const page = await browser.newPage();
    // Not the page itself, whose policy forbids other workers.
    await page.goto(`${site.address}tadpole-lab.json`);
    const core = await startCore(page, "cpu");
    const config = (await core.call("defaults")).tokenizer;
    const times = await core.handle.evaluate(learn, { corpus, config, runs });
    const ms = (milliseconds) => milliseconds.toFixed(0);
    const range = `${ms(Math.min(...times))} to ${ms(Math.max(...times))}`;
    console.log(`${config.vocabSize} tokens from ${Buffer.byteLength(corpus)} bytes: median ${ms(median(times))} ms (${range})`);
  } finally {
    await browser.close();
    await site.close();
  }
}

/** In the page: the milliseconds of each run. */
async function learn(core, { corpus, config, runs }) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await core.stream("trainTokenizer", { corpus, config });
    times.push(performance.now() - started);
  }
  return times;
}

await main(import.meta.url, bpe);
