// Where everything lies: parts beside each other, tokens below each other. Pure numbers in CSS pixels, without a canvas.
import type { Part } from "./part.ts";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Rows {
  /** The upper edge of each row, and the lower one of the last. */
  edges: Float64Array;
  /** The rows high enough for text: from, and up to but not including. */
  readable: readonly [from: number, to: number];
}

export interface Frame {
  name: string;
  short: string;
  box: Box;
}

export interface Geometry {
  width: number;
  height: number;
  rows: Rows;
  /** Of each part, as high as the rows. */
  parts: readonly Box[];
  /** The pictures of the heads of each part; empty for other parts. */
  heads: readonly (readonly Box[])[];
  /** Frames around neighbouring parts, with their names. */
  frames: readonly Frame[];
  /** Where the notes below the parts stand. */
  notes: number;
}

/** A row with text. */
const ROW = 22;
const LOWEST_ROW = 1.25;
const FEWEST_READABLE = 3;
/** Above the rows: the frame's name, and the part's. */
export const HEAD = 40;
const GAP = 8;
/** Inside a frame, on either side. */
export const FRAME = 6;
/** Below the rows: heads, then notes, then the line back. */
const HEADS = 76;
const NOTES = 24;
export const BACK = 26;
const HEAD_GAP = 3;
const LARGEST_HEAD = 64;

/** Least width, and share of what is left over. */
const WIDTHS: Record<Part["kind"] | "added", readonly [least: number, share: number]> = {
  tokens: [64, 0.9],
  matrix: [16, 1],
  added: [10, 0.5],
  reads: [30, 1.6],
  folded: [30, 0.5],
  next: [130, 1.6],
};
const NARROW_WIDTHS: typeof WIDTHS = {
  tokens: [52, 1.2],
  matrix: [12, 0.6],
  added: [10, 0.5],
  reads: [18, 1],
  folded: [24, 0.3],
  next: [76, 0.8],
};
const WIDEST: Partial<Record<Part["kind"], number>> = { tokens: 130, next: 250 };

/** Below this width the picture is a phone's. */
export const NARROW = 560;

const widthOf = (part: Part, isNarrow: boolean) =>
  (isNarrow ? NARROW_WIDTHS : WIDTHS)[part.kind === "matrix" && part.isAdded ? "added" : part.kind];

/** The least width of parts beside each other. */
export function leastWidth(parts: readonly Part[], isNarrow: boolean): number {
  return parts.reduce((sum, part, at) => sum + widthOf(part, isNarrow)[0] + spaceBefore(parts, at, isNarrow), 0);
}

function spaceBefore(parts: readonly Part[], at: number, isNarrow: boolean): number {
  const [before, after] = [parts[at - 1], parts[at]];
  if (!before || !after) return 0;
  const isInside = before.frame !== null && before.frame === after.frame;
  return isInside ? (isNarrow ? 2 : 4) : isNarrow ? 6 : GAP + 2 * FRAME;
}

/** What stands below the rows: heads, notes, the line back. */
function heightBelow(parts: readonly Part[]): number {
  const hasHeads = parts.some(({ kind }) => kind === "reads");
  const hasNotes = parts.some((part) => part.kind === "matrix" && part.note);
  return (hasHeads ? HEADS : 0) + (hasNotes ? NOTES : 0) + BACK;
}

/** The height in which so many rows can be read. */
export const heightFor = (parts: readonly Part[], rows: number): number => HEAD + rows * ROW + heightBelow(parts);

export function placed(
  parts: readonly Part[],
  rows: number,
  focus: number,
  size: { width: number; height: number },
  from: number,
): Geometry {
  const { width, height } = size;
  const isNarrow = width < NARROW;
  const hasHeads = parts.some(({ kind }) => kind === "reads");
  const below = heightBelow(parts);
  const placedRows = rowsOf(rows, focus, Math.max(60, height - HEAD - below), from);
  const boxes = boxesOf(parts, width, isNarrow, placedRows);
  const bottom = HEAD + Math.max(60, height - HEAD - below);
  const frames = framesOf(parts, boxes, isNarrow, bottom + (hasHeads ? HEADS - 8 : 0));
  return {
    width,
    height,
    rows: placedRows,
    parts: boxes,
    heads: parts.map((part) => (part.kind === "reads" ? headsOf(part.heads.length, frameOf(frames, part), bottom + 6) : [])),
    frames,
    notes: bottom + (hasHeads ? HEADS : 0) + NOTES / 2,
  };
}

function boxesOf(parts: readonly Part[], width: number, isNarrow: boolean, rows: Rows): Box[] {
  const spare = Math.max(0, width - leastWidth(parts, isNarrow));
  const shares = parts.reduce((sum, part) => sum + widthOf(part, isNarrow)[1], 0);
  const height = (rows.edges.at(-1) ?? HEAD) - HEAD;
  // What a part that is as wide as it may be leaves goes to the others.
  const over = parts.map((part) => {
    const [least, share] = widthOf(part, isNarrow);
    return Math.max(0, least + (spare * share) / shares - (WIDEST[part.kind] ?? Number.POSITIVE_INFINITY));
  });
  const left = over.reduce((sum, each) => sum + each, 0);
  const others = parts.reduce((sum, part, at) => sum + (over[at] ? 0 : widthOf(part, isNarrow)[1]), 0);
  let x = 0;
  return parts.map((part, at) => {
    x += spaceBefore(parts, at, isNarrow);
    const [least, share] = widthOf(part, isNarrow);
    const own = least + (spare * share) / shares - (over[at] ?? 0) + (over[at] ? 0 : (left * share) / Math.max(1e-9, others));
    const box = { left: x, top: HEAD, width: own, height };
    x += own;
    return box;
  });
}

function framesOf(parts: readonly Part[], boxes: readonly Box[], isNarrow: boolean, bottom: number) {
  const found: Frame[] = [];
  const margin = isNarrow ? 2 : FRAME;
  for (const [at, { frame, frameShort = "" }] of parts.entries()) {
    const box = boxes[at];
    if (frame === null || !box) continue;
    const last = parts[at - 1]?.frame === frame ? found.at(-1) : undefined;
    if (last) last.box.width = box.left + box.width + margin - last.box.left;
    else
      found.push({
        name: frame,
        short: frameShort,
        box: { left: box.left - margin, top: 2, width: box.width + 2 * margin, height: bottom - 2 },
      });
  }
  return found;
}

const frameOf = (frames: readonly Frame[], part: Part): Box =>
  frames.find(({ name }) => name === part.frame)?.box ?? { left: 0, top: 0, width: 0, height: 0 };

/** Squares beside and below each other, as large as fit. */
function headsOf(count: number, frame: Box, top: number): Box[] {
  const [width, height] = [frame.width - 2 * FRAME, HEADS - 16];
  const sizeFor = (across: number) =>
    Math.min(LARGEST_HEAD, (width - (across - 1) * HEAD_GAP) / across, (height + HEAD_GAP) / Math.ceil(count / across) - HEAD_GAP);
  let across = 1;
  for (let each = 2; each <= count; each += 1) if (sizeFor(each) > sizeFor(across)) across = each;
  const size = Math.max(2, sizeFor(across));
  const left = frame.left + (frame.width - across * size - (across - 1) * HEAD_GAP) / 2;
  return Array.from({ length: count }, (_, at) => ({
    left: left + (at % across) * (size + HEAD_GAP),
    top: top + Math.floor(at / across) * (size + HEAD_GAP),
    width: size,
    height: size,
  }));
}

/** Where the readable rows begin, so that the focus is among them: where they began before, if it still is. */
export function windowFrom(rows: number, focus: number, readable: number, before: number): number {
  const most = Math.max(0, rows - readable);
  if (focus < before + 1) return Math.min(most, Math.max(0, focus - 1));
  if (focus > before + readable - 2) return Math.min(most, Math.max(0, focus - readable + 2));
  return Math.min(most, before);
}

function rowsOf(count: number, focus: number, height: number, before: number): Rows {
  const edges = new Float64Array(count + 1);
  const each = Math.min(ROW + 6, height / Math.max(1, count));
  const all = each >= ROW - 4;
  const fit = Math.floor((height - LOWEST_ROW * count) / (ROW - LOWEST_ROW));
  const readable = all ? count : Math.min(count, Math.max(FEWEST_READABLE, fit));
  const from = all ? 0 : windowFrom(count, focus, readable, before);
  const low = all ? each : Math.max(0, (height - readable * ROW) / Math.max(1, count - readable));
  let y = HEAD;
  for (let at = 0; at < count; at += 1) {
    edges[at] = y;
    y += all ? each : at >= from && at < from + readable ? ROW : low;
  }
  edges[count] = y;
  return { edges, readable: [from, from + readable] };
}

/** The row at a height; -1 for none. */
export function rowAt({ edges }: Rows, y: number): number {
  if (y < HEAD || y >= (edges.at(-1) ?? 0)) return -1;
  let at = 0;
  while (at + 2 < edges.length && (edges[at + 1] ?? 0) <= y) at += 1;
  return at;
}

/** The middle of a row. */
export const middle = ({ edges }: Rows, row: number): number => ((edges[row] ?? 0) + (edges[row + 1] ?? 0)) / 2;
