// A text as one tokenizer cut it: its tokens, their counts, and which of them cover the same bytes as a token of another.
import type { TokenSource } from "../../components/token-strip.ts";
import type { Encoding, TokenizerInfo } from "../../worker/protocol.ts";

export interface Encoded extends TokenSource {
  text: string;
  bytesOfText: Uint8Array;
  encoding: Encoding;
  info: TokenizerInfo;
  /** How many merges counted; null for all of them. */
  merges: number | null;
  characters: number;
}

export function encoded(text: string, bytes: Uint8Array, encoding: Encoding, info: TokenizerInfo, merges: number | null): Encoded {
  const { ids, ends } = encoding;
  return {
    length: ids.length,
    id: (index) => ids[index] ?? 0,
    bytes: (index) => bytes.subarray(index > 0 ? ends[index - 1] : 0, ends[index]),
    ...{ text, bytesOfText: bytes, encoding, info, merges, characters: characters(bytes) },
  };
}

/** Code points: all bytes except continuation bytes. */
function characters(utf8: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < utf8.length; at += 1) if (((utf8[at] ?? 0) & 0xc0) !== 0x80) count += 1;
  return count;
}

/** The first and last token that share a byte with a token of another encoding of the same text. */
export function overlap(of: Encoded, other: Encoded, index: number): [from: number, to: number] {
  const { ends } = other.encoding;
  const start = index > 0 ? (ends[index - 1] ?? 0) : 0;
  return [firstPast(of.encoding.ends, start), firstPast(of.encoding.ends, (ends[index] ?? 1) - 1)];
}

/** The first token that ends after this byte, by bisection. */
function firstPast(ends: Uint32Array, byte: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > byte) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How often a token occurs in the text, and where first (-1: nowhere). */
export function placesOf({ ids }: Encoding, id: number): { count: number; first: number } {
  let count = 0;
  for (let at = 0; at < ids.length; at += 1) if (ids[at] === id) count += 1;
  return { count, first: ids.indexOf(id) };
}
