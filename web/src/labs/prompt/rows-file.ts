// Rows from a person's file: CSV (RFC 4180; also with semicolons or tabs) and JSONL. Good rows are taken, and of every bad one the
// line is told and what is wrong with it. A header may name the columns; without one the first is the question, the second its answer.
import { MAX_ROWS, MAX_TEXT } from "./sets.ts";

export type Fault = "noAnswer" | "noQuestion" | "openQuote" | "afterQuote" | "notJson" | "notObject" | "tooLong" | "tooMany";

export interface BadLine {
  /** From 1; where the record begins. */
  line: number;
  fault: Fault;
}

export interface ReadRows {
  rows: { question: string; answer: string }[];
  bad: BadLine[];
}

const NAMES = {
  question: ["question", "prompt", "input", "问题", "提示"],
  answer: ["answer", "expected", "output", "completion", "答案", "正确答案"],
};

export function readRows(name: string, text: string): ReadRows {
  const clean = text.replace(/^\uFEFF/, "");
  const isLines = /\.(jsonl|ndjson)$/i.test(name) || (!/\.(csv|tsv)$/i.test(name) && clean.trimStart().startsWith("{"));
  const read = isLines ? fromJsonLines(clean) : fromCsv(clean);
  if (read.rows.length <= MAX_ROWS) return read;
  return { rows: read.rows.slice(0, MAX_ROWS), bad: [...read.bad, { line: MAX_ROWS + 1, fault: "tooMany" }] };
}

// ---------- CSV ----------

export interface CsvRecord {
  line: number;
  cells: string[];
  fault: Fault | null;
}

/** Every record of a text. A quote that is never closed ends with its line, so that it takes no other record with it. */
export function csvRecords(text: string, comma: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const record = oneRecord(text, at, comma);
    const taken = text.slice(at, record.end);
    if (record.cells.length > 1 || record.cells[0] !== "" || record.fault) records.push({ line, cells: record.cells, fault: record.fault });
    line += taken.match(/\r\n|\r|\n/g)?.length ?? 0;
    at = record.end;
  }
  return records;
}

function oneRecord(text: string, start: number, comma: string): { cells: string[]; fault: Fault | null; end: number } {
  const cells: string[] = [];
  let [at, fault] = [start, null as Fault | null];
  for (;;) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at, comma);
    if (cell === null) return { cells: [], fault: "openQuote", end: lineEnd(text, start) };
    at = cell.end;
    if (at < text.length && text[at] !== comma && !/[\r\n]/.test(text[at] ?? "")) {
      fault = "afterQuote";
      at = plain(text, at, comma).end;
    }
    cells.push(cell.text);
    if (text[at] !== comma) return { cells, fault, end: pastBreak(text, at) };
    at += 1;
  }
}

function quoted(text: string, start: number): { text: string; end: number } | null {
  let made = "";
  for (let at = start + 1; ; ) {
    const close = text.indexOf('"', at);
    if (close < 0) return null;
    made += text.slice(at, close);
    if (text[close + 1] !== '"') return { text: made, end: close + 1 };
    made += '"';
    at = close + 2;
  }
}

function plain(text: string, start: number, comma: string): { text: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== comma && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { text: text.slice(start, end), end };
}

function pastBreak(text: string, at: number): number {
  if (text.startsWith("\r\n", at)) return at + 2;
  return Math.min(text.length, at + 1);
}

const lineEnd = (text: string, at: number): number => pastBreak(text, plain(text, at, "\n").end);

/** Whichever parts the first line in more than one; else a comma. */
function commaOf(text: string): string {
  const first = text.slice(0, lineEnd(text, 0));
  return [",", "\t", ";"].find((comma) => (csvRecords(first, comma)[0]?.cells.length ?? 0) > 1) ?? ",";
}

function fromCsv(text: string): ReadRows {
  const records = csvRecords(text, commaOf(text));
  const header = (records[0]?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const named = (names: string[]) => header.findIndex((cell) => names.includes(cell));
  const [question, answer] = [named(NAMES.question), named(NAMES.answer)];
  const isNamed = question >= 0 && answer >= 0;
  const read: ReadRows = { rows: [], bad: [] };
  for (const { line, cells, fault } of isNamed ? records.slice(1) : records) {
    if (fault) read.bad.push({ line, fault });
    else take(read, line, cells[isNamed ? question : 0], cells[isNamed ? answer : 1]);
  }
  return read;
}

// ---------- JSONL ----------

function fromJsonLines(text: string): ReadRows {
  const read: ReadRows = { rows: [], bad: [] };
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === "") continue;
    const value = parsed(line);
    if (value === undefined) read.bad.push({ line: index + 1, fault: "notJson" });
    else if (typeof value !== "object" || value === null) read.bad.push({ line: index + 1, fault: "notObject" });
    else take(read, index + 1, field(value, NAMES.question, 0), field(value, NAMES.answer, 1));
  }
  return read;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** By its name, or by its place in a list; a number is its own text. */
function field(value: object, names: string[], place: number): string | undefined {
  const entry = Array.isArray(value) ? value[place] : Object.entries(value).find(([key]) => names.includes(key.trim().toLowerCase()))?.[1];
  return typeof entry === "string" || typeof entry === "number" ? String(entry) : undefined;
}

function take(read: ReadRows, line: number, question: string | undefined, answer: string | undefined): void {
  const fault = !question?.trim() ? "noQuestion" : !answer?.trim() ? "noAnswer" : null;
  if (fault) read.bad.push({ line, fault });
  else if ((question?.length ?? 0) > MAX_TEXT || (answer?.length ?? 0) > MAX_TEXT) read.bad.push({ line, fault: "tooLong" });
  else read.rows.push({ question: question ?? "", answer: answer ?? "" });
}
