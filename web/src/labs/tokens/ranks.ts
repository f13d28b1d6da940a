// The rank files of known tokenizers: they are stored beside the page and fetched when a person chooses one, never from elsewhere.
import { signal } from "@preact/signals-core";

/** Bytes of each file, which the build knows. */
declare const RANK_BYTES: Readonly<Record<string, number>>;

export const KNOWN = ["gpt2", "cl100k", "o200k"] as const;
export type Known = (typeof KNOWN)[number];

const FILES: Record<Known, string> = { gpt2: "r50k_base", cl100k: "cl100k_base", o200k: "o200k_base" };

/** The file being fetched, and how many of its bytes have arrived. */
export const coming = signal<{ name: Known; done: number } | null>(null);
/** The file that could not be fetched, and why. */
export const missing = signal<{ name: Known; reason: string } | null>(null);
const here = signal<ReadonlyMap<Known, Uint8Array>>(new Map());

export const isKnown = (choice: string): choice is Known => (KNOWN as readonly string[]).includes(choice);
export const isHere = (name: Known): boolean => here.value.has(name);
export const rankSize = (name: Known): number => RANK_BYTES[FILES[name]] ?? 0;

/** Null if it cannot be fetched; `missing` then says why. */
export async function ranks(name: Known): Promise<Uint8Array | null> {
  const held = here.value.get(name);
  if (held) return held;
  missing.value = null;
  coming.value = { name, done: 0 };
  try {
    const file = await read(await fetch(new URL(`ranks/${FILES[name]}.tiktoken`, document.baseURI)), name);
    here.value = new Map([...here.value, [name, file]]);
    return file;
  } catch (thrown) {
    missing.value = { name, reason: thrown instanceof Error ? thrown.message : String(thrown) };
    return null;
  } finally {
    coming.value = null;
  }
}

async function read(response: Response, name: Known): Promise<Uint8Array> {
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  const reader = response.body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  for (;;) {
    const { value } = await reader.read();
    if (!value) break;
    chunks.push(value);
    done += value.length;
    coming.value = { name, done };
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
