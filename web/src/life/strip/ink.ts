// Colours, letters and lines on a canvas, as the page has them.
import type { Piece } from "./pieces.ts";

export type Pen = CanvasRenderingContext2D;

/** The page's colours and fonts. */
export interface Ink {
  paper: string;
  text: string;
  soft: string;
  line: string;
  accent: string;
  sans: string;
  mono: string;
  /** Behind a token. */
  token(hue: number): string;
}

export function pageInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const [light, chroma] = [read("--token-light"), read("--token-chroma")];
  return {
    paper: read("--paper"),
    text: read("--ink"),
    soft: read("--ink-soft"),
    line: read("--line"),
    accent: read("--accent"),
    sans: read("--sans"),
    mono: read("--mono"),
    token: (hue) => `oklch(${light} ${chroma} ${hue})`,
  };
}

interface Style {
  size: number;
  weight?: number;
  colour?: string;
  align?: "left" | "center";
  /** Longer words are cut. */
  width?: number;
}

export function write(
  pen: Pen,
  ink: Ink,
  words: string,
  x: number,
  y: number,
  { size, weight = 400, colour, align = "left", width }: Style,
): void {
  Object.assign(pen, {
    font: `${weight} ${size}px ${ink.sans}`,
    fillStyle: colour ?? ink.text,
    textAlign: align,
    textBaseline: "alphabetic",
  });
  pen.fillText(width === undefined ? words : cut(pen, words, width), x, y);
}

function cut(pen: Pen, words: string, width: number): string {
  if (pen.measureText(words).width <= width) return words;
  const letters = [...words];
  while (letters.length > 1 && pen.measureText(`${letters.join("")}…`).width > width) letters.pop();
  return `${letters.join("")}…`;
}

/** The words in lines; Chinese breaks anywhere. */
export function wrapped(pen: Pen, ink: Ink, words: string, width: number, size: number): string[] {
  pen.font = `400 ${size}px ${ink.sans}`;
  const found: string[] = [];
  let line = "";
  for (const part of words.split(/(?<=[\s\u3000-\u9fff\uff00-\uffef])/)) {
    if (line !== "" && pen.measureText((line + part).trimEnd()).width > width) {
      found.push(line.trimEnd());
      line = "";
    }
    line += part;
  }
  return [...found, line.trimEnd()];
}

/** A piece in its line; one of the prompt has no number. */
interface Placed {
  piece: Piece;
  x: number;
  width: number;
  number: number | null;
}
export type Line = Placed[];

/** A space or a Chinese character may begin a line. */
const BEGINS = /^[\s\u2e80-\u9fff\uff00-\uffef⏎]/;

/** The prompt and what follows it, in lines: broken before a word, or within one that is longer than a line. */
export function linesOf(pen: Pen, ink: Ink, prompt: string, pieces: readonly Piece[], width: number, size: number): Line[] {
  pen.font = `400 ${size}px ${ink.mono}`;
  const given = prompt.split(/(?=\s)/).map((text) => ({ piece: { text, hues: [] }, number: null }));
  const all = [...given, ...pieces.map((piece, number) => ({ piece, number }))];
  const lines: Line[] = [[]];
  let end = 0;
  const place = (each: { piece: Piece; number: number | null }) => {
    const wide = pen.measureText(each.piece.text).width;
    if (end > 0 && end + wide > width) [end] = [0, lines.push([])];
    lines.at(-1)?.push({ ...each, x: end, width: wide });
    end += wide + 1;
  };
  for (const word of wordsOf(all)) {
    const wide = word.reduce((sum, { piece }) => sum + pen.measureText(piece.text).width + 1, 0);
    if (end > 0 && end + wide > width && wide <= width) [end] = [0, lines.push([])];
    word.forEach(place);
  }
  return lines;
}

function wordsOf<T extends { piece: Piece }>(all: readonly T[]): T[][] {
  const words: T[][] = [];
  for (const each of all) {
    if (words.length === 0 || BEGINS.test(each.piece.text)) words.push([each]);
    else words.at(-1)?.push(each);
  }
  return words;
}

/** Height of a line of a sentence, in its letters' sizes. */
export const LINE = 1.6;

interface Told {
  x: number;
  y: number;
  size: number;
  /** How many are written. */
  pieces: number;
}

export function sentence(pen: Pen, ink: Ink, lines: readonly Line[], { x, y, size, pieces }: Told): void {
  const high = size * LINE;
  Object.assign(pen, { font: `400 ${size}px ${ink.mono}`, textAlign: "left", textBaseline: "alphabetic" });
  lines.forEach((line, at) => {
    const base = y + at * high + size * 1.15;
    for (const { piece, x: from, width, number } of line) {
      if (number !== null && number >= pieces) continue;
      const { hues } = piece;
      hues.forEach((hue, share) => {
        pen.fillStyle = ink.token(hue);
        pen.fillRect(x + from + (width * share) / hues.length, base - size, width / hues.length, size * 1.32);
      });
      pen.fillStyle = number === null ? ink.soft : ink.text;
      pen.fillText(piece.text, x + from, base);
    }
  });
}
