// The Prompt lab's state and its talk with the core: the questions as they were drawn and as the person changed them, the
// answers, their score, and the scores before.
import { batch, computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { client, fatal, model, modelVersion, phase } from "../../session.ts";
import { change, lang, overlay, read, write } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { Ask, Case, CoreError, Graded, Score } from "../../worker/protocol.ts";
import { TASKS } from "../world/texts.ts";

const GROUP = "ask";
export const MAX_SHOTS = 8;
const MAX_ROWS = 500;
const RESTING_MS = 100;

interface Settings extends Record<string, string | number> {
  task: string;
  language: string;
  shots: number;
  style: string;
  rows: number;
  seed: number;
}

export interface Answer {
  output: string;
  correct: boolean;
}

export interface Row extends Case {
  edited: boolean;
  answered: Answer | null;
}

/** The questions that settings stand for. */
interface Wanted {
  ask: Ask;
  count: number;
  seed: number;
}

interface Drawn extends Wanted {
  cases: readonly Case[];
  maxNewTokens: number;
}

/** A score and what it is of. */
export interface Result {
  ask: Ask;
  /** Questions that the person had changed. */
  changed: number;
  score: Score;
  step: number;
  parameters: number;
  seconds: number;
}

export const error = signal<CoreError | null>(null);
export const isAsking = signal(false);
/** Of the answers at hand; null where a prompt was changed since. */
export const result = signal<Result | null>(null);
export const results = signal<readonly Result[]>([]);
/** The row whose prompt is shown, -1 for none. */
export const opened = signal(-1);

/** A moment behind the settings. */
const drawn = signal<Drawn | null>(null);
const answers = signal<readonly (Answer | null)[]>([]);
let sent = "";
let answeredBy = 0;
let stream: StreamHandle<Graded> | null = null;

// ---------- what is asked ----------

const isProblem = (task: string): boolean => ["sum", "columns", "wordProblem"].includes(task);

const base = computed<Settings>(() => ({ task: "labels", language: lang.value, shots: 4, style: "direct", rows: 20, seed: 1 }));
const settings = computed(() => overlay(GROUP, base.value));

export const set = (key: keyof Settings & string, value: string | number): void => change(GROUP, base.value, key, value);

const whole = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.round(value)));

export const ask = computed<Ask>(() => {
  const { task, language, shots, style } = settings.value;
  return {
    task: TASKS.find((each) => each === task) ?? "labels",
    language: language === "zh" ? "zh" : "en",
    shots: whole(shots, 0, MAX_SHOTS),
    style: isProblem(task) && (style === "worked" || style === "triggered") ? style : "direct",
  };
});
export const count = computed(() => whole(settings.value.rows, 1, MAX_ROWS));
export const seed = computed(() => whole(settings.value.seed, 0, 2 ** 31));
const wanted = computed<Wanted>(() => ({ ask: ask.value, count: count.value, seed: seed.value }));

/** Only a problem can be answered in steps. */
export const hasStyles = computed(() => isProblem(ask.value.task));

/** Changed questions by their row, under what they are changes of: those of other tasks wait for their return. */
type Edits = Record<string, Record<string, Case>>;

/** Of the questions at hand. */
const condition = computed(() => JSON.stringify([drawn.value?.ask, drawn.value?.seed]));

const allEdits = computed<Edits>(() => {
  try {
    const held: unknown = JSON.parse(read("edits") ?? "{}");
    return isEdits(held) ? held : {};
  } catch {
    return {};
  }
});

/** An address may hold anything. */
function isEdits(value: unknown): value is Edits {
  const values = (inner: unknown): unknown[] => (typeof inner === "object" && inner !== null ? Object.values(inner) : [null]);
  const isCase = (each: unknown) => {
    const { prompt, answer } = (each ?? {}) as Partial<Case>;
    return typeof prompt === "string" && typeof answer === "string";
  };
  return values(value).every((rows) => values(rows).every(isCase));
}

const edits = computed(() => allEdits.value[condition.value] ?? {});

export const rows = computed<Row[]>(() =>
  (drawn.value?.cases ?? []).map((own, index) => {
    const edited = edits.value[index];
    return { ...(edited ?? own), edited: edited !== undefined, answered: answers.value[index] ?? null };
  }),
);

/** Changes a row, or takes the changes back; its answer and the score are then no longer of these prompts. */
export function edit(index: number, changes: Partial<Case> | null): void {
  const { [index]: before, ...others } = edits.value;
  const own = drawn.value?.cases[index];
  if (!own) return;
  const next = changes ? { ...others, [index]: { ...(before ?? own), ...changes } } : others;
  const { [condition.value]: _, ...rest } = allEdits.value;
  const all = Object.keys(next).length > 0 ? { ...rest, [condition.value]: next } : rest;
  stop();
  batch(() => {
    write("edits", Object.keys(all).length > 0 ? JSON.stringify(all) : undefined);
    answers.value = answers.value.map((answer, at) => (at === index ? null : answer));
    result.value = null;
  });
}

/** Another model has not given these answers. */
function forget(version: number): void {
  answeredBy = version;
  stop();
  batch(() => {
    answers.value = [];
    result.value = null;
  });
}

const draw = latest<Wanted>(
  async (of) => {
    try {
      const { cases, maxNewTokens } = await client().call("cases", of);
      batch(() => {
        drawn.value = { ...of, cases, maxNewTokens };
        answers.value = [];
        opened.value = -1;
      });
    } catch (thrown) {
      sent = "";
      fail(thrown);
    }
  },
  () => RESTING_MS,
);

/** Keeps the questions those of the settings and the answers those of the model; gives back what ends it. */
export function watch(): () => void {
  return effect(() => {
    if (phase.value !== "ready") return;
    if (answeredBy !== modelVersion.value) forget(modelVersion.value);
    const text = JSON.stringify(wanted.value);
    // Coming back to the lab leaves its answers as they were.
    if (sent === text) return;
    sent = text;
    stop();
    result.value = null;
    draw(wanted.value);
  });
}

// ---------- a row's tokens ----------

/** Of the opened row's prompt. */
export const tokens = signal<TokenSource | null>(null);
let shownRow = -1;

const encode = latest<string>(
  async (text) => {
    try {
      const { ids, ends } = await client().call("encode", { slot: "model", text });
      const bytes = new TextEncoder().encode(text);
      tokens.value = {
        length: ids.length,
        id: (index) => ids[index] ?? 0,
        bytes: (index) => bytes.subarray(index > 0 ? ends[index - 1] : 0, ends[index]),
      };
    } catch (thrown) {
      fail(thrown);
    }
  },
  () => RESTING_MS,
);

/** Keeps the tokens those of the opened row; gives back what ends it. */
export function watchTokens(): () => void {
  return effect(() => {
    const row = rows.value[opened.value];
    if (opened.value !== shownRow) tokens.value = null;
    shownRow = opened.value;
    if (!row || !model.value) tokens.value = null;
    else if (phase.value === "ready") encode(row.prompt);
  });
}

// ---------- asking ----------

/** Whether the rows are those of the settings. */
const isDrawn = computed(() => {
  const { ask, count, seed } = drawn.value ?? {};
  return JSON.stringify({ ask, count, seed }) === JSON.stringify(wanted.value);
});
export const able = computed(() => phase.value === "ready" && model.value !== null && isDrawn.value && !isAsking.value);

export async function start(): Promise<void> {
  if (!able.value || !drawn.value) return;
  const { ask: asked, maxNewTokens } = drawn.value;
  const cases = rows.value.map(({ prompt, answer }) => ({ prompt, answer }));
  const { step = 0, parameters = 0 } = model.value ?? {};
  const of = { ask: asked, changed: rows.value.filter(({ edited }) => edited).length, step, parameters };
  const began = performance.now();
  const mine = client().stream("grade", { cases, maxNewTokens });
  stream = mine;
  batch(() => {
    answers.value = [];
    result.value = null;
    error.value = null;
    isAsking.value = true;
  });
  try {
    for (let events = await mine.take(); events.length > 0 && stream === mine; events = await mine.take()) {
      const score = events.at(-1)?.score as Score;
      const seconds = (performance.now() - began) / 1000;
      batch(() => {
        answers.value = [...answers.value, ...events.map(({ output, correct }) => ({ output, correct }))];
        result.value = { ...of, score, seconds };
      });
    }
  } catch (thrown) {
    if (stream === mine) fail(thrown);
  }
  if (stream === mine) finish();
}

function finish(): void {
  stream = null;
  isAsking.value = false;
  if (result.value && result.value.score.n === rows.value.length) results.value = [...results.value, result.value];
}

export function stop(): void {
  stream?.stop();
  stream = null;
  isAsking.value = false;
}

function fail(thrown: unknown): void {
  const failure = coreError(thrown);
  if (failure.code !== "restarted" && !fatal.value) error.value = failure;
}
