// The Sample lab's state and its requests to the core: prompt, sampling, the next-token distribution, and the text being written.
// In the address: prompt; sampling.* (the samplers and the seed); write.* (maxNewTokens, topLogprobs, stop, candidates); stage (of the
// bars); shade; tree (open), tree.branches, tree.depth; both (open), compare.* (the second settings).

import { batch, computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { isSettled } from "../../models.ts";
import * as run from "../../run.ts";
import { client, defaults, model, modelVersion } from "../../session.ts";
import { onBeginning, overlay, read, said, write } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { CoreError, GenerateEvent, NextTokens, SamplingConfig, TokenLogprob } from "../../worker/protocol.ts";
import { isWorld } from "../../world-name.ts";
import { texts } from "./texts.ts";
import { surpriseOf, textOf, type Written } from "./writer.ts";

/** The page's additions to the core's sampling defaults; none changes what is computed by default. */
export interface Writing {
  maxNewTokens: number;
  topLogprobs: number;
  stop: string[];
  candidates: number;
}
/** Extra candidates without bars, to name what else is still possible. */
const SPARE = 8;
export const WRITING: Writing = { maxNewTokens: 120, topLogprobs: 5, stop: [], candidates: 12 };

export const error = signal<CoreError | null>(null);
export const next = signal<NextTokens | null>(null);
export const written = signal<Written[]>([]);
export const writtenPrompt = signal("");
/** The text so far: whole characters only. */
export const writtenText = signal("");
export const finished = signal<"stop" | "endToken" | "length" | "stopped" | null>(null);
export const writing = signal(false);
export const current = signal(-1);
/** Whether the current token was picked, so that the passing pointer does not change it. */
export const isPicked = signal(false);

let stream: Writer | null = null;
/** Events for the next frame: tokens arrive faster than a screen refreshes. */
let unseen: GenerateEvent[] = [];
/** The previous text stays until the first new token arrives. */
let isFresh = false;
let askedInVain: CoreError | null = null;

export const prompt = computed(() => read("prompt") ?? defaultPrompt());
export const sampling = computed<SamplingConfig | null>(() => {
  const own = defaults.value?.sampling;
  return own ? overlay("sampling", own) : null;
});
export const settings = computed(() => overlay("write", WRITING));
said.set("sample", () => ({ text: prompt.value, settings: { ...sampling.value } }));

/** The run's own sample prompt, so that the example suits the model. */
function defaultPrompt(): string {
  const request = model.value?.request;
  const asked = request?.train.samplePrompts ?? [];
  if (asked.length === 0 && request && isWorld(request.corpusName)) return example();
  return asked.find((each) => each !== "") ?? run.samples.value[0]?.texts[0]?.prompt ?? beginning();
}

/** A vocabulary of fewer tokens has hardly a word in it. */
const WORDY = 600;

function example(): string {
  const { example: many, exampleFew: few } = texts();
  return (model.value?.config.vocabSize ?? 0) < WORDY ? few : many;
}

/** For a model without a known run: any byte tokenizer takes a word, a character tokenizer may only know its own characters. */
function beginning(): string {
  return model.value?.tokenizer.kind === "char" ? model.value.opening : "The";
}

export function setPrompt(text: string): void {
  write("prompt", text === defaultPrompt() ? undefined : text);
}

/** Identifies the text being written: its sources only grow. */
let series = {};

export const source = computed<TokenSource>(() => {
  const tokens = written.value;
  return {
    series,
    length: tokens.length,
    id: (index) => tokens[index]?.id ?? 0,
    bytes: (index) => tokens[index]?.bytes ?? [],
  };
});
/** How unlikely a written token was, from 0 to 1. */
export const surprise = (index: number): number => surpriseOf(written.peek()[index]);

// ---------- the next token ----------

interface Wanted {
  prompt: string;
  sampling: SamplingConfig;
  top: number;
}

/** The least time between requests for bars while the model learns, to leave the core time. */
const LEARNING_MS = 500;
const RESTING_MS = 150;
/** The last question: another sampler over the same logits is answered at once. */
let known = "";

const ask = latest<Wanted>(
  async (wanted) => {
    try {
      next.value = await client().call("nextTokens", wanted);
      known = wanted.prompt;
      // The reason why writing was refused stays visible.
      if (error.value === askedInVain) error.value = null;
    } catch (thrown) {
      fail(thrown);
      askedInVain = error.value;
    }
  },
  () => (run.status.value === "running" ? LEARNING_MS : prompt.peek() === known ? 0 : RESTING_MS),
);

function fail(thrown: unknown): void {
  const failure = coreError(thrown);
  if (failure.code !== "restarted") error.value = failure;
}

/** Keeps the bars up to date with the prompt, the sampling, and the model, also while it learns. */
export function watch(): () => void {
  return effect(() => {
    const [now, top] = [sampling.value, settings.value.candidates];
    void modelVersion.value;
    if (isSettled.value && model.value && now) ask({ prompt: prompt.value, sampling: now, top: top + SPARE });
  });
}

// ---------- writing ----------

type Writer = StreamHandle<GenerateEvent>;

/** Continues after the tokens of `prefix`, unchanged; `opened` receives the stream. */
export async function generate(prefix: readonly Written[] = [], opened: (stream: Writer) => void = () => {}): Promise<void> {
  const now = sampling.value;
  if (!now || !model.value) return;
  stream?.stop();
  error.value = null;
  const { maxNewTokens, topLogprobs, stop } = settings.value;
  const request = {
    prompt: prefix.length > 0 ? writtenPrompt.value : prompt.value,
    forced: prefix.map(({ id }) => id),
    sampling: now,
    maxNewTokens: Math.max(1, maxNewTokens - prefix.length),
    stop: stop.slice(0, 4),
    topLogprobs,
    truncatePrompt: true,
  };
  const mine = client().stream("generate", request);
  opened(mine);
  stream = mine;
  unseen = [];
  isFresh = true;
  writing.value = true;
  try {
    for await (const event of mine) if (stream === mine) take(event, request.prompt, prefix);
    if (stream !== mine) return;
    end();
    // Something else may have stopped it.
    finished.value ??= "stopped";
  } catch (thrown) {
    if (stream !== mine) return;
    fail(thrown);
    end();
  }
}

function take(event: GenerateEvent, after: string, prefix: readonly Written[]): void {
  if (isFresh) begin(after, prefix);
  if (unseen.length === 0) requestAnimationFrame(show);
  unseen.push(event);
}

function begin(after: string, prefix: readonly Written[]): void {
  isFresh = false;
  series = {};
  batch(() => {
    written.value = [...prefix];
    writtenText.value = textOf(prefix);
    writtenPrompt.value = after;
    finished.value = null;
    current.value = -1;
    isPicked.value = false;
  });
}

function show(): void {
  const events = unseen;
  unseen = [];
  const tokens = events.filter((event) => event.kind === "token");
  batch(() => {
    written.value = [...written.value, ...tokens.map(({ id, bytes, logprob, top }) => ({ id, bytes, logprob, top }))];
    writtenText.value += events.map((event) => event.text).join("");
    const last = events.at(-1);
    if (last?.kind === "finished") finished.value = last.reason;
  });
}

/** Shows what has arrived; a pending frame then finds nothing left. */
function end(): void {
  show();
  stream = null;
  writing.value = false;
}

export function stop(): void {
  if (!stream) return;
  stream.stop();
  end();
  finished.value = "stopped";
}

onBeginning(() => {
  stop();
  begin("", []);
  next.value = null;
  branches.value = [];
  error.value = null;
});

/** Makes the prompt and the written text the new prompt. */
export function continueFrom(): void {
  setPrompt(writtenPrompt.value + writtenText.value);
}

// ---------- branches ----------

interface Branch {
  prompt: string;
  tokens: Written[];
  text: string;
  finished: typeof finished.value;
}

const MOST_BRANCHES = 20;

/** The texts abandoned for another token, newest last. */
export const branches = signal<readonly Branch[]>([]);

/** Cuts the text at a token, replaces it, and continues with the same sampler and seed. */
export function force(index: number, { id, bytes, logprob }: TokenLogprob): void {
  const tokens = written.value;
  const replaced = tokens[index];
  if (!replaced) return;
  const left = { prompt: writtenPrompt.value, tokens, text: writtenText.value, finished: finished.value };
  branches.value = [...branches.value, left].slice(-MOST_BRANCHES);
  void generate([...tokens.slice(0, index), { id, bytes, logprob, top: replaced.top }]);
}

/** Returns to the text before the last forced token. */
export function back(): void {
  const last = branches.value.at(-1);
  if (!last) return;
  stream?.stop();
  stream = null;
  unseen = [];
  series = {};
  batch(() => {
    branches.value = branches.value.slice(0, -1);
    written.value = last.tokens;
    writtenText.value = last.text;
    writtenPrompt.value = last.prompt;
    finished.value = last.finished;
    writing.value = false;
    current.value = -1;
    isPicked.value = false;
  });
}
