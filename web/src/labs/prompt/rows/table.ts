// A person's file as a table: what stands in which column of which line, and what of it can be a question with its answer. Whatever
// cannot is told by its line, with the value that stood in the way; the rest is taken.
import { MAX_ROWS, MAX_TEXT } from "../sets.ts";

export const FAULTS = [
  ...["noAnswer", "noQuestion", "manyLines", "tooLong", "tooMany"],
  ...["openQuote", "afterQuote", "extraCells", "notJson", "twice", "notObject", "nested", "surrogate"],
] as const;
export type Fault =
  | ("noAnswer" | "noQuestion" | "manyLines" | "tooLong" | "tooMany")
  | ("openQuote" | "afterQuote" | "extraCells" | "notJson" | "twice" | "notObject" | "nested" | "surrogate");

/** A value that is no text. */
export interface Unfit {
  fault: Fault;
  /** What stood in the way. */
  value: string;
}

/** null where there is none. */
export type Cell = string | null | Unfit;

export interface Entry {
  /** From 1: its first line, or its place in a list. */
  at: number;
  cells: readonly Cell[];
  bad: Unfit | null;
}

export interface Table {
  unit: "line" | "entry";
  entries: readonly Entry[];
  /** Of the columns, where they are no line of the file: the keys of its objects. */
  names: readonly string[] | null;
  /** Columns that there are. */
  width: number;
  /** What parts the columns; "" where each line is one; null where that is no question. */
  delimiter: string | null;
  /** Known by its form: conversations, or instructions with inputs. */
  shape: "chat" | "instruct" | null;
  /** Conversations of which more was left out than is taken. */
  shortened: number;
  /** Keys that are left out. */
  left: readonly string[];
}

/** Which column is what. */
export interface Choice {
  question: number;
  /** null where the file has none. */
  answer: number | null;
  /** Whether the first line names the columns. */
  header: boolean;
}

export interface BadLine extends Unfit {
  unit: Table["unit"];
  at: number;
}

export interface ReadRows {
  rows: { question: string; answer: string }[];
  bad: BadLine[];
}

export const plainTable = (table: Partial<Table> & { entries: readonly Entry[]; width: number }): Table => ({
  ...{ unit: "line", names: null, delimiter: null, shape: null, shortened: 0, left: [] },
  ...table,
});

/** The rows that there is room for, and what is wrong with the others. */
export function rowsOf(table: Table, choice: Choice, room = MAX_ROWS): ReadRows {
  const read: ReadRows = { rows: [], bad: [] };
  const tell = ({ at }: Entry, { fault, value }: Unfit) => read.bad.push({ unit: table.unit, at, fault, value });
  for (const entry of choice.header && !table.names ? table.entries.slice(1) : table.entries) {
    const row = entry.bad ?? rowOf(entry, choice, table.width);
    if ("fault" in row) tell(entry, row);
    else if (read.rows.length < room) read.rows.push(row);
    else {
      tell(entry, { fault: "tooMany", value: String(MAX_ROWS) });
      break;
    }
  }
  return read;
}

function rowOf({ cells }: Entry, choice: Choice, width: number): { question: string; answer: string } | Unfit {
  const extra = cells.slice(width).filter((cell) => cell !== null && cell !== "");
  if (extra.length > 0) return { fault: "extraCells", value: extra.map((cell) => (typeof cell === "string" ? cell : "")).join(", ") };
  const question = cells[choice.question] ?? "";
  const answer = choice.answer === null ? "" : (cells[choice.answer] ?? "");
  if (typeof question !== "string") return question;
  if (typeof answer !== "string") return answer;
  if (question.trim() === "") return { fault: "noQuestion", value: answer };
  if (choice.answer !== null && answer.trim() === "") return { fault: "noAnswer", value: question };
  const line = oneLine(answer);
  if (line === null) return { fault: "manyLines", value: answer.trim() };
  const long = [question, line].find(({ length }) => length > MAX_TEXT);
  return long === undefined ? { question, answer: line } : { fault: "tooLong", value: long };
}

/** The model's answer ends with its line, so a right one is a line too, with nothing but blank lines around it; null where it is not. */
export function oneLine(answer: string): string | null {
  if (!/[\r\n]/.test(answer)) return answer;
  const line = answer.trim();
  return /[\r\n]/.test(line) ? null : line;
}

/** The beginning of a text, to show by. */
export const beginning = (text: string, most = 40): string => (text.length > most ? `${text.slice(0, most)}…` : text);
