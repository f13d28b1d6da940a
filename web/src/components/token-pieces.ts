// What a token shows among its neighbours: whole characters, its slice of a character that several tokens share, and bytes that are not
// text. A shared character is drawn once, over the colours of its tokens; everything that shows tokens uses this file.
import { hex, tokenText, visible, wholeText } from "./token-text.ts";

/** Tokens in order, as much as this file needs. */
export interface Tokens {
  length: number;
  bytes(index: number): ArrayLike<number>;
}

/** A token's share of a character's bytes 0 to `size`. */
interface Slice {
  whole: string;
  from: number;
  to: number;
  size: number;
  /** Tokens that share the character. */
  sharers: number;
}

type Piece = { text: string } | Slice | { stray: number[] };

/** The longest UTF-8 character has this many bytes after the first. */
const REACH = 3;

/** Wraps a list of tokens' bytes. */
export const tokensOf = (bytes: readonly ArrayLike<number>[]): Tokens => ({ length: bytes.length, bytes: (index) => bytes[index] ?? [] });

export const isSlice = (piece: Piece): piece is Slice => "whole" in piece;
export const isStray = (piece: Piece): piece is { stray: number[] } => "stray" in piece;

export function piecesOf(tokens: Tokens, index: number): Piece[] {
  const bytes = tokens.bytes(index);
  const text = wholeText(bytes);
  return text === null ? cut(neighbourhood(tokens, index)) : [{ text }];
}

/** A token's bytes with the surrounding ones that may belong to its characters; `from` and `to` delimit its own. */
interface Neighbourhood {
  bytes: number[];
  /** The token of each byte. */
  owners: number[];
  from: number;
  to: number;
}

function neighbourhood(tokens: Tokens, index: number): Neighbourhood {
  let [bytes, owners]: [number[], number[]] = [[], []];
  for (let at = index - 1; at >= 0 && bytes.length < REACH; at -= 1) {
    const own = Array.from(tokens.bytes(at)).slice(bytes.length - REACH);
    bytes = [...own, ...bytes];
    owners = [...own.map(() => at), ...owners];
  }
  const from = bytes.length;
  const own = Array.from(tokens.bytes(index));
  const to = from + own.length;
  bytes.push(...own);
  owners.push(...own.map(() => index));
  for (let at = index + 1; at < tokens.length && bytes.length < to + REACH; at += 1) {
    const next = Array.from(tokens.bytes(at)).slice(0, to + REACH - bytes.length);
    bytes.push(...next);
    owners.push(...next.map(() => at));
  }
  return { bytes, owners, from, to };
}

function cut({ bytes, owners, from, to }: Neighbourhood): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < to; ) {
    const length = lengthAt(bytes, at);
    const [start, end] = [Math.max(at, from), Math.min(at + Math.max(1, length), to)];
    if (end > start) {
      if (length === 0) addStray(pieces, bytes[at] ?? 0);
      else add(pieces, sliceOf(bytes.slice(at, at + length), [start - at, end - at], new Set(owners.slice(at, at + length)).size));
    }
    at += Math.max(1, length);
  }
  return pieces;
}

/** The length in bytes of the character that begins here; 0 if none does. */
function lengthAt(bytes: readonly number[], at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
  return at + length <= bytes.length && wholeText(bytes.slice(at, at + length)) !== null ? length : 0;
}

function sliceOf(bytes: readonly number[], [from, to]: [number, number], sharers: number): Piece {
  const whole = wholeText(bytes) ?? "";
  return to - from === bytes.length ? { text: whole } : { whole, from, to, size: bytes.length, sharers };
}

function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if ("text" in piece && last && "text" in last) last.text += piece.text;
  else pieces.push(piece);
}

function addStray(pieces: Piece[], byte: number): void {
  const last = pieces.at(-1);
  if (last && isStray(last)) last.stray.push(byte);
  else pieces.push({ stray: [byte] });
}

/** Whether its last character is still incomplete and a later token may complete it. */
export const isUnfinished = (tokens: Tokens, index: number): boolean => {
  const last = piecesOf(tokens, index).at(-1);
  return last !== undefined && isStray(last);
};

/** A token in a sentence: its text; for a shared character, that character and the token's own bytes. */
export function tokenName(tokens: Tokens, index: number): string {
  return piecesOf(tokens, index)
    .map((piece) =>
      "text" in piece ? tokenText(new TextEncoder().encode(piece.text)).text : isStray(piece) ? hex(piece.stray) : sliceName(piece),
    )
    .join(" ");
}

function sliceName({ whole, from, to }: Slice): string {
  return `${whole} (${hex(new TextEncoder().encode(whole).slice(from, to))})`;
}

/** The whole characters that a token shares, for descriptions. */
export const sharedBy = (tokens: Tokens, index: number): string[] =>
  piecesOf(tokens, index)
    .filter(isSlice)
    .map(({ whole }) => whole);

// ---------- drawing ----------

/**
 * Puts what a token shows into its chip; returns the chip's classes, each after a space. With `around`, the rest of a shared character is
 * shown beside its slice, without colour.
 */
export function drawPieces(chip: HTMLElement, pieces: readonly Piece[], { around = false, breaks = false } = {}): string {
  const [first, last] = [pieces[0], pieces.at(-1)];
  chip.replaceChildren(...pieces.flatMap((piece) => nodesOf(piece, around, breaks)));
  const goesOnLeft = first !== undefined && isSlice(first) && first.from > 0;
  const goesOnRight = last !== undefined && isSlice(last) && last.to < last.size;
  return `${pieces.some(isStray) ? " partial" : ""}${goesOnLeft ? " goes-on-left" : ""}${goesOnRight ? " goes-on-right" : ""}`;
}

function nodesOf(piece: Piece, around: boolean, breaks: boolean): (Node | string)[] {
  if ("text" in piece) {
    const text = [...piece.text].map(visible).join("");
    return [breaks ? text.replaceAll("⏎", "⏎\n") : text];
  }
  if (isStray(piece)) return [hex(piece.stray)];
  const { from, to, size } = piece;
  const own = sliceNode(piece, from, to, around || from === 0);
  if (!around) return [own];
  const rest = (start: number, end: number) => {
    if (start === end) return [];
    const node = sliceNode(piece, start, end, false);
    node.classList.add("rest");
    return [node];
  };
  return [...rest(0, from), own, ...rest(to, size)];
}

/** A window onto the character. Only one of its windows holds it as text, so that it is read and copied once. */
function sliceNode({ whole, size, sharers }: Slice, from: number, to: number, holds: boolean): HTMLElement {
  const [window, glyph] = [document.createElement("span"), document.createElement("span")];
  window.className = "slice";
  window.style.setProperty("--sharers", String(sharers));
  window.style.setProperty("--start", (from / size).toFixed(4));
  window.style.setProperty("--part", ((to - from) / size).toFixed(4));
  if (holds) glyph.textContent = whole;
  else glyph.dataset.whole = whole;
  window.append(glyph);
  return window;
}
