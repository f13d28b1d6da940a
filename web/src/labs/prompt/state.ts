// The Prompt lab's settings and the questions they stand for. All that defines what is shown is in the address:
//   ask.task     a task of the made world (labels, dictionary, ..., noPassage), or "own": the rows of ask.set
//   ask.language en | zh          ask.seed  draws the questions     ask.rows    questions in the table (1-500)
//   ask.columns  style:examples, joined by commas: direct:0,worked:2,triggered:0; an own template: own:2:<percent-encoded text>
//   ask.view     table | curve | gain       ask.points  questions behind the curve and the gain (1-500)
//   ask.curve    style of the curve: direct | worked | triggered
//   ask.open     the cell whose prompt is shown, as row:column from 0, like 3:1
//   ask.edits    rows that were changed, by "task language seed" and row;  ask.set  own rows, JSON (sets.ts says what is in it)
// hide=task,view,seed,columns leaves out those controls. Older addresses have ask.shots and ask.style: one column.
import { batch, computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import * as run from "../../run.ts";
import { client, fatal, phase } from "../../session.ts";
import { change, lang, onBeginning, overlay, read, write, writeAll } from "../../settings.ts";
import { coreError } from "../../worker/client.ts";
import type { Ask, Case, CoreError, WorldTask } from "../../worker/protocol.ts";
import { TASKS } from "../world/texts.ts";
import { type Slot, slotOf } from "./answers.ts";
import {
  type Column,
  columnsOf,
  columnsText,
  MAX_COLUMNS,
  MAX_SHOTS,
  PLACE,
  type PromptSet,
  promptOf,
  type Row,
  TRIGGERS,
  takeApart,
} from "./prompts.ts";
import { MAX_ROWS, rowOf, setFrom } from "./sets.ts";

const GROUP = "ask";
export const OWN = "own";
export const VIEWS = ["table", "curve", "gain"] as const;
export type View = (typeof VIEWS)[number];
const CURVE_SHOTS = [0, 1, 2, 4, 8];
/** With steps against without after two examples, and with the sentence against without, no examples. */
const GAIN_COLUMNS = "direct:2,worked:2,direct:0,triggered:0";
const OWN_TOKENS = 96;
/** The most tokens that the core writes in one answer. */
const MOST_TOKENS = 1_000;
const RESTING_MS = 100;
/** The least time between requests while the model learns, to leave the core time. */
const LEARNING_MS = 700;

export const error = signal<CoreError | null>(null);
export const pace = () => (run.status.value === "running" ? LEARNING_MS : RESTING_MS);

export function fail(thrown: unknown): void {
  const failure = coreError(thrown);
  if (failure.code !== "restarted" && !fatal.value) error.value = failure;
}

// ---------- settings ----------

interface Settings extends Record<string, string | number> {
  task: string;
  language: string;
  rows: number;
  seed: number;
  columns: string;
  view: string;
  points: number;
  curve: string;
  open: string;
}

type Kind = "rule" | "problem" | "other";

export function kindOf(task: string): Kind {
  if (["sum", "columns", "wordProblem"].includes(task)) return "problem";
  return ["labels", "dictionary", "frame", "item", "letters"].includes(task) ? "rule" : "other";
}

const COLUMNS: Record<Kind, string> = {
  rule: "direct:0,direct:2,direct:8",
  problem: "direct:2,worked:2,triggered:0",
  other: "direct:0,direct:1,direct:2",
};

const base = computed<Settings>(() => {
  const task = read(`${GROUP}.task`) ?? "labels";
  const [shots, style] = [read(`${GROUP}.shots`), read(`${GROUP}.style`)];
  const older = shots === undefined && style === undefined ? [] : columnsOf(`${style ?? "direct"}:${shots ?? 0}`);
  const columns = older.length > 0 ? columnsText(older) : task === OWN ? "direct:0,direct:2" : COLUMNS[kindOf(task)];
  return { task: "labels", language: lang.value, rows: 12, seed: 1, columns, view: "table", points: 100, curve: "direct", open: "" };
});
const settings = computed(() => overlay(GROUP, base.value));
export const set = (key: keyof Settings & string, value: string | number): void => change(GROUP, base.value, key, value);

const whole = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.round(value)));

export const taskNamed = (name: string): WorldTask | typeof OWN | null =>
  name === OWN ? OWN : (TASKS.find((each) => each === name) ?? null);
export const task = computed(() => taskNamed(settings.value.task) ?? "labels");
export const language = computed<"en" | "zh">(() => (settings.value.language === "zh" ? "zh" : "en"));
export const seed = computed(() => whole(settings.value.seed, 0, 2 ** 31));
export const view = computed<View>(() => VIEWS.find((each) => each === settings.value.view) ?? "table");
/** The setting that holds the number of questions. */
export const countKey = computed<"rows" | "points">(() => (view.value === "table" ? "rows" : "points"));
export const count = computed(() => whole(settings.value[countKey.value], 1, MAX_ROWS));
export const rowCount = computed(() => whole(settings.value.rows, 1, MAX_ROWS));
export const curveStyle = computed(() => columnsOf(`${settings.value.curve}:0`)[0]?.style ?? "direct");
/** Only a problem, or a person's own question, can be answered in steps. */
export const hasSteps = computed(() => task.value === OWN || kindOf(task.value) === "problem");

/** Each kind of task has its own columns; a person's own rows start with the current ones. */
export function setTask(next: string): void {
  const [from, to] = [task.value, next].map((each) => (each === OWN ? OWN : kindOf(each)));
  const settings: Record<string, string> = { [`${GROUP}.task`]: next };
  if (next === OWN && !ownSet.value && prompts.value) settings[`${GROUP}.set`] = JSON.stringify(asOwn(prompts.value));
  const gone = ["open", ...(from === to ? [] : ["columns", "shots", "style"])].map((key) => `${GROUP}.${key}`);
  editedColumn.value = -1;
  pages.value = 1;
  writeAll((key) => gone.includes(key) || key in settings, settings);
}

/** Rows that a person can edit freely, starting with the current ones. */
function asOwn({ template, shots, rows }: PromptSet): PromptSet {
  if (kindOf(task.value) === "rule") return { template, shots, rows };
  const questions = new Set(rows.map(({ question }) => question));
  const common = rows[0]?.shots?.filter(({ question }) => !questions.has(question)) ?? shots;
  return { template, shots: common, rows: rows.map((row) => ({ ...row, shots: null })) };
}

// ---------- columns ----------

// As texts, so that values derived from them stay identical while other settings change.
const columnsChosen = computed(() => settings.value.columns);
const columnsOffered = computed(() => base.value.columns);

/** The person's own, in the table. */
export const tableColumns = computed<Column[]>(() => {
  const chosen = columnsOf(columnsChosen.value);
  const plain = (column: Column): Column => (hasSteps.value || column.style === "own" ? column : { ...column, style: "direct" });
  return (chosen.length > 0 ? chosen : columnsOf(columnsOffered.value)).map(plain);
});

export const columns = computed<Column[]>(() => {
  if (view.value === "table") return tableColumns.value;
  if (view.value === "gain") return hasSteps.value ? columnsOf(GAIN_COLUMNS) : [];
  const most = task.value === OWN ? ownMost.value : MAX_SHOTS;
  return CURVE_SHOTS.filter((shots) => shots <= most).map((shots) => ({
    style: hasSteps.value ? curveStyle.value : "direct",
    shots,
    template: "",
  }));
});

/** The column being edited, -1 for none. */
export const editedColumn = signal(-1);

export function setColumns(next: readonly Column[]): void {
  if (next.length > 0) set("columns", columnsText(next));
}

export function changeColumn(index: number, changes: Partial<Column>): void {
  setColumns(tableColumns.value.map((column, at) => (at === index ? { ...column, ...changes } : column)));
}

/** Like the last one, with twice the examples. */
export function addColumn(): void {
  const all = tableColumns.value;
  const last = all.at(-1);
  if (!last || all.length >= MAX_COLUMNS) return;
  setColumns([...all, { ...last, shots: Math.min(MAX_SHOTS, Math.max(1, 2 * last.shots)) }]);
  editedColumn.value = all.length;
}

export function removeColumn(index: number): void {
  if (tableColumns.value.length === 1) return;
  batch(() => {
    setColumns(tableColumns.value.filter((_, at) => at !== index));
    editedColumn.value = -1;
    if (opened.value?.column === index) open(null);
  });
}

// ---------- rows ----------

/** This many times fifty rows are shown. */
export const pages = signal(1);

onBeginning(() => {
  editedColumn.value = -1;
  pages.value = 1;
  error.value = null;
});

const ownText = computed(() => read(`${GROUP}.set`));
/** As last written: typing into one row leaves the other objects unchanged, and needs no parsing. */
let written: { text: string; set: PromptSet } | null = null;
export const ownSet = computed(() => (written !== null && written.text === ownText.value ? written.set : setFrom(ownText.value)));
const ownMost = computed(() => Math.max(0, ...(ownSet.value?.rows ?? []).map(({ shots }) => (shots ?? ownSet.value?.shots ?? []).length)));

interface Wanted {
  task: WorldTask;
  language: "en" | "zh";
  count: number;
  seed: number;
}

/** Slightly behind the settings. */
const drawn = signal<{ of: string; set: PromptSet; maxNewTokens: number } | null>(null);
let sent = "";

/** With the maximum number of examples, of which a column uses the first; so every column asks the same questions. */
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

/** Keeps the questions up to date with the settings; returns the function that ends it. */
export function watch(): () => void {
  return effect(() => {
    if (phase.value !== "ready" || !wanted.value) return;
    const text = JSON.stringify(wanted.value);
    // Returning to the lab leaves its questions unchanged.
    if (sent === text) return;
    sent = text;
    draw(wanted.value);
  });
}

/** Whether the questions match the settings. */
export const isDrawn = computed(() => task.value === OWN || drawn.value?.of === JSON.stringify(wanted.value));
export const maxNewTokens = computed(() => (task.value === OWN ? ownTokens.value : (drawn.value?.maxNewTokens ?? OWN_TOKENS)));
/** Room for the longest right answer: a token holds at least one byte. */
const ownTokens = computed(() => {
  const longest = Math.max(0, ...(ownSet.value?.rows ?? []).map(({ answer }) => new TextEncoder().encode(answer).length));
  return Math.min(MOST_TOKENS, Math.max(OWN_TOKENS, longest + 32));
});

type Edits = Record<string, Record<string, Row>>;

const editsText = computed(() => read(`${GROUP}.edits`) ?? "{}");
/** Edited questions by their origin: those of other tasks wait until their task returns. */
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
  const before = ownSet.value ?? { template: `Q: ${PLACE}\nA:`, shots: [], rows: [] };
  const set = { ...before, ...changes };
  written = { text: JSON.stringify(set), set };
  write(`${GROUP}.set`, written.text);
}

/** Changes a row, or undoes the changes of a drawn one. */
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

/** All edited questions as text, with those of one condition replaced. */
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

// ---------- cells ----------

export interface Cell {
  row: number;
  column: number;
  prompt: string;
  answer: string;
  slot: Slot;
}

export const trigger = computed(() => TRIGGERS[language.value]);

type Asked = Pick<Cell, "prompt" | "answer" | "slot">;

/** Row by row, which is the order of the answers. Unchanged cells are not rebuilt. */
export const cells = computed<Cell[]>(() => {
  const now = prompts.value;
  if (!now) return [];
  const of = [columns.value, now.template, now.shots, trigger.value];
  return now.rows.flatMap((row, index) => asked(now, row, of).map((each, column) => ({ ...each, row: index, column })));
});

const askedBefore = new WeakMap<Row, { of: readonly unknown[]; asked: Asked[] }>();

function asked(now: PromptSet, row: Row, of: readonly unknown[]): Asked[] {
  const before = askedBefore.get(row);
  if (before?.of.every((each, at) => each === of[at])) return before.asked;
  const asked = columns.value.map((column) => {
    const prompt = promptOf(now, row, column, trigger.value);
    return { prompt, answer: row.answer, slot: slotOf(prompt, row.answer) };
  });
  askedBefore.set(row, { of, asked });
  return asked;
}

export const cellAt = (row: number, column: number): Cell | undefined => cells.value[row * columns.value.length + column];

/** The cell whose prompt is shown. */
export const opened = computed(() => {
  const [, row, column] = /^(\d+):(\d+)$/.exec(settings.value.open) ?? [];
  if (row === undefined || view.value !== "table") return null;
  return { row: Number(row), column: whole(Number(column), 0, tableColumns.value.length - 1) };
});
export const open = (cell: { row: number; column: number } | null): void => set("open", cell ? `${cell.row}:${cell.column}` : "");

// ---------- all of it at once ----------

const KEYS = ["task", "language", "rows", "seed", "columns", "view", "points", "curve", "open", "edits", "set", "shots", "style"] as const;
export type Kept = Partial<Record<(typeof KEYS)[number], string>>;

/** The current settings, to restore later. */
export function kept(): Kept {
  const entries = KEYS.map((key) => [key, read(`${GROUP}.${key}`)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

export function bring(settings: Kept): void {
  const entries = Object.entries(settings).filter(([, value]) => value !== "{}");
  const own = (key: string) => key.startsWith(`${GROUP}.`) && (KEYS as readonly string[]).includes(key.slice(GROUP.length + 1));
  batch(() => {
    writeAll(own, Object.fromEntries(entries.map(([key, value]) => [`${GROUP}.${key}`, value])));
    editedColumn.value = -1;
  });
}
