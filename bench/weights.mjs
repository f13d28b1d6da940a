// The common model: seeded weights under Hugging Face's names for GPT-2, as the three files of that layout, and a text with exactly as many
// different characters as the model has tokens.
import { writeSafetensors } from "./safetensors.mjs";

// The first of a range of characters that no tokenizer treats specially.
const FIRST_CHARACTER = 0x10000;
// Divided by the root of the width: large enough that wrong arithmetic (the other GELU, a wrong mask) shows in the logits.
const SPREAD = 3.2;

/** The character that stands for token `id`. */
export const character = (id) => String.fromCodePoint(FIRST_CHARACTER + id);

/** The token that a character stands for. */
export const tokenOf = (character) => character.codePointAt(0) - FIRST_CHARACTER;

/** A text of all `vocabSize` characters, with an order that a model can learn. */
export function corpus({ vocabSize, contextLength, batchSize }) {
  const length = Math.max(2 * vocabSize, 8 * contextLength * batchSize, 20_000);
  return Array.from({ length }, (_, i) => character((i * 7 + (i >> 6)) % vocabSize)).join("") + alphabet(vocabSize);
}

const alphabet = (vocabSize) => Array.from({ length: vocabSize }, (_, id) => character(id)).join("");

/** Numbers from -0.5 to 0.5 (Numerical Recipes' generator). */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

function tensors({ nLayer, dModel, contextLength, vocabSize }) {
  const random = generator(1);
  const spread = SPREAD / Math.sqrt(dModel);
  const all = new Map();
  const add = (name, shape, middle = 0) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++) values[i] = middle + random() * spread;
    all.set(name, { shape, values });
  };
  const norm = (name) => {
    add(`${name}.weight`, [dModel], 1);
    add(`${name}.bias`, [dModel]);
  };
  const linear = (name, from, to) => {
    add(`${name}.weight`, [from, to]);
    add(`${name}.bias`, [to]);
  };
  add("wte.weight", [vocabSize, dModel]);
  add("wpe.weight", [contextLength, dModel]);
  for (let layer = 0; layer < nLayer; layer++) {
    norm(`h.${layer}.ln_1`);
    linear(`h.${layer}.attn.c_attn`, dModel, 3 * dModel);
    linear(`h.${layer}.attn.c_proj`, dModel, dModel);
    norm(`h.${layer}.ln_2`);
    linear(`h.${layer}.mlp.c_fc`, dModel, 4 * dModel);
    linear(`h.${layer}.mlp.c_proj`, 4 * dModel, dModel);
  }
  norm("ln_f");
  return all;
}

/** config.json for Hugging Face's `GPT2LMHeadModel`. */
function config(sizes) {
  return {
    model_type: "gpt2",
    activation_function: "gelu_new",
    layer_norm_epsilon: 1e-5,
    vocab_size: sizes.vocabSize,
    n_positions: sizes.contextLength,
    n_embd: sizes.dModel,
    n_layer: sizes.nLayer,
    n_head: sizes.nHead,
    resid_pdrop: 0,
    tie_word_embeddings: true,
  };
}

/** config.json and model.safetensors. */
export function modelFiles(sizes) {
  return [
    { name: "config.json", bytes: new TextEncoder().encode(JSON.stringify(config(sizes))) },
    { name: "model.safetensors", bytes: writeSafetensors(tensors(sizes)) },
  ];
}
