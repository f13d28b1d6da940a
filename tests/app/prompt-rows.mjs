// Rows read from a file's text under test.
import assert from "node:assert/strict";
import { pageModule } from "./sources.mjs";

export const { readRows, rowsOf, csvTable } = await pageModule("labs/prompt/rows/read.ts");

/** Rows as [question, answer], the invalid lines as [line, fault], and whether no question is needed. */
export function read(text) {
  const found = readRows(text);
  assert.equal(found.kind, "table", JSON.stringify(found));
  const { rows, bad } = rowsOf(found.table, found.choice);
  return {
    rows: rows.map(({ question, answer }) => [question, answer]),
    bad: bad.map(({ at, fault }) => [at, fault]),
    sure: found.isSure,
    table: found.table,
    choice: found.choice,
  };
}

export function gives(text, rows, { sure = true, bad = [] } = {}) {
  const found = read(text);
  assert.deepEqual({ rows: found.rows, bad: found.bad, sure: found.sure }, { rows, bad, sure }, JSON.stringify(text));
  return found;
}
