// Prompt sets as files, rows from files, answers as files. A file that is not what it should be is told of and changes nothing; one
// that takes the place of what is here can be undone.
import { signal } from "@preact/signals-core";
import { download } from "../../corpus.ts";
import { answerTo, scores } from "./asking.ts";
import { columnName } from "./names.ts";
import { type Column, columnsText, MAX_COLUMNS, MAX_SHOTS, PLACE, type PromptSet, STYLES } from "./prompts.ts";
import { type BadLine, readRows } from "./rows-file.ts";
import { listOf, MAX_ROWS, recordOf, rowOf, setOf, textOf, Wrong } from "./sets.ts";
import * as state from "./state.ts";

export const FILE_LIMIT = 2 ** 20;
const FORMAT = "tadpole prompt set";

export type Note =
  | { kind: "replaced"; name: string; before: state.Kept }
  | { kind: "added"; name: string; n: number; bad: readonly BadLine[]; before: state.Kept }
  | { kind: "notSet"; name: string; place: string }
  | { kind: "notJson" | "tooLarge" | "noText"; name: string };

/** What came of the newest file. */
export const note = signal<Note | null>(null);

export async function openFile(file: File): Promise<void> {
  const { name } = file;
  if (file.size > FILE_LIMIT) {
    note.value = { kind: "tooLarge", name };
    return;
  }
  const text = await textIn(file);
  if (text === null) note.value = { kind: "noText", name };
  else if (/\.json$/i.test(name)) openSet(name, text);
  else addRows(name, text);
}

async function textIn(file: File): Promise<string | null> {
  try {
    return decodeText(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return null;
  }
}

export function undo(): void {
  const { value } = note;
  if (value && "before" in value) state.bring(value.before);
  note.value = null;
}

// ---------- rows ----------

/** They join a person's own rows; beside drawn ones they begin a set of their own. */
function addRows(name: string, text: string): void {
  const before = state.kept();
  const own = state.task.value === state.OWN ? state.ownSet.value : null;
  const { rows, bad } = readRows(name, text);
  const room = MAX_ROWS - (own?.rows.length ?? 0);
  const taken = rows.slice(0, room).map((row) => ({ ...row, shots: null }));
  const over: BadLine[] = rows.length > room ? [{ line: room + 1, fault: "tooMany" }] : [];
  if (taken.length > 0) {
    const set = own ?? { template: state.language.value === "zh" ? `问：${PLACE}\n答：` : `Q: ${PLACE}\nA:`, shots: [], rows: [] };
    state.bring({ ...withoutColumns(before), task: state.OWN, set: JSON.stringify({ ...set, rows: [...set.rows, ...taken] }) });
  }
  note.value = { kind: "added", name, n: taken.length, bad: [...bad, ...over], before };
}

/** Columns of drawn questions do not fit rows of a person's own. */
function withoutColumns(kept: state.Kept): state.Kept {
  if (state.task.value === state.OWN) return kept;
  const { columns: _, shots: __, style: ___, open: ____, view: _____, ...rest } = kept;
  return rest;
}

// ---------- sets ----------

export function saveSet(): void {
  const { value: task } = state.task;
  const columns = state.tableColumns.value.map(({ template, ...column }) => (column.style === "own" ? { ...column, template } : column));
  const common = { format: FORMAT, version: 1, task, language: state.language.value, columns };
  const drawn = { seed: state.seed.value, rows: state.rowCount.value, edits: state.edits.value };
  save("json", task === state.OWN ? { ...common, set: state.ownSet.value } : { ...common, ...drawn });
}

function openSet(name: string, text: string): void {
  const before = state.kept();
  try {
    state.bring({ ...typed(before), ...settingsOf(JSON.parse(text)) });
    note.value = { kind: "replaced", name, before };
  } catch (thrown) {
    note.value = thrown instanceof Wrong ? { kind: "notSet", name, place: thrown.message } : { kind: "notJson", name };
  }
}

/** Own rows and changed questions, which the file may have nothing to put in place of. */
const typed = ({ set, edits }: state.Kept): state.Kept => ({
  ...(set === undefined ? {} : { set }),
  ...(edits === undefined ? {} : { edits }),
});

function settingsOf(value: unknown): state.Kept {
  const file = recordOf(value, "format");
  if (file.format !== FORMAT) throw new Wrong("format");
  if (file.version !== 1) throw new Wrong("version");
  const task = state.taskNamed(textOf(file.task, "task"));
  const language = textOf(file.language, "language");
  if (task === null) throw new Wrong("task");
  if (language !== "en" && language !== "zh") throw new Wrong("language");
  const columns = columnsText(listOf(file.columns, "columns", MAX_COLUMNS, columnOf));
  if (columns === "") throw new Wrong("columns");
  const common = { task, language, columns };
  if (task === state.OWN) return { ...common, set: JSON.stringify(setOf(file.set)) };
  const seed = wholeOf(file.seed, "seed", 0, 2 ** 31);
  const edits = Object.entries(recordOf(file.edits ?? {}, "edits")).map(([at, row]) => [at, rowOf(row, `edits.${at}`)] as const);
  const changed = state.withEdits(`${task} ${language} ${seed}`, Object.fromEntries(edits));
  return { ...common, seed: String(seed), rows: String(wholeOf(file.rows, "rows", 1, MAX_ROWS)), edits: changed };
}

function columnOf(value: unknown, place: string): Column {
  const { style, shots, template } = recordOf(value, place);
  const known = STYLES.find((each) => each === style);
  if (!known) throw new Wrong(`${place}.style`);
  return {
    style: known,
    shots: wholeOf(shots, `${place}.shots`, 0, MAX_SHOTS),
    template: known === "own" ? textOf(template, `${place}.template`) : "",
  };
}

function wholeOf(value: unknown, place: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) throw new Wrong(place);
  return value;
}

// ---------- answers ----------

const FIELDS = ["row", "column", "style", "shots", "question", "expected", "prompt", "output", "correct"] as const;
type Line = Record<(typeof FIELDS)[number], string | number | boolean>;

/** A line for every answer. */
function lines(set: PromptSet): Line[] {
  return state.cells.value.flatMap((cell) => {
    const [answer, column, row] = [answerTo(cell), state.columns.value[cell.column], set.rows[cell.row]];
    if (!answer || !column || !row) return [];
    const { style, shots } = column;
    const common = { row: cell.row + 1, column: cell.column + 1, style, shots, question: row.question, expected: row.answer };
    return [{ ...common, prompt: cell.prompt, output: answer.output.trim(), correct: answer.correct }];
  });
}

export function exportAnswers(kind: "csv" | "json"): void {
  const { value: set } = state.prompts;
  if (!set) return;
  if (kind === "csv") download("tadpole-answers.csv", new TextEncoder().encode(csv(lines(set))));
  else {
    const columns = state.columns.value.map((column, index) => ({ name: columnName(column), ...column, ...scores.value[index] }));
    save("answers.json", { task: state.task.value, language: state.language.value, seed: state.seed.value, columns, answers: lines(set) });
  }
}

/** RFC 4180: lines end in CR LF, and what holds a comma, a quote or a line break stands in quotes. */
function csv(all: readonly Line[]): string {
  const cell = (value: string | number | boolean) =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return [FIELDS, ...all.map((line) => FIELDS.map((field) => line[field]))].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function save(kind: "json" | "answers.json", value: object): void {
  const name = kind === "json" ? "tadpole-prompts.json" : "tadpole-answers.json";
  download(name, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}
