// Merges replayed on the reader's own text: the list, how many are applied, and which of them change this text at all.
import { computed, signal } from "@preact/signals-core";
import { read, write } from "../../settings.ts";
import type { Encoding, Merges, TokenizerInfo } from "../../worker/protocol.ts";

/** The merges of the first tokenizer, with its info. */
export const list = signal<{ info: TokenizerInfo; merges: Merges } | null>(null);
/** The text after all merges. */
export const whole = signal<{ info: TokenizerInfo; text: string; encoding: Encoding } | null>(null);

const KEY = "tokens.merges";

/** How many merges of this total are applied; null for all. */
export function replayed(total: number): number | null {
  const asked = read(KEY);
  const merges = Number(asked);
  return asked && Number.isInteger(merges) && merges >= 0 && merges < total ? merges : null;
}

export function replay(merges: number | null): void {
  write(KEY, merges === null ? undefined : String(merges));
}

/** One merge: the bytes of the token it made, and the length of its left part. */
export function mergeAt(merges: Merges, index: number) {
  const bytes = merges.bytes.subarray(index > 0 ? merges.ends[index - 1] : 0, merges.ends[index]);
  const cut = merges.cuts[index] ?? 1;
  const [left, right, id, count] = [merges.left, merges.right, merges.id, merges.count].map((column) => column[index] ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  return { index, left, right, id, count, bytes, leftBytes: bytes.subarray(0, cut), rightBytes: bytes.subarray(cut) };
}

/** The merges, in order, that made the text's tokens and their parts. */
export const used = computed<number[]>(() => {
  const [of, text] = [list.value, whole.value];
  if (!of || text?.info !== of.info) return [];
  const { left, right, id } = of.merges;
  const needed = new Uint8Array(of.info.vocabSize);
  const { ids } = text.encoding;
  for (let at = 0; at < ids.length; at += 1) needed[ids[at] ?? 0] = 1;
  const found: number[] = [];
  for (let at = id.length - 1; at >= 0; at -= 1) {
    if (!needed[id[at] ?? 0]) continue;
    needed[left[at] ?? 0] = 1;
    needed[right[at] ?? 0] = 1;
    found.push(at);
  }
  return found.reverse();
});

/** The number of merges at which the text next changes. */
export function onward(at: number, total: number): number {
  const next = used.value.find((index) => index >= at);
  return next === undefined ? total : next + 1;
}

/** The number of merges before the text last changed. */
export function back(at: number): number {
  const before = used.value.filter((index) => index < at);
  return before.length > 1 ? (before.at(-2) ?? 0) + 1 : 0;
}
