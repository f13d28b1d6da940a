// The settings of the Prompt lab. All that defines what is shown is in the address:
//   ask.task     a task of the made world (labels, dictionary, ..., noPassage), or "own": the rows of ask.set
//   ask.language en | zh          ask.seed  draws the questions     ask.rows    questions in the table (1-500)
//   ask.columns  style:examples, joined by commas: direct:0,worked:2,triggered:0; an own template: own:2:<percent-encoded text>
//   ask.view     table | curve | gain       ask.points  questions behind the curve and the gain (1-500)
//   ask.curve    style of the curve: direct | worked | triggered
//   ask.open     the cell whose prompt is shown, as row:column from 0, like 3:1
//   ask.edits    rows that were changed, by "task language seed" and row;  ask.set  own rows, JSON (sets.ts says what is in it)
// hide=task,view,seed,columns leaves out those controls. Older addresses have ask.shots and ask.style: one column.
import { computed } from "@preact/signals-core";
import { change, lang, overlay, read, said } from "../../../settings.ts";
import type { WorldTask } from "../../../worker/protocol.ts";
import { TASKS } from "../../world/texts.ts";
import { columnsOf, columnsText, TRIGGERS } from "../prompts.ts";
import { MAX_ROWS } from "../sets.ts";

export const GROUP = "ask";
export const OWN = "own";
export const VIEWS = ["table", "curve", "gain"] as const;
export type View = (typeof VIEWS)[number];

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

export const base = computed<Settings>(() => {
  const task = read(`${GROUP}.task`) ?? "labels";
  const [shots, style] = [read(`${GROUP}.shots`), read(`${GROUP}.style`)];
  const older = shots === undefined && style === undefined ? [] : columnsOf(`${style ?? "direct"}:${shots ?? 0}`);
  const columns = older.length > 0 ? columnsText(older) : task === OWN ? "direct:0,direct:2" : COLUMNS[kindOf(task)];
  return { task: "labels", language: lang.value, rows: 12, seed: 1, columns, view: "table", points: 100, curve: "direct", open: "" };
});
export const settings = computed(() => overlay(GROUP, base.value));
said.set("prompt", () => ({ settings: { seed: settings.value.seed, cases: settings.value.rows } }));
export const set = (key: keyof Settings & string, value: string | number): void => change(GROUP, base.value, key, value);

export const whole = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.round(value)));

export const taskNamed = (name: string): WorldTask | typeof OWN | null =>
  name === OWN ? OWN : (TASKS.find((each) => each === name) ?? null);
export const task = computed(() => taskNamed(settings.value.task) ?? "labels");
export const language = computed<"en" | "zh">(() => (settings.value.language === "zh" ? "zh" : "en"));
export const seed = computed(() => whole(settings.value.seed, 0, 2 ** 31));
export const view = computed<View>(() => VIEWS.find((each) => each === settings.value.view) ?? "table");
/** Which setting says how many questions there are. */
export const countKey = computed<"rows" | "points">(() => (view.value === "table" ? "rows" : "points"));
export const count = computed(() => whole(settings.value[countKey.value], 1, MAX_ROWS));
export const rowCount = computed(() => whole(settings.value.rows, 1, MAX_ROWS));
export const curveStyle = computed(() => columnsOf(`${settings.value.curve}:0`)[0]?.style ?? "direct");
/** Only a problem, or a person's own question, can be answered in steps. */
export const hasSteps = computed(() => task.value === OWN || kindOf(task.value) === "problem");
export const trigger = computed(() => TRIGGERS[language.value]);

/** Opens the cell whose prompt is shown. */
export const open = (cell: { row: number; column: number } | null): void => set("open", cell ? `${cell.row}:${cell.column}` : "");
