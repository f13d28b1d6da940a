// The tokens of a pass for a strip.
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
