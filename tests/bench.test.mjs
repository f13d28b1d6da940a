// The benchmark's pure parts: its command line, its statistics, and its two file formats. Quick, and without a peer or a browser: node
// --test tests/bench.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { batch, chacha8 } from "../bench/batches.mjs";
import { comparisons, SHAPES, SYSTEMS } from "../bench/cases.mjs";
import { gpt2 } from "../bench/onnx.mjs";
import { readOptions } from "../bench/options.mjs";
import { plot } from "../bench/plot.mjs";
import { Message, varint } from "../bench/protobuf.mjs";
import { readMetadata, readSafetensors, replaceTensors, writeSafetensors } from "../bench/safetensors.mjs";
import { figure, median, rows, table } from "../bench/stats.mjs";
import { corpus, modelFiles, tokenOf } from "../bench/weights.mjs";

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

test("natively a training step of M is measured, or of the shapes asked for", () => {
  assert.deepEqual(readOptions(["--native"]).shapes, { M: SHAPES.M });
  assert.deepEqual(Object.keys(readOptions(["--native", "--shape", "S,L"]).shapes), ["S", "L"]);
  assert.deepEqual(readOptions(["--native", "--n-layer", "2"]).shapes, { custom: { ...SHAPES.S, nLayer: 2 } });
});

test("a batch is drawn with ChaCha8: windows of the training part, of each update others", () => {
  const next = chacha8(new Array(8).fill(0), 0);
  const bytes = new DataView(new ArrayBuffer(16));
  for (let at = 0; at < 16; at += 4) bytes.setUint32(at, next(), true);
  // Bernstein's ChaCha with eight rounds under a key of zeros, from the test vectors of the ECRYPT project.
  assert.equal(Buffer.from(bytes.buffer).toString("hex"), "3e00ef2f895f40d67f5bb8e81f09a5a1");
  const ids = Array.from({ length: 1_000 }, (_, at) => at);
  const sizes = { contextLength: 8, batchSize: 5 };
  const rows = batch(ids, sizes, 1337, 3);
  assert.deepEqual(batch(ids, sizes, 1337, 3), rows);
  assert.notDeepEqual(batch(ids, sizes, 1337, 4), rows);
  assert.equal(rows.length, 5);
  for (const row of rows) assert.deepEqual(row, ids.slice(row[0], row[0] + 9));
  assert.deepEqual(batch(ids.slice(0, 9), sizes, 1, 0), new Array(5).fill(ids.slice(0, 9)), "where one window alone fits, it is that");
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
    ["--native", "--device", "cpu"],
    ["--native", "--case", "train"],
    ["--native", "--system", "tadpole"],
    ["--native", "--shape", "XL"],
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
  replaceTensors(file, new Map([["b", { values: Float32Array.of(7) }]]));
  assert.deepEqual([[...readSafetensors(file).get("a").values], [...readSafetensors(file).get("b").values]], [[1, 2, 3, 4], [7]]);
  assert.throws(() => replaceTensors(file, new Map([["b", { values: Float32Array.of(7, 8) }]])), /no b of 2/);
  assert.throws(() => readSafetensors(file.slice(0, 20)), /no safetensors/);
  assert.deepEqual(readMetadata(file), {});
  const header = Buffer.from('{"__metadata__":{"run":"{}"}}   ');
  const strings = Buffer.concat([Buffer.alloc(8), header]);
  strings.writeBigUInt64LE(BigInt(header.length));
  assert.deepEqual(readMetadata(strings), { run: "{}" });
});

const TINY = { nLayer: 1, nHead: 2, dModel: 8, contextLength: 6, batchSize: 2, vocabSize: 11 };

test("the corpus has exactly as many characters as the model has tokens", () => {
  assert.equal(new Set(corpus(TINY)).size, TINY.vocabSize);
  assert.deepEqual(
    [...new Set([...corpus(TINY)].map(tokenOf))].sort((a, b) => a - b),
    [...new Array(TINY.vocabSize).keys()],
  );
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
