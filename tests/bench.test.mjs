// The benchmark's pure parts: its command line, its statistics, and the two file formats that it writes.
// Quick, and without a peer or a browser: node --test tests/bench.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { comparisons, SHAPES, SYSTEMS } from "../bench/cases.mjs";
import { gpt2 } from "../bench/onnx.mjs";
import { readOptions } from "../bench/options.mjs";
import { plot } from "../bench/plot.mjs";
import { Message, varint } from "../bench/protobuf.mjs";
import { readSafetensors, writeSafetensors } from "../bench/safetensors.mjs";
import { figure, median, rows, table } from "../bench/stats.mjs";
import { corpus, modelFiles } from "../bench/weights.mjs";

test("without options everything is measured at the shapes of the default", () => {
  const options = readOptions([]);
  assert.deepEqual(Object.keys(options.shapes), ["S", "M"]);
  assert.deepEqual(options.cases, ["train", "decode", "encode"]);
  const all = comparisons(options);
  assert.equal(all.length, 2 * 2 * 2 + 1, "two cases with two shapes on two devices, and encode");
  assert.deepEqual(
    new Set(all.flatMap((each) => each.systems.map((system) => system.name))),
    new Set(SYSTEMS.map((system) => system.name)),
  );
});

test("a shape of one's own begins as S", () => {
  const { shapes } = readOptions(["--n-layer", "2", "--d-model", "32", "--vocab-size", "50"]);
  assert.deepEqual(shapes, { custom: { ...SHAPES.S, nLayer: 2, dModel: 32, vocabSize: 50 } });
});

test("a system is chosen by its name or by the part before the slash", () => {
  const chosen = (name) => comparisons({ ...readOptions(["--case", "decode", "--shape", "S", "--device", "cpu"]), systems: [name] });
  assert.deepEqual(
    chosen("jax-js")[0].systems.map((system) => system.name),
    ["jax-js/cache", "jax-js/window"],
  );
  assert.deepEqual(
    chosen("jax-js/cache")[0].systems.map((system) => system.name),
    ["jax-js/cache"],
  );
});

test("what is unknown or bad is refused with a remedy", () => {
  const refused = [
    ["--frobnicate", "1"],
    ["--case", "dance"],
    ["--shape", "XXL"],
    ["--device", "tpu"],
    ["--system", "jax"],
    ["--rounds", "0"],
    ["--rounds", "1.5"],
    ["--seconds", "soon"],
    ["--n-head", "3"],
    ["--context-length", "2"],
    ["--shape", "S", "--n-layer", "2"],
    ["stray"],
  ];
  for (const args of refused) {
    assert.throws(
      () => readOptions(args),
      (error) => error.name === "Error" && typeof error.remedy === "string" && error.remedy !== "",
      args.join(" "),
    );
  }
});

test("the median of an even count is between the middle two", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test("only our row has a ratio, to the best peer that ran", () => {
  const result = (system, times, failure) => ({ system, times, failure });
  const results = [result("tadpole", [4, 6, 5]), result("a", [20, 10, 15]), result("b", [2, 2.5, 3]), result("c", [], "it broke")];
  const made = rows({ case: "train", shape: "S", device: "cpu" }, "ms/step", results);
  assert.deepEqual(
    made.map((row) => row.ratio),
    [2, null, null, null],
  );
  assert.deepEqual([made[0].median, made[0].min, made[0].max], [5, 4, 6]);
  assert.equal(made[3].failure, "it broke");
  assert.match(table(made), /failed: it broke/);
  assert.equal(rows({ case: "train", shape: "S", device: "cpu" }, "ms/step", [result("tadpole", [4])])[0].ratio, null);
});

test("figures show what counts", () => {
  assert.deepEqual([null, 0.1234, 12.34, 123.4].map(figure), ["-", "0.123", "12.3", "123"]);
});

test("varints hold seven bits a byte, beyond 32 bits too", () => {
  assert.deepEqual([...varint(0)], [0]);
  assert.deepEqual([...varint(300)], [0xac, 0x02]);
  assert.deepEqual([...varint(2 ** 40)], [0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  assert.throws(() => varint(-1), RangeError);
});

test("a message is its fields in protobuf's wire format", () => {
  const inner = new Message().int(1, 150);
  assert.deepEqual(
    [...new Message().text(2, "hi").message(3, inner).float(4, 1).finish()],
    [0x12, 2, 104, 105, 0x1a, 3, 8, 0x96, 1, 0x25, 0, 0, 0x80, 0x3f],
  );
});

test("safetensors come back as they were written", () => {
  const tensors = new Map([
    ["transformer.a", { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
    ["b", { shape: [1], values: Float32Array.of(-0.5) }],
  ]);
  const file = writeSafetensors(tensors);
  const back = readSafetensors(file);
  assert.deepEqual(back.get("a"), tensors.get("transformer.a"));
  assert.deepEqual(back.get("b"), tensors.get("b"));
  assert.throws(() => readSafetensors(file.slice(0, 20)), /no safetensors/);
});

const TINY = { nLayer: 1, nHead: 2, dModel: 8, contextLength: 6, batchSize: 2, vocabSize: 11 };

test("the corpus has exactly as many characters as the model has tokens", () => {
  assert.equal(new Set(corpus(TINY)).size, TINY.vocabSize);
  assert.equal(new Set(corpus({ ...TINY, vocabSize: 30_000 })).size, 30_000);
});

test("the ONNX file carries every weight", () => {
  const tensors = readSafetensors(modelFiles(TINY)[1].bytes);
  for (const cache of [true, false]) {
    const text = Buffer.from(gpt2(tensors, TINY, { cache, fused: false })).toString("latin1");
    for (const name of tensors.keys()) assert.ok(text.includes(name), name);
    assert.equal(text.includes("GroupQueryAttention"), cache);
  }
});

test("a plot has a line for each device, whose points rise where the figures do, and no markup from names", () => {
  const lines = [
    {
      name: "CPU <1>",
      points: [
        [1e5, 10],
        [1e6, 100],
        [1e7, 1000],
      ],
    },
    { name: "WebGPU", points: [[1e6, 500]] },
  ];
  const svg = plot({ title: "Step & size", x: "parameters", y: "ms", lines });
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.equal(dots.length, 4);
  const [a, b, c] = dots;
  assert.ok(a[0] < b[0] && b[0] < c[0] && a[1] > b[1] && b[1] > c[1]);
  assert.ok(Math.abs(b[0] - a[0] - (c[0] - b[0])) < 1, "logarithmic: equal ratios are equal distances");
  assert.match(svg, /CPU &lt;1>/);
  assert.match(svg, />1M</);
});
