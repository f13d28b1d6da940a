// The measured rows as files: the fields of `tadpole bench --json`, unrounded. A failed row is no measurement, so it is left out.
import type { Row } from "./state.ts";

const FIELDS = [
  ...(["case", "shape", "device", "adapter", "system", "unit", "median", "min", "max"] as const),
  ...(["tokensPerSecond", "gigaflops", "peakGigaflops", "share"] as const),
] satisfies (keyof Row)[];

/** One array, one line per row. */
export function json(rows: readonly Row[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row, FIELDS)).join(",\n")}\n]\n`;
}

/** RFC 4180: lines end in CR LF, and a value with a comma, a quote or a line break is quoted. */
export function csv(rows: readonly Row[]): string {
  const cell = (value: string | number) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [FIELDS, ...rows.map((row) => FIELDS.map((field) => row[field]))].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}
