// The tokens of a pass: as a strip's source, as names in sentences, and with the candidates after one of them.
import { chipAmong } from "../../components/token-chip.ts";
import { type Tokens, tokenName, tokensOf } from "../../components/token-pieces.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { wholeText } from "../../components/token-text.ts";
import type { Inside } from "../../worker/protocol.ts";
import { endings } from "./completed.ts";

const sources = new WeakMap<Inside, TokenSource>();

/** The same source for the same pass, so that a strip is laid out only once. */
export function stripSource(inside: Inside): TokenSource {
  const source = sources.get(inside) ?? {
    length: inside.ids.length,
    id: (index) => inside.ids[index] ?? 0,
    bytes: (index) => inside.bytes[index] ?? [],
  };
  sources.set(inside, source);
  return source;
}

export const nameOf = (inside: Inside, index: number): string => tokenName(stripSource(inside), index);
export const quoted = (inside: Inside, index: number): string => `“${nameOf(inside, index)}”`;

const encoder = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The word that a token is part of; null if the token is the whole word, or not in a word. */
export function wordOf(inside: Inside, index: number): string | null {
  const sum = (count: number) => inside.bytes.slice(0, count).reduce((all, { length }) => all + length, 0);
  const [start, end] = [sum(index), sum(index + 1)];
  const text = wholeText(inside.bytes.flatMap((bytes) => Array.from(bytes)));
  if (text === null) return null;
  let from = 0;
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    const to = from + encoder.encode(segment).length;
    // A token begins with the space before its word and ends inside the word.
    if (to >= end) return isWordLike && (from < start || to > end) ? segment : null;
    from = to;
  }
  return null;
}

/** The bytes up to the lens's token, which may begin a character. */
const before = ({ bytes, token }: Inside): readonly ArrayLike<number>[] => bytes.slice(Math.max(0, token - 2), token + 1);

interface Candidate {
  id: number;
  bytes: ArrayLike<number>;
}

/** A candidate among the tokens before it, with the bytes that complete its character, if known. */
function around(inside: Inside, { id, bytes }: Candidate): { tokens: Tokens; at: number } {
  const past = before(inside);
  const ending = endings.value.get(inside)?.get(id);
  return { tokens: tokensOf([...past, bytes, ...(ending ? [ending] : [])]), at: past.length };
}

export function candidateChip(inside: Inside, candidate: Candidate) {
  const { tokens, at } = around(inside, candidate);
  return chipAmong(candidate.id, tokens, at);
}

export function candidateName(inside: Inside, candidate: Candidate): string {
  const { tokens, at } = around(inside, candidate);
  return tokenName(tokens, at);
}
