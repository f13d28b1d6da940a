// Hostile input for the page, drawn from a seed: addresses, prompt sets and rows, messages from a page around a frame, and commands to the
// core from a client with a port. Half of it is nearly valid, since plainly invalid input is refused at once.
import { readFileSync } from "node:fs";
import fc from "fast-check";

/** If any of it ever becomes HTML, an element has this attribute. */
export const PLANTED = "data-planted";
const MARKUP = [
  `"><img src=x ${PLANTED}>`,
  `<svg ${PLANTED} onload=alert(1)>`,
  `</textarea><b ${PLANTED}>`,
  `javascript:alert(1)`,
  "{name}",
  "$&$1",
];

/** The code in docs/ADDRESS.md: keys and values that the page knows; each group contains each of them once. */
const words = [
  ...new Set([...readFileSync(new URL("../docs/ADDRESS.md", import.meta.url), "utf8").matchAll(/`([^`\n]+)`/g)].map(([, word]) => word)),
];
const groups = words.filter((word) => word.endsWith(".…")).map((word) => word.slice(0, -1));
const plain = words.filter((word) => !word.includes("…"));
const MORE = ["nLayer", "nHead", "nKvHead", "dModel", "dFf", "contextLength", "dropout", "vocabSize", "kind", "batchSize", "learningRate"];
const ASK = ["task", "language", "seed", "rows", "columns", "column", "row", "view", "shots", "style", "open", "edits", "set"];

const name = fc.constantFrom(...plain, ...MORE, ...ASK);
const key = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...groups), name).map((parts) => parts.join("")) },
  fc.string(),
);
const number = fc.oneof(
  fc.integer({ min: -2, max: 12 }),
  fc.constantFrom(64, 1e3, 1e6, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, -1e9, 0.5, 1e-300, NaN, Infinity, -0),
  fc.double(),
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(...MARKUP, "", "\0", "\ud800", "a".repeat(5000), "青".repeat(700), "__proto__", "constructor"),
);
const some = fc.oneof(
  name,
  number.map(String),
  text,
  fc.json(),
  fc.constantFrom("true", "false", "null", "[]", "{}", "en", "zh", "auto", "own"),
);

// ---------- addresses ----------

const column = fc
  .tuple(fc.constantFrom("direct", "worked", "own", "steps", "x"), number, text)
  .map(([style, shots, template]) => `${style}:${shots}:${template}`);

export const address = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(
        fc.tuple(
          key,
          fc.oneof(
            { weight: 6, arbitrary: some },
            { weight: 1, arbitrary: column },
            { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3000 }) },
          ),
        ),
        { maxLength: 8 },
      )
      .chain((pairs) =>
        fc
          .constantFrom("lessons", "tokens", "train", "inside", "sample", "prompt", "bench")
          .map((lab) => `#${new URLSearchParams([["lab", lab], ...pairs.map(([k, v]) => [k.toWellFormed?.() ?? k, v])])}`),
      ),
  },
  fc.string({ maxLength: 200 }).map((raw) => `#${raw}`),
  fc
    .array(fc.constantFrom("%", "%E9", "%ED%A0%80", "&", "=", "+", "lab=", "#", "%00", "\u202e", "model="), { maxLength: 40 })
    .map((parts) => `#${parts.join("")}`),
);

// ---------- prompt sets and rows ----------

const shot = fc.record({ question: text, answer: text, steps: text }, { requiredKeys: [] });
const row = fc.record(
  { question: text, answer: text, shots: fc.oneof(fc.array(shot, { maxLength: 10 }), fc.constant(null)) },
  { requiredKeys: [] },
);
const set = fc.record(
  { template: text, shots: fc.array(shot, { maxLength: 10 }), rows: fc.array(row, { maxLength: 12 }) },
  { requiredKeys: [] },
);
const promptSet = fc.record(
  {
    format: fc.constant("tadpole prompt set"),
    version: fc.constant(1),
    task: fc.constantFrom("own", "rules", "labels", "sum", "words", "facts", "__proto__"),
    language: fc.constantFrom("en", "zh", "fr"),
    columns: fc.array(
      fc.record(
        { style: fc.constantFrom("direct", "worked", "steps", "own", "none"), shots: number, template: text },
        { requiredKeys: ["style"] },
      ),
      { maxLength: 9 },
    ),
    set,
    seed: fc.oneof(fc.nat(), number),
    rows: fc.oneof(fc.integer({ min: 1, max: 20 }), number),
    edits: fc.dictionary(fc.oneof(fc.nat(20).map(String), text), row),
  },
  { requiredKeys: ["format", "version"] },
);
const right = promptSet.map((each) => ({ columns: [{ style: "direct", shots: 1 }], language: "en", task: "own", ...each }));
const csv = fc.array(
  fc.constantFrom(",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "question", "answer", "a", "青", "{", "}", "\ufeff", "\0", ...MARKUP),
  { maxLength: 60 },
);
const lines = fc.array(
  fc.oneof(
    fc.json(),
    row.map((each) => JSON.stringify(each)),
    text,
  ),
  { maxLength: 12 },
);

export const promptFile = fc.oneof(
  { weight: 3, arbitrary: right.map((value) => ["set.json", JSON.stringify(value)]) },
  promptSet.map((value) => ["set.json", JSON.stringify(value)]),
  fc.oneof(fc.json(), text).map((value) => ["set.json", value]),
  { weight: 2, arbitrary: csv.map((parts) => ["rows.csv", parts.join("")]) },
  { weight: 2, arbitrary: lines.map((each) => [`rows.jsonl`, each.join("\n")]) },
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ["rows.txt", Buffer.from(bytes).toString("latin1")]),
);

// ---------- messages ----------

const any = fc.anything({ withBigInt: true, withSparseArray: true });
const options = fc.record(
  {
    prompt: text,
    temperature: number,
    topK: number,
    topP: number,
    minP: number,
    seed: number,
    maxNewTokens: fc.integer({ min: -1, max: 3 }),
    corpus: text,
    corpusName: text,
    steps: fc.integer({ min: -1, max: 2 }),
  },
  { requiredKeys: [] },
);
const look = fc.dictionary(
  fc.constantFrom("accent", "on-accent", "paper", "ink", "font", "mono", "url(x)"),
  fc.oneof(text, fc.constantFrom("red", "url(https://example.invalid/x)", "1;color:red}")),
  { maxKeys: 3 },
);
const fields = fc.record(
  {
    hash: fc.oneof(address, text),
    only: fc.oneof(fc.constant(null), fc.array(key, { maxLength: 4 })),
    look,
    call: fc.oneof(fc.integer(), number),
    options,
    reason: text,
    pixels: number,
  },
  { requiredKeys: [] },
);

export const message = fc
  .tuple(
    fc.constantFrom(
      "core",
      "settings",
      "settings",
      "settings",
      "look",
      "look",
      "generate",
      "train",
      "stop",
      "join",
      "restart",
      "height",
      "x",
    ),
    fields,
    fc.dictionary(text, any, { maxKeys: 2 }),
    fc.nat(3),
    any,
  )
  .map(([type, all, extra, dice, whole]) => (dice === 0 ? whole : { tadpole: 1, type, ...all, ...(dice === 1 ? extra : {}) }));

// ---------- commands ----------

const CALLS =
  "defaults model calibration history estimate nextTokens inspect nextUpdate updateMade parameter embeddingMap nearest world cases setLearningRate save load attachCorpus exportHuggingFace importHuggingFace saveTokenizer encode encodeReplay merges mergeColumns tokenizerDefaults loadTokenizer useTokenizer x".split(
    " ",
  );
const STREAMS = "train resume measure grade generate trainTokenizer x".split(" ");
const bytes = fc.uint8Array({ maxLength: 200 });
const request = fc.record(
  {
    ...{
      prompt: text,
      text,
      forced: fc.array(fc.nat(400), { maxLength: 5 }),
      top: number,
      id: fc.oneof(fc.nat(300), number),
      count: number,
      merges: number,
    },
    ...{
      slot: fc.constantFrom("a", "b", "model", "x"),
      name: text,
      path: text,
      corpus: bytes,
      file: bytes,
      steps: fc.integer({ min: -1, max: 3 }),
      learningRate: number,
      seed: number,
    },
    ...{
      files: fc.array(fc.record({ name: fc.constantFrom("config.json", "model.safetensors", "tokenizer.json"), bytes }), { maxLength: 3 }),
      training: fc.boolean(),
      task: text,
      language: text,
      topLogprobs: number,
    },
    ...{
      maxNewTokens: fc.integer({ min: -1, max: 5 }),
      stop: fc.array(text, { maxLength: 2 }),
      kind: fc.constantFrom("bpe", "char", "x"),
      case: fc.constantFrom("train", "x"),
      batchSize: number,
      blocks: number,
    },
  },
  { requiredKeys: [] },
);

/** `over` overrides what the core's defaults fill in. */
export const command = fc
  .tuple(
    fc.boolean(),
    fc.constantFrom(...CALLS),
    fc.constantFrom(...STREAMS),
    fc.oneof({ weight: 5, arbitrary: request }, any),
    fc.dictionary(fc.oneof(name, fc.constantFrom(...MORE)), fc.oneof(number, text), { maxKeys: 3 }),
  )
  .map(([isCall, call, stream, request, over]) => ({ type: isCall ? "call" : "stream", name: isCall ? call : stream, request, over }));

/** This many cases of a kind, the same for the same seed. */
export const draw = (arbitrary, count, seed) => fc.sample(arbitrary, { numRuns: count, seed });
