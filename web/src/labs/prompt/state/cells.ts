// The cells: each question in each way of asking, as the prompt that the model gets.
import { computed } from "@preact/signals-core";
import { type Slot, slotOf } from "../answers.ts";
import { type PromptSet, promptOf, type Row } from "../prompts.ts";
import { columns } from "./columns.ts";
import { prompts } from "./questions.ts";
import { trigger } from "./settings.ts";

export interface Cell {
  row: number;
  column: number;
  prompt: string;
  answer: string;
  slot: Slot;
}

type Asked = Pick<Cell, "prompt" | "answer" | "slot">;

/** Row by row, so that they are answered row by row. What stays the same is not put together again. */
export const cells = computed<Cell[]>(() => {
  const now = prompts.value;
  if (!now) return [];
  const of = [columns.value, now.template, now.shots, trigger.value];
  return now.rows.flatMap((row, index) => asked(now, row, of).map((each, column) => ({ ...each, row: index, column })));
});

const askedBefore = new WeakMap<Row, { of: readonly unknown[]; asked: Asked[] }>();

function asked(now: PromptSet, row: Row, of: readonly unknown[]): Asked[] {
  const before = askedBefore.get(row);
  if (before?.of.every((each, at) => each === of[at])) return before.asked;
  const asked = columns.value.map((column) => {
    const prompt = promptOf(now, row, column, trigger.value);
    return { prompt, answer: row.answer, slot: slotOf(prompt, row.answer) };
  });
  askedBefore.set(row, { of, asked });
  return asked;
}

export const cellAt = (row: number, column: number): Cell | undefined => cells.value[row * columns.value.length + column];
