// What a card's picture is: plain values, and what they say in words.
import type { Matrix } from "../../../components/heat-map.ts";

export interface Token {
  id: number;
  bytes: ArrayLike<number>;
}

/** A token that may come next. */
export interface Bar extends Token {
  /** How the model itself goes on after it, until a word is whole. */
  rest: readonly ArrayLike<number>[];
  share: number;
  /** Before the samplers, where they have changed it. */
  before: number | null;
}

export type Shape =
  | { kind: "tokens"; lines: readonly (readonly Token[])[] }
  | { kind: "bars"; bars: readonly Bar[] }
  /** Points of the embedding map as x, y, x, y, ...; the picked token's and its nearest ones' indexes. */
  | { kind: "map"; points: Float32Array; marked: readonly number[]; tokens: readonly Token[] }
  | { kind: "matrix"; heat: "share" | "signed"; matrix: Matrix }
  /** Cosines before the first block and after each. */
  | { kind: "depths"; cosines: readonly number[] }
  /** Shares of right answers. */
  | { kind: "shares"; rows: readonly { name: string; share: number }[] }
  /** A value by step; `sizes` are parameters of models, of which one is the current one. */
  | { kind: "curve"; points: readonly (readonly [x: number, y: number])[]; ends: readonly [string, string]; sizes: readonly Size[] }
  /** Nothing can be shown of this model. */
  | { kind: "none" };

export interface Size {
  parameters: number;
  isCurrent: boolean;
}

export interface Picture {
  shape: Shape;
  /** The line below it. */
  caption: string;
  /** What is seen, for somebody who does not see it. */
  words: string;
}
