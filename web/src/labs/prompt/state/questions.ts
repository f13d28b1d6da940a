// The questions with their right answers and examples: drawn by the core from the made world, with the person's changes, or the person's own.
import { computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../../components/latest.ts";
import { client, phase } from "../../../session.ts";
import { onBeginning, read, write } from "../../../settings.ts";
import type { Ask, Case, WorldTask } from "../../../worker/protocol.ts";
import { MAX_SHOTS, PLACEHOLDER, type PromptSet, type Row, takeApart } from "../prompts.ts";
import { MAX_ROWS, rowOf, setFrom } from "../sets.ts";
import { fail, pace } from "./core.ts";
import { count, GROUP, kindOf, language, OWN, open, seed, task } from "./settings.ts";

const OWN_TOKENS = 96;
/** That the core writes in one answer. */
const MOST_TOKENS = 1_000;

/** So many times fifty rows are shown. */
export const pages = signal(1);
onBeginning(() => (pages.value = 1));

const ownText = computed(() => read(`${GROUP}.set`));
/** As it was written last: what is typed into one row leaves the others as they are, and is not read again. */
let written: { text: string; set: PromptSet } | null = null;
export const ownSet = computed(() => (written !== null && written.text === ownText.value ? written.set : setFrom(ownText.value)));
export const ownMost = computed(() =>
  Math.max(0, ...(ownSet.value?.rows ?? []).map(({ shots }) => (shots ?? ownSet.value?.shots ?? []).length)),
);

interface Wanted {
  task: WorldTask;
  language: "en" | "zh";
  count: number;
  seed: number;
}

/** A moment behind the settings. */
const drawn = signal<{ of: string; set: PromptSet; maxNewTokens: number } | null>(null);
let sent = "";

/** As many examples as there can be, of which a column takes the first; so every column asks the same questions. */
const draw = latest<Wanted>(async ({ task, language, count, seed }) => {
  const of = JSON.stringify({ task, language, count, seed });
  const cases = (style: Ask["style"]) => client().call("cases", { ask: { task, language, shots: MAX_SHOTS, style }, count, seed });
  try {
    const { cases: plain, maxNewTokens } = await cases("direct");
    const worked: Case[] | null = kindOf(task) === "problem" ? (await cases("worked")).cases : null;
    drawn.value = { of, set: takeApart(plain, worked), maxNewTokens };
  } catch (thrown) {
    sent = "";
    fail(thrown);
  }
}, pace);

const wanted = computed<Wanted | null>(() =>
  task.value === OWN ? null : { task: task.value, language: language.value, count: count.value, seed: seed.value },
);

/** Keeps the questions those of the settings; gives back what ends it. */
export function watch(): () => void {
  return effect(() => {
    if (phase.value !== "ready" || !wanted.value) return;
    const text = JSON.stringify(wanted.value);
    // Coming back to the lab leaves its questions as they were.
    if (sent === text) return;
    sent = text;
    draw(wanted.value);
  });
}

/** Whether the questions are those of the settings. */
export const isDrawn = computed(() => task.value === OWN || drawn.value?.of === JSON.stringify(wanted.value));
export const maxNewTokens = computed(() => (task.value === OWN ? ownTokens.value : (drawn.value?.maxNewTokens ?? OWN_TOKENS)));
/** Room for the longest right answer: a token holds a byte at least. */
const ownTokens = computed(() => {
  const longest = Math.max(0, ...(ownSet.value?.rows ?? []).map(({ answer }) => new TextEncoder().encode(answer).length));
  return Math.min(MOST_TOKENS, Math.max(OWN_TOKENS, longest + 32));
});

type Edits = Record<string, Record<string, Row>>;

const editsText = computed(() => read(`${GROUP}.edits`) ?? "{}");
/** Changed questions by what they are changes of: those of other tasks wait for their return. */
const allEdits = computed<Edits>(() => {
  try {
    const held = JSON.parse(editsText.value) as Record<string, Record<string, unknown>>;
    const rows = (of: Record<string, unknown>) => Object.fromEntries(Object.entries(of).map(([at, row]) => [at, rowOf(row, at)]));
    return Object.fromEntries(Object.entries(held).map(([of, changed]) => [of, rows(changed)]));
  } catch {
    return {};
  }
});
const condition = computed(() => `${task.value} ${language.value} ${seed.value}`);
export const edits = computed(() => allEdits.value[condition.value] ?? {});

export const prompts = computed<PromptSet | null>(() => {
  if (task.value === OWN) return ownSet.value;
  const { set } = drawn.value ?? {};
  return set ? { ...set, rows: set.rows.map((row, index) => edits.value[index] ?? row) } : null;
});

export function editSet(changes: Partial<PromptSet>): void {
  const before = ownSet.value ?? { template: `Q: ${PLACEHOLDER}\nA:`, shots: [], rows: [] };
  const set = { ...before, ...changes };
  written = { text: JSON.stringify(set), set };
  write(`${GROUP}.set`, written.text);
}

/** Changes a row, or takes the changes of a drawn one back. */
export function editRow(index: number, changes: Partial<Row> | null): void {
  const row = prompts.value?.rows[index];
  if (!row) return;
  if (task.value === OWN) {
    editSet({ rows: (ownSet.value?.rows ?? []).map((each, at) => (at === index ? { ...each, ...changes } : each)) });
    return;
  }
  const { [index]: _, ...others } = edits.value;
  const next = changes ? { ...others, [index]: { ...row, ...changes } } : others;
  const text = withEdits(condition.value, next);
  write(`${GROUP}.edits`, text === "{}" ? undefined : text);
}

/** All changed questions as text, with these in place of those of one condition. */
export function withEdits(of: string, changed: Record<string, Row>): string {
  const { [of]: _, ...rest } = allEdits.value;
  return JSON.stringify(Object.keys(changed).length > 0 ? { ...rest, [of]: changed } : rest);
}

export function addRow(): void {
  const rows = ownSet.value?.rows ?? [];
  if (rows.length >= MAX_ROWS) return;
  editSet({ rows: [...rows, { question: "", answer: "", shots: null }] });
  open({ row: rows.length, column: 0 });
}

export function removeRow(index: number): void {
  editSet({ rows: (ownSet.value?.rows ?? []).filter((_, at) => at !== index) });
  open(null);
}
