// The contract between the page and the worker: commands go down, events come up.
// The request and event types mirror the serde types of crates/session (camelCase of the same words);
// tests/app/core.mjs speaks it without the page. Nothing here imports anything but its own parts.
import type { CoreError, DeviceChoice, DeviceInfo } from "./protocol/device.ts";
import type {
  EmbeddingMap,
  GenerateEvent,
  GenerateRequest,
  Inside,
  Moved,
  Near,
  NextTokens,
  NextUpdate,
  Numbers,
  SamplingConfig,
} from "./protocol/inside.ts";
import type { Calibration, Measured, MeasureRequest, Shape } from "./protocol/measure.ts";
import type {
  Encoding,
  Estimate,
  Merge,
  Merges,
  ModelConfig,
  ModelInfo,
  TokenizerConfig,
  TokenizerInfo,
  TokenizerSlot,
  TrainConfig,
  TrainEvent,
  TrainRequest,
} from "./protocol/model.ts";
import type { Ask, Case, Graded, Mix } from "./protocol/world.ts";

export type * from "./protocol/device.ts";
export type * from "./protocol/inside.ts";
export type * from "./protocol/measure.ts";
export type * from "./protocol/model.ts";
export type * from "./protocol/world.ts";

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
  /**
   * tokenizer.json or a .tiktoken rank file, told apart by content. `pattern` (a regular expression, or gpt2, cl100k, o200k) says how text is
   * cut for a rank file of an unknown vocabulary.
   */
  loadTokenizer: {
    request: { slot: Exclude<TokenizerSlot, "model">; file: Uint8Array; pattern?: string };
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
