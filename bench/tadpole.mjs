// Our side of the comparison: the page's own worker, driven by the same commands that the page sends.
import { startCore } from "../tests/app/core.mjs";

/** Opens our worker for one comparison; returns `check`, `warm`, `measure` and `close` like a peer. */
export async function openTadpole(page, comparison) {
  // In the benchmark's page, next to the common weights and texts.
  const core = await startCore(page, comparison.device);
  const kind = KINDS[comparison.case];
  return {
    logits: (ids) => logits(core, ids),
    warm: (seconds) => kind.warm(core, comparison, seconds),
    measure: (seconds) => kind.measure(core, comparison, seconds),
    prepare: () => kind.prepare(page, core, comparison),
    close: () => core.close(),
  };
}

const KINDS = {
  train: { prepare: importModel, warm: warmTraining, measure: measureTraining },
  decode: { prepare: importModel, warm: measureDecoding, measure: measureDecoding },
  encode: { prepare: loadVocabulary, warm: encodeText, measure: encodeText },
};

/** Gives our session the common weights, and makes the file it saves the common checkpoint. */
async function importModel(page, core, { sizes }) {
  const vocabSize = await page.evaluate(
    async ([core, sizes]) => {
      const config = { ...(await core.call("defaults", {})).tokenizer, kind: "char" };
      await core.stream("trainTokenizer", { corpus: globalThis.bench.corpus(sizes), config });
      const tokenizer = { name: "tokenizer.json", bytes: await core.call("saveTokenizer", { slot: "lab" }) };
      const files = [...globalThis.bench.makeModel(sizes), tokenizer];
      const model = await core.call("importHuggingFace", { files });
      globalThis.bench.takeCheckpoint(await core.call("save", { training: false, corpus: false }));
      return model.tokenizer.vocabSize;
    },
    [core.handle, sizes],
  );
  if (vocabSize !== sizes.vocabSize) throw new Error(`our vocabulary has ${vocabSize} tokens, not ${sizes.vocabSize}`);
}

/** Logits [V] of the token after `ids`. */
function logits(core, ids) {
  return core.handle.evaluate(async (core, ids) => {
    const prompt = ids.map(globalThis.bench.character).join("");
    const sampling = (await core.call("defaults", {})).sampling;
    const { ids: encoded } = await core.call("encode", { slot: "model", text: prompt });
    if (encoded.join() !== ids.join()) throw new Error(`our ids are ${encoded}, not ${ids}`);
    const { candidates } = await core.call("nextTokens", { prompt, sampling, top: 1e6 });
    const all = new Array(candidates.length);
    for (const { id, logit } of candidates) all[id] = logit;
    return all;
  }, ids);
}

/** Starts an endless run, and pauses it when it is warm. Evaluations and samples are off. */
async function warmTraining(core, { sizes }, seconds) {
  await core.handle.evaluate(async (core, sizes) => {
    const defaults = await core.call("defaults", {});
    const { batchSize, vocabSize: _, ...model } = sizes;
    const request = {
      corpusName: "bench",
      tokenizer: { ...defaults.tokenizer, kind: "char" },
      model: { ...defaults.presets[0].config, ...model, nKvHead: sizes.nHead, dFf: 4 * sizes.dModel, dropout: 0 },
      train: { ...defaults.train, batchSize, steps: 1e6, gradClip: 1, evalInterval: 0, sampleInterval: 0, samplePrompts: [] },
    };
    // The run's events, with the time of arrival.
    core.heard = [];
    core.worker.addEventListener("message", ({ data }) => {
      if (data.type !== "events") return;
      core.run = data.id;
      const at = performance.now();
      for (const event of data.events) if (event.kind === "started") core.heard.push({ at, event });
      // All events of one message were read at the same time.
      const steps = data.events.flatMap((event) => (event.kind === "step" ? event.steps : []));
      if (steps.length > 0) core.heard.push({ at, event: { kind: "step", steps } });
      core.wake?.();
    });
    core.failure = null;
    core.stream("train", { corpus: globalThis.bench.corpus(sizes), request }).catch((error) => {
      core.failure = error;
      core.wake?.();
    });
  }, sizes);
  const { config } = await core.handle.evaluate(nextEvent, "started").then(({ event }) => event.model);
  for (const [key, value] of Object.entries(sizes)) {
    if (key !== "batchSize" && config[key] !== value) throw new Error(`our ${key} is ${config[key]}, not ${value}`);
  }
  return block(core, seconds);
}

/** In the page: the next event of that kind. */
async function nextEvent(core, kind) {
  for (;;) {
    const found = core.heard.find(({ event }) => event.kind === kind);
    if (found) return found;
    if (core.failure) throw core.failure;
    await new Promise((wake) => {
      core.wake = wake;
    });
  }
}

async function measureTraining(core, _comparison, seconds) {
  await core.handle.evaluate((core) => core.worker.postMessage({ id: core.run, type: "control", action: "play" }));
  return block(core, seconds);
}

/**
 * Times a block of a playing run, then pauses it. Each event is a read of its steps' losses, so the time between two is the device's whole
 * time; the first only marks the start. Pausing stores the run, which is awaited but not counted.
 */
function block(core, seconds) {
  return core.handle.evaluate(async (core, seconds) => {
    core.heard.length = 0;
    let first = null;
    let count = 0;
    let time = 0;
    while (first === null || count === 0 || time < seconds * 1000) {
      while (core.heard.length === 0) {
        if (core.failure) throw core.failure;
        await new Promise((wake) => {
          core.wake = wake;
        });
      }
      const { at, event } = core.heard.shift();
      if (event.kind !== "step") continue;
      if (first !== null) count += event.steps.length;
      first ??= at;
      time = at - first;
    }
    core.worker.postMessage({ id: core.run, type: "control", action: "pause" });
    await core.call("model", {});
    return { time: time / count, count };
  }, seconds);
}

/** Generates whole texts from one token until `seconds` are over; the last one is cut after twice that. */
function measureDecoding(core, { sizes }, seconds) {
  return core.handle.evaluate(
    async (core, [length, seconds]) => {
      const sampling = { ...(await core.call("defaults", {})).sampling, temperature: 1 };
      const start = performance.now();
      let count = 0;
      const watch = ({ data }) => {
        if (data.type !== "events") return;
        count += data.events.filter(({ kind }) => kind === "token").length;
        if (performance.now() - start > seconds * 2000) core.worker.postMessage({ id: data.id, type: "control", action: "stop" });
      };
      core.worker.addEventListener("message", watch);
      while (performance.now() - start < seconds * 1000) {
        sampling.seed += 1;
        const request = { prompt: globalThis.bench.character(0), sampling, maxNewTokens: length, stop: [], topLogprobs: 0 };
        await core.stream("generate", request);
      }
      core.worker.removeEventListener("message", watch);
      return { time: (performance.now() - start) / count, count };
    },
    [sizes.contextLength - 2, seconds],
  );
}

async function loadVocabulary(page, core) {
  await page.evaluate(async (core) => {
    const file = await (await globalThis.bench.load("r50k_base.tiktoken")).arrayBuffer();
    await core.call("loadTokenizer", { slot: "lab", file: new Uint8Array(file) });
  }, core.handle);
}

/** Text to ids, from the page to the worker and back. */
function encodeText(core) {
  return core.handle.evaluate((core) =>
    globalThis.bench.timeEncoding(async (text) => (await core.call("encode", { slot: "lab", text })).ids),
  );
}
