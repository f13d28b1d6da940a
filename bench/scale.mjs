// npm run scale: how our times and memory grow with parameters, context and position, and how long a cold page takes; in one headless
// Chromium, without peers. Prints tables, and with --plots draws docs/images/scale-*.svg.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "../scripts/serve.mjs";
import { duration, Failure, main, root } from "../scripts/tools.mjs";
import { startCore } from "../tests/app/core.mjs";
import { DEVICES } from "./cases.mjs";
import { launch } from "./driver.mjs";
import { overTokens } from "./hover.mjs";
import { choose, whole } from "./options.mjs";
import { plot } from "./plot.mjs";
import { figure, median } from "./stats.mjs";

const HELP = `npm run scale -- [options]   how our times and memory grow; after npm run build

  --case LIST     step, context, position, cold, keep, prompt, hover (default: all)
  --device LIST   cpu, webgpu (default: both)
  --most N        largest model in millions of parameters (default: 32)
  --plots         also draws docs/images/scale-*.svg
  --out FOLDER    for the plots instead of docs/images
  --quick         the smallest sizes alone, each once: to see that it works, not for figures
  --help          prints this`;

const VOCABULARY = 256;

/** Layers and width; heads are 64 wide if the width allows. */
const SIZES = [
  [2, 64],
  [4, 96],
  [4, 128],
  [6, 192],
  [6, 320],
  [8, 384],
  [10, 512],
];
const CONTEXTS = [64, 128, 256, 512, 1024];
/** Tokens per data point. */
const SPAN = 128;

/**
 * The extent: of the timed text, the context and how often it is written; of a kept run, the sizes, the least number of milliseconds
 * observed, and the seconds between writes (null: the page's own interval); questions; frames.
 */
const WHOLE = {
  ...{ sizes: SIZES, contexts: CONTEXTS, text: { context: 1024, rounds: 3 } },
  ...{ keep: { sizes: [SIZES[0], SIZES[3], SIZES[6]], ms: 60_000, every: null }, questions: 100, frames: 240 },
};
const QUICK = {
  ...{ sizes: SIZES.slice(0, 2), contexts: CONTEXTS.slice(0, 2), text: { context: 384, rounds: 1 } },
  ...{ keep: { sizes: [SIZES[0]], ms: 1_000, every: 1 }, questions: 5, frames: 24 },
};

const shape = ([nLayer, dModel], contextLength) => {
  const nHead = Math.max(2, dModel / 64) | 0;
  return { nLayer, dModel, dFf: 4 * dModel, nHead, nKvHead: nHead, contextLength, vocabSize: VOCABULARY };
};

/** For the Prompt lab: the model that comes with the page, and the questions. */
const MODEL = "tadpole-base";
const ASKED = [
  { task: "labels", language: "en", shots: 4, style: "direct" },
  { task: "sum", language: "en", shots: 2, style: "worked" },
];

const CASES = {
  step: {
    title: "Training step over parameters",
    note: "4 rows of 64 tokens, vocabulary 256",
    columns: ["parameters", "ms/step", "heap MiB", "GPU MiB"],
    measure: overParameters,
    plots: [
      { file: "scale-step", axis: "ms a step" },
      { file: "scale-memory", axis: "MiB while training", title: "Memory over parameters", y: ([, , heap, gpu]) => heap + gpu },
    ],
    x: "parameters",
  },
  context: {
    title: "Training step over context",
    note: "1,024 tokens a step, 4 layers, 128 wide",
    columns: ["context", "ms/step"],
    measure: overContext,
    plots: [{ file: "scale-context", axis: "ms a step" }],
    x: "tokens of context",
  },
  position: {
    title: "Token over position",
    note: "6 layers, 192 wide, through the cache",
    columns: ["position", "ms/token"],
    measure: overPosition,
    plots: [{ file: "scale-position", axis: "ms a token" }],
    x: "tokens before it",
  },
  cold: {
    title: "From nothing",
    note: "ms",
    columns: ["what", "ms"],
    measure: fromCold,
    plots: [],
  },
  keep: {
    title: "Keeping a run while it trains",
    note: "as often as the page does it, from the end of the first writing to that of the last",
    columns: ["parameters", "writings", "ms each", "seconds", "% of time"],
    measure: ofKeeping,
    plots: [],
  },
  prompt: {
    title: "Questions asked in the Prompt lab",
    note: MODEL,
    columns: ["shots", "rows", "seconds", "right", "what"],
    measure: ofQuestions,
    plots: [],
  },
  hover: {
    title: "A pointer over the Inside lab",
    note: `ms, 128 tokens, all heads of ${MODEL}`,
    columns: ["median", "95 %", "what"],
    measure: overTokens,
    plots: [],
  },
};

async function scale() {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const started = performance.now();
  const site = await serve({ port: 0 });
  const browser = await launch();
  try {
    console.log(`${new Date().toISOString().slice(0, 10)}, Chromium ${browser.version()}`);
    for (const name of options.cases) await measureCase(CASES[name], options, browser, site.address);
  } finally {
    await browser.close();
    await site.close();
  }
  console.error(`done in ${duration(performance.now() - started)}`);
}

async function measureCase(kind, options, browser, address) {
  console.log(`\n${kind.title} (${kind.note})\n${["device", ...kind.columns].map(cell).join("")}`);
  const lines = [];
  for (const device of options.devices) {
    const rows = [];
    for await (const row of kind.measure({ browser, address, device, most: options.most, plan: options.plan })) {
      rows.push(row);
      console.log([device, ...row].map(cell).join(""));
    }
    lines.push({ name: device === "cpu" ? "CPU" : "WebGPU", rows });
  }
  if (!options.plots) return;
  await mkdir(options.out, { recursive: true });
  for (const { file, axis, title = kind.title, y = ([, time]) => time } of kind.plots) {
    const drawn = lines.map(({ name, rows }) => ({ name, points: rows.map((row) => [row[0], y(row)]) }));
    const path = join(options.out, `${file}.svg`);
    await writeFile(path, plot({ title, x: kind.x, y: axis, lines: drawn }));
    console.error(`wrote ${path}`);
  }
}

const cell = (value) => (typeof value === "number" ? figure(value) : `  ${value}`).padStart(14);

/** Gives `work` a core of its own in a page of its own. */
async function withCore({ browser, address, device }, work) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    // Not the page itself: it would keep its runs, and then no other core could.
    await page.goto(`${address}tadpole-lab.json`);
    const core = await startCore(page, device);
    return await work(core, await core.call("defaults"));
  } finally {
    await context.close();
  }
}

async function* overParameters(where) {
  for (const size of where.plan.sizes) {
    const sizes = shape(size, 64);
    const row = await withCore(where, async (core, defaults) => {
      const model = { ...defaults.presets[0].config, ...sizes };
      const { parameters } = await core.call("estimate", { model, train: { ...defaults.train, batchSize: 4 } });
      if (parameters > where.most * 1e6) return null;
      const [measured] = await core.stream("measure", { case: "train", model, batchSize: 4, blocks: 1 });
      const { heapBytes, poolInUseBytes } = measured.memory;
      return [parameters, measured.median, heapBytes / 2 ** 20, (poolInUseBytes ?? 0) / 2 ** 20];
    });
    if (row) yield row;
  }
}

async function* overContext(where) {
  for (const contextLength of where.plan.contexts) {
    yield await withCore(where, async (core, defaults) => {
      const model = { ...defaults.presets[0].config, ...shape([4, 128], contextLength) };
      const request = { case: "train", model, batchSize: 1024 / contextLength, blocks: 3 };
      return [contextLength, (await core.stream("measure", request))[0].median];
    });
  }
}

/** The time of a token at a position: from the timestamps of the messages of a text as long as the context. */
async function* overPosition(where) {
  const { context, rounds } = where.plan.text;
  const texts = await withCore(where, async (core, defaults) => {
    const corpus = Array.from({ length: 400 }, (_, i) => `a line of text, number ${i}\n`).join("");
    const request = {
      corpusName: "lines",
      tokenizer: { ...defaults.tokenizer, kind: "char" },
      model: { ...defaults.presets[0].config, ...shape([6, 192], context) },
      train: { ...defaults.train, batchSize: 1, steps: 1, evalInterval: 0, sampleInterval: 0, samplePrompts: [] },
    };
    await core.stream("train", { corpus, request });
    const write = { prompt: "a", sampling: defaults.sampling, maxNewTokens: context - 2, stop: [], topLogprobs: 0 };
    const texts = [];
    for (let round = 0; round < rounds; round++) texts.push(await core.handle.evaluate(timesOfTokens, write));
    return texts;
  });
  for (let from = 0; from + SPAN < context; from += SPAN) {
    const take = (heard) => (timeAt(heard, from + SPAN) - timeAt(heard, from)) / SPAN;
    yield [from + SPAN / 2, median(texts.map(take))];
  }
}

/** In the page: how many tokens each message completed, and when it came. */
async function timesOfTokens(core, request) {
  const heard = [];
  let tokens = 0;
  const hear = ({ data }) => {
    if (data.type !== "events") return;
    tokens += data.events.filter(({ kind }) => kind === "token").length;
    heard.push([tokens, performance.now()]);
  };
  core.worker.addEventListener("message", hear);
  await core.stream("generate", request);
  core.worker.removeEventListener("message", hear);
  return heard;
}

/** When this many tokens were complete, interpolated between two messages. */
function timeAt(heard, tokens) {
  const after = Math.max(
    1,
    heard.findIndex(([count]) => count >= tokens),
  );
  const [[n0, t0], [n1, t1]] = [heard[after - 1], heard[after]];
  return t0 + ((t1 - t0) * (tokens - n0)) / (n1 - n0);
}

/** Opening a page, and a first training, on a device. */
async function* fromCold({ browser, address, device }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const timed = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const visit = await timed(async () => {
    await page.goto(`${address}#device=${device}`);
    await page.locator('[data-testid="living"]:not([data-tokens="0"])').waitFor({ timeout: 300_000 });
  });
  yield ["a first visit to the first token", visit];
  await page.goto(`${address}?new#device=${device}&lab=train&preset=nano&train.steps=3`);
  await page.getByTestId("start").click();
  await page.locator('[data-testid="status"][data-status="done"]').waitFor({ timeout: 300_000 });
  await page.getByTestId("stored").waitFor();
  const fresh = `${address}?again#device=${device}&lab=sample&write.maxNewTokens=1`;
  const first = await timed(async () => {
    await page.goto(fresh);
    await page.getByTestId("generate").click();
    await page.locator('[data-testid="finished"]').waitFor({ timeout: 300_000 });
  });
  yield ["a page with a kept model to its first token", first];
  await context.close();
  const [compiled, step] = await withCore({ browser, address, device }, async (core, defaults) => {
    const model = { ...defaults.presets[0].config, ...shape([4, 64], 64) };
    const work = { case: "train", model, batchSize: 8, blocks: 1 };
    return core.handle.evaluate(async (core, work) => {
      // The very first measurement also calibrates the device.
      await core.stream("measure", { ...work, case: "matmul" });
      const times = [];
      for (let round = 0; round < 2; round++) {
        const start = performance.now();
        const [{ median }] = await core.stream("measure", work);
        times.push(performance.now() - start, median);
      }
      return [times[0] - times[2], times[3]];
    }, work);
  });
  yield ["the first training of S, more than a later one", compiled];
  yield ["a step of it", step];
}

/** The share of a run's time that writing takes. */
async function* ofKeeping(where) {
  const { ms, every } = where.plan.keep;
  for (const size of where.plan.keep.sizes) {
    const sizes = shape(size, 64);
    yield await withCore(where, async (core, defaults) => {
      const corpus = Array.from({ length: 400 }, (_, i) => `a line of text, number ${i}\n`).join("");
      const request = {
        corpusName: "lines",
        tokenizer: { ...defaults.tokenizer, kind: "char" },
        model: { ...defaults.presets[0].config, ...sizes },
        train: { ...defaults.train, batchSize: 4, steps: 10_000_000, evalInterval: 0, sampleInterval: 0, samplePrompts: [] },
      };
      const { parameters, times } = await core.handle.evaluate(timesOfKeeping, { corpus, request, ms, every });
      const seconds = (times.at(-1).at - times[0].at) / 1000;
      const each = times.slice(1).map(({ ms }) => ms);
      const sum = each.reduce((sum, one) => sum + one, 0);
      return [parameters, each.length, sum / each.length, seconds, sum / seconds / 10];
    });
  }
}

/** In the page: when each write of a run ended, and how long it took. */
async function timesOfKeeping(core, { corpus, request, ms, every }) {
  const times = [];
  let parameters = 0;
  const stream = 1_000_000;
  await new Promise((resolve) => {
    core.worker.addEventListener("message", ({ data }) => {
      if (data.type === "stored" && data.ms !== undefined) times.push({ at: performance.now(), ms: data.ms });
      if (times.length > 1 && times.at(-1).at - times[0].at > ms) resolve();
      const started = data.id === stream && data.type === "events" && data.events.find(({ kind }) => kind === "started");
      if (started) parameters = started.model.parameters;
    });
    const bytes = new TextEncoder().encode(corpus);
    if (every !== null) core.worker.postMessage({ id: stream - 1, type: "keepEvery", request: { seconds: every } });
    core.worker.postMessage({ id: stream, type: "stream", name: "train", request: { corpus: bytes, request } });
  });
  return { times, parameters };
}

/** Greedy answers, requested as in the lab, all rows at once. */
async function* ofQuestions(where) {
  const shipped = JSON.parse(await readFile(join(root, "web", "src", "models.json"), "utf8"));
  const steps = shipped.find(({ name }) => name === MODEL)?.steps;
  if (!steps) throw new Failure(`the page comes without ${MODEL}`, `npm run raise -- ${MODEL} makes it; then build again`);
  const url = `${where.address}models/${MODEL}/${String(steps.at(-1)).padStart(6, "0")}.safetensors`;
  for (const ask of ASKED) {
    const request = { url, cases: { ask, count: where.plan.questions, seed: 1 } };
    const [time, right] = await withCore(where, (core) => core.handle.evaluate(timeOfQuestions, request));
    yield [ask.shots, where.plan.questions, time / 1000, right, `${ask.task}, ${ask.style}`];
  }
}

/** In the page: the milliseconds from the request to the last grade, the second time, and how many were right. */
async function timeOfQuestions(core, { url, cases }) {
  const file = new Uint8Array(await (await fetch(url)).arrayBuffer());
  await core.call("load", { file });
  const asked = await core.call("cases", cases);
  let answer = [];
  for (let round = 0; round < 2; round++) {
    const start = performance.now();
    const grades = await core.stream("grade", asked);
    answer = [performance.now() - start, grades.filter(({ correct }) => correct).length];
  }
  return answer;
}

function readOptions() {
  const strings = Object.fromEntries(["case", "device", "most", "out"].map((name) => [name, { type: "string" }]));
  let values;
  try {
    values = parseArgs({
      options: { ...strings, plots: { type: "boolean" }, quick: { type: "boolean" }, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new Failure(error.message.split("\n")[0], "npm run scale -- --help lists the options");
  }
  return {
    ...values,
    cases: choose("case", values.case, Object.keys(CASES), Object.keys(CASES)),
    devices: choose("device", values.device, DEVICES, DEVICES),
    plan: values.quick ? QUICK : WHOLE,
    out: resolve(values.out ?? join(root, "docs", "images")),
    most: whole("most", values.most ?? "32", 1000),
  };
}

await main(import.meta.url, scale);
