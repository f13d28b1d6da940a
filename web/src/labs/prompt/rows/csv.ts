// CSV as people's programs write it, read by csv-parse. The delimiter is judged over many lines, or given by Excel's own first line, sep=;.
// An invalid line does not invalidate others.
import { CsvError, type Options, parse } from "csv-parse/browser/esm/sync";
import { MAX_ROWS } from "../sets.ts";
import { namesBoth } from "./headers.ts";
import { beginning, type Entry, plainTable, type Table, type Unfit } from "./table.ts";

/** Commas come last: sentences and decimal numbers are full of them. "" is for lines of one value each. */
const DELIMITERS = ["\t", ";", "|", ",", "；", "，"] as const;

/** Characters and records for judging a delimiter. */
const [SAMPLE, SAMPLED] = [2 ** 16, 200];
/** The share of records that must have the most common number of columns. */
const CONSISTENT = 0.8;
const ACCEPTABLE = 0.5;
/** After this many unclosed quotes the rest counts as the content of the last. */
const MOST_OPEN = 20;
/** Bytes that are read at once. */
const CHUNK = 2 ** 13;
/** The most read: more than there is room for, even if many are invalid. */
const MOST_RECORDS = 4 * MAX_ROWS;

export function csvTable(text: string, chosen?: string): Table {
  const { delimiter: said, text: body, skipped } = separatorLine(text);
  const delimiter = chosen ?? said ?? delimiterOf(body);
  const records = csvRecords(body, delimiter, MOST_RECORDS).map((entry) => ({ ...entry, at: entry.at + skipped }));
  const entries = delimiter === "|" ? withoutFrame(records) : records;
  const last = entries[MOST_RECORDS - 1];
  if (last) entries[MOST_RECORDS - 1] = { ...last, bad: { fault: "tooMany", value: String(MAX_ROWS) } };
  const first = entries[0]?.cells ?? [];
  // A header gives the number of columns, except for delimiters at its end.
  const width = namesBoth(first) ? first.findLastIndex((cell) => cell !== "") + 1 : widthOf(entries);
  return plainTable({ entries, delimiter, width: Math.max(1, width) });
}

/** For a Markdown table: drops the bars at both ends, and the line of hyphens. */
function withoutFrame(entries: Entry[]): Entry[] {
  const good = entries.filter(({ bad }) => bad === null);
  if (!good.every(({ cells }) => cells.length > 2 && cells[0] === "" && cells.at(-1) === "")) return entries;
  const inner = entries.map((entry) => ({ ...entry, cells: entry.cells.slice(1, -1) }));
  return inner.filter(({ bad, cells }) => bad || !cells.every((cell) => typeof cell === "string" && /^:?-+:?$/.test(cell)));
}

/** Excel's `sep=;`, quoted or not. */
function separatorLine(text: string): { delimiter: string | null; text: string; skipped: number } {
  const match = /^"?sep=([^\r\n"])"?[ \t;,]*(?:\r\n|\r|\n|$)/i.exec(text);
  return match ? { delimiter: match[1] ?? null, text: text.slice(match[0].length), skipped: 1 } : { delimiter: null, text, skipped: 0 };
}

// ---------- which delimiter ----------

function delimiterOf(text: string): string {
  const sample = text.length > SAMPLE ? text.slice(0, Math.max(text.lastIndexOf("\n", SAMPLE), text.lastIndexOf("\r", SAMPLE)) + 1) : text;
  const judged = DELIMITERS.filter((delimiter) => sample.includes(delimiter)).map((delimiter) => {
    const entries = csvRecords(sample, delimiter, SAMPLED);
    const width = widthOf(entries);
    const share = width < 2 ? 0 : entries.filter(({ bad, cells }) => !bad && cells.length === width).length / entries.length;
    return { delimiter, share, named: namesBoth(entries[0]?.cells ?? []) };
  });
  const consistent = judged.filter(({ share }) => share >= CONSISTENT);
  const best = [...judged].sort((one, other) => other.share - one.share)[0];
  return (judged.find(({ named }) => named) ?? consistent[0] ?? (best && best.share >= ACCEPTABLE ? best : null))?.delimiter ?? "";
}

/** The number of columns that most records have. */
function widthOf(entries: readonly Entry[]): number {
  const counts = new Map<number, number>();
  for (const { bad, cells } of entries) if (!bad) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort(([one, n], [other, m]) => m - n || one - other)[0]?.[0] ?? 0;
}

// ---------- records ----------

const OPTIONS: Options = {
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  skip_empty_lines: true,
  // A quote may follow a space; spaces inside quotes stay.
  trim: true,
};

/** Every record of a text, or the first ones; for an invalid record, its first line. Empty records are left out. */
export function csvRecords(text: string, delimiter: string, most = Number.POSITIVE_INFINITY): Entry[] {
  if (delimiter === "") return wholeLines(text).slice(0, most);
  const source = new Source(text);
  const entries: Entry[] = [];
  for (let [from, open] = [0, 0]; from < source.bytes.length && entries.length < most; ) {
    const { records, end, error } = readSome(source, from, delimiter, most - entries.length);
    entries.push(...records);
    if (!error) {
      from = end;
      continue;
    }
    const line = source.firstLine(end);
    open += Number(error === "openQuote");
    const relaxed = error === "inside" ? one(source.line(line), delimiter) : null;
    entries.push(relaxed ? { at: line + 1, cells: relaxed, bad: null } : { at: line + 1, cells: [], bad: faultOf(source, line, error) });
    from = open > MOST_OPEN ? source.bytes.length : source.startOf(relaxed ? line + 1 : source.after(line, error, delimiter));
  }
  return entries.filter(({ bad, cells }) => bad || cells.some((cell) => cell !== ""));
}

type CsvFault = "openQuote" | "afterQuote" | "inside";

interface SomeRecords {
  records: Entry[];
  /** Where the last valid one ends. */
  end: number;
  /** Of the record after it. */
  error: CsvFault | null;
}

/** Records of the next lines; more lines are read only if a record may end beyond them, since csv-parse copies its input. */
function readSome(source: Source, from: number, delimiter: string, most: number): SomeRecords {
  const to = source.startOf(source.lineAt(from + CHUNK) + 1);
  const some = read(source, from, to, delimiter, most);
  return some.error === "openQuote" && to < source.bytes.length ? read(source, from, source.bytes.length, delimiter, most) : some;
}

/** Records between two offsets, up to the first invalid one. */
function read(source: Source, from: number, to: number, delimiter: string, most: number): SomeRecords {
  const records: Entry[] = [];
  let end = from;
  const on_record: Options["on_record"] = (cells, { bytes }) => {
    records.push({ at: source.firstLine(end) + 1, cells: cells as unknown as string[], bad: null });
    end = from + bytes;
    return null;
  };
  try {
    parse(source.bytes.subarray(from, to), { ...OPTIONS, delimiter, on_record, ...(Number.isFinite(most) ? { to: most } : {}) });
    return { records, end: to, error: null };
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    return { records, end, error: ERRORS[thrown.code] ?? "afterQuote" };
  }
}

const ERRORS: Record<string, CsvFault> = { CSV_QUOTE_NOT_CLOSED: "openQuote", INVALID_OPENING_QUOTE: "inside" };

/** A line with quotes inside a value, as in 6" pipe, which are part of it; null if it is still no record. */
function one(line: string, delimiter: string): string[] | null {
  try {
    const records = parse(line, { ...OPTIONS, delimiter, relax_quotes: true }) as unknown as string[][];
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
}

function faultOf(source: Source, line: number, error: CsvFault): Unfit {
  const text = source.line(line).trim();
  return { fault: error === "openQuote" ? "openQuote" : "afterQuote", value: beginning(text) };
}

/** A text as the bytes that csv-parse counts, with its lines. */
class Source {
  readonly bytes: Uint8Array;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.bytes = new TextEncoder().encode(text);
    for (let at = 0; at < this.bytes.length; at += 1) {
      const byte = this.bytes[at];
      if (byte === 10 || (byte === 13 && this.bytes[at + 1] !== 10)) this.#starts.push(at + 1);
    }
  }

  startOf(line: number): number {
    return this.#starts[line] ?? this.bytes.length;
  }

  /** With its line end. */
  line(line: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytes.subarray(this.startOf(line), this.startOf(line + 1)));
  }

  /** The line, from 0, of the first record at or after an offset: blank lines are skipped. */
  firstLine(offset: number): number {
    let line = this.lineAt(offset);
    while (this.startOf(line + 1) < this.bytes.length && this.line(line).trim() === "") line += 1;
    return line;
  }

  /** The line, from 0, that holds an offset. */
  lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * Where reading continues after an invalid record that begins in this line. If text follows a closed quote, the record includes the lines
   * up to there, unless that line is a record by itself: then an earlier quote was never closed.
   */
  after(line: number, error: CsvFault, delimiter: string): number {
    if (error !== "afterQuote") return line + 1;
    const last = this.#failing(line, delimiter);
    return last === line || isRecord(this.line(last), delimiter) ? line + 1 : last + 1;
  }

  /**
   * The line at which reading a record that begins in this one fails. All lines get the same ends here, since csv-parse counts CR LF in
   * quotes twice.
   */
  #failing(first: number, delimiter: string): number {
    const start = this.startOf(first);
    for (const length of [CHUNK, SAMPLE]) {
      const text = new TextDecoder().decode(this.bytes.subarray(start, start + length)).replace(/\r\n?/g, "\n");
      try {
        parse(text, { ...OPTIONS, delimiter });
      } catch (thrown) {
        if (thrown instanceof CsvError && thrown.code !== "CSV_QUOTE_NOT_CLOSED" && typeof thrown.lines === "number")
          return first + thrown.lines - 1;
      }
    }
    return first;
  }
}

function wholeLines(text: string): Entry[] {
  const lines = text.split(/\r\n|\r|\n/).map((line, index) => ({ at: index + 1, cells: [line.trim()], bad: null }));
  return lines.filter(({ cells }) => cells[0] !== "");
}

function isRecord(line: string, delimiter: string): boolean {
  try {
    return (parse(line, { ...OPTIONS, delimiter }) as unknown[]).length === 1;
  } catch {
    return false;
  }
}
