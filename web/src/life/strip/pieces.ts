// A sentence as what can be read: whole characters, each over the colours of its tokens. What never becomes text is shown as bytes.
import { hex, tokenHue, visible, wholeText } from "../../components/token-text.ts";

export interface Token {
  id: number;
  bytes: ArrayLike<number>;
}

export interface Piece {
  text: string;
  /** One for each token. */
  hues: readonly number[];
}

/** Bytes of the longest character; more cannot be one. */
const LONGEST = 4;

/** An incomplete character at the end is left out. */
export function piecesOf(tokens: readonly Token[]): Piece[] {
  const pieces: Piece[] = [];
  let held: Token[] = [];
  for (const token of tokens) {
    held.push(token);
    const bytes = held.flatMap((each) => Array.from(each.bytes));
    const text = wholeText(bytes);
    if (text === null && bytes.length < LONGEST) continue;
    pieces.push({ text: text === null ? hex(bytes) : readable(text), hues: held.map(({ id }) => tokenHue(id)) });
    held = [];
  }
  return pieces;
}

/** Its colour shows where a token begins, so that a space may stay one. */
const readable = (text: string): string => [...text].map((each) => (each === " " ? each : visible(each))).join("");

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join("");
