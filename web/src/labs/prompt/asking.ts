// Asking the model: which cells have an answer, the stream that brings more, the score of every column, and earlier measurements.

import { batch, computed, effect, signal } from "@preact/signals-core";
import { isSettled } from "../../models.ts";
import * as run from "../../run.ts";
import { client, model, modelVersion, phase } from "../../session.ts";
import { onBeginning } from "../../settings.ts";
import type { StreamHandle } from "../../worker/client.ts";
import type { Graded } from "../../worker/protocol.ts";
import { type Answer, forget, heard } from "./answers.ts";
import type { Column } from "./prompts.ts";
import { oneLine } from "./rows/table.ts";
import {
  type Cell,
  cellAt,
  cells,
  columns,
  count,
  error,
  fail,
  isDrawn,
  language,
  maxNewTokens,
  prompts,
  seed,
  task,
  view,
} from "./state/index.ts";
import { type Pairs, type Share, share } from "./stats.ts";

/** At most this many are asked without a click. */
const UNASKED = 60;
const MOST_EARLIER = 30;

let answeredBy = -1;
let stream: StreamHandle<Graded> | null = null;
/** What the stream was started for, with the cells of that moment. */
const begun = signal<{ of: string; cells: readonly Cell[] }>({ of: "", cells: [] });
/** The cells that the person stopped; only a click asks them again. */
const stopped = signal<readonly Cell[] | null>(null);

export const isAsking = signal(false);
export const progress = signal({ done: 0, total: 0, seconds: 0 });
/** The step of the weights that gave the answers. */
export const answeredAt = signal(0);

export function answerTo(cell: Cell | undefined): Answer | null {
  void heard.value;
  return cell?.slot.answer ?? null;
}

/** Without a right answer, or with one of several lines, an answer is neither right nor wrong. */
export const isJudged = (cell: Cell | undefined): boolean => (oneLine(cell?.answer ?? "") ?? "").trim() !== "";

export function verdictOn(cell: Cell | undefined, { correct }: Answer): "right" | "wrong" | "unjudged" {
  if (!isJudged(cell)) return "unjudged";
  return correct ? "right" : "wrong";
}

const missing = computed(() => cells.value.filter((cell) => answerTo(cell) === null));
export const waiting = computed(() => missing.value.length);
export const isComplete = computed(() => cells.value.length > 0 && missing.value.length === 0);

// ---------- scores ----------

/** For each column, over its answers so far. */
export const scores = computed<Share[]>(() => {
  const counts = columns.value.map(() => [0, 0] as [number, number]);
  for (const cell of cells.value) {
    const answer = answerTo(cell);
    const count = counts[cell.column];
    if (!answer || !count || !isJudged(cell)) continue;
    count[0] += Number(answer.correct);
    count[1] += 1;
  }
  return counts.map(([correct, n]) => share(correct, n));
});

/** Two columns' results on the questions that both have answered. */
export function pairs(first: number, second: number): Pairs {
  const count: Pairs = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let row = 0; row < (prompts.value?.rows.length ?? 0); row += 1) {
    const [one, other] = [answerTo(cellAt(row, first)), answerTo(cellAt(row, second))];
    if (!one || !other || !isJudged(cellAt(row, first))) continue;
    count[one.correct ? (other.correct ? "both" : "onlyFirst") : other.correct ? "onlySecond" : "neither"] += 1;
  }
  return count;
}

// ---------- measured before ----------

export interface EarlierScores {
  task: string;
  columns: readonly Column[];
  scores: readonly Share[];
  step: number;
  parameters: number;
}

/** Newest first. */
export const earlierScores = signal<readonly EarlierScores[]>([]);

function remember(): void {
  const { parameters = 0 } = model.value ?? {};
  const now = { task: task.value, columns: columns.value, scores: scores.value, step: answeredAt.value, parameters };
  const same = ({ task, columns, scores, step, parameters }: EarlierScores) =>
    JSON.stringify([task, columns, scores.map(({ n }) => n), step, parameters]);
  const before = earlierScores.value.filter((each, at) => at > 0 || same(each) !== same(now));
  earlierScores.value = [now, ...before].slice(0, MOST_EARLIER);
}

// ---------- asking ----------

export const able = computed(() => isSettled.value && model.value !== null && isDrawn.value && !isAsking.value && cells.value.length > 0);

/** A run goes on when columns or rows change, but not into another task or view. */
const what = computed(() => [task.value, language.value, seed.value, count.value, view.value].join(" "));

/** Whether the newest run is for what is shown. */
export const isNewest = computed(() => begun.value.of === what.value);

/** Asks the unanswered cells; all of them again if all are answered. */
export async function start(): Promise<void> {
  if (!able.value) return;
  const { step = 0 } = model.value ?? {};
  if (step !== answeredAt.value || isComplete.value) forget();
  const asked = [...new Map(missing.value.map((cell) => [cell.slot, cell])).values()];
  const mine = client().stream("grade", {
    cases: asked.map(({ prompt, answer }) => ({ prompt, answer: oneLine(answer) ?? "" })),
    maxNewTokens: maxNewTokens.value,
  });
  stream = mine;
  batch(() => {
    begun.value = { of: what.value, cells: cells.value };
    error.value = null;
    stopped.value = null;
    answeredAt.value = step;
    progress.value = { done: 0, total: asked.length, seconds: 0 };
    isAsking.value = true;
  });
  try {
    await follow(mine, asked);
  } catch (thrown) {
    if (stream === mine) {
      // Failed cells are not retried automatically.
      stopped.value = cells.value;
      fail(thrown);
    }
  }
  if (stream === mine) finish();
}

async function follow(mine: StreamHandle<Graded>, asked: readonly Cell[]): Promise<void> {
  const began = performance.now();
  let done = 0;
  for (let events = await mine.take(); events.length > 0 && stream === mine; events = await mine.take()) {
    for (const { output, correct } of events) {
      const cell = asked[done];
      if (cell) cell.slot.answer = { output, correct };
      done += 1;
    }
    batch(() => {
      heard.value += 1;
      progress.value = { done, total: asked.length, seconds: (performance.now() - began) / 1000 };
    });
  }
}

function finish(): void {
  stream = null;
  isAsking.value = false;
  if (isComplete.value) remember();
}

/** Answers so far stay. */
export function stop(): void {
  if (!stream) return;
  drop();
  stopped.value = cells.value;
}

/** Cells stopped before a lesson are asked in it. */
onBeginning(() => (stopped.value = null));

function drop(): void {
  stream?.stop();
  stream = null;
  isAsking.value = false;
}

/** Not inside an effect, which would track everything read here. */
const later = () => queueMicrotask(() => void start());

/** A new model gave none of these answers, so a few questions are put to it at once. Returns the function that ends it. */
export function watch(): () => void {
  return effect(() => {
    const version = modelVersion.value;
    if (phase.value !== "ready") return;
    if (answeredBy !== version) {
      answeredBy = version;
      batch(() => {
        drop();
        forget();
        stopped.value = null;
      });
    }
    if (isAsking.value) {
      const { of, cells: before } = begun.peek();
      if (before === cells.value) return;
      drop();
      if (of === what.value) later();
      return;
    }
    if (run.status.value === "running" || !able.value || stopped.value === cells.value) return;
    if (missing.value.length > 0 && missing.value.length <= UNASKED) later();
  });
}
