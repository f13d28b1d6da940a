// What kind of token it is, by its bytes alone: a map of tokens tells the kinds apart by shape and colour.
import { wholeText } from "./token-text.ts";

/** In the order of the colours in style/scales.css. */
export const TOKEN_CLASSES = ["start", "inside", "digit", "mark", "han", "other", "bytes"] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** `start`: letters after a space; `inside`: letters without one; `other`: spaces, other scripts, and mixtures; `bytes`: a part of a character. */
export function tokenClass(bytes: ArrayLike<number>): TokenClass {
  const text = wholeText(bytes);
  if (text === null) return "bytes";
  if (/^[\p{Script=Latin}\p{M}'’]*\p{Script=Latin}[\p{Script=Latin}\p{M}'’]*$/u.test(text)) return "inside";
  if (/^ [\p{Script=Latin}\p{M}'’]*\p{Script=Latin}[\p{Script=Latin}\p{M}'’]*$/u.test(text)) return "start";
  if (/^\s?\p{N}+$/u.test(text)) return "digit";
  if (/^\s?\p{Script=Han}+$/u.test(text)) return "han";
  if (/^\s*[\p{P}\p{S}]+\s*$/u.test(text)) return "mark";
  return "other";
}
