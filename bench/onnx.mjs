// GPT-2 as an ONNX file, with ONNX Runtime's own fused operators: GroupQueryAttention, SkipLayerNormalization, FastGelu.
// With a cache it reads one token at a time; without, a whole window. https://onnx.ai/onnx/repo-docs/IR.html
import { Message } from "./protobuf.mjs";

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const MICROSOFT = "com.microsoft";
const EPSILON = 1e-5;

/** The graph under construction: nodes, weights, inputs and outputs. */
class Graph {
  message = new Message().text(2, "gpt2");
  #names = 0;

  /** Adds a node and returns the names of its outputs; an omitted input is "". */
  node(type, inputs, { outputs = 1, domain = "", ...attributes } = {}) {
    const names = Array.isArray(outputs) ? outputs : Array.from({ length: outputs }, () => `t${this.#names++}`);
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const name of names) node.text(2, name);
    node.text(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    if (domain) node.text(7, domain);
    this.message.message(1, node);
    return names;
  }

  weight(name, { shape, values }, type = FLOAT) {
    const tensor = new Message();
    for (const size of shape) tensor.int(1, size);
    tensor.int(2, type).text(8, name);
    tensor.bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.message.message(5, tensor);
    return name;
  }

  input(name, type, shape) {
    this.message.message(11, value(name, type, shape));
    return name;
  }

  output(name, type, shape) {
    this.message.message(12, value(name, type, shape));
  }

  finish() {
    const opset = (domain, version) => new Message().text(1, domain).int(2, version);
    const model = new Message().int(1, 9).text(2, "tadpole-bench").message(7, this.message);
    return model.message(8, opset("", 17)).message(8, opset(MICROSOFT, 1)).finish();
  }
}

/** An integer, several, or { float }. */
function attribute(name, value) {
  const message = new Message().text(1, name);
  if (Array.isArray(value)) return value.reduce((message, each) => message.int(8, each), message).int(20, 7);
  return typeof value === "number" ? message.int(3, value).int(20, 2) : message.float(2, value.float).int(20, 1);
}

/** A name, a type and a shape, whose sizes are numbers or names of variable dimensions. */
function value(name, type, shape) {
  const dims = new Message();
  for (const size of shape) {
    dims.message(1, typeof size === "number" ? new Message().int(1, size) : new Message().text(2, size));
  }
  const tensor = new Message().int(1, type).message(2, dims);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/**
 * The file. Inputs with a cache: `ids` [1, 1], `at` [1, 1] (the position), `last` [1] and `total` [1] (the number of tokens seen, minus
 * one, and in all), `past_{key,value}_{layer}`; outputs: `logits` [1, V] and `present_...`. Without: `ids` and `at` [1, T] (all positions),
 * and `pick` [1], the position of the wanted logits; `fused` chooses one node for its attention.
 */
export function gpt2(tensors, sizes, { cache, fused }) {
  const { nLayer, dModel, vocabSize, contextLength } = sizes;
  const graph = new Graph();
  const length = cache ? 1 : contextLength;
  const attention = cache ? cachedAttention : fused ? fusedAttention : plainAttention;
  for (const name of ["ids", "at"]) graph.input(name, INT32, [1, length]);
  if (cache) for (const name of ["last", "total"]) graph.input(name, INT32, [1]);
  const mask = cache ? null : causalMask(graph, contextLength);
  const weight = (name) => graph.weight(name, tensors.get(name));
  const table = weight("wte.weight");
  const [tokens] = graph.node("Gather", [table, "ids"]);
  const [places] = graph.node("Gather", [weight("wpe.weight"), "at"]);
  let [stream] = graph.node("Add", [tokens, places]);
  let branch = null;
  /** Adds the last branch to the stream and normalises it, in one node. */
  const norm = (name) => {
    const affine = [weight(`${name}.weight`), weight(`${name}.bias`)];
    if (branch === null) return graph.node("LayerNormalization", [stream, ...affine], { axis: 2, epsilon: { float: EPSILON } })[0];
    const both = { outputs: 4, domain: MICROSOFT, epsilon: { float: EPSILON } };
    const [out, , , sum] = graph.node("SkipLayerNormalization", [stream, branch, ...affine], both);
    stream = sum;
    return out;
  };
  const linear = (name, x) => graph.node("Add", [graph.node("MatMul", [x, weight(`${name}.weight`)])[0], weight(`${name}.bias`)])[0];
  for (let layer = 0; layer < nLayer; layer++) {
    const h = `h.${layer}`;
    const qkv = linear(`${h}.attn.c_attn`, norm(`${h}.ln_1`));
    const mixed = attention(graph, qkv, mask, sizes, layer);
    branch = linear(`${h}.attn.c_proj`, mixed);
    const up = graph.node("MatMul", [norm(`${h}.ln_2`), weight(`${h}.mlp.c_fc.weight`)])[0];
    const [active] = graph.node("FastGelu", [up, weight(`${h}.mlp.c_fc.bias`)], { domain: MICROSOFT });
    branch = linear(`${h}.mlp.c_proj`, active);
  }
  let out = norm("ln_f");
  if (!cache) [out] = graph.node("Gather", [out, graph.input("pick", INT32, [1])], { axis: 1 });
  const row = graph.weight("row", { shape: [2], values: BigInt64Array.of(1n, BigInt(dModel)) }, INT64);
  graph.node("Gemm", [graph.node("Reshape", [out, row])[0], table], { outputs: ["logits"], transB: 1 });
  graph.output("logits", FLOAT, [1, vocabSize]);
  return graph.finish();
}

/** Attention of one token to the cache and to itself, from packed queries, keys and values [1, 1, 3C]. */
function cachedAttention(graph, qkv, _mask, { nHead, dModel }, layer) {
  const options = { domain: MICROSOFT, num_heads: nHead, kv_num_heads: nHead };
  const names = ["key", "value"].map((name) => `${name}_${layer}`);
  const shape = (length) => [1, nHead, length, dModel / nHead];
  const past = names.map((name) => graph.input(`past_${name}`, FLOAT, shape("past")));
  const present = names.map((name) => `present_${name}`);
  for (const name of present) graph.output(name, FLOAT, shape("present"));
  const inputs = [qkv, "", "", ...past, "last", "total"];
  return graph.node("GroupQueryAttention", inputs, { ...options, outputs: [`mixed_${layer}`, ...present] })[0];
}

/** Attention within a window [1, T, 3C], in one node. */
function fusedAttention(graph, qkv, mask, { nHead }) {
  const parts = graph.node("Split", [qkv], { outputs: 3, axis: 2 });
  return graph.node("MultiHeadAttention", [...parts, "", "", mask], { domain: MICROSOFT, num_heads: nHead })[0];
}

/** The same, made of plain operators. */
function plainAttention(graph, qkv, mask, { nHead, dModel, contextLength }, layer) {
  const shape = (name, sizes) => graph.weight(name, { shape: [sizes.length], values: BigInt64Array.from(sizes, BigInt) }, INT64);
  const heads = shape(`heads_${layer}`, [1, contextLength, nHead, dModel / nHead]);
  const split = (part, perm) => graph.node("Transpose", graph.node("Reshape", [part, heads]), { perm })[0];
  const [q, k, v] = graph.node("Split", [qkv], { outputs: 3, axis: 2 });
  const [products] = graph.node("MatMul", [split(q, [0, 2, 1, 3]), split(k, [0, 2, 3, 1])]);
  const scale = graph.weight(`scale_${layer}`, { shape: [1], values: Float32Array.of(Math.sqrt(nHead / dModel)) });
  const [scores] = graph.node("Add", [graph.node("Mul", [products, scale])[0], mask]);
  const [mixed] = graph.node("MatMul", [...graph.node("Softmax", [scores], { axis: 3 }), split(v, [0, 2, 1, 3])]);
  const merged = shape(`merged_${layer}`, [1, contextLength, dModel]);
  return graph.node("Reshape", [...graph.node("Transpose", [mixed], { perm: [0, 2, 1, 3] }), merged])[0];
}

/** The mask added to attention scores [1, 1, T, T], so that no position looks ahead. */
function causalMask(graph, length) {
  const values = new Float32Array(length * length);
  for (let i = 0; i < values.length; i++) values[i] = i % length > Math.floor(i / length) ? -1e9 : 0;
  return graph.weight("mask", { shape: [1, 1, length, length], values });
}
