// The same words in another order, and how far the next token's distribution moves.
import { signal } from "@preact/signals-core";
import { client, defaults } from "../../session.ts";
import type { NextTokens } from "../../worker/protocol.ts";

/** In a larger vocabulary the likeliest tokens are compared one by one, and the rest together. */
const COMPARED = 2_000;

/** What follows the text as written, and what follows its reordered words. */
export const orders = signal<{ text: string; written: NextTokens; changed: NextTokens } | null>(null);

/** Asks for both; null if the words have no other order. */
export async function askOrders(text: string, other: string | null): Promise<void> {
  const sampling = defaults.value?.sampling;
  if (other === null || !sampling) {
    orders.value = null;
    return;
  }
  const ask = (prompt: string) => client().call("nextTokens", { prompt, sampling, top: COMPARED });
  const written = await ask(text);
  orders.value = { text: other, written, changed: await ask(other) };
}

/** The words between the first and the last in another order; null if there are fewer than two. */
export function reordered(text: string, order: string, seed: number): string | null {
  // Each with the space before it, as in tokens.
  const words = text.match(/\s*\S+(?:\s+$)?/g) ?? [];
  const parts = words.length < 4 ? segments(text) : words;
  if (parts.length < 4) return null;
  const middle = parts.slice(1, -1);
  const changed = order === "shuffled" ? shuffled(middle, seed) : middle.toReversed();
  return [parts[0], ...changed, parts.at(-1)].join("");
}

/** Words of a Chinese text, which has no spaces. */
function segments(text: string): string[] {
  if (!/\p{Script=Han}/u.test(text)) return [];
  return Array.from(new Intl.Segmenter("zh", { granularity: "word" }).segment(text), ({ segment }) => segment);
}

/** Fisher and Yates, by a seed (mulberry32). */
function shuffled(words: readonly string[], seed: number): string[] {
  const mixed = [...words];
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] ?? "", mixed[at] ?? ""];
  }
  return mixed;
}

/** Total variation distance: half the sum of the probabilities' differences. If the vocabulary is incomplete here, a lower bound. */
export function distance(one: NextTokens, other: NextTokens): { value: number; isWhole: boolean } {
  const second = new Map(other.candidates.map(({ id, probs }) => [id, probs[0] ?? 0]));
  let [apart, first, rest] = [0, 1, 1];
  for (const { id, probs } of one.candidates) {
    const [p, q] = [probs[0] ?? 0, second.get(id)];
    if (q === undefined) continue;
    apart += Math.abs(p - q);
    first -= p;
    rest -= q;
  }
  const isWhole = one.candidates.length < COMPARED;
  return { value: (apart + (isWhole ? 0 : Math.abs(first - rest))) / 2, isWhole };
}

/** Whether both consist of the same tokens. */
export function isSameTokens(one: NextTokens, other: NextTokens): boolean {
  const sorted = (of: NextTokens) => of.promptIds.slice().sort();
  return sorted(one).join() === sorted(other).join();
}
