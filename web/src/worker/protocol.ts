// The contract between the page and the worker: commands go down, events come up.
// The request and event types mirror the serde types of crates/session (camelCase of the same words);
// tests/app/core.mjs speaks it without the page. Nothing here imports anything.

// ---------- devices ----------

export type DeviceKind = "webgpu" | "cpu";
export type DeviceChoice = "auto" | DeviceKind;

/** Why the CPU serves although `auto` would rather have WebGPU. */
export type FallbackReason = "chosen" | "noWebgpu" | "noAdapter" | "missingFeature" | "selfCheckFailed" | "initFailed";

export interface DeviceInfo {
  kind: DeviceKind;
  /** The adapter's own name ("SwiftShader ..."), or "CPU". */
  name: string;
  fallback: FallbackReason | null;
  /** What went wrong with WebGPU, in the browser's words; empty when nothing did. */
  detail: string;
  /** Bytes that a model and its training may take; larger requests are refused before anything is allocated. */
  memoryLimit: number;
  /** Bytes that one tensor may take; null on the CPU. */
  bufferLimit: number | null;
  /** What the choice between two devices was made by; null where there was no choice. */
  estimates: Estimates | null;
}

/** Milliseconds that a training step, or a token where not, can be expected to take. */
export interface Estimates extends Record<DeviceKind, number> {
  training: boolean;
}

// ---------- errors ----------

/** Every failure of the core. `i18n` translates `code` and fills in `details`; `message` and `remedy` are the English. */
export interface CoreError {
  code: string;
  message: string;
  remedy: string;
  details: Record<string, string>;
}

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
  specialTokens: string[];
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

// ---------- generation ----------

export interface SamplingConfig {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  repetitionPenalty: number;
  frequencyPenalty: number;
  presencePenalty: number;
  seed: number;
}

export interface GenerateRequest {
  prompt: string;
  /** Ids that follow the prompt as they are, also those of parts of a character; no event tells them again. */
  forced?: number[];
  sampling: SamplingConfig;
  maxNewTokens: number;
  stop: string[];
  /** How many alternatives each token event carries. */
  topLogprobs: number;
  /** Cut a prompt that is too long to its end instead of refusing it. */
  truncatePrompt?: boolean;
}

/** Bytes are a plain list here: of the thousands of tokens a second a typed array each would cost more than the token. */
export interface TokenLogprob {
  id: number;
  bytes: number[];
  logprob: number;
}

/** A token that was written. */
export interface WrittenToken {
  id: number;
  bytes: number[];
  /** Whole characters that are certain now (never half of one, never part of a stop string). */
  text: string;
  /** Bytes of a character that is not whole yet. */
  pending: number[];
  /** Natural logarithm of its probability. */
  logprob: number;
  /** The likeliest at its place, as many as were asked for. */
  top: TokenLogprob[];
}

/**
 * How a text came to its end: by a stop text, by the vocabulary's end token, or as long as was asked; and what was held back until then, because
 * it could have become a stop text or a character.
 */
export interface Finished {
  reason: "stop" | "endToken" | "length";
  text: string;
}

export type GenerateEvent = ({ kind: "token" } & WrittenToken) | ({ kind: "finished" } & Finished);

export type SamplingStage = "raw" | "repetitionPenalty" | "frequencyPresencePenalty" | "temperature" | "topK" | "topP" | "minP";

/** The next-token distribution after `prompt`, stage by stage; a candidate that a stage removed has probability 0 there. */
export interface NextTokens {
  promptIds: Uint32Array;
  stages: SamplingStage[];
  candidates: { id: number; bytes: Uint8Array; logit: number; probs: number[] }[];
  /** How many tokens of the vocabulary are still possible after each stage. */
  survivors: number[];
}

// ---------- seeing inside ----------

/** Numbers with the last dimension fastest. */
export interface Numbers {
  shape: number[];
  values: Float32Array;
}

/** What one forward pass made of a text, of which the last 128 tokens are read. */
export interface Inside {
  /** Updates that the model had seen. */
  step: number;
  /** Tokens before those that were read. */
  unread: number;
  ids: Uint32Array;
  bytes: Uint8Array[];
  /** The block of which everything is told. */
  block: number;
  /** The token whose expectations are told. */
  token: number;
  /**
   * `embedding`, `position`, `h.N.weights` and `h.N.residual` of every block, `ln_f` of the last token; of the block besides `ln_1`, `q_raw` and
   * `k_raw` (where positions are rotary: before they are turned), `q`, `k`,
   * `v`, `mixed`, `attention`, `residual_mid`, `ln_2`, `hidden` and `mlp`. Shapes: crates/gpt/src/observe.rs.
   */
  activations: Record<string, Numbers>;
  /** The likeliest next tokens by the residual stream before the first block and after each. */
  lens: Expected[][];
}

export interface Expected {
  id: number;
  bytes: Uint8Array;
  logit: number;
  prob: number;
}

/** Embeddings of the tokens that are readable text, on their two principal components. */
export interface EmbeddingMap {
  step: number;
  ids: Uint32Array;
  bytes: Uint8Array[];
  /** [N, 2] */
  points: Float32Array;
  /** Share of the variance along each axis. */
  explained: [number, number];
}

/** The next update of the open run, computed but not made. */
export interface NextUpdate {
  /** Updates made so far. */
  step: number;
  learningRate: number;
  /** Batches of the update, of which the first is told. */
  batches: number;
  /** Sequences of the batch. */
  rows: number;
  /** Inputs and the last target of each row, [rows, T + 1]. */
  ids: Uint32Array;
  bytes: Uint8Array[];
  /** What the model loses on each token but the first of a row, in nats, [rows, T]. */
  losses: Float32Array;
  trainLoss: number;
  /** Before clipping. */
  gradNorm: number;
  parameters: Moved[];
}

/** A parameter, and the norms of what moves it (its gradient, or the change that an update made) and of itself before. */
export interface Moved {
  name: string;
  shape: number[];
  change: number;
  weight: number;
}

/** A token near another, by the cosine of their embeddings. */
export interface Near {
  id: number;
  bytes: Uint8Array;
  cosine: number;
}

// ---------- commands ----------

export interface SaveOptions {
  /** Optimizer state and position, so that training can go on. */
  training: boolean;
  /** The corpus itself, so that the file needs nothing else. */
  corpus: boolean;
  /** Numbers rounded to 16 bits, for a model that is only read. */
  half?: boolean;
}

/** What `defaults` answers: the core's own defaults, so that the page repeats none of them. */
export interface Defaults {
  presets: { name: string; config: ModelConfig }[];
  tokenizer: TokenizerConfig;
  train: TrainConfig;
  sampling: SamplingConfig;
  /** Shapes that speeds are told for, smallest first. */
  shapes: Shape[];
  /** Of the made world. */
  mix: Mix;
}

export interface Shape {
  name: string;
  model: ModelConfig;
  batchSize: number;
  /** Too large to train in a tab. */
  decodeOnly: boolean;
}

/** An optimizer update, a token through the cache, or the product of two 1,024 x 1,024 matrices alone. */
export type MeasureCase = "train" | "decode" | "matmul";

export interface MeasureRequest {
  case: MeasureCase;
  /** Of this shape, with random weights. */
  model: ModelConfig;
  batchSize: number;
  /** Blocks of about half a second. */
  blocks: number;
}

/** What a measurement came to, in milliseconds a step, a token or a product. */
export interface Measured {
  kind: "measured";
  case: MeasureCase;
  unit: "ms/step" | "ms/token" | "ms";
  median: number;
  min: number;
  max: number;
  /** Billions of operations of matrix products a second, at the median. */
  gigaflops: number;
  memory: MemoryUse;
}

/** Billions of operations a second in products of matrices, and in one row times a matrix; milliseconds of a launch. */
export interface Speed {
  gigaflops: number;
  rowGigaflops: number;
  launchMs: number;
}

/**
 * `trials`: billions of operations a second of each tile in small and in large products, 0 where it was not tried; the best
 * are in use.
 */
export interface Calibration {
  adapter: string;
  trials: { tile: string; small: number; large: number }[];
  cpu: Speed;
  gpu: Speed;
}

/** How often each kind of document comes in a made world (weights of any size), and the share of documents in Chinese. */
export interface Mix {
  stories: number;
  facts: number;
  arithmetic: number;
  tasks: number;
  passages: number;
  chat: number;
  chinese: number;
  /** Documents of this task and no other, whatever the weights. */
  only: WorldTask | null;
}

export type WorldTask =
  | "labels"
  | "dictionary"
  | "frame"
  | "item"
  | "letters"
  | "sum"
  | "columns"
  | "wordProblem"
  | "facts"
  | "people"
  | "things"
  | "passage"
  | "noPassage";

/** A question of the made world; the style is of meaning for problems alone. */
export interface Ask {
  task: WorldTask;
  language: "en" | "zh";
  /** Examples before it, at most eight. */
  shots: number;
  style: "direct" | "worked" | "triggered";
}

/** A prompt that the model goes on from to the end of the line, and the answer that is right. */
export interface Case {
  prompt: string;
  answer: string;
}

/** The model's answer to the next case, and whether it is right. */
export interface Graded {
  kind: "graded";
  output: string;
  correct: boolean;
  /** Of all answers so far. */
  score: Score;
}

/** A share of right answers and where the true one lies with 95 % confidence (Wilson). */
export interface Score {
  n: number;
  correct: number;
  accuracy: number;
  low: number;
  high: number;
}

/** Commands with one answer. */
export interface Calls {
  /**
   * `keep`: whether runs are kept in this browser; `run`: which of them is to be the live one rather than the newest; `restore`:
   * whether any is. Whoever asks later gets what there is: the model, what the address calls it (`as`), and the run at work.
   */
  init: {
    request: { device: DeviceChoice; keep: boolean; restore: boolean; run: string | null };
    answer: { device: DeviceInfo; model: ModelInfo | null; as: string | null; run: "preparing" | "running" | "paused" | null };
  };
  defaults: { request: Record<never, never>; answer: Defaults };
  /** What was measured of the devices before the first training on them; null before that, and where only the CPU serves. */
  calibration: { request: Record<never, never>; answer: Calibration | null };
  /** The live model as it is now. */
  model: { request: Record<never, never>; answer: ModelInfo | null };
  estimate: { request: { model: ModelConfig; train: TrainConfig }; answer: Estimate };
  /** What a tokenizer that is trained on the bench starts from. */
  tokenizerDefaults: { request: Record<never, never>; answer: TokenizerConfig };
  /** tokenizer.json or a .tiktoken rank file, told apart by content; `known` says whose ranks, which the file does not (GPT-2's). */
  loadTokenizer: {
    request: { slot: Exclude<TokenizerSlot, "model">; file: Uint8Array; known?: "gpt2" | "cl100k" | "o200k" };
    answer: TokenizerInfo;
  };
  saveTokenizer: { request: { slot: TokenizerSlot }; answer: Uint8Array };
  encode: { request: { slot: TokenizerSlot; text: string }; answer: Encoding };
  /** As if only the first `merges` merges had been learnt. */
  encodeReplay: { request: { slot: TokenizerSlot; text: string; merges: number }; answer: Encoding };
  merges: { request: { slot: TokenizerSlot }; answer: Merge[] };
  /** The same, packed by the worker. */
  mergeColumns: { request: { slot: TokenizerSlot }; answer: Merges };
  /** `forced` ids follow the prompt as they are. */
  nextTokens: { request: { prompt: string; forced?: number[]; sampling: SamplingConfig; top: number }; answer: NextTokens };
  inspect: { request: { text: string; block: number; token: number; top: number }; answer: Inside };
  /** A parameter by its name (`h.0.attn.c_attn.weight`, [in, out]), or one row or column of a matrix. */
  parameter: { request: { name: string; row: number | null; column: number | null }; answer: Numbers };
  /** The run must be open; the step that follows measures the same loss and norm. */
  nextUpdate: { request: Record<never, never>; answer: NextUpdate };
  /** What the update changed that `nextUpdate` told of; null where that is not the newest. */
  updateMade: { request: Record<never, never>; answer: Moved[] | null };
  embeddingMap: { request: Record<never, never>; answer: EmbeddingMap };
  /** The tokens nearest to one, nearest first. */
  nearest: { request: { id: number; count: number }; answer: Near[] };
  /** The run so far as the events that told it (steps thinned to a few thousand), so that charts come back after a reload. */
  history: { request: Record<never, never>; answer: TrainEvent[] };
  /** A text of the made world, at least so long, UTF-8. */
  world: { request: { mix: Mix; seed: number; bytes: number }; answer: Uint8Array };
  /** Questions that no text of the made world contains. */
  cases: { request: { ask: Ask; count: number; seed: number }; answer: { cases: Case[]; maxNewTokens: number } };
  setLearningRate: { request: { learningRate: number | null }; answer: null };
  save: { request: SaveOptions; answer: Uint8Array };
  /** `keep`: false for a model that comes with the page and need not be kept in the browser; `as`: what the address calls it. */
  load: { request: { file: Uint8Array; keep?: boolean; as?: string }; answer: ModelInfo };
  attachCorpus: { request: { corpus: Uint8Array }; answer: ModelInfo };
  /** Hugging Face's GPT-2 layout: config.json, model.safetensors, tokenizer.json. */
  exportHuggingFace: { request: Record<never, never>; answer: { name: string; bytes: Uint8Array }[] };
  importHuggingFace: { request: { files: { name: string; bytes: Uint8Array }[] }; answer: ModelInfo };
}

/** Commands that answer with a stream of events, until `finished`, `done`, an error, or a stop. */
export interface Streams {
  trainTokenizer: {
    request: { corpus: Uint8Array; config: TokenizerConfig };
    event:
      | { kind: "progress"; stage: "count"; done: number; total: number }
      | { kind: "merges"; merges: Merge[]; total: number }
      | { kind: "tokenizer"; tokenizer: TokenizerInfo };
  };
  train: { request: { corpus: Uint8Array; request: TrainRequest }; event: TrainEvent };
  /** Goes on with the run that the loaded checkpoint holds; `steps` is the new total, null keeps the old one. */
  resume: { request: { steps: number | null }; event: TrainEvent };
  generate: { request: GenerateRequest; event: GenerateEvent };
  /** Greedy answers to questions, each graded; of a prompt that is too long the model reads the end. */
  grade: { request: { cases: Case[]; maxNewTokens: number }; event: Graded };
  /** How fast the device is, on a model of its own; the live one stays as it is. */
  measure: { request: MeasureRequest; event: Measured };
}

export type CallName = keyof Calls;
export type StreamName = keyof Streams;

export type Command =
  | { [K in CallName]: { id: number; type: "call"; name: K; request: Calls[K]["request"] } }[CallName]
  | { [K in StreamName]: { id: number; type: "stream"; name: K; request: Streams[K]["request"] } }[StreamName]
  /** Flow of a stream, under id 0 of the run at work: `pause` keeps it, `step` makes one step of a paused one, `stop` drops it. */
  | { id: number; type: "control"; action: "pause" | "play" | "step" | "stop" };

export type Reply =
  | { id: number; type: "answer"; value: unknown }
  | { id: number; type: "events"; events: unknown[] }
  | { id: number; type: "end" }
  | { id: number; type: "error"; error: CoreError };
