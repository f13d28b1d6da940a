// A figure's numbers as CSV (RFC 4180) and JSON, unrounded. Written in small pieces, so that a large matrix does not block the page.
import type { Cell, Data, Figure } from "./figure.ts";

const SLICE_MS = 12;

export async function csv({ columns, rows }: Data): Promise<string> {
  const line = (cells: readonly Cell[]) => `${cells.map(csvCell).join(",")}\r\n`;
  return line(columns) + (await joined(rows(), line));
}

/** Metadata, and an array with one object per row. */
export async function json({ title, file }: Figure, { columns, rows }: Data): Promise<string> {
  const object = (cells: readonly Cell[]) => JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? null])));
  let isFirst = true;
  const line = (cells: readonly Cell[]) => {
    const text = `${isFirst ? "" : ","}\n${object(cells)}`;
    isFirst = false;
    return text;
  };
  return `{"title": ${JSON.stringify(title)}, "figure": ${JSON.stringify(file)}, "rows": [${await joined(rows(), line)}\n]}\n`;
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. Numbers stay numbers. */
function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n\t']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function joined(rows: Iterable<Cell[]>, line: (cells: Cell[]) => string): Promise<string> {
  const parts: string[] = [];
  let since = performance.now();
  for (const row of rows) {
    parts.push(line(row));
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((wake) => setTimeout(wake));
    since = performance.now();
  }
  return parts.join("");
}
