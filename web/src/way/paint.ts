// Draws the picture of geometry.ts on a canvas, in the page's colours. Everything is drawn anew each time: some hundred lines and images, far
// within a frame.
import type { Matrix } from "../components/heat-map.ts";
import { css, strengthOf } from "../components/scales.ts";
import { BACK, type Box, type Frame, type Geometry, HEAD, middle, NARROW } from "./geometry.ts";
import { type Image, imageOf, type Palette } from "./image.ts";
import type { Candidate, MatrixPart, NextPart, Part, Picture, ReadsPart, Token } from "./part.ts";
import type { Pen } from "./pen.ts";

export interface Look {
  palette: Palette;
  /** The token whose way is drawn. */
  focus: number;
  /** How far it has come: the share of the picture's width, 1 when it has arrived. */
  reached: number;
  /** The part under the pointer or with the keyboard's focus; empty for none. */
  pointed: string;
}

interface Scene extends Look {
  context: Pen;
  picture: Picture;
  geometry: Geometry;
  isNarrow: boolean;
}

/** Shares below this are not drawn. */
const FAINTEST = 0.015;
/** The width of a number, at least. */
const NUMBER = 2;
const TEXT = 12.5;
const SMALL = 11;

export function paint(context: Pen, picture: Picture, geometry: Geometry, look: Look): void {
  const scene: Scene = { ...look, context, picture, geometry, isNarrow: geometry.width < NARROW };
  context.clearRect(0, 0, geometry.width, geometry.height);
  context.textBaseline = "middle";
  for (const frame of geometry.frames) paintFrame(scene, frame);
  paintFocus(scene);
  for (const [at, part] of picture.parts.entries()) {
    const box = geometry.parts[at];
    if (!box) continue;
    heading(scene, part, box);
    paintPart(scene, part, box, at);
  }
  if (picture.back) paintBack(scene);
}

function paintPart(scene: Scene, part: Part, box: Box, at: number): void {
  switch (part.kind) {
    case "tokens":
      paintTokens(scene, box);
      break;
    case "matrix":
    case "folded":
      paintMatrix(scene, part, box);
      break;
    case "reads":
      paintReads(scene, part, box, at);
      break;
    case "next":
      paintNext(scene, part, box);
      break;
  }
}

function paintFrame({ context, palette, isNarrow }: Scene, { name, short, box }: Frame): void {
  context.fillStyle = palette.raised;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1, 8);
  context.fill();
  context.stroke();
  write(context, measured(context, name, SMALL, palette) < box.width - 8 ? name : short, box.left + box.width / 2, box.top + 11, {
    colour: palette.ink,
    size: isNarrow ? SMALL - 1 : SMALL,
    align: "center",
    weight: 600,
    palette,
  });
}

/** The band of the token whose way is drawn, as far as it has come. */
function paintFocus({ context, geometry, palette, focus, reached }: Scene): void {
  const { edges } = geometry.rows;
  const [top, bottom] = [edges[focus] ?? 0, edges[focus + 1] ?? 0];
  context.fillStyle = palette.soften(palette.accent, 0.16);
  context.fillRect(0, top, geometry.width * reached, bottom - top);
  if (reached >= 1) return;
  context.fillStyle = palette.accent;
  context.beginPath();
  context.arc(geometry.width * reached, (top + bottom) / 2, Math.min(6, (bottom - top) / 2 + 1), 0, 2 * Math.PI);
  context.fill();
}

function heading({ context, palette, isNarrow, pointed }: Scene, part: Part, box: Box): void {
  const fits = (label: string) => measured(context, label, SMALL, palette) <= box.width + (isNarrow ? 2 : 10);
  const label = [part.label, part.short ?? ""].find(fits) ?? "";
  const isStrong = part.isOpen || part.id === pointed;
  const colour = isStrong ? palette.accent : palette.soft;
  const [x, align] =
    part.kind === "tokens" || part.kind === "next" ? ([box.left, "left"] as const) : ([box.left + box.width / 2, "center"] as const);
  write(context, label, x, HEAD - 10, { colour, size: SMALL, align, weight: isStrong ? 600 : 400, palette });
  if (!part.opens || !isStrong) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.strokeRect(box.left - 1, HEAD - 1, box.width + 2, box.height + 2);
}

// ---------- parts ----------

function paintTokens({ context, picture, geometry, palette, focus }: Scene, box: Box): void {
  const { edges, readable } = geometry.rows;
  for (const [at, token] of picture.tokens.slice(0, edges.length - 1).entries()) {
    const [top, bottom] = [edges[at] ?? 0, edges[at + 1] ?? 0];
    const isReadable = at >= readable[0] && at < readable[1];
    const gap = isReadable ? 1 : 0;
    context.fillStyle = palette.token(token.hue);
    context.fillRect(box.left, top + gap, box.width, Math.max(0.5, bottom - top - 2 * gap));
    if (isReadable)
      write(context, cut(context, token.text, box.width - 8, TEXT, palette, 400, true), box.left + 5, (top + bottom) / 2, {
        colour: palette.ink,
        size: TEXT,
        weight: at === focus ? 700 : 400,
        mono: true,
        palette,
      });
  }
  outline(context, box.left, edges[focus] ?? 0, box.width, (edges[focus + 1] ?? 0) - (edges[focus] ?? 0), palette.ink);
  count({ context, palette }, box.left, edges[0] ?? 0, edges[readable[0]] ?? 0, readable[0]);
  const last = edges.length - 1;
  count({ context, palette }, box.left, edges[readable[1]] ?? 0, edges[last] ?? 0, last - readable[1]);
}

/** How many tokens a band of low rows holds. */
function count({ context, palette }: Pick<Scene, "context" | "palette">, left: number, top: number, bottom: number, tokens: number): void {
  if (tokens === 0 || bottom - top < SMALL - 2) return;
  const text = `⋯ ${tokens}`;
  context.fillStyle = palette.soften(palette.raised, 0.8);
  context.fillRect(left + 2, (top + bottom) / 2 - SMALL / 2, measured(context, text, SMALL - 1, palette) + 6, SMALL);
  write(context, text, left + 5, (top + bottom) / 2, { colour: palette.ink, size: SMALL - 1, palette });
}

function paintMatrix(scene: Scene, part: MatrixPart | Extract<Part, { kind: "folded" }>, box: Box): void {
  const { context, geometry, palette, focus } = scene;
  rowsOf(scene, imageOf(part.matrix, "signed", palette, box.width / NUMBER), geometry.rows.edges.length - 1, box);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  const { edges } = geometry.rows;
  if (isReached(scene, box))
    outline(context, box.left, edges[focus] ?? 0, box.width, (edges[focus + 1] ?? 0) - (edges[focus] ?? 0), palette.ink);
  if (part.kind === "matrix" && part.note && isReached(scene, box)) paintNote(scene, part.note, box);
}

/** Rows of equal height as one image; readable ones have a line between them. */
function rowsOf({ context, geometry, palette }: Scene, image: Image, rows: number, box: Box): void {
  const { edges, readable } = geometry.rows;
  context.imageSmoothingEnabled = false;
  const some = (from: number, to: number) => {
    const [top, bottom] = [edges[from] ?? 0, edges[to] ?? 0];
    if (to > from) context.drawImage(image, 0, from, image.width, to - from, box.left, top, box.width, bottom - top);
  };
  const [from, to] = [Math.min(rows, readable[0]), Math.min(rows, readable[1])];
  some(0, from);
  some(from, to);
  some(to, rows);
  context.fillStyle = palette.raised;
  for (let at = from; at <= to; at += 1) context.fillRect(box.left, (edges[at] ?? 0) - 1, box.width, 2);
}

/** What the focus reads: a line from each token, as strong as its share. */
function paintReads(scene: Scene, part: ReadsPart, box: Box, at: number): void {
  const { context, geometry, palette, focus } = scene;
  const shares = meanRow(part, focus);
  const end = middle(geometry.rows, focus);
  const attention = palette.scale("attention");
  const [left, right] = [box.left, box.left + box.width];
  context.lineCap = "round";
  for (const [from, share] of shares.entries()) {
    if (share < FAINTEST || !isReached(scene, box)) continue;
    const start = middle(geometry.rows, from);
    context.strokeStyle = css(attention.colour(Math.min(1, 0.2 + strengthOf(share))));
    context.lineWidth = 0.75 + 5 * share;
    context.beginPath();
    context.moveTo(left, start);
    context.bezierCurveTo(left + box.width * 0.55, start, right - box.width * 0.55, end, right, end);
    context.stroke();
  }
  for (const [index, { matrix, isOpen, id }] of part.heads.entries()) {
    const square = geometry.heads[at]?.[index];
    if (square) paintHead(scene, matrix, square, isOpen || scene.pointed === id);
  }
}

/** The shares of one head, or the mean of all. */
function meanRow({ heads, head }: ReadsPart, focus: number): Float64Array {
  const chosen = head === null ? heads : heads.slice(head, head + 1);
  const shares = new Float64Array(focus + 1);
  for (const { matrix } of chosen)
    for (let from = 0; from <= focus; from += 1)
      shares[from] = (shares[from] ?? 0) + (matrix.values[focus * matrix.columns + from] ?? 0) / chosen.length;
  return shares;
}

function paintHead({ context, geometry, palette, focus }: Scene, matrix: Matrix, square: Box, isOpen: boolean): void {
  context.fillStyle = palette.paper;
  context.fillRect(square.left, square.top, square.width, square.height);
  const rows = Math.max(1, Math.min(matrix.rows, geometry.rows.edges.length - 1));
  context.imageSmoothingEnabled = rows > square.width;
  context.drawImage(imageOf(matrix, "attention", palette), 0, 0, rows, rows, square.left, square.top, square.width, square.height);
  context.strokeStyle = isOpen ? palette.accent : palette.line;
  context.lineWidth = isOpen ? 2 : 1;
  context.strokeRect(square.left, square.top, square.width, square.height);
  const row = square.height / rows;
  context.fillStyle = palette.soften(palette.ink, 0.25);
  context.fillRect(square.left, square.top + focus * row, square.width, Math.max(1, row));
}

function paintNote({ context, geometry, palette }: Scene, note: Token & { share: number }, box: Box): void {
  const frame = geometry.frames.find(({ box: each }) => box.left >= each.left && box.left < each.left + each.width)?.box ?? box;
  const room = Math.max(frame.width, 34) - 8;
  const share = `${Math.round(100 * note.share)} %`;
  const hasShare = room > 74;
  const text = cut(context, note.text, room - (hasShare ? 34 : 0), SMALL, palette, 400, true);
  const width = measured(context, text, SMALL, palette, true) + 8;
  const whole = width + (hasShare ? 34 : 0);
  const left = Math.min(geometry.width - whole, Math.max(0, frame.left + frame.width / 2 - whole / 2));
  context.fillStyle = palette.token(note.hue);
  context.beginPath();
  context.roundRect(left, geometry.notes - 9, width, 18, 4);
  context.fill();
  write(context, text, left + 4, geometry.notes, { colour: palette.ink, size: SMALL, mono: true, palette });
  if (hasShare) write(context, share, left + width + 5, geometry.notes, { colour: palette.soft, size: SMALL, palette });
}

const BAR = 26;
/** Of a percentage. */
const NUMBER_ROOM = 42;

function paintNext(scene: Scene, { candidates }: NextPart, box: Box): void {
  const { context, palette, isNarrow } = scene;
  if (!isReached(scene, box)) return;
  const [name, number] = [isNarrow ? box.width - NUMBER_ROOM : 0.42 * box.width, NUMBER_ROOM];
  for (const [at, each] of candidates.entries()) {
    const y = HEAD + 4 + at * BAR + BAR / 2;
    if (y > HEAD + box.height + 90) break;
    const chip = cut(context, each.text, name - 8, TEXT, palette, 400, true);
    context.fillStyle = palette.token(each.hue);
    context.beginPath();
    context.roundRect(box.left, y - 10, Math.max(14, measured(context, chip, TEXT, palette, true) + 8), 20, 4);
    context.fill();
    write(context, chip, box.left + 4, y, { colour: palette.ink, size: TEXT, mono: true, weight: each.isNext ? 700 : 400, palette });
    if (each.isNext) outline(context, box.left, y - 10, Math.max(14, measured(context, chip, TEXT, palette, true) + 8), 20, palette.ink);
    barOf(scene, each, box.left + name, isNarrow ? 0 : Math.max(0, box.width - name - number), y);
    write(context, percentOf(each.share), box.left + box.width, y, { colour: palette.soft, size: SMALL, align: "right", palette });
  }
}

function barOf({ context, palette }: Scene, { share }: Candidate, left: number, width: number, y: number): void {
  context.fillStyle = palette.line;
  context.fillRect(left, y - 4, width, 8);
  context.fillStyle = css(palette.scale("probability").colour(1));
  context.fillRect(left, y - 4, width * share, 8);
}

const percentOf = (share: number): string => (share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(100 * share)} %`);

/** From the next token back to the text: it is appended, and the way begins again. */
function paintBack({ context, picture, geometry, palette, reached }: Scene): void {
  const [first, last] = [geometry.parts[0], geometry.parts.at(-1)];
  if (!first || !last || reached < 1) return;
  const y = geometry.height - BACK / 2;
  const [x, end] = [first.left + Math.min(40, first.width / 2), (geometry.rows.edges.at(-1) ?? 0) + 5];
  const start = last.left + last.width / 2;
  context.strokeStyle = palette.soft;
  context.setLineDash([3, 4]);
  context.lineWidth = 1.25;
  context.beginPath();
  context.moveTo(start, Math.min(y, HEAD + last.height + 8));
  context.lineTo(start, y);
  context.lineTo(x, y);
  context.lineTo(x, end);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = palette.soft;
  context.beginPath();
  context.moveTo(x, end - 4);
  context.lineTo(x - 4, end + 4);
  context.lineTo(x + 4, end + 4);
  context.fill();
  const text = cut(context, picture.back, start - x - 24, SMALL, palette);
  const width = measured(context, text, SMALL, palette) + 12;
  const middleX = (start + x) / 2;
  context.fillStyle = palette.paper;
  context.fillRect(middleX - width / 2, y - 8, width, 16);
  write(context, text, middleX, y, { colour: palette.soft, size: SMALL, align: "center", palette });
}

// ---------- pens ----------

const isReached = ({ geometry, reached }: Scene, box: Box): boolean => geometry.width * reached >= box.left;

function outline(context: Pen, left: number, top: number, width: number, height: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.strokeRect(left, top, width, Math.max(1, height));
}

interface Style {
  colour: string;
  size: number;
  palette: Palette;
  align?: CanvasTextAlign;
  weight?: number;
  mono?: boolean;
}

const fontOf = (size: number, palette: Palette, weight = 400, mono = false): string =>
  `${weight} ${size}px ${mono ? palette.mono : palette.sans}`;

function write(context: Pen, text: string, x: number, y: number, { colour, size, palette, align, weight, mono }: Style): void {
  context.font = fontOf(size, palette, weight, mono);
  context.textAlign = align ?? "left";
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function measured(context: Pen, text: string, size: number, palette: Palette, mono = false): number {
  context.font = fontOf(size, palette, 400, mono);
  return context.measureText(text).width;
}

/** As much of a text as fits, with an ellipsis for the rest. */
function cut(context: Pen, text: string, room: number, size: number, palette: Palette, weight = 400, mono = false): string {
  context.font = fontOf(size, palette, weight, mono);
  if (context.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 0 && context.measureText(`${letters.join("")}…`).width > room) letters.pop();
  return letters.length > 0 ? `${letters.join("")}…` : "";
}
