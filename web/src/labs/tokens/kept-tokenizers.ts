// The tokenizer trained here and the one from the person's file, as files: the core holds only two, so these restore one when it is chosen
// again, and after a reload of this tab.
import { signal } from "@preact/signals-core";
import { client } from "../../session.ts";
import { keep, kept } from "../../tab.ts";
import type { Merges, TokenizerInfo } from "../../worker/protocol.ts";

const TRAINED = "trained";
const FILE = "tokenizer";

interface Trained {
  file: string;
  /** How often each merge was seen, which a tokenizer file does not store. */
  counts: number[];
  /** The corpus and the settings it was trained with. */
  by: string;
}

let trained: Trained | null = parse(kept(TRAINED));
const own = signal(kept(FILE) ?? null);

/** Whether there is one from a file. */
export const hasFile = (): boolean => own.value !== null;

function parse(text: string | undefined): Trained | null {
  try {
    const { file, counts, by } = JSON.parse(text ?? "") as Trained;
    return typeof file === "string" && Array.isArray(counts) ? { file, counts, by } : null;
  } catch {
    return null;
  }
}

const saved = async (): Promise<string> => new TextDecoder().decode(await client().call("saveTokenizer", { slot: "lab" }));

/** Keeps the newly trained tokenizer, and its settings. */
export async function keepTrained({ kind }: TokenizerInfo, by: string): Promise<void> {
  const counts = kind === "bpe" ? [...(await client().call("mergeColumns", { slot: "lab" })).count] : [];
  trained = { file: await saved(), counts, by };
  keep(TRAINED, JSON.stringify(trained));
}

export const isTrainedBy = (by: string): boolean => trained?.by === by;

export function forgetTrained(): void {
  trained = null;
  keep(TRAINED, undefined);
}

/** Keeps the tokenizer just read from a file. */
export async function keepFile(): Promise<void> {
  own.value = await saved();
  keep(FILE, own.value);
}

/** Puts the trained tokenizer, or the one from a file, into a slot; null if there is none, or it does not load. */
export async function restore(slot: "lab" | "other", which: "lab" | "file"): Promise<TokenizerInfo | null> {
  const text = which === "lab" ? trained?.file : own.value;
  if (!text) return null;
  try {
    return await client().call("loadTokenizer", { slot, file: new TextEncoder().encode(text) });
  } catch {
    if (which === "lab") trained = null;
    else own.value = null;
    return null;
  }
}

/** The merges of the trained tokenizer, with the counts that its file lacks. */
export function counted(merges: Merges): Merges {
  const counts = trained?.counts ?? [];
  return { ...merges, count: merges.count.map((count, at) => count || (counts[at] ?? 0)) };
}
