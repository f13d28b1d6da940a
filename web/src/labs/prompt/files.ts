// Prompt sets as files, rows from files, answers as files. An invalid file is reported and changes nothing; a file that replaces or extends
// what is here can be undone.
import { signal } from "@preact/signals-core";
import { download, failure } from "../../corpus.ts";
import { textOf as fileText, readText } from "../../reading/read.ts";
import { coreError } from "../../worker/client.ts";
import type { CoreError } from "../../worker/protocol.ts";
import { answerTo, isJudged, scores } from "./asking.ts";
import { columnName } from "./names.ts";
import { type Column, columnsText, MAX_COLUMNS, MAX_SHOTS, PLACEHOLDER, type PromptSet, STYLES } from "./prompts.ts";
import { type BadLine, type Choice, rowsOf, type Table } from "./rows/table.ts";
import { listOf, MAX_ROWS, recordOf, rowOf, setOf, textOf, Wrong } from "./sets.ts";
import * as state from "./state/index.ts";

const FILE_LIMIT = 2 ** 20;
const FORMAT = "tadpole prompt set";

/** A file's table, while the person assigns its columns. */
export interface Choosing {
  name: string;
  /** Parsed again if the person chooses another delimiter. */
  text: string;
  table: Table;
  choice: Choice;
}

export type Note =
  | { kind: "replaced"; name: string; before: state.Kept }
  | { kind: "added"; n: number; bad: readonly BadLine[]; before: state.Kept; of: Choosing }
  | { kind: "notSet"; name: string; place: string }
  | { kind: "refused"; error: CoreError };

/** The outcome of the newest file. */
export const note = signal<Note | null>(null);
export const choosing = signal<Choosing | null>(null);

export async function openFile(file: File): Promise<void> {
  try {
    const read = await readText(file, FILE_LIMIT, "prompt");
    if (read) await open(read.name, fileText(read));
  } catch (thrown) {
    note.value = { kind: "refused", error: coreError(thrown) };
  }
}

async function open(name: string, text: string): Promise<void> {
  const { readRows } = await import("./rows/read.ts");
  const found = readRows(text);
  choosing.value = null;
  note.value = null;
  switch (found.kind) {
    case "set":
      return openSet(name, text);
    case "markup":
      throw failure("fileIsMarkup", { name });
    case "notJson":
      throw failure("rowsNotJson", { name, line: String(found.line), column: String(found.column), value: found.value });
    case "cutShort":
      throw failure("rowsCutShort", { name, line: String(found.line) });
    case "twice":
      throw failure("rowsTwice", { name, line: String(found.line), key: found.value });
    case "severalLists":
      throw failure("rowsSeveralLists", { name, lists: found.names.join(", ") });
    case "table": {
      const { table, choice, isSure } = found;
      if (isSure) addRows({ name, text, table, choice });
      else ask({ name, text, table, choice });
    }
  }
}

export function undo(): void {
  const { value } = note;
  if (value && "before" in value) state.bring(value.before);
  note.value = null;
}

// ---------- rows ----------

/** Shows the file's columns again, after its rows were added. */
export function chooseAgain(): void {
  const { value } = note;
  if (value?.kind !== "added") return;
  undo();
  ask(value.of);
}

/** The question may be far above the drop zone. */
function ask(about: Choosing): void {
  choosing.value = about;
  requestAnimationFrame(() => document.querySelector<HTMLElement>("#choose-title")?.focus());
}

export function choose(changes: Partial<Choice>): void {
  const { value } = choosing;
  if (!value) return;
  const choice = { ...value.choice, ...changes };
  // A column has one role: the two swap.
  if (choice.question === choice.answer) {
    if (changes.question === undefined) choice.question = value.choice.answer ?? value.choice.question;
    else choice.answer = value.choice.question;
  }
  if (choice.question === choice.answer) choice.answer = null;
  choosing.value = { ...value, choice };
}

export async function chooseDelimiter(delimiter: string): Promise<void> {
  const { csvTable, likelyChoice } = await import("./rows/read.ts");
  const { value } = choosing;
  if (!value) return;
  const table = csvTable(value.text, delimiter);
  choosing.value = { ...value, table, choice: likelyChoice(table) };
}

export function takeChosen(): void {
  const { value } = choosing;
  choosing.value = null;
  if (value) addRows(value);
}

const ownRows = () => (state.task.value === state.OWN ? (state.ownSet.value?.rows ?? []) : []);
export const room = (): number => MAX_ROWS - ownRows().length;

/** They join the person's own rows; next to drawn ones they start a new set. */
function addRows(of: Choosing): void {
  const before = state.kept();
  const own = state.task.value === state.OWN ? state.ownSet.value : null;
  const { rows, bad } = rowsOf(of.table, of.choice, room());
  const taken = rows.map((row) => ({ ...row, shots: null }));
  if (taken.length > 0) {
    const set = own ?? {
      template: state.language.value === "zh" ? `问：${PLACEHOLDER}\n答：` : `Q: ${PLACEHOLDER}\nA:`,
      shots: [],
      rows: [],
    };
    state.bring({ ...withoutColumns(before), task: state.OWN, set: JSON.stringify({ ...set, rows: [...set.rows, ...taken] }) });
  }
  note.value = { kind: "added", n: taken.length, bad, before, of };
}

/** Columns for drawn questions do not fit the person's own rows. */
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
    if (!(thrown instanceof Wrong)) throw thrown;
    note.value = { kind: "notSet", name, place: thrown.message };
  }
}

/** Own rows and edited questions, which the file may have no replacement for. */
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
type Line = Record<(typeof FIELDS)[number], string | number | boolean | null>;

/** A line for every answer; rows without a right answer count as unjudged. */
function lines(set: PromptSet): Line[] {
  return state.cells.value.flatMap((cell) => {
    const [answer, column, row] = [answerTo(cell), state.columns.value[cell.column], set.rows[cell.row]];
    if (!answer || !column || !row) return [];
    const { style, shots } = column;
    const common = { row: cell.row + 1, column: cell.column + 1, style, shots, question: row.question, expected: row.answer };
    return [{ ...common, prompt: cell.prompt, output: answer.output.trim(), correct: isJudged(cell) ? answer.correct : null }];
  });
}

export async function exportAnswers(kind: "csv" | "json"): Promise<void> {
  const { value: set } = state.prompts;
  if (!set) return;
  if (kind === "csv") {
    const { csvText } = await import("./rows/csv-text.ts");
    const all = [FIELDS, ...lines(set).map((line) => FIELDS.map((field) => line[field]))];
    download("tadpole-answers.csv", new TextEncoder().encode(csvText(all)));
  } else {
    const columns = state.columns.value.map((column, index) => ({ name: columnName(column), ...column, ...scores.value[index] }));
    save("answers.json", { task: state.task.value, language: state.language.value, seed: state.seed.value, columns, answers: lines(set) });
  }
}

function save(kind: "json" | "answers.json", value: object): void {
  const name = kind === "json" ? "tadpole-prompts.json" : "tadpole-answers.json";
  download(name, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}
