// Tokens, models, and how they are trained.
import type { DeviceInfo } from "./device.ts";

// ---------- tokens ----------

export type TokenizerKind = "char" | "bpe";

export interface TokenizerConfig {
  kind: TokenizerKind;
  vocabSize: number;
  splitDigits: boolean;
  /** A regular expression in place of GPT-2's pre-split; null for GPT-2's. */
  pattern: string | null;
  specialTokens: string[];
}

export interface TokenizerInfo {
  kind: TokenizerKind;
  vocabSize: number;
  merges: number;
  /** Tokens that text can become. */
  textTokens: number;
  specialTokens: string[];
  specialIds: number[];
  config: TokenizerConfig;
}

/** Which tokenizer: the model's own, the one on the bench of the Tokens lab, or the one held beside it. Each page has a bench of its own. */
export type TokenizerSlot = "model" | "lab" | "other";

/** Tokens as columns: token i has id ids[i] and covers bytes ends[i-1]..ends[i] of the UTF-8 text. */
export interface Encoding {
  ids: Uint32Array;
  ends: Uint32Array;
}

/** One learnt merge: the bytes of `left` followed by those of `right` became token `id`, seen `count` times. */
export interface Merge {
  index: number;
  left: number;
  right: number;
  id: number;
  bytes: Uint8Array;
  count: number;
}

/** All merges as columns, since a known tokenizer has 200,000: `cuts` are the bytes of the left part, `ends` where bytes end. */
export interface Merges {
  left: Uint32Array;
  right: Uint32Array;
  id: Uint32Array;
  count: Uint32Array;
  cuts: Uint32Array;
  ends: Uint32Array;
  bytes: Uint8Array;
}

// ---------- model ----------

export interface ModelConfig {
  vocabSize: number;
  contextLength: number;
  nLayer: number;
  nHead: number;
  nKvHead: number;
  dModel: number;
  dFf: number;
  dropout: number;
  norm: "layerNorm" | "rmsNorm";
  position: "learned" | "sinusoidal" | "rotary" | "none";
  mlp: "gelu" | "swiglu";
  bias: boolean;
  tiedEmbeddings: boolean;
}

export interface ModelInfo {
  config: ModelConfig;
  parameters: number;
  /** Optimizer updates made so far. */
  step: number;
  tokenizer: TokenizerInfo;
  /** True when optimizer state and position are at hand, so that training can go on. */
  resumable: boolean;
  /** Whether the optimizer's state came with it, without which no run goes on. */
  hasOptimizer: boolean;
  /** The corpus the run learns from; `attached` is false when the checkpoint came without it. */
  corpus: CorpusInfo | null;
  /** The request that began the run; null for a model that came from elsewhere. */
  request: TrainRequest | null;
  /** The device that it is on: `auto` gives each model to the faster one. */
  /** What a text begins with where nothing is given: a line break, or the first token of a model that has none. */
  opening: string;
  device: DeviceInfo;
}

export interface CorpusInfo {
  name: string;
  bytes: number;
  /** Hash of the bytes; a run only goes on with the corpus it began with. */
  fingerprint: string;
  attached: boolean;
}

// ---------- training ----------

export interface TrainConfig {
  steps: number;
  batchSize: number;
  gradAccumulation: number;
  learningRate: number;
  minLearningRate: number;
  warmupSteps: number;
  weightDecay: number;
  beta1: number;
  beta2: number;
  /** Global-norm clip; 0 turns it off. */
  gradClip: number;
  validationFraction: number;
  /** Steps between evaluations; 0 turns them off. */
  evalInterval: number;
  evalBatches: number;
  /** Steps between samples; 0 turns them off. */
  sampleInterval: number;
  samplePrompts: string[];
  sampleTokens: number;
  seed: number;
}

export interface TrainRequest {
  /** What the person calls the corpus. */
  corpusName: string;
  tokenizer: TokenizerConfig;
  /** vocabSize is filled in from the tokenizer. */
  model: ModelConfig;
  train: TrainConfig;
}

export interface Estimate {
  parameters: number;
  modelBytes: number;
  trainingBytes: number;
  limitBytes: number;
}

export interface MemoryUse {
  /** Size of the wasm heap. It never shrinks. */
  heapBytes: number;
  /** What the GPU allocator holds in use and in all; null on the CPU. */
  poolInUseBytes: number | null;
  poolReservedBytes: number | null;
}

export interface StepMetrics {
  step: number;
  trainLoss: number;
  gradNorm: number;
  learningRate: number;
}

export type TrainEvent =
  | { kind: "progress"; stage: "devices" | "count" | "merge" | "encode"; done: number; total: number }
  | { kind: "started"; model: ModelInfo; trainTokens: number; valTokens: number }
  | { kind: "step"; steps: StepMetrics[]; tokensPerSecond: number; totalSteps: number; memory: MemoryUse }
  | { kind: "eval"; step: number; valLoss: number; perplexity: number; bitsPerByte: number }
  | { kind: "sample"; step: number; prompt: string; text: string }
  | { kind: "done"; step: number };
