// GPT-2 in jax-js: the forward pass, the loss, the whole training step with AdamW, and one cached decoding step, all to be jitted.
// In jax-js a function owns its arguments: `.ref` keeps one for another use, a last use consumes it.
// Written for speed: see README.md for what was tried.
import { lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";

const EPSILON = 1e-5;
const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, clip: 1 };
// jax-js's kernels only use SIMD and tiles if a row's length divides by 4, so the vocabulary is padded to that.
const LANES = 4;
const NEVER = -1e9;

const paddedVocab = (vocabSize) => Math.ceil(vocabSize / LANES) * LANES;

/**
 * Parameters as a tree of arrays, from tensors with Hugging Face's names. Those of the blocks are stacked, [L, ...], so that the optimizer
 * launches a third of the kernels; each block uses views.
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
/** Activations [N, C] as `linear` takes them. Reshaping for each product would be a copy each time in the gradient. */
const rows = (x) => x.reshape([x.shape[0], 1, x.shape[1]]);

/** Of rows [N, 1, in]: [N, out]. */
const linear = ({ w, b }, x) => np.vecdot(x, w.transpose()).add(b);
const mlp = (block, x) => linear(block.down, rows(gelu(linear(block.up, rows(norm(block.norm2, x))))));

/** GELU's tanh form; as (1 + tanh(u)) / 2 is the sigmoid of 2u, with one exponential. */
function gelu(x) {
  const scale = -2 * Math.sqrt(2 / Math.PI);
  return x.ref.div(
    np
      .exp(
        x.ref.mul(
          np
            .square(x)
            .mul(0.044715 * scale)
            .add(scale),
        ),
      )
      .add(1),
  );
}

/** One-hot rows: a product with them has a gradient that is a product, too. */
const oneHot = (ids, classes) => np.expandDims(ids, -1).equal(np.arange(classes)).astype(np.float32);

/** [T, T]: 0 where a position may look, a large negative number elsewhere; a sum joins the product's kernel, `where` does not. */
const causal = (t) => np.where(np.tri(t, t, 0, { dtype: np.bool }), 0, NEVER);

/** Attention of [B * T, C] to itself. The division by the sum of the weights comes last, when there is less to divide. */
function attention(block, x, mask, [b, t, heads, width]) {
  const input = rows(x);
  const split = (part) => linear(part, input.ref).reshape([b, t, heads, width]).transpose([0, 2, 1, 3]);
  const [q, k, v] = [split(block.q), split(block.k), split(block.v)];
  input.dispose();
  const products = np.vecdot(q.reshape([b, heads, t, 1, width]), k.reshape([b, heads, 1, t, width]));
  const scores = products.mul(1 / Math.sqrt(width)).add(mask);
  const weights = np.exp(scores.ref.sub(lax.stopGradient(scores.max(-1, { keepdims: true }))));
  const sum = weights.ref.sum(-1, { keepdims: true });
  const values = v.transpose([0, 1, 3, 2]).reshape([b, heads, 1, width, t]);
  const mixed = np.vecdot(weights.reshape([b, heads, t, 1, t]), values).div(sum);
  return linear(block.proj, rows(mixed.transpose([0, 2, 1, 3]).reshape([b * t, heads * width])));
}

/** The residual stream [B * T, C] before the last norm, from token embeddings of that shape. */
function blocks(p, tokens, heads) {
  const [t, c] = p.wpe.shape;
  const b = tokens.shape[0] / t;
  const mask = causal(t);
  let x = tokens
    .reshape([b, t, c])
    .add(p.wpe)
    .reshape([b * t, c]);
  for (let i = 0; i < p.stack.norm1.w.shape[0]; i++) {
    const block = unstack(p, i);
    x = x.ref.add(attention(block, norm(block.norm1, x.ref), mask.ref, [b, t, heads, c / heads]));
    x = x.ref.add(mlp(block, x.ref));
  }
  mask.dispose();
  return x;
}

/** Logits [N, V padded] of [N, C], with the padding masked. */
function scores(table, x, vocabSize) {
  const out = np.vecdot(rows(x), table);
  const padded = paddedVocab(vocabSize);
  return padded === vocabSize ? out : out.add(np.where(np.arange(padded).less(vocabSize), 0, NEVER));
}

/** Logits [V] of the token after position `at` of `ids` [1, T]. */
export function logits(p, ids, { nHead, vocabSize, dModel }, at) {
  const x = blocks(p, p.wte.ref.slice(ids).reshape([-1, dModel]), nHead);
  return scores(p.wte, norm(p.norm, x.slice(at)), vocabSize).slice([], [0, vocabSize]);
}

/** Mean cross-entropy; `ids` and `targets` are [B, T]. */
function loss(p, ids, targets, { nHead, vocabSize }) {
  const padded = paddedVocab(vocabSize);
  const tokens = np.dot(oneHot(ids.reshape([-1]), padded), p.wte.ref);
  const all = scores(p.wte, norm(p.norm, blocks(p, tokens, nHead)), vocabSize);
  const picked = all.ref.mul(oneHot(targets.reshape([-1]), padded)).sum(-1);
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
  // Not counting the layer axis, matrices have two.
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
    const y = rows(norm(block.norm1, x.ref));
    const k = np.where(here.ref, linear(block.k, y.ref), cache[i].k);
    const v = np.where(here.ref, linear(block.v, y.ref), cache[i].v);
    kept.push({ k: k.ref, v: v.ref });
    const mixed = nn.dotProductAttention(heads(linear(block.q, y)), heads(k), heads(v), { mask: seen.ref });
    x = x.add(linear(block.proj, mixed.reshape([1, 1, dModel])));
    x = x.ref.add(mlp(block, x.ref));
  }
  here.dispose();
  seen.dispose();
  const out = scores(p.wte, norm(p.norm, x), vocabSize);
  return [out.slice(0, [0, vocabSize]), kept];
}
