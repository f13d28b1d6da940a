// The way of a text through a model as plain values: its tokens, and the parts that they pass from left to right. Which parts there are is the
// caller's knowledge: the picture of a whole model, of one block or of another architecture differs in nothing but this list.
import type { Matrix } from "../components/heat-map.ts";

/** A token as the picture writes it. */
export interface Token {
  text: string;
  /** Degrees. */
  hue: number;
}

/** A token that may come next. */
export interface Candidate extends Token {
  /** Its probability. */
  share: number;
  /** Whether the text goes on with it. */
  isNext: boolean;
}

interface Common {
  /** Unique in the picture. */
  id: string;
  /** Stands above it; `short` where there is no room. */
  label: string;
  short?: string | undefined;
  /** Its whole name, for those who cannot see it or who point at it. */
  title: string;
  /** The frame that it stands in, with neighbours of the same name; null for none. */
  frame: string | null;
  /** The frame's name where there is no room for it. */
  frameShort?: string | undefined;
  /** Whether it is the one that is open. */
  isOpen?: boolean;
  /** Whether a click opens it. */
  opens: boolean;
}

/** The text itself. */
export interface TokensPart extends Common {
  kind: "tokens";
}

/** A row of numbers for each token. */
export interface MatrixPart extends Common {
  kind: "matrix";
  matrix: Matrix;
  /** Added to the stream; else it is the stream, or a step on the way. */
  isAdded?: boolean;
  /** Left out where there is little room. */
  isSpare?: boolean;
  /** What the model would say next if it ended here. */
  note?: Omit<Candidate, "isNext"> | null;
}

/** What tokens read from each other: the picture draws it for the focus, as lines from the tokens read. */
export interface ReadsPart extends Common {
  kind: "reads";
  heads: readonly { id: string; title: string; matrix: Matrix; isOpen: boolean }[];
  /** The head whose lines are drawn; null for the mean of all. */
  head: number | null;
}

/** Several frames that do not fit, folded into one part. */
export interface FoldedPart extends Common {
  kind: "folded";
  /** The stream after the last of them. */
  matrix: Matrix;
  /** A frame that it unfolds to. */
  unfolds: string;
}

/** The candidates after the focus. */
export interface NextPart extends Common {
  kind: "next";
  candidates: readonly Candidate[];
}

export type Part = TokensPart | MatrixPart | ReadsPart | FoldedPart | NextPart;

export interface Picture {
  tokens: readonly Token[];
  /** Only this many are shown, as when the model had read no more: what comes later changes nothing before it. */
  rows?: number;
  parts: readonly Part[];
  /** What stands for some of the frames, from the first to the last of them, counted from 0. */
  folded(from: number, to: number): Pick<FoldedPart, "label" | "short" | "title">;
  /** Stands below, at the line that leads from the next token back to the text; empty for no line. */
  back: string;
}
