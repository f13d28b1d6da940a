// A text as rows, whatever wrote it: JSON if it begins like JSON, else CSV. Loaded when a file is opened.
import { csvTable } from "./csv.ts";
import { likelyChoice, sureChoice } from "./headers.ts";
import { type JsonRead, readJson } from "./json.ts";
import type { Choice, Table } from "./table.ts";

export { csvTable } from "./csv.ts";
export { likelyChoice } from "./headers.ts";
export { rowsOf } from "./table.ts";

export type FileRead =
  | { kind: "table"; table: Table; choice: Choice; isSure: boolean }
  | { kind: "markup" }
  | Exclude<JsonRead, { kind: "table" }>;

export function readRows(text: string): FileRead {
  if (/^\s*<(?:!doctype|html|\?xml)\b/i.test(text)) return { kind: "markup" };
  const json = readJson(text);
  if (json && json.kind !== "table" && !(json.kind === "notJson" && looksLikeCsv(text))) return json;
  const table = json?.kind === "table" ? json.table : csvTable(text);
  const sure = sureChoice(table);
  return { kind: "table", table, choice: sure ?? likelyChoice(table), isSure: sure !== null || table.entries.length === 0 };
}

/** A first value that begins with a bracket, such as [1] or {x}, does not make it JSON. */
function looksLikeCsv(text: string): boolean {
  const { delimiter, width, entries } = csvTable(text);
  return delimiter !== "" && width > 1 && entries.length > 1 && !/^\s*[[{]\s*["\]}]/.test(text);
}
