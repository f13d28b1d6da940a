// Which tokenizers the core holds in the lab's slot and in the other one. Requests are queued, since training, too, leaves its tokenizer in
// the lab's slot.
import { effect, signal } from "@preact/signals-core";
import { client, phase } from "../../session.ts";
import type { TokenizerInfo } from "../../worker/protocol.ts";
import { restore } from "./kept-tokenizers.ts";
import { isKnown, type Known, ranks } from "./ranks.ts";

/** Trained here, of the live model, from a file, or a known one. */
export type Choice = "lab" | "model" | "file" | Known;
export type Slot = "lab" | "other";

interface Held {
  choice: Choice;
  info: TokenizerInfo;
}

const NOTHING = { lab: null, other: null };
export const held = signal<Readonly<Record<Slot, Held | null>>>(NOTHING);

let wanted: Record<Slot, Choice | null> = { ...NOTHING };
let queue: Promise<unknown> = Promise.resolve();

/** A restarted core holds none. */
effect(() => {
  if (phase.value === "ready") return;
  held.value = NOTHING;
  wanted = { ...NOTHING };
});

/** Runs this after everything requested before. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = queue.then(work);
  queue = turn.catch(() => {});
  return turn;
}

export function hold(slot: Slot, choice: Choice, info: TokenizerInfo): void {
  // A newly trained tokenizer, or a new file, makes the other slot's copy stale.
  const other = slot === "lab" ? "other" : "lab";
  const stale = (choice === "lab" || choice === "file") && held.value[other]?.choice === choice;
  held.value = { ...held.value, [slot]: { choice, info }, ...(stale ? { [other]: null } : {}) };
}

/** The tokenizer trained here is gone. */
export function release(): void {
  const left = (slot: Slot) => (held.value[slot]?.choice === "lab" ? null : held.value[slot]);
  held.value = { lab: left("lab"), other: left("other") };
}

/** Brings a tokenizer into a slot; false if unavailable. `learn` trains the one that is trained here. */
export async function want(slot: Slot, choice: Choice, learn: () => Promise<boolean>): Promise<boolean> {
  const there = held.value[slot]?.choice === choice;
  if (there || wanted[slot] === choice) {
    if (there) wanted[slot] = null;
    return true;
  }
  wanted[slot] = choice;
  try {
    return await inTurn(() => bring(slot, choice, learn));
  } finally {
    if (wanted[slot] === choice) wanted[slot] = null;
  }
}

async function bring(slot: Slot, choice: Choice, learn: () => Promise<boolean>): Promise<boolean> {
  const overtaken = () => wanted[slot] !== choice;
  if (overtaken()) return true;
  if (isKnown(choice)) {
    const file = await ranks(choice);
    if (!file || overtaken()) return file !== null;
    held.value = { ...held.value, [slot]: { choice, info: await client().call("loadTokenizer", { slot, file }) } };
    return true;
  }
  const which = choice === "file" ? choice : "lab";
  let info = await restore(slot, which);
  if (!info && which === "lab" && (await learn()) && slot === "other") info = await restore(slot, which);
  if (info) held.value = { ...held.value, [slot]: { choice, info } };
  return info !== null || which === "lab";
}
