// A person's file as a table: the values by line and column, and which of them make a question with its answer. Invalid lines are reported
// with the value at fault; the rest is used.
import { MAX_ROWS, MAX_TEXT } from "../sets.ts";

export const FAULTS = [
  ...["noAnswer", "noQuestion", "manyLines", "tooLong", "tooMany"],
  ...["openQuote", "afterQuote", "extraCells", "notJson", "twice", "notObject", "nested", "surrogate"],
] as const;
export type Fault =
  | ("noAnswer" | "noQuestion" | "manyLines" | "tooLong" | "tooMany")
  | ("openQuote" | "afterQuote" | "extraCells" | "notJson" | "twice" | "notObject" | "nested" | "surrogate");

/** A value that is not text. */
export interface Unfit {
  fault: Fault;
  /** The value at fault. */
  value: string;
}

/** null if missing. */
export type Cell = string | null | Unfit;

export interface Entry {
  /** From 1: its first line, or its position in a list. */
  at: number;
  cells: readonly Cell[];
  bad: Unfit | null;
}

export interface Table {
  unit: "line" | "entry";
  entries: readonly Entry[];
  /** Of the columns, if they are not a line of the file: the keys of its objects. */
  names: readonly string[] | null;
  /** The number of columns. */
  width: number;
  /** The delimiter; "" if each line is one value; null if it does not apply. */
  delimiter: string | null;
  /** A recognised form: conversations, or instructions with inputs. */
  shape: "chat" | "instruct" | null;
  /** Conversations that lost turns or a system text. */
  shortened: number;
  /** Keys left out. */
  left: readonly string[];
}

/** The role of each column. */
export interface Choice {
  question: number;
  /** null if the file has none. */
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

/** The rows that fit, and the faults of the others. */
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

/** The model's answer ends at its first line, so a right answer is one line too, except for blank lines around it; null if not. */
export function oneLine(answer: string): string | null {
  if (!/[\r\n]/.test(answer)) return answer;
  const line = answer.trim();
  return /[\r\n]/.test(line) ? null : line;
}

/** The beginning of a text, to show by. */
export const beginning = (text: string, most = 40): string => (text.length > most ? `${text.slice(0, most)}…` : text);
