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

/** More tokens cannot share a character. */
const SHARERS = 4;

/** A character that is cut off at the end is left out. */
export function piecesOf(tokens: readonly Token[]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < tokens.length; ) {
    const { text, count } = wholeFrom(tokens, at);
    const bytes = bytesOf(tokens.slice(at, at + count));
    if (text === null && at + SHARERS > tokens.length && isCutOff(bytesOf(tokens.slice(at)))) break;
    pieces.push({ text: text === null ? hex(bytes) : readable(text), hues: tokens.slice(at, at + count).map(({ id }) => tokenHue(id)) });
    at += count;
  }
  return pieces;
}

const bytesOf = (tokens: readonly Token[]): number[] => tokens.flatMap(({ bytes }) => Array.from(bytes));

/** The fewest tokens that are text together; null for one that is not. */
function wholeFrom(tokens: readonly Token[], at: number): { text: string | null; count: number } {
  for (let count = 1; count <= SHARERS && at + count <= tokens.length; count += 1) {
    const text = wholeText(bytesOf(tokens.slice(at, at + count)));
    if (text !== null) return { text, count };
  }
  return { text: null, count: 1 };
}

/** Whether only the rest of the last character is missing. */
function isCutOff(bytes: readonly number[]): boolean {
  const first = bytes.findLastIndex((byte) => byte >= 0xc2);
  return first >= 0 && bytes.length - first < SHARERS && wholeText(bytes.slice(0, first)) !== null;
}

/** On one line. A token's colour shows where it begins, so that a space may stay one. */
export const readable = (text: string): string => [...text].map((each) => (each === " " ? each : visible(each))).join("");

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join("");
