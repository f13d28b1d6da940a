// Shared by every peer's worker: calls by message, and the timing of training and decoding.

/** Answers `{ id, name, args }` with `{ id, value }` or `{ id, error }`, one call at a time. */
export function host(system) {
  let last = Promise.resolve();
  self.onmessage = ({ data: { id, name, args } }) => {
    last = last.then(async () => {
      try {
        const value = await system[name](...args);
        self.postMessage({ id, value }, value instanceof Uint32Array && value.byteLength === value.buffer.byteLength ? [value.buffer] : []);
      } catch (error) {
        self.postMessage({ id, error: String(error?.message ?? error) });
      }
    });
  };
}

const WARM_STEPS = 3;
const MOST_STEPS = 500;

/**
 * Times training. `step()` requests an update and returns a promise if the system itself waits; `loss()` waits for the device and reads.
 * Warms up for at least three updates and `seconds`, so that lazy compilation is over.
 */
export async function trainer(step, loss, seconds) {
  let each = 0;
  let first = null;
  const began = performance.now();
  for (let done = 0; done < WARM_STEPS || performance.now() - began < seconds * 1000; done++) {
    const start = performance.now();
    await step();
    const value = await loss();
    first ??= value;
    each = performance.now() - start;
    // A step that takes this long needs no more warming up.
    if (done > 0 && each > seconds * 1000) break;
  }
  return {
    /** Runs updates for about `seconds`: an estimated number, then one read of the loss, and more if they were too few. */
    async measure(seconds) {
      const start = performance.now();
      let count = 0;
      let value;
      for (let left = seconds * 1000; left > each / 2 || count === 0; left = seconds * 1000 - (performance.now() - start)) {
        const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(left / each)));
        for (let i = 0; i < steps; i++) await step();
        value = await loss();
        count += steps;
        each = (performance.now() - start) / count;
      }
      if (!Number.isFinite(value)) throw new Error(`the loss became ${value}`);
      if (value >= first) throw new Error(`the loss did not fall: ${first} and then ${value}`);
      return { time: each, count };
    },
  };
}

/**
 * Times decoding. `begin()` empties the cache, `next(id, position)` gives the logits of the token after it; we sample at temperature 1.
 * Generates whole texts until `seconds` are over; the last one is cut after twice that.
 */
export async function decode({ begin, next, contextLength, seconds }) {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < seconds * 1000) {
    await begin();
    let id = 0;
    for (let position = 0; position < contextLength - 2; position++) {
      id = draw(await next(id, position));
      count += 1;
      if (performance.now() - start > seconds * 2000) break;
    }
  }
  return { time: (performance.now() - start) / count, count };
}

/** One token at temperature 1. */
function draw(logits) {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  const weights = Float32Array.from(logits, (logit) => Math.exp(logit - most));
  let left = Math.random() * weights.reduce((a, b) => a + b, 0);
  for (let id = 0; id < weights.length; id++) {
    left -= weights[id];
    if (left < 0) return id;
  }
  return weights.length - 1;
}

/** A batch of ids with something to learn: rows of `contextLength + 1`. */
export function batch({ batchSize, contextLength, vocabSize }, number) {
  const ids = new Int32Array(batchSize * (contextLength + 1));
  for (let i = 0; i < ids.length; i++) {
    const at = number * 31 + Math.floor(i / (contextLength + 1)) * 1009 + (i % (contextLength + 1));
    ids[i] = (at * 7 + (at >> 6)) % vocabSize;
  }
  return ids;
}

/** Refuses a CPU posing as a GPU. */
export async function adapterName() {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error("there is no WebGPU adapter");
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, device, description].filter(Boolean).join(" ");
}
