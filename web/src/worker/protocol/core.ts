// Generated from the Rust types by `npm run contract`: what crosses between the page and the core. Edit the types, not this file.

// ---------- Errors and devices ----------

/** Every failure of the core, as data. The page translates `code` and fills in `details`; `message` and `remedy` are the English. */
export interface CoreError {
  /** Stable name of the kind of error. */
  code: string;
  /** What was wrong, in English, with the value. */
  message: string;
  /** What to do about it, in English. */
  remedy: string;
  /** The values by name. */
  details: Record<string, string>;
}

/** A kind of device. */
export type DeviceKind = "webgpu" | "cpu";

/** Why the CPU serves although WebGPU was asked for or preferred. */
export type FallbackReason = "chosen" | "noWebgpu" | "noAdapter" | "missingFeature" | "selfCheckFailed" | "initFailed";

/** The device a session works on, as chosen by `cli` or `wasm`. */
export interface DeviceInfo {
  /** Which. */
  kind: DeviceKind;
  /** The adapter's own name, or `CPU`. */
  name: string;
  /** Why the CPU serves although WebGPU was preferred; none when nothing was given up. */
  fallback: FallbackReason | null;
  /** What went wrong with WebGPU, in its own words; empty when nothing did. */
  detail: string;
  /** Bytes that a model and its training may take; larger requests are refused before anything is allocated. */
  memoryLimit: number;
  /** Bytes that one tensor may take; none on the CPU. */
  bufferLimit: number | null;
  /** What the choice between two devices was made by; none where there was no choice. */
  estimates: Estimates | null;
}

/** Milliseconds that work on the live model can be expected to take. */
export interface Estimates {
  /** Of a training step, or of a token where not. */
  training: boolean;
  /** On the CPU. */
  cpu: number;
  /** On the GPU. */
  webgpu: number;
}

/** Memory in use. */
export interface MemoryUse {
  /** The wasm heap, which never shrinks, or the process's resident memory. */
  heapBytes: number;
  /** Live allocations on the GPU; none on the CPU. */
  poolInUseBytes: number | null;
  /** All that the GPU allocator holds; none on the CPU. */
  poolReservedBytes: number | null;
}

/** How fast a device is. */
export interface Speed {
  /** Billions of operations a second in products of matrices. */
  gigaflops: number;
  /** The same for one row times a matrix. */
  rowGigaflops: number;
  /** Milliseconds of the smallest product. */
  launchMs: number;
}

/** What a tile came to. */
export interface Trial {
  tile: string;
  /** Billions of operations a second in a small product; 0 if it was not tried. */
  small: number;
  /** The same in a large one. */
  large: number;
}

/** What was measured on an adapter. */
export interface Calibration {
  /** The adapter's name: the results apply to no other. */
  adapter: string;
  /** Every tile. */
  trials: Array<Trial>;
  cpu: Speed;
  /** The GPU, in the tiles that suit it. */
  gpu: Speed;
}

/** What is measured. */
export type MeasureCase = "train" | "decode" | "matmul";

/** A measurement of the device. */
export interface MeasureRequest {
  /** What. */
  case: MeasureCase;
  /** Of a model of this shape, with random weights. */
  model: ModelConfig;
  /** Rows of a training batch. */
  batchSize: number;
  /** Blocks of about half a second. */
  blocks: number;
}

/** What a measurement came to. */
export interface Measured {
  /** What was measured. */
  case: MeasureCase;
  /** Of the three figures that follow: milliseconds a step, a token, a product. */
  unit: "ms/step" | "ms/token" | "ms";
  /** Over the blocks. */
  median: number;
  /** Fastest block. */
  min: number;
  /** Slowest block. */
  max: number;
  /** Billions of operations of matrix products a second, at the median. */
  gigaflops: number;
  /** What was in use at the end. */
  memory: MemoryUse;
}

/** A shape that speeds are told for. */
export interface Shape {
  name: string;
  /** Layers, heads and widths. */
  model: ModelConfig;
  /** Rows of a training batch. */
  batchSize: number;
  /** Too large to train in a tab. */
  decodeOnly: boolean;
}

// ---------- Tokenizers ----------

/** How text becomes tokens. */
export type TokenizerKind = "char" | "bpe";

/** What to train, and what a trained or loaded tokenizer is. */
export interface TokenizerConfig {
  /** Characters or byte-level BPE. */
  kind: TokenizerKind;
  /**
   * The number of tokens to reach, special tokens included. A corpus with too few repeated pairs gives
   * fewer. A character-level tokenizer takes its size from the corpus and ignores this.
   */
  vocabSize: number;
  /** Whether each numeric character (`\p{N}`) is a separate word, cut out after the pattern has cut. */
  splitDigits: boolean;
  /** The pre-split pattern; `None` is GPT-2's. Ignored by a character-level tokenizer. */
  pattern: string | null;
  /** Names such as `<|endoftext|>`; they take the last ids, in this order. */
  specialTokens: Array<string>;
}

/** A tokenizer in a few words. */
export interface TokenizerInfo {
  /** Characters, or byte pairs. */
  kind: TokenizerKind;
  /** Tokens it has. */
  vocabSize: number;
  /** Merges it has learnt. */
  merges: number;
  /** Tokens that text can become. */
  textTokens: number;
  /** Special tokens by name. */
  specialTokens: Array<string>;
  /** Their ids. */
  specialIds: Array<number>;
  /** Its configuration. */
  config: TokenizerConfig;
}

/** Tokens as two columns of equal length. */
export interface Encoding {
  /** Token ids. */
  ids: Uint32Array;
  /** Byte offset in the text where each token ends; it starts where the one before ends. */
  ends: Uint32Array;
}

/** One learnt merge. */
export interface Merge {
  /** Place among the merges. */
  index: number;
  /** Id of the left part. */
  left: number;
  /** Id of the right part. */
  right: number;
  /** Id of the new token. */
  id: number;
  bytes: Uint8Array;
  /** How often the pair stood in the corpus when it was merged; 0 for a tokenizer that was loaded. */
  count: number;
}

/** What the training of a tokenizer answers with. */
export type TrainingEvent =
  | {
      kind: "progress";
      /** Always `count`. */
      stage: "count";
      /** Bytes that are done. */
      done: number;
      /** Of how many. */
      total: number;
    }
  | {
      kind: "merges";
      merges: Array<Merge>;
      /** Merges it will learn at most. */
      total: number;
    }
  | {
      kind: "tokenizer";
      /** In a few words. */
      tokenizer: TokenizerInfo;
    };

/** One of the two tokenizers of a workbench. */
export type Slot = "lab" | "other";

/** A tokenizer of the workbench. */
export interface SlotRequest {
  /** Which. */
  slot: Slot;
}

/** A tokenizer from a file: tokenizer.json or .tiktoken, told apart by content. */
export interface LoadTokenizerRequest {
  /** Where it is put. */
  slot: Slot;
  file: Uint8Array;
  /** How text is cut for a rank file of an unknown vocabulary: a regular expression, or gpt2, cl100k, o200k. */
  pattern?: string;
}

/** A tokenizer to train. */
export interface TrainTokenizerRequest {
  /** The text, UTF-8. */
  corpus: Uint8Array;
  /** What to train. */
  config: TokenizerConfig;
}

/** A text to encode. */
export interface EncodeRequest {
  text: string;
}

/** A text to encode as if only the first merges had been learnt. */
export interface ReplayRequest {
  text: string;
  /** How many merges. */
  merges: number;
}

// ---------- Models and their training ----------

/** Normalisation before attention, before the MLP and at the end. */
export type NormKind = "layerNorm" | "rmsNorm";

/** How the model learns the order of its tokens. */
export type PositionKind = "learned" | "sinusoidal" | "rotary" | "none";

/** The feed-forward half of a block. */
export type MlpKind = "gelu" | "swiglu";

/** Shape and kind of a model. The default is GPT-2's family at the size of a nanoGPT toy. */
export interface ModelConfig {
  /** Size of the vocabulary. */
  vocabSize: number;
  /** Tokens that the model sees at once. */
  contextLength: number;
  /** Blocks. */
  nLayer: number;
  /** Attention heads a block. */
  nHead: number;
  /** Heads of keys and values; fewer than `n_head` shares them (grouped-query attention). */
  nKvHead: number;
  /** Width of the residual stream. */
  dModel: number;
  /** Width within the MLP. */
  dFf: number;
  /** Share of activations dropped while training, 0 to below 1. */
  dropout: number;
  /** Normalisation. */
  norm: NormKind;
  position: PositionKind;
  /** Feed-forward. */
  mlp: MlpKind;
  /** Biases in linear layers and layer norms. */
  bias: boolean;
  /** The output layer is the token embedding. */
  tiedEmbeddings: boolean;
}

/** How a model is trained: nanoGPT's recipe by default. */
export interface TrainConfig {
  /** Optimizer updates in all. */
  steps: number;
  /** Sequences a batch. */
  batchSize: number;
  /** Batches whose gradients are averaged before each update. */
  gradAccumulation: number;
  /** Peak learning rate, reached after the warm-up. */
  learningRate: number;
  /** Learning rate at the end of the cosine. */
  minLearningRate: number;
  /** Updates of linear warm-up. */
  warmupSteps: number;
  /** AdamW's decay, on matrices and embeddings only. */
  weightDecay: number;
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Largest global gradient norm; 0 turns clipping off. */
  gradClip: number;
  /** Share of the tokens, at the end of the corpus, reserved for validation. */
  validationFraction: number;
  /** Steps between evaluations; 0 turns them off. */
  evalInterval: number;
  /** Batches an evaluation averages over. */
  evalBatches: number;
  /** Steps between samples; 0 turns them off. */
  sampleInterval: number;
  /** Prompts to sample from while training; by default a new line or the corpus's first token. */
  samplePrompts: Array<string>;
  /** Tokens per sample. */
  sampleTokens: number;
  /** Seed of weights, batches, dropout and samples. */
  seed: number;
}

/** A run to begin. */
export interface TrainRequest {
  /** What the person calls the corpus. */
  corpusName: string;
  /** The tokenizer to train first. */
  tokenizer: TokenizerConfig;
  /** The model; its `vocab_size` is filled in from the tokenizer. */
  model: ModelConfig;
  /** The training. */
  train: TrainConfig;
}

/** A run to begin, with its corpus. */
export interface RunRequest {
  /** The text, UTF-8. */
  corpus: Uint8Array;
  /** What is asked for. */
  request: TrainRequest;
}

/** A run to go on with. */
export interface ResumeRequest {
  /** Its new total of steps; none keeps the old one. */
  steps: number | null;
}

/** A learning rate in place of the schedule's. */
export interface LearningRateRequest {
  /** None for the schedule. */
  learningRate: number | null;
}

/** A model to be planned. */
export interface EstimateRequest {
  /** Its configuration. */
  model: ModelConfig;
  /** How it would be trained. */
  train: TrainConfig;
}

/** Memory that a model would take, and how much there is. */
export interface Estimate {
  /** Trainable numbers. */
  parameters: number;
  /** Bytes to generate with it. */
  modelBytes: number;
  /** Bytes to train it. */
  trainingBytes: number;
  /** Bytes that may be used. */
  limitBytes: number;
}

/** A corpus in a few words. */
export interface CorpusInfo {
  /** The person's name for it. */
  name: string;
  /** Bytes of text. */
  bytes: number;
  /** XXH3 of the bytes, in hexadecimal. */
  fingerprint: string;
  /** Whether the text is available. */
  attached: boolean;
}

/** The corpus of a run whose checkpoint came without it. */
export interface AttachRequest {
  /** The text, UTF-8. */
  corpus: Uint8Array;
}

/** A model in a few words. */
export interface ModelInfo {
  /** Its configuration. */
  config: ModelConfig;
  /** Trainable numbers. */
  parameters: number;
  /** Optimizer updates made. */
  step: number;
  tokenizer: TokenizerInfo;
  /** Whether optimizer state and corpus are at hand, so that training can go on. */
  resumable: boolean;
  /** Whether the optimizer's state came with it, without which no run goes on. */
  hasOptimizer: boolean;
  /** The corpus that the run learns from. */
  corpus: CorpusInfo | null;
  /** The request that began the run; none for a model that came from elsewhere. */
  request: TrainRequest | null;
  /** What a text begins with where nothing is given: a line break, or the first token of a model that has none. */
  opening: string;
  /** The device that it is on: `auto` gives each model to the faster one. */
  device: DeviceInfo;
}

/** A checkpoint. */
export interface LoadRequest {
  file: Uint8Array;
}

/** What a checkpoint file shall hold beside weights and tokenizer. */
export interface SaveOptions {
  /** Optimizer state and position, so that training can go on. */
  training: boolean;
  /** The corpus itself, so that the file needs nothing else. */
  corpus: boolean;
  /** Numbers rounded to 16 bits, for a model that is only read. */
  half?: boolean;
}

/** A file by name. */
export interface NamedFile {
  /** Name, such as `config.json`. */
  name: string;
  /** Contents. */
  bytes: Uint8Array;
}

/** A model in Hugging Face's GPT-2 layout. */
export interface ImportRequest {
  /** config.json, model.safetensors, tokenizer.json. */
  files: Array<NamedFile>;
}

/** A model preset. */
export interface Preset {
  name: string;
  /** Configuration. */
  config: ModelConfig;
}

/** The core's own defaults. */
export interface Defaults {
  /** Model presets, smallest first. */
  presets: Array<Preset>;
  tokenizer: TokenizerConfig;
  /** Training. */
  train: TrainConfig;
  sampling: SamplingConfig;
  /** Shapes that speeds are told for, smallest first. */
  shapes: Array<Shape>;
  /** Of the made world. */
  mix: Mix;
}

// ---------- What a stream tells ----------

/** What a stream answers with. */
export type Event =
  | {
      kind: "progress";
      /** Which. */
      stage: Preparation;
      /** How much is done. */
      done: number;
      /** Of how much. */
      total: number;
    }
  | {
      kind: "started";
      model: ModelInfo;
      /** Tokens that train. */
      trainTokens: number;
      /** Tokens that validate. */
      valTokens: number;
    }
  | {
      kind: "step";
      /** What each measured. */
      steps: Array<StepMetrics>;
      /** Tokens trained on a second, lately. */
      tokensPerSecond: number;
      /** Updates in all. */
      totalSteps: number;
      /** Memory in use. */
      memory: MemoryUse;
    }
  | ({ kind: "eval" } & EvalMetrics)
  | ({ kind: "sample" } & SampleText)
  | {
      kind: "done";
      /** How many. */
      step: number;
    }
  | ({ kind: "token" } & WrittenToken)
  | ({ kind: "measured" } & Measured)
  | ({ kind: "graded" } & Graded)
  | ({ kind: "finished" } & Finished);

/** Work before the first update. */
export type Preparation = "count" | "merge" | "encode";

/** What one update measured. */
export interface StepMetrics {
  /** Updates made, this one included. */
  step: number;
  /** Mean loss of the update's batches in nats per token, before the update. */
  trainLoss: number;
  /** Global gradient norm before clipping. */
  gradNorm: number;
  /** Learning rate of the update. */
  learningRate: number;
}

/** A token that was generated. */
export interface WrittenToken {
  id: number;
  /** Its bytes: a plain list, since a typed array for each of thousands of tokens a second would cost more than the token. */
  bytes: Array<number>;
  /** Text that is certain now: whole characters, no part of a stop string. */
  text: string;
  /** Bytes of a character that is not whole yet. */
  pending: Array<number>;
  /** Natural logarithm of its probability by the model alone. */
  logprob: number;
  /** The likeliest tokens at its place, as many as were asked for. */
  top: Array<TokenLogprob>;
}

/** How a generation ended. */
export interface Finished {
  /** Why. */
  reason: FinishReason;
  /** Text that was held back until then, because it could have become a stop text or a character. */
  text: string;
}

/** The model's answer to a case. */
export interface Graded {
  /** What it wrote, up to the end of the line. */
  output: string;
  /** Whether that gives the answer. */
  correct: boolean;
  /** Of all answers so far. */
  score: Score;
}

/** An evaluation on the validation part. */
export interface EvalMetrics {
  /** Updates made. */
  step: number;
  /** Mean loss in nats a token. */
  valLoss: number;
  /** Its exponential. */
  perplexity: number;
  /** The loss in bits a byte of text, which tokenizers do not change. */
  bitsPerByte: number;
}

/** A text by the model at some step. */
export interface SampleText {
  /** Updates made. */
  step: number;
  /** What it went on from. */
  prompt: string;
  /** What it wrote. */
  text: string;
}

/** A token and its log-probability by the model alone, before any sampler. */
export interface TokenLogprob {
  id: number;
  bytes: Array<number>;
  /** Natural logarithm of its probability. */
  logprob: number;
}

/** Why a generation ended. */
export type FinishReason = "stop" | "endToken" | "length";

// ---------- Generating ----------

/** How the next token is chosen. */
export interface SamplingConfig {
  /** Divides the logits; 0 always takes the likeliest token. */
  temperature: number;
  /** Keeps this many of the likeliest tokens; 0 keeps all. */
  topK: number;
  /** Keeps the likeliest tokens until their probabilities reach this sum; 1 keeps all. */
  topP: number;
  /** Keeps tokens at least this many times as likely as the likeliest; 0 keeps all. */
  minP: number;
  /** Divides positive and multiplies negative logits of the last `PENALTY_WINDOW` tokens; 1 changes nothing. */
  repetitionPenalty: number;
  /** Subtracted from a logit for each time its token was generated. */
  frequencyPenalty: number;
  /** Subtracted once from a logit if its token was generated. */
  presencePenalty: number;
  /** Seed of the draws. */
  seed: number;
}

/** Text to generate. */
export interface GenerateRequest {
  /** Text to go on from. */
  prompt: string;
  /** Ids that follow the prompt as they are, also those of parts of a character; no event tells them again. */
  forced?: Array<number>;
  /** How tokens are chosen. */
  sampling: SamplingConfig;
  /** Tokens at most. */
  maxNewTokens: number;
  /** Texts that end the generation and are not part of it; four at most. */
  stop: Array<string>;
  /** Alternatives each token event carries. */
  topLogprobs: number;
  /** Cut a prompt that is too long to its end instead of refusing it. */
  truncatePrompt?: boolean;
}

/** A place in a text whose next tokens are asked for. */
export interface NextTokensRequest {
  /** The text before it. */
  prompt: string;
  /** Ids that follow the prompt as they are. */
  forced?: Array<number>;
  /** The stages that the distribution goes through. */
  sampling: SamplingConfig;
  /** Candidates that are told. */
  top: number;
}

/** The distributions of the next token, in the order in which they are made. */
export type SamplingStage = "raw" | "repetitionPenalty" | "frequencyPresencePenalty" | "temperature" | "topK" | "topP" | "minP";

/** One token of a distribution. */
export interface Candidate {
  id: number;
  bytes: Uint8Array;
  logit: number;
  /** Its probability after each stage; 0 from the stage on that removed it. */
  probs: Array<number>;
}

/** The next-token distribution after a prompt, stage by stage. */
export interface NextTokens {
  /** Ids of the prompt that the model read. */
  promptIds: Uint32Array;
  stages: Array<SamplingStage>;
  /** The likeliest tokens by the model alone. */
  candidates: Array<Candidate>;
  /** Tokens still possible after each stage. */
  survivors: Array<number>;
}

// ---------- Seeing inside ----------

/** A tensor read back from the device: its shape, and its values with the last dimension fastest. */
export interface Numbers {
  shape: Array<number>;
  values: Float32Array;
}

/** What is wanted of a forward pass. */
export interface InspectRequest {
  /** The text; of a longer one the last `MOST_TOKENS` tokens are read. */
  text: string;
  /** Ids of tokens after the text, such as a model wrote: the tokenizer might cut their text otherwise. */
  forced: Array<number>;
  /**
   * The block to return completely; for the others only the attention weights, what attention and MLP add to the
   * residual stream, and the stream. A number beyond the last block means the last.
   */
  block: number;
  /**
   * The token, from 0, after which each block's expectations are returned; a number beyond the last token
   * means the last.
   */
  token: number;
  /** Candidates for each block. */
  top: number;
}

/** What would come next after one token of a text, by depth. */
export interface LensRequest {
  /** The text; of a longer one the last `MOST_TOKENS` tokens are read. */
  text: string;
  /** Ids of tokens after the text, such as a model wrote: the tokenizer might cut their text otherwise. */
  forced: Array<number>;
  /** The token, from 0; a number beyond the last token means the last. */
  token: number;
  /** Candidates for each depth. */
  top: number;
}

/** A token that may come next. */
export interface Expected {
  id: number;
  bytes: Uint8Array;
  logit: number;
  /** Its probability. */
  prob: number;
}

/** What one forward pass made of a text. */
export interface Inside {
  /** Updates made to the model. */
  step: number;
  /** The tokens that were read. */
  ids: Uint32Array;
  /** Earlier tokens of the text, which were not read. */
  unread: number;
  /** Bytes of each token. */
  bytes: Uint8Array[];
  /** The block that is returned completely. */
  block: number;
  /** The token whose expectations are returned. */
  token: number;
  /**
   * Intermediates by name (`crates/gpt/src/observe.rs` tells names and shapes): of every block `h.N.weights`, `h.N.attention`,
   * `h.N.mlp` and `h.N.residual`, of the chosen one all; `embedding`, `position`, and `ln_f` of the last token.
   */
  activations: Record<string, Numbers>;
  /** The likeliest next tokens by the residual stream before the first block and after each. */
  lens: Array<Array<Expected>>;
}

/** A part of a parameter. */
export interface ParameterRequest {
  /** Its name, such as `h.0.attn.c_attn.weight`. */
  name: string;
  /** Only this row of a matrix [rows, columns]. */
  row: number | null;
  /** Only this column of a matrix. */
  column: number | null;
}

/** A token whose nearest ones are asked for. */
export interface NearestRequest {
  id: number;
  /** How many, nearest first. */
  count: number;
}

/** A token near another. */
export interface Near {
  id: number;
  bytes: Uint8Array;
  /** Cosine of the two embeddings. */
  cosine: number;
}

/** Where the tokens lie. */
export interface EmbeddingMap {
  /** Updates made to the model. */
  step: number;
  /** The tokens: those that are readable text. */
  ids: Uint32Array;
  /** Bytes of each. */
  bytes: Uint8Array[];
  /** The place of each on the two axes, [N, 2]. */
  points: Float32Array;
  /** Share of the embeddings' variance along each axis. */
  explained: [number, number];
}

/** The part of a model that a parameter belongs to. */
export type Part = "embedding" | "attention" | "mlp" | "norm" | "head";

/** A parameter, and what moves it. */
export interface Moved {
  /** Its name, such as `h.0.attn.c_attn.weight`. */
  name: string;
  shape: Array<number>;
  /** The part of the model that it belongs to. */
  part: Part;
  /** Its block, counted from 0; none outside the blocks. */
  layer: number | null;
  /** Norm of its gradient, or of its change by an update. */
  change: number;
  /** Norm of the parameter before the update. */
  weight: number;
}

/** The next update of the open run, computed but not made. */
export interface NextUpdate {
  /** Updates made so far. */
  step: number;
  learningRate: number;
  /** Its batches, of which the first is told token by token. */
  batches: number;
  /** Sequences of a batch. */
  rows: number;
  /** Ids of the first batch: the inputs and the last target of each row, [B, T + 1]. */
  ids: Uint32Array;
  /** Bytes of each. */
  bytes: Uint8Array[];
  /** The loss of each token but the first of a row, in nats, [B, T]. */
  losses: Float32Array;
  /** Mean loss of all its batches in nats a token. */
  trainLoss: number;
  /** Global gradient norm before clipping. */
  gradNorm: number;
  /** By parameter: the norm of its gradient, and its own. */
  parameters: Array<Moved>;
}

// ---------- The made world ----------

/** What is asked. */
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

/** What a document is written in. */
export type WorldLanguage = "en" | "zh";

/** How a problem is answered. */
export type Style = "direct" | "worked" | "triggered";

/** Weights of the kinds, of any size, and the share of documents in 中文. */
export interface Mix {
  /** Weight of `Kind::Stories`. */
  stories: number;
  /** Weight of `Kind::Facts`. */
  facts: number;
  /** Weight of `Kind::Arithmetic`. */
  arithmetic: number;
  /** Weight of `Kind::Tasks`. */
  tasks: number;
  /** Weight of `Kind::Passages`. */
  passages: number;
  /** Weight of `Kind::Chat`. */
  chat: number;
  /** From 0 to 1. */
  chinese: number;
  /** Only documents of this task, whatever the weights. */
  only: WorldTask | null;
}

/** A text of the made world. */
export interface WorldRequest {
  /** How often each kind of document occurs. */
  mix: Mix;
  /** Draws the documents. */
  seed: number;
  /** Its least length; it ends with a whole document. */
  bytes: number;
}

/** A question put together. */
export interface Ask {
  /** What is asked. */
  task: WorldTask;
  /** In which language. */
  language: WorldLanguage;
  /** Examples before it, at most `MAX_SHOTS`. */
  shots: number;
  /** How problems are answered; ignored for other tasks. */
  style: Style;
}

/** Questions of the made world. */
export interface CasesRequest {
  /** What is asked, and how. */
  ask: Ask;
  /** How many. */
  count: number;
  /** Draws them. */
  seed: number;
}

/** A question put to a model. */
export interface Case {
  /** What the model reads; it continues from here to the end of the line. */
  prompt: string;
  /** The right answer. */
  answer: string;
}

/** Questions, and how long their answers get. */
export interface Cases {
  /** The questions. */
  cases: Array<Case>;
  /** The most tokens of an answer. */
  maxNewTokens: number;
}

/** Questions to answer, one after another, each from its prompt to the end of the line. */
export interface GradeRequest {
  /** The questions; if a prompt is too long, the model reads its end. */
  cases: Array<Case>;
  /** The most tokens of an answer. */
  maxNewTokens: number;
}

/** A share of right answers and where the true one lies with 95 % confidence (Wilson, 1927). */
export interface Score {
  /** Answers. */
  n: number;
  /** Right ones. */
  correct: number;
  /** Their share. */
  accuracy: number;
  /** Lower end. */
  low: number;
  /** Upper end. */
  high: number;
}
