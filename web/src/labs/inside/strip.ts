// The tokens of a pass: as a strip's source, by name in a sentence, and what may come after one of them.
import { chipAfter } from "../../components/token-chip.ts";
import { tokenName, tokensOf } from "../../components/token-pieces.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import type { Inside } from "../../worker/protocol.ts";

const sources = new WeakMap<Inside, TokenSource>();

/** The same source for the same pass, so that a strip lays it out once. */
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

/** The bytes up to the token that the lens looks at, which may begin a character. */
const before = ({ bytes, token }: Inside): readonly ArrayLike<number>[] => bytes.slice(Math.max(0, token - 2), token + 1);

interface Candidate {
  id: number;
  bytes: ArrayLike<number>;
}

export const candidateChip = (inside: Inside, { id, bytes }: Candidate) => chipAfter(before(inside), id, bytes);
export const candidateName = (inside: Inside, { bytes }: Candidate): string => {
  const all = [...before(inside), bytes];
  return tokenName(tokensOf(all), all.length - 1);
};
