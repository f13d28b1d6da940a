// What the model reads: the tokens of the opened cell's prompt, and the length of each column's longest prompt.

import { effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { isSettled } from "../../models.ts";
import { client, model, modelVersion } from "../../session.ts";
import { type Cell, cellAt, cells, columns, fail, opened, pace } from "./state/index.ts";

/** Of the opened cell's prompt. */
export const tokens = signal<TokenSource | null>(null);
/** Tokens of the longest prompt of each column; empty until they are counted. */
export const lengths = signal<readonly number[]>([]);

const encoded = (text: string) => client().call("encode", { slot: "model", text });

const encode = latest<string>(async (text) => {
  try {
    const { ids, ends } = await encoded(text);
    const bytes = new TextEncoder().encode(text);
    tokens.value = {
      length: ids.length,
      id: (index) => ids[index] ?? 0,
      bytes: (index) => bytes.subarray(index > 0 ? ends[index - 1] : 0, ends[index]),
    };
  } catch (thrown) {
    fail(thrown);
  }
}, pace);

const measure = latest<string[]>(async (texts) => {
  try {
    const counts: number[] = [];
    for (const text of texts) counts.push(text === "" ? 0 : (await encoded(text)).ids.length);
    lengths.value = counts;
  } catch {
    // An unreadable text is reported where its cell is opened.
    lengths.value = [];
  }
}, pace);

function longest(all: readonly Cell[]): string[] {
  const found = columns.value.map(() => "");
  for (const { column, prompt } of all) if (prompt.length > (found[column]?.length ?? 0)) found[column] = prompt;
  return found;
}

/** Keeps the tokens up to date with the opened cell; returns the function that ends it. */
export function watchTokens(): () => void {
  let shown = "";
  return effect(() => {
    const at = opened.value;
    const cell = at ? cellAt(at.row, at.column) : undefined;
    void modelVersion.value;
    const place = at ? `${at.row}:${at.column}` : "";
    if (place !== shown || !cell) tokens.value = null;
    shown = place;
    if (cell && model.value && isSettled.value) encode(cell.prompt);
  });
}

/** Keeps the lengths up to date with the columns; returns the function that ends it. */
export function watchLengths(): () => void {
  let known = "";
  return effect(() => {
    const texts = longest(cells.value);
    const key = JSON.stringify([texts, modelVersion.value]);
    if (!model.value || !isSettled.value || key === known) return;
    known = key;
    measure(texts);
  });
}
