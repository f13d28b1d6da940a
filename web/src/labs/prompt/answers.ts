// The current model's answers, by prompt and right answer, so that nothing is asked twice. A cell holds its slot, so that a thousand cells
// need no comparison of long texts.
import { signal } from "@preact/signals-core";

export interface Answer {
  output: string;
  correct: boolean;
}

export interface Slot {
  answer: Answer | null;
}

/** The most slots kept. */
const KEPT = 20_000;

let slots = new Map<string, Slot>();
/** Grows with every answer. */
export const heard = signal(0);

export function slotOf(prompt: string, answer: string): Slot {
  const key = `${prompt}\u0000${answer}`;
  const known = slots.get(key);
  if (known) return known;
  const slot: Slot = { answer: null };
  if (slots.size >= KEPT) slots = new Map();
  slots.set(key, slot);
  return slot;
}

/** Forgets all answers. */
export function forget(): void {
  for (const slot of slots.values()) slot.answer = null;
  heard.value += 1;
}
