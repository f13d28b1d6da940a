// GPT-2 in jax-js: the forward pass, the loss, the whole training step with AdamW, and one cached decoding step, all to be jitted.
// In jax-js a function owns its arguments: `.ref` keeps one for another use, a last use gives it away.
// Written for speed: see README.md for what was tried.
import { nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";

const EPSILON = 1e-5;
const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, clip: 1 };
// jax-js's kernels only use SIMD and tiles where a row's length divides by 4, so the vocabulary is filled up to that.
const LANES = 4;
const NEVER = -1e9;

const paddedVocab = (vocabSize) => Math.ceil(vocabSize / LANES) * LANES;

/**
 * Parameters as a tree of arrays, from tensors with Hugging Face's names. Those of the blocks are stacked, [L, ...], so that
 * the optimizer has a third of the kernels to launch; a block's own are views.
 */
export function parameters(tensors, { nLayer, vocabSize, dModel }) {
  const array = (name) => np.array(tensors.get(name).values).reshape(tensors.get(name).shape);
  const affine = (name) => ({ w: array(`${name}.weight`), b: array(`${name}.bias`) });
  const table = new Float32Array(paddedVocab(vocabSize) * dModel);
  table.set(tensors.get("wte.weight").values);
  const block = (h) => {
    const [qw, kw, vw] = np.split(array(`${h}.attn.c_attn.weight`), 3, -1);
    const [qb, kb, vb] = np.split(array(`${h}.attn.c_attn.bias`), 3, -1);
    return {
      norm1: affine(`${h}.ln_1`),
      q: { w: qw, b: qb },
      k: { w: kw, b: kb },
      v: { w: vw, b: vb },
      proj: affine(`${h}.attn.c_proj`),
      norm2: affine(`${h}.ln_2`),
      up: affine(`${h}.mlp.c_fc`),
      down: affine(`${h}.mlp.c_proj`),
    };
  };
  return {
    wte: np.array(table).reshape([paddedVocab(vocabSize), dModel]),
    wpe: array("wpe.weight"),
    norm: affine("ln_f"),
    stack: tree.map((...layers) => np.stack(layers), ...Array.from({ length: nLayer }, (_, i) => block(`h.${i}`))),
  };
}

const unstack = (p, layer) => tree.map((all) => all.ref.slice(layer), p.stack);
const norm = ({ w, b }, x) => nn.standardize(x, -1, { epsilon: EPSILON }).mul(w).add(b);
const linear = ({ w, b }, x) => np.dot(x, w).add(b);
const mlp = (block, x) => linear(block.down, gelu(linear(block.up, norm(block.norm2, x))));

/** GELU's tanh form; as (1 + tanh(u)) / 2 is the sigmoid of 2u, with fewer kernels than jax-js's own. */
function gelu(x) {
  const inner = x.ref.mul(np.square(x.ref).mul(0.044715).add(1)).mul(2 * Math.sqrt(2 / Math.PI));
  return x.mul(nn.sigmoid(inner));
}

/** Rows that are 1 at their id: a product with them has a gradient that is a product, too. */
const oneHot = (ids, classes) => np.expandDims(ids, -1).equal(np.arange(classes)).astype(np.float32);

/** Attention of [B, T, C] to itself. */
function attention(block, x, heads) {
  const [b, t, c] = x.shape;
  const split = (part, x) => linear(part, x).reshape([b, t, heads, c / heads]);
  const q = split(block.q, x.ref);
  const k = split(block.k, x.ref);
  const mixed = nn.dotProductAttention(q, k, split(block.v, x), { isCausal: true });
  return linear(block.proj, mixed.reshape([b, t, c]));
}

/** The residual stream before the last norm, from embeddings [B, T, C]. */
function blocks(p, x, heads) {
  for (let i = 0; i < p.stack.norm1.w.shape[0]; i++) {
    const block = unstack(p, i);
    x = x.ref.add(attention(block, norm(block.norm1, x.ref), heads));
    x = x.ref.add(mlp(block, x.ref));
  }
  return x;
}

/** Logits [..., V padded] with what is only padding out of reach. */
function scores(table, x, vocabSize) {
  const out = np.dot(x, table.transpose());
  const padded = paddedVocab(vocabSize);
  return padded === vocabSize ? out : out.add(np.where(np.arange(padded).less(vocabSize), 0, NEVER));
}

/** Logits [V] of the token after position `at` of `ids` [1, T]. */
export function logits(p, ids, { nHead, vocabSize, dModel }, at) {
  const x = blocks(p, p.wte.ref.slice(ids).add(p.wpe), nHead).reshape([-1, dModel]);
  return scores(p.wte, norm(p.norm, x.slice(at)), vocabSize).slice([], [0, vocabSize]);
}

/** Mean cross-entropy; `ids` and `targets` are [B, T]. */
function loss(p, ids, targets, { nHead, vocabSize }) {
  const padded = paddedVocab(vocabSize);
  const x = np.dot(oneHot(ids, padded), p.wte.ref).add(p.wpe);
  const all = scores(p.wte, norm(p.norm, blocks(p, x, nHead)), vocabSize);
  const picked = all.ref.mul(oneHot(targets, padded)).sum(-1);
  return nn.logsumexp(all, -1).sub(picked).mean();
}

/** Parameters, zero moments and a count of 0. */
export function initialState(p) {
  const zeros = () => tree.map((x) => np.zeros(x.shape), p);
  return { m: zeros(), v: zeros(), p, count: np.zeros([1]) };
}

/** One optimizer update: [state, loss]. `batch` is [B, T + 1]. */
export function trainStep({ p, m, v, count }, batch, sizes) {
  const t = sizes.contextLength;
  const ids = batch.ref.slice([], [0, t]);
  const targets = batch.slice([], [1, t + 1]);
  const [value, gradients] = valueAndGrad((p) => loss(p, ids, targets, sizes))(tree.ref(p));
  const [state, done] = adamw(p, m, v, gradients, count.add(1));
  return [{ ...state, count: done }, value];
}

/** AdamW with decay on matrices and a clip of the global norm: [{ p, m, v }, count]. */
function adamw(p, m, v, gradients, count) {
  const [flat, treedef] = tree.flatten(gradients);
  const [ps, ms, vs] = [p, m, v].map((each) => tree.flatten(each)[0]);
  // Without the axis of the layers, matrices have two.
  const axes = tree.leaves({ ...tree.map((x) => x.ndim, p), stack: tree.map((x) => x.ndim - 1, p.stack) });
  const squares = flat.map((g) => np.square(g.ref).sum()).reduce((a, b) => a.add(b));
  const clip = np.minimum(np.reciprocal(np.sqrt(squares).add(1e-6)).mul(ADAM.clip), 1);
  const correction = (beta) =>
    np.reciprocal(
      np
        .exp(count.ref.mul(Math.log(beta)))
        .neg()
        .add(1),
    );
  const rate = correction(ADAM.beta1).mul(ADAM.rate);
  const root = np.sqrt(correction(ADAM.beta2));
  const updated = flat.map((gradient, i) => {
    const g = gradient.mul(clip.ref);
    const m = ms[i].mul(ADAM.beta1).add(g.ref.mul(1 - ADAM.beta1));
    const v = vs[i].mul(ADAM.beta2).add(np.square(g).mul(1 - ADAM.beta2));
    const decay = axes[i] === 2 ? 1 - ADAM.rate * ADAM.decay : 1;
    const change = m.ref.mul(rate.ref).div(np.sqrt(v.ref).mul(root.ref).add(ADAM.epsilon));
    return [ps[i].mul(decay).sub(change), m, v];
  });
  for (const spare of [clip, rate, root]) spare.dispose();
  const pick = (at) =>
    tree.unflatten(
      treedef,
      updated.map((each) => each[at]),
    );
  return [{ p: pick(0), m: pick(1), v: pick(2) }, count];
}

/** Keys and values of every block, [T, C] each. */
export function emptyCache({ nLayer, contextLength, dModel }) {
  const zeros = () => np.zeros([contextLength, dModel]);
  return Array.from({ length: nLayer }, () => ({ k: zeros(), v: zeros() }));
}

/** One token through the model: [logits [V], cache]. `id` and `at` are [1]. */
export function decodeStep(p, cache, id, at, { nHead, contextLength, dModel, vocabSize }) {
  const places = np.arange(contextLength);
  const here = places.ref.equal(at.ref).reshape([contextLength, 1]);
  const seen = places.less(at.ref.add(1));
  let x = p.wte.ref.slice(id).add(p.wpe.slice(at)); // [1, C]
  const heads = (x) => x.reshape([-1, nHead, dModel / nHead]);
  const kept = [];
  for (let i = 0; i < cache.length; i++) {
    const block = unstack(p, i);
    const y = norm(block.norm1, x.ref);
    const k = np.where(here.ref, linear(block.k, y.ref), cache[i].k);
    const v = np.where(here.ref, linear(block.v, y.ref), cache[i].v);
    kept.push({ k: k.ref, v: v.ref });
    const mixed = nn.dotProductAttention(heads(linear(block.q, y)), heads(k), heads(v), { mask: seen.ref });
    x = x.add(linear(block.proj, mixed.reshape([1, dModel])));
    x = x.ref.add(mlp(block, x.ref));
  }
  here.dispose();
  seen.dispose();
  const out = scores(p.wte, norm(p.norm, x), vocabSize);
  return [out.slice(0, [0, vocabSize]), kept];
}
