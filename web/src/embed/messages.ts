// What a page of another site and the frame that shows a lab in it say to each other. Either side may be hostile to the other, so a message
// counts only when its sender, its shape and its sizes are right; what is none of ours is null.
import { CORPUS_LIMIT as MOST_TEXT } from "../corpus/limit.ts";
import type { CoreError } from "../worker/protocol.ts";

/** Marks our messages with their version. */
export const MARK = 1;
/** The frame's name if the host page has a core for it; otherwise the frame starts its own. */
export const SHARED = "tadpole-shared";
/** The name of the hidden frame that has that core. */
export const CORE = "tadpole-core";

/** Labs that show nothing without a model. */
export const NEED_MODEL: readonly string[] = ["inside", "sample", "prompt"];

const MOST_HASH = 50_000;
const MOST_VALUE = 300;
/** What a page may set of the look: these properties, with a prefix. */
export const PROPERTIES = ["accent", "on-accent", "paper", "raised", "ink", "ink-soft", "line", "font", "mono"] as const;
export type Look = Partial<Record<(typeof PROPERTIES)[number], string>>;

export interface GenerateOptions {
  prompt?: string;
  temperature?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  seed?: number;
  maxNewTokens?: number;
}

export interface TrainOptions {
  /** Text to learn from; without it the lab's own choice. */
  corpus?: string;
  corpusName?: string;
  steps?: number;
}

/** To the frame. */
export type ToFrame =
  /** A port to the core comes with it. */
  | { type: "core" }
  | { type: "coreFailed"; reason: string }
  /** The port that comes with it leads to another core, which these settings are for. */
  | { type: "move"; hash: string; only: string[] | null }
  /** How many other labs of the page share the core. */
  | { type: "sharers"; others: number }
  /** `only`: the keys to change, the others stay as the reader has them; null for all. */
  | { type: "settings"; hash: string; only: string[] | null }
  | { type: "look"; look: Look }
  | { type: "generate"; call: number; options: GenerateOptions }
  | { type: "train"; call: number; options: TrainOptions }
  | { type: "stop"; call: number };

export interface Token {
  id: number;
  /** Whole characters, complete by now. */
  text: string;
  bytes: number[];
  logprob: number;
}

export interface Step {
  step: number;
  trainLoss: number;
  gradNorm: number;
  learningRate: number;
}

/** From the frame; `call` is null for the reader's own acts. */
export type FromFrame =
  | { type: "wantCore" }
  | { type: "restartCore" }
  | { type: "height"; pixels: number }
  | { type: "ready"; model: string | null; step: number; device: string | null }
  | { type: "tokens"; call: number | null; tokens: Token[] }
  | { type: "steps"; call: number | null; steps: Step[] }
  | { type: "end"; call: number; value: string }
  | { type: "error"; call: number | null; error: CoreError };

/** From the host page to the hidden frame with the core, and back. */
export type ToCore = { type: "join" } | { type: "restart" };
export type FromCore = { type: "coreReady" } | { type: "coreFailed"; reason: string };

export const marked = <M extends { type: string }>(message: M) => ({ tadpole: MARK, ...message });

// ---------- reading ----------

type Fields = Record<string, unknown>;
type Rules = Record<string, (fields: Fields) => boolean>;

const isText = (most: number) => (value: unknown) => typeof value === "string" && value.length <= most;
const isOptional = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value);
const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isCall = (value: unknown) => Number.isSafeInteger(value);
const isListOf = (is: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(is);

/** Whether an object has only these fields, each valid. */
const has = (rules: Record<string, (value: unknown) => boolean>) => (value: unknown) =>
  isFields(value) &&
  Object.keys(value).every((key) => Object.hasOwn(rules, key)) &&
  Object.entries(rules).every(([key, is]) => is(value[key]));

const isLook = has(Object.fromEntries(PROPERTIES.map((name) => [name, isOptional(isText(MOST_VALUE))])));
const isGenerate = has({
  prompt: isOptional(isText(MOST_TEXT)),
  ...Object.fromEntries(["temperature", "topK", "topP", "minP", "seed", "maxNewTokens"].map((name) => [name, isOptional(isNumber)])),
});
const isTrain = has({
  corpus: isOptional(isText(MOST_TEXT)),
  corpusName: isOptional(isText(MOST_VALUE)),
  steps: isOptional(isNumber),
});

const isSettings: Rules[string] = ({ hash, only }) => isText(MOST_HASH)(hash) && (only === null || isListOf(isText(MOST_VALUE))(only));

const TO_FRAME: Rules = {
  core: () => true,
  coreFailed: ({ reason }) => isText(MOST_TEXT)(reason),
  move: isSettings,
  sharers: ({ others }) => isCall(others) && (others as number) >= 0,
  settings: isSettings,
  look: ({ look }) => isLook(look),
  generate: ({ call, options }) => isCall(call) && isGenerate(options),
  train: ({ call, options }) => isCall(call) && isTrain(options),
  stop: ({ call }) => isCall(call),
};

const isToken = has({ id: isCall, text: isText(MOST_TEXT), bytes: isListOf(isNumber), logprob: isNumber });
/** A diverging run has losses that are not numbers, and its page must hear of it. */
const isMeasure = (value: unknown) => typeof value === "number";
const isStep = has({ step: isCall, trainLoss: isMeasure, gradNorm: isMeasure, learningRate: isNumber });
const isError = (value: unknown) =>
  isFields(value) && ["code", "message", "remedy"].every((name) => isText(MOST_TEXT)(value[name])) && isFields(value.details);
const isMaybeCall = (value: unknown) => value === null || isCall(value);

const FROM_FRAME: Rules = {
  wantCore: () => true,
  restartCore: () => true,
  height: ({ pixels }) => isNumber(pixels) && (pixels as number) >= 0 && (pixels as number) < 100_000,
  ready: ({ model, step, device }) => [model, device].every((each) => each === null || isText(MOST_VALUE)(each)) && isCall(step),
  tokens: ({ call, tokens }) => isMaybeCall(call) && isListOf(isToken)(tokens),
  steps: ({ call, steps }) => isMaybeCall(call) && isListOf(isStep)(steps),
  end: ({ call, value }) => isCall(call) && isText(MOST_TEXT)(value),
  error: ({ call, error }) => isMaybeCall(call) && isError(error),
};

const read =
  <M>(rules: Rules) =>
  (data: unknown): M | null => {
    if (!isFields(data) || data.tadpole !== MARK || typeof data.type !== "string") return null;
    return Object.hasOwn(rules, data.type) && rules[data.type]?.(data) ? (data as M) : null;
  };

export const readToFrame = read<ToFrame>(TO_FRAME);
export const readFromFrame = read<FromFrame>(FROM_FRAME);
export const readToCore = read<ToCore>({ join: () => true, restart: () => true });
export const readFromCore = read<FromCore>({ coreReady: () => true, coreFailed: ({ reason }) => isText(MOST_TEXT)(reason) });
