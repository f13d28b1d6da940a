// jax-js: training, and decoding with a cache of fixed size or with the whole window computed at every token.
import { defaultDevice, init, jit, numpy as np, tree } from "@jax-js/jax";
import { readSafetensors } from "../safetensors.mjs";
import { batch, decode, host, trainer } from "./host.mjs";
import { decodeStep, emptyCache, initialState, logits, parameters, trainStep } from "./jax-model.mjs";

let sizes;
let variant;
let weights;
let training;
let next;

async function open(options) {
  ({ sizes, variant } = options);
  const device = options.device === "cpu" ? "wasm" : "webgpu";
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
  weights = parameters(readSafetensors(options.weights), sizes);
  next = variant === "cache" ? cached() : windowed();
}

/** Logits of the token after `ids`. */
async function lastLogits(ids) {
  let last;
  for (const [position, id] of [...ids].entries()) last = await next(id, position);
  return last;
}

const ids = (values, shape) => np.array(Int32Array.from(values)).reshape(shape);

/** Computes the whole window each time: a position does not see later ones. */
function windowed() {
  const window = new Int32Array(sizes.contextLength);
  const run = jit((p, ids, at) => {
    const scores = logits(p, ids, sizes, at);
    return scores.reshape([sizes.vocabSize]);
  });
  return async (id, position) => {
    window[position] = id;
    return run(tree.ref(weights), ids(window, [1, sizes.contextLength]), ids([position], [1])).data();
  };
}

function cached() {
  let cache = emptyCache(sizes);
  const run = jit((p, cache, id, at) => decodeStep(p, cache, id, at, sizes));
  return async (id, position) => {
    let scores;
    [scores, cache] = run(tree.ref(weights), cache, ids([id], [1]), ids([position], [1]));
    return scores.data();
  };
}

async function warmTraining(seconds) {
  let state = initialState(tree.ref(weights));
  let number = 0;
  let value = null;
  const run = jit((state, batch) => trainStep(state, batch, sizes));
  const step = () => {
    value?.dispose();
    [state, value] = run(state, ids(batch(sizes, number), [sizes.batchSize, sizes.contextLength + 1]));
    number += 1;
  };
  const loss = async () => (await value.ref.data())[0];
  training = await trainer(step, loss, seconds);
}

const warmDecoding = (seconds) => measureDecoding(seconds);

// A stale cache needs no emptying: entries after the current position are masked.
const measureDecoding = (seconds) => decode({ begin() {}, next, contextLength: sizes.contextLength, seconds });

host({
  open,
  logits: lastLogits,
  warm: (kind, seconds) => (kind === "train" ? warmTraining(seconds) : warmDecoding(seconds)),
  measure: (kind, seconds) => (kind === "train" ? training.measure(seconds) : measureDecoding(seconds)),
});
