// The tokenizer on the bench, kept for this tab over a reload: its file, and how often each merge was seen, which the file
// has no place for.
import { client } from "../../session.ts";
import { keep, kept } from "../../tab.ts";
import type { Merge, TokenizerInfo } from "../../worker/protocol.ts";

const NAME = "bench";

interface Kept {
  file: string;
  counts: number[];
}

/** Of the kept tokenizer, from which the core knows none. */
let keptCounts: number[] = [];

export async function keepBench({ kind }: TokenizerInfo): Promise<void> {
  const file = await client().call("saveTokenizer", { slot: "lab" });
  keptCounts = kind === "bpe" ? (await client().call("merges", { slot: "lab" })).map(({ count }) => count) : [];
  keep(NAME, JSON.stringify({ file: new TextDecoder().decode(file), counts: keptCounts } satisfies Kept));
}

/** Puts the kept tokenizer back; null where there is none, or none that loads. */
export async function restoreBench(): Promise<TokenizerInfo | null> {
  try {
    const { file, counts } = JSON.parse(kept(NAME) ?? "") as Kept;
    const tokenizer = await client().call("loadTokenizer", { slot: "lab", file: new TextEncoder().encode(file) });
    keptCounts = counts;
    return tokenizer;
  } catch {
    return null;
  }
}

export async function benchMerges(): Promise<Merge[]> {
  const merges = await client().call("merges", { slot: "lab" });
  return merges.map((merge, at) => ({ ...merge, count: merge.count || (keptCounts[at] ?? 0) }));
}
