// The measurements: shapes, cases, devices, and every system with the cases and devices it can run.

/** GPT-2's family: the MLP is four times as wide as the model. XL is GPT-2 124M. */
export const SHAPES = {
  S: { nLayer: 4, nHead: 4, dModel: 64, contextLength: 64, batchSize: 8, vocabSize: 65 },
  M: { nLayer: 6, nHead: 6, dModel: 192, contextLength: 128, batchSize: 8, vocabSize: 256 },
  L: { nLayer: 6, nHead: 8, dModel: 256, contextLength: 256, batchSize: 8, vocabSize: 1024 },
  XL: { nLayer: 12, nHead: 12, dModel: 768, contextLength: 1024, batchSize: 8, vocabSize: 50257 },
};

export const CASES = {
  train: { unit: "ms/step", what: "one optimizer update, forward to AdamW", shaped: true },
  decode: { unit: "ms/token", what: "one token at a time at batch 1, from a prompt of one token to a full context", shaped: true },
  encode: { unit: "ms", what: "5 MB of mixed text into GPT-2's tokens", shaped: false },
};

export const DEVICES = ["webgpu", "cpu"];
export const DEFAULT_SHAPES = ["S", "M"];

/** `peer` is the bundled worker, `variant` its option. `exact` systems compute our model and must prove it. */
export const SYSTEMS = [
  { name: "tadpole", cases: { train: DEVICES, decode: DEVICES, encode: ["cpu"] } },
  { name: "jax-js", peer: "jax", exact: true, cases: { train: DEVICES } },
  { name: "jax-js/cache", peer: "jax", variant: "cache", exact: true, cases: { decode: DEVICES } },
  { name: "jax-js/window", peer: "jax", variant: "window", exact: true, cases: { decode: DEVICES } },
  { name: "onnxruntime/cache", peer: "onnxruntime", variant: "cache", exact: true, cases: { decode: DEVICES } },
  { name: "onnxruntime/window", peer: "onnxruntime", variant: "window", exact: true, cases: { decode: DEVICES } },
  { name: "nanogpt", peer: "nanogpt", cases: { train: ["webgpu"], decode: ["webgpu"] } },
  { name: "gpt-tokenizer", peer: "gpt-tokenizer", cases: { encode: ["cpu"] } },
  { name: "tiktoken", peer: "tiktoken", cases: { encode: ["cpu"] } },
];

/** A system is chosen by its name or by the part before the slash. */
export function matches(system, name) {
  return system.name === name || system.name.startsWith(`${name}/`);
}

/** The comparisons that the options ask for: [{ case, shape, sizes, device, systems }]. */
export function comparisons({ cases, shapes, devices, systems }) {
  const chosen = SYSTEMS.filter((system) => systems.some((name) => matches(system, name)));
  const all = [];
  for (const kind of cases) {
    for (const [shape, sizes] of CASES[kind].shaped ? Object.entries(shapes) : [["-", null]]) {
      for (const device of devices) {
        const able = chosen.filter((system) => system.cases[kind]?.includes(device));
        const fits = kind !== "train" || shape !== "XL";
        if (able.length > 0 && fits) all.push({ case: kind, shape, sizes, device, systems: able });
      }
    }
  }
  return all;
}
