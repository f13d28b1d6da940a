// The field's words in English: what each says, and where the page shows it. docs/GLOSSARY.md is made from this file and zh.ts
// (scripts/glossary.mjs).
import { AT, type Entry } from "./places.ts";

export const words = {
  token: {
    word: "token",
    forms: ["tokens"],
    says: "A piece of text that the model reads and writes as one: a word, a part of one, a character, or a byte. Each has a number, its id.",
    at: AT.tokens,
  },
  tokenizer: {
    word: "tokenizer",
    forms: ["tokenizers"],
    says: "Cuts text into tokens and joins tokens to text again. It is learned from text before the model is, and then stays as it is.",
    at: AT.tokens,
  },
  bpe: {
    word: "byte-pair encoding",
    forms: ["BPE"],
    says: "A way to learn a tokenizer: begin with bytes, and again and again make one token of the pair that occurs most often.",
    at: AT.tokens,
  },
  vocabulary: { word: "vocabulary", says: "All the tokens that a tokenizer has.", at: AT.tokens },
  specialToken: {
    word: "special token",
    forms: ["special tokens"],
    says: "A token that stands for no text, but for a sign such as the end of a document.",
    at: AT.tokens,
  },
  embedding: {
    word: "embedding",
    forms: ["embeddings"],
    says: "The vector that a token begins as: a row of a table that training has shaped. Tokens that are used alike lie near each other.",
    at: AT.map,
  },
  cosine: {
    word: "cosine",
    says: "How much two vectors point the same way: 1 for the same direction, 0 for none in common, −1 for opposite ones.",
    at: AT.compare,
  },
  position: {
    word: "position encoding",
    forms: ["position encodings"],
    says: "Tells the model where each token stands, since attention by itself sees no order.",
    at: AT.positions,
  },
  rotary: {
    word: "rotary positions",
    forms: ["rotary"],
    says: "A position encoding that turns queries and keys by an angle that grows with the position.",
    at: AT.positions,
  },
  forwardPass: {
    word: "forward pass",
    forms: ["forward passes"],
    says: "One way through the whole model, from the tokens of a text to a score for each token that could come next.",
    at: AT.block,
  },
  residual: {
    word: "residual stream",
    forms: ["residual"],
    says: "The vector of each token on its way through the blocks. Every attention and MLP reads it and adds its result to it.",
    at: AT.block,
  },
  block: {
    word: "block",
    forms: ["blocks"],
    says: "One of the model's equal stages: attention, then an MLP, each added to the residual stream. Also called a layer.",
    at: AT.block,
  },
  attention: {
    word: "attention",
    says: "The step in which each token reads from the tokens before it: a weighted mean of their values. The weights come from queries and keys.",
    at: AT.attention,
  },
  head: {
    word: "head",
    forms: ["heads"],
    says: "One of several attentions that a block runs side by side. Each has its own queries, keys and values, and often a job of its own.",
    at: AT.attention,
  },
  qkv: {
    word: "query, key",
    forms: ["queries", "keys", "query"],
    says: "Two vectors of each token in a head: the query says what it looks for, the key what it is found by. Their product is the score.",
    at: AT.block,
  },
  mask: {
    word: "causal mask",
    says: "Hides what comes later: no token may read from a token after it, or it could copy the answer.",
    at: AT.attention,
  },
  softmax: {
    word: "softmax",
    says: "Turns scores into shares that sum to 1: e to the power of each score, divided by the sum of all of these.",
    at: AT.block,
  },
  norm: {
    word: "layer norm",
    forms: ["norm", "norms", "LayerNorm", "RMSNorm"],
    says: "Brings a vector's numbers to the same size before attention or the MLP reads them, which keeps training steady.",
    at: AT.block,
  },
  mlp: {
    word: "MLP",
    forms: ["feed-forward network"],
    says: "The part of a block that works on each token alone: wider, through an activation function, and back to the width of the stream.",
    at: AT.block,
  },
  activation: {
    word: "activation",
    forms: ["activations"],
    says: "A number that the model computes on the way from a text to its answer, other than a weight, which it has learned.",
    at: AT.block,
  },
  activationFunction: {
    word: "activation function",
    says: "A bend, such as GELU, that each number inside the MLP passes: without it two matrices could do no more than one.",
    at: AT.block,
  },
  logit: {
    word: "logit",
    forms: ["logits"],
    says: "The model's score for a token that could come next, before softmax makes a probability of it.",
    at: AT.sample,
  },
  logitLens: {
    word: "logit lens",
    says: "Reads the stream after each block as if the model ended there: what it would say next by then.",
    at: AT.lens,
  },
  parameter: {
    word: "parameter",
    forms: ["parameters"],
    says: "A number that training adjusts. A model is its parameters, and the formula that says how they are used.",
    at: AT.slow,
  },
  context: {
    word: "context",
    forms: ["context length", "context window"],
    says: "The tokens that the model reads at once. What does not fit into its length, it does not know of.",
    at: AT.positions,
  },
  kvCache: {
    word: "KV cache",
    says: "Keeps the keys and values of the tokens read so far, so that each further token costs one pass of one token.",
    at: AT.bench,
  },
  sampling: {
    word: "sampling",
    forms: ["sampler", "samplers"],
    says: "Choosing the next token by chance, each in proportion to its probability after the samplers have changed it.",
    at: AT.sample,
  },
  temperature: {
    word: "temperature",
    says: "Divides the logits before softmax: below 1 the likely tokens become likelier, above 1 the odds even out; 0 always takes the likeliest.",
    at: AT.sample,
  },
  topK: { word: "top_k", says: "Keeps the k likeliest tokens and drops the others.", at: AT.sample },
  topP: {
    word: "top_p",
    says: "Keeps the likeliest tokens that together have the probability p: few where the model is sure, many where it is not.",
    at: AT.sample,
  },
  minP: { word: "min_p", says: "Drops tokens less likely than this share of the likeliest one.", at: AT.sample },
  greedy: { word: "greedy", says: "Always taking the likeliest token. The likeliest text may be another one.", at: AT.tree },
  seed: {
    word: "seed",
    forms: ["random seed"],
    says: "The number that chance begins with: the same seed gives the same draws.",
    at: AT.sample,
  },
  surprise: {
    word: "surprise",
    says: "Minus the logarithm of the probability that a token had: 0 for a certain one, more the less it was expected; in nats.",
    at: AT.sample,
  },
  perplexity: {
    word: "perplexity",
    says: "e to the power of the mean surprise: as if the model had chosen each token from that many equally likely ones.",
    at: AT.sample,
  },
  loss: {
    word: "loss",
    forms: ["losses", "cross-entropy"],
    says: "What training makes small: the mean surprise at the tokens that really come next.",
    at: AT.slow,
  },
  validation: {
    word: "validation loss",
    says: "The loss on text that the model never trains on. If it rises while the training loss falls, the model learns by heart.",
    at: AT.train,
  },
  bitsPerByte: {
    word: "bits per byte",
    says: "The loss counted for each byte of text, not each token, so that models with different tokenizers can be compared.",
    at: AT.train,
  },
  gradient: {
    word: "gradient",
    forms: ["gradients"],
    says: "For each parameter, how much the loss would grow if it grew a little. Training moves each one the other way.",
    at: AT.slow,
  },
  learningRate: {
    word: "learning rate",
    says: "How far a step moves the parameters. Too small is slow, too large makes the loss jump.",
    at: AT.train,
  },
  batch: {
    word: "batch",
    forms: ["batches"],
    says: "The pieces of text that one training step looks at together.",
    at: AT.slow,
  },
  checkpoint: {
    word: "checkpoint",
    forms: ["checkpoints"],
    says: "A model as it was at one step of its training, kept as a file or in the browser.",
    at: AT.train,
  },
  prompt: {
    word: "prompt",
    forms: ["prompts"],
    says: "The text that the model is given and goes on from.",
    at: AT.prompt,
  },
  zeroShot: { word: "zero-shot", says: "Asking without any example in the prompt.", at: AT.prompt },
  fewShot: {
    word: "few-shot",
    says: "Asking after a few solved examples in the prompt. The parameters stay as they are; only the context differs.",
    at: AT.curve,
  },
  inContext: {
    word: "in-context learning",
    says: "Finding a rule in the examples of a prompt and following it, without any training.",
    at: AT.curve,
  },
  chainOfThought: {
    word: "chain of thought",
    says: "Writing down the steps before the answer: each step can read the ones before it, so a hard problem becomes several easy ones.",
    at: AT.gain,
  },
  hallucination: {
    word: "hallucination",
    says: "A fluent answer that is not true. The model continues with what is likely; it does not look anything up.",
    at: AT.sample,
  },
  baseModel: {
    word: "base model",
    says: "A model that was trained to continue text, and nothing else: it completes a question as readily as it answers one.",
    at: AT.prompt,
  },
} satisfies Record<string, Entry>;

export type WordId = keyof typeof words;

/** Phrases that hold a word in another sense: nothing in them is marked. */
export const others: readonly string[] = ["arrow keys", "feed-forward width", "key/value heads"];
