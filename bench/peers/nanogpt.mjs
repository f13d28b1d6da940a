// @genai-fi/nanogpt (TensorFlow.js with its own kernels), through its own API. Its model differs, too: RMSNorm, rotary positions and no
// biases, so a little less arithmetic than the others; its logits cannot be compared with ours.
import { TeachableLLM } from "@genai-fi/nanogpt";
import { adapterName, batch, host } from "./host.mjs";

const TRAIN_TOKENS = 50_000;
const PILOT_TOKENS = 4;

let sizes;
let model;
let job;
let each = 0; // ms a step, as far as is known

async function open(options) {
  ({ sizes } = options);
  await adapterName();
  await TeachableLLM.selectBackend("webgpu");
  const { vocabSize, contextLength: blockSize, nLayer, nHead, dModel: nEmbed } = sizes;
  // The first version of its model, as the second has no GELU; it caches keys and values only with rotary positions.
  const config = { modelType: "GenAI_NanoGPT_v1", vocabSize, blockSize, nLayer, nHead, nEmbed, mlpFactor: 4, useRope: true };
  model = TeachableLLM.create("char", config);
  if (!model.loaded) await new Promise((resolve) => model.on("loaded", resolve));
}

/** Starts a run. It logs, and so reads the loss, at most once a millisecond: otherwise nothing bounds the device's queue. */
async function warmTraining(seconds) {
  const rows = Math.ceil(TRAIN_TOKENS / batch(sizes, 0).length);
  const tokens = Uint16Array.from(Array.from({ length: rows }, (_, i) => [...batch(sizes, i)]).flat());
  const options = {
    method: { type: "pretraining" },
    batchSize: sizes.batchSize,
    logInterval: 1,
    maxEpochs: 1e6,
    learningRate: 1e-3,
    weightDecay: 0.1,
    clipNorm: 1,
  };
  const progress = listen();
  job = await model.training.job(options, [tokens], [{ id: "bench", name: "bench", conversational: false }]);
  const began = performance.now();
  await block(progress, 0);
  each = performance.now() - began;
  if (each < seconds * 1000) await measureTraining(seconds);
}

async function measureTraining(seconds) {
  const progress = listen();
  await model.training.resume(job.id);
  return block(progress, seconds);
}

/** The run's log entries as they arrive, with timestamps. */
function listen() {
  const heard = [];
  let wake = () => {};
  const tell = (entry) => {
    heard.push(entry);
    wake();
  };
  const hear = (job) => tell({ at: performance.now(), step: job.history.at(-1).step, loss: job.history.at(-1).trainingMetrics.loss });
  const fail = (_id, error) => tell({ error: error ?? new Error("its training failed") });
  model.training.on("progress", hear);
  model.training.on("error", fail);
  return {
    async next() {
      while (heard.length === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      if (heard[0].error) throw heard[0].error;
      return heard.shift();
    },
    close() {
      model.training.off("progress", hear);
      model.training.off("error", fail);
    },
  };
}

/**
 * Times from the first log entry to the last before the run pauses, and pauses when the next entry would be beyond `seconds`: a run can
 * only pause when it logs. With `seconds` of 0 it pauses at once, and the time is unknown.
 */
async function block(progress, seconds) {
  const paused = new Promise((resolve) => model.training.on("paused", resolve));
  let pause = seconds === 0 ? model.training.addBreak(job.id) : null;
  const first = await progress.next();
  let last = first;
  while (seconds > 0 && (last === first || pause === null)) {
    each = last === first ? each : (last.at - first.at) / (last.step - first.step);
    if (last.at - first.at + each >= seconds * 1000) pause = model.training.addBreak(job.id);
    last = await progress.next();
  }
  await paused;
  model.training.deleteBreak(job.id, pause);
  progress.close();
  if (!Number.isFinite(last.loss)) throw new Error(`the loss became ${last.loss}`);
  const count = last.step - first.step;
  return { time: (last.at - first.at) / count, count };
}

/** Generates tokens from a one-token prompt until `seconds` are over; a short pilot estimates how many fit. */
async function decode(seconds) {
  const options = { temperature: 1, nonConversational: true, allowSpecial: true, maxLength: PILOT_TOKENS };
  const began = performance.now();
  await model.responses.create(options);
  const each = (performance.now() - began) / PILOT_TOKENS;
  const length = Math.max(2, Math.min(sizes.contextLength - 2, Math.round((seconds * 2000) / each)));
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    await model.responses.create({ ...options, maxLength: length });
    count += length;
  }
  return { time: (performance.now() - start) / count, count };
}

host({
  open,
  warm: (kind, seconds) => (kind === "train" ? warmTraining(seconds) : decode(seconds)),
  measure: (kind, seconds) => (kind === "train" ? measureTraining(seconds) : decode(seconds)),
});
