// The contract between the page and the worker: commands go down, events come up. Types that the core has are generated from its Rust types
// (protocol/core.ts); here stands which call takes and answers which of them, and what the worker adds.
import type {
  AttachRequest,
  Calibration,
  Cases,
  CasesRequest,
  CoreError,
  Defaults,
  DeviceInfo,
  DeviceKind,
  EmbeddingMap,
  EncodeRequest,
  Encoding,
  Estimate,
  EstimateRequest,
  Expected,
  GenerateRequest,
  GradeRequest,
  ImportRequest,
  Inside,
  InspectRequest,
  LearningRateRequest,
  LensRequest,
  LoadRequest,
  LoadTokenizerRequest,
  MeasureRequest,
  Merge,
  ModelInfo,
  Moved,
  NamedFile,
  Near,
  NearestRequest,
  NextTokens,
  NextTokensRequest,
  NextUpdate,
  Numbers,
  ParameterRequest,
  ReplayRequest,
  ResumeRequest,
  RunRequest,
  SaveOptions,
  Slot,
  TokenizerConfig,
  TokenizerInfo,
  TrainTokenizerRequest,
  WorldRequest,
} from "./protocol/core.ts";
import type { GenerateEvent, GradeEvent, MeasureEvent, TokenizerEvent, TrainEvent } from "./protocol/events.ts";
import type { RunState } from "./protocol/upkeep.ts";

export type * from "./protocol/core.ts";
export type * from "./protocol/events.ts";
export type * from "./protocol/upkeep.ts";

export type DeviceChoice = "auto" | DeviceKind;

/** Which tokenizer: the model's own, or one of the two of a page's workbench (the Tokens lab's, and the one beside it). */
export type TokenizerSlot = "model" | Slot;

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

type Nothing = Record<never, never>;

/** Commands with one answer. */
export interface Calls {
  /**
   * `keep`: whether runs are kept in this browser; `run`: which of them is to be the live one rather than the newest; `restore`:
   * whether any is. Whoever asks later gets what there is: the model, what the address calls it (`as`), and the run at work.
   */
  init: {
    request: { device: DeviceChoice; keep: boolean; restore: boolean; run: string | null };
    answer: { device: DeviceInfo; model: ModelInfo | null; as: string | null; run: RunState | null };
  };
  defaults: { request: Nothing; answer: Defaults };
  /** What was measured of the devices before the first training on them; null before that, and where only the CPU serves. */
  calibration: { request: Nothing; answer: Calibration | null };
  /** The live model as it is now. */
  model: { request: Nothing; answer: ModelInfo | null };
  estimate: { request: EstimateRequest; answer: Estimate };
  /** What a tokenizer that is trained in the workbench starts from. */
  tokenizerDefaults: { request: Nothing; answer: TokenizerConfig };
  loadTokenizer: { request: LoadTokenizerRequest; answer: TokenizerInfo };
  saveTokenizer: { request: { slot: TokenizerSlot }; answer: Uint8Array };
  encode: { request: { slot: TokenizerSlot } & EncodeRequest; answer: Encoding };
  /** As if only the first `merges` merges had been learnt. */
  encodeReplay: { request: { slot: TokenizerSlot } & ReplayRequest; answer: Encoding };
  merges: { request: { slot: TokenizerSlot }; answer: Merge[] };
  /** The same, packed by the worker. */
  mergeColumns: { request: { slot: TokenizerSlot }; answer: Merges };
  nextTokens: { request: NextTokensRequest; answer: NextTokens };
  inspect: { request: InspectRequest; answer: Inside };
  /** What would come next after one token, by depth: a part of the above. */
  lens: { request: LensRequest; answer: Expected[][] };
  /** A parameter by its name (`h.0.attn.c_attn.weight`, [in, out]), or one row or column of a matrix. */
  parameter: { request: ParameterRequest; answer: Numbers };
  /** The run must be open; the step that follows measures the same loss and norm. */
  nextUpdate: { request: Nothing; answer: NextUpdate };
  /** What the update changed that `nextUpdate` told of; null where that is not the newest. */
  updateMade: { request: Nothing; answer: Moved[] | null };
  embeddingMap: { request: Nothing; answer: EmbeddingMap };
  /** The tokens nearest to one, nearest first. */
  nearest: { request: NearestRequest; answer: Near[] };
  /** The run so far as the events that told it (steps thinned to a few thousand), so that charts come back after a reload. */
  history: { request: Nothing; answer: TrainEvent[] };
  /** A text of the made world, at least so long, UTF-8. */
  world: { request: WorldRequest; answer: Uint8Array };
  /** Questions that no text of the made world contains. */
  cases: { request: CasesRequest; answer: Cases };
  setLearningRate: { request: LearningRateRequest; answer: null };
  save: { request: SaveOptions; answer: Uint8Array };
  /** `keep`: false for a model that comes with the page and need not be kept in the browser; `as`: what the address calls it. */
  load: { request: LoadRequest & { keep?: boolean; as?: string }; answer: ModelInfo };
  attachCorpus: { request: AttachRequest; answer: ModelInfo };
  /** Hugging Face's GPT-2 layout: config.json, model.safetensors, tokenizer.json. */
  exportHuggingFace: { request: Nothing; answer: NamedFile[] };
  importHuggingFace: { request: ImportRequest; answer: ModelInfo };
}

/** Commands that answer with a stream of events, until `finished`, `done`, an error, or a stop. */
export interface Streams {
  trainTokenizer: { request: TrainTokenizerRequest; event: TokenizerEvent };
  train: { request: RunRequest; event: TrainEvent };
  /** Goes on with the run that the loaded checkpoint holds. */
  resume: { request: ResumeRequest; event: TrainEvent };
  generate: { request: GenerateRequest; event: GenerateEvent };
  /** Greedy answers to questions, each graded; of a prompt that is too long the model reads the end. */
  grade: { request: GradeRequest; event: GradeEvent };
  /** How fast the device is, on a model of its own; the live one stays as it is. */
  measure: { request: MeasureRequest; event: MeasureEvent };
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
