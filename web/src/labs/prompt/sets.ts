// A person's own rows as kept in the address and in a file: an invalid set is refused with the place of the fault, and nothing larger than
// this page shows is accepted.
import { MAX_SHOTS, type PromptSet, type Row, type Shot } from "./prompts.ts";

export const MAX_ROWS = 500;
/** For a question, an answer or a template. */
export const MAX_TEXT = 4_000;

/** The place of a fault in a set: `rows[3].answer`. */
export class Wrong extends Error {}

export function setOf(value: unknown): PromptSet {
  const { template, shots, rows } = recordOf(value, "set");
  return { template: textOf(template, "template"), shots: shotsOf(shots ?? [], "shots"), rows: listOf(rows, "rows", MAX_ROWS, rowOf) };
}

export function rowOf(value: unknown, place: string): Row {
  const { question, answer, shots } = recordOf(value, place);
  return {
    question: textOf(question, `${place}.question`),
    answer: textOf(answer, `${place}.answer`),
    shots: shots === undefined || shots === null ? null : shotsOf(shots, `${place}.shots`),
  };
}

const shotsOf = (value: unknown, place: string): Shot[] =>
  listOf(value, place, MAX_SHOTS, (each, at) => {
    const { question, answer, steps } = recordOf(each, at);
    return {
      question: textOf(question, `${at}.question`),
      answer: textOf(answer, `${at}.answer`),
      steps: textOf(steps ?? "", `${at}.steps`),
    };
  });

export function recordOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Wrong(place);
  return value as Record<string, unknown>;
}

export function textOf(value: unknown, place: string): string {
  if (typeof value !== "string" || value.length > MAX_TEXT) throw new Wrong(place);
  return value;
}

export function listOf<T>(value: unknown, place: string, most: number, each: (value: unknown, place: string) => T): T[] {
  if (!Array.isArray(value) || value.length > most) throw new Wrong(place);
  return value.map((item, index) => each(item, `${place}[${index}]`));
}

/** From arbitrary text: null if it is not a set. */
export function setFrom(text: string | undefined): PromptSet | null {
  try {
    return text === undefined ? null : setOf(JSON.parse(text));
  } catch {
    return null;
  }
}
