// A moment of the strip on a canvas, for the stage and for the films: the tadpole, its sentence, and the way from birth to now.
import { whole } from "../../i18n/index.ts";
import { BOX, draw, stageOf } from "../draw.ts";
import { saidAt, stepAndLoss } from "../said.ts";
import { words } from "../words.ts";
import type { Strip } from "./cards.ts";
import type { Moment } from "./film.ts";
import { type Ink, LINE, type Line, linesOf, type Pen, sentence, wrapped, write } from "./ink.ts";

export interface Size {
  width: number;
  height: number;
}

const MARGIN = 24;
const SIZES = [24, 21, 18, 16, 14, 12] as const;
const LEAST = 10;

/** Draws with one unit a pixel of `size`; scale the context before for more. */
export function scene(pen: Pen, ink: Ink, { width, height }: Size, strip: Strip, moment: Moment, caption: string): void {
  pen.fillStyle = ink.paper;
  pen.fillRect(0, 0, width, height);
  const card = strip.cards[moment.card];
  if (!card) return;
  const isWide = width >= 560;
  const [left, right] = [MARGIN, width - MARGIN];
  const small = isWide ? 13 : 11;
  if (isWide) write(pen, ink, saidAt(card.age, card.step, card.loss), left, 34, { size: 18, weight: 600, width: right - left });
  else {
    write(pen, ink, words().stages[stageOf(card.age)], left, 28, { size: 15, weight: 600 });
    write(pen, ink, stepAndLoss(card.step, card.loss), left, 46, { size: 13, colour: ink.soft });
  }
  const said = caption === "" ? [] : wrapped(pen, ink, caption, right - left, small);
  const foot = height - 14 - (said.length - 1) * small * 1.35;
  for (const [at, line] of said.entries()) write(pen, ink, line, left, foot + at * small * 1.35, { size: small, colour: ink.soft });
  const way = foot - small - (said.length > 0 ? 34 : 20);
  path(pen, ink, strip, moment, { left, right, y: way, small });
  const [top, bottom] = [52, way - (isWide ? 34 : 28)];
  const picture = isWide
    ? { x: left, y: top, width: width * 0.3, height: bottom - top }
    : { x: left, y: top, width: right - left, height: (bottom - top) * 0.38 };
  tadpole(pen, ink, moment.age, moment.sway, picture);
  const place = isWide
    ? { x: left + width * 0.33, y: top, width: right - left - width * 0.33, height: bottom - top }
    : { x: left, y: top + picture.height + 8, width: right - left, height: bottom - top - picture.height - 8 };
  tell(pen, ink, strip, moment, place);
}

interface Place extends Size {
  x: number;
  y: number;
}

/** As large as the place lets it be. */
export function tadpole(pen: Pen, ink: Ink, age: number, sway: number, { x, y, width, height }: Place): void {
  const scale = Math.min(width / BOX.width, height / BOX.height);
  const { line, dots } = draw(age, sway);
  pen.save();
  pen.translate(x + (width - BOX.width * scale) / 2, y + (height - BOX.height * scale) / 2);
  pen.scale(scale, scale);
  Object.assign(pen, {
    strokeStyle: ink.accent,
    fillStyle: ink.accent,
    lineWidth: Math.max(0.6, 1.4 / scale),
    lineCap: "round",
    lineJoin: "round",
  });
  pen.stroke(new Path2D(line));
  pen.fill(new Path2D(dots));
  pen.restore();
}

/** The sentence as far as it is written, in the largest letters in which all of it fits. */
function tell(pen: Pen, ink: Ink, strip: Strip, { card, pieces }: Moment, place: Place): void {
  const { size, lines } = laidOut(pen, ink, strip, card, place);
  sentence(pen, ink, lines, { x: place.x, y: place.y + Math.max(0, (place.height - lines.length * size * LINE) / 2), size, pieces });
}

interface Layout {
  size: number;
  lines: Line[];
}

/** Measuring letters takes longer than drawing them. */
const layouts = new WeakMap<Strip, Map<string, Layout>>();

function laidOut(pen: Pen, ink: Ink, strip: Strip, card: number, { width, height }: Place): Layout {
  const known = layouts.get(strip) ?? new Map<string, Layout>();
  layouts.set(strip, known);
  const key = `${card} ${width} ${height}`;
  const pieces = strip.cards[card]?.pieces ?? [];
  const inSize = (size: number) => ({ size, lines: linesOf(pen, ink, strip.prompt, pieces, width, size) });
  const found = known.get(key) ?? SIZES.map(inSize).find(({ size, lines }) => lines.length * size * LINE <= height) ?? inSize(LEAST);
  known.set(key, found);
  return found;
}

interface Way {
  left: number;
  right: number;
  y: number;
  small: number;
}

/** The kept steps in equal distances, each with its drawing, and how far the moment is. */
function path(pen: Pen, ink: Ink, { cards }: Strip, { card, age }: Moment, { left, right, y, small }: Way): void {
  const room = (right - left) / cards.length;
  const middle = (at: number) => left + room * (at + 0.5);
  const [from, to] = [cards[card - 1]?.age ?? 0, cards[card]?.age ?? 0];
  const done = card === 0 || to === from ? card : card - 1 + (age - from) / (to - from);
  const line = (end: number, colour: string) => {
    pen.fillStyle = colour;
    pen.fillRect(middle(0), y - 1, Math.max(0, middle(end) - middle(0)), 2);
  };
  line(cards.length - 1, ink.line);
  line(done, ink.accent);
  cards.forEach((each, at) => {
    pen.fillStyle = at <= done ? ink.accent : ink.line;
    pen.beginPath();
    pen.arc(middle(at), y, at === card ? 4.5 : 3, 0, 2 * Math.PI);
    pen.fill();
    const width = Math.min(room - 4, 40);
    pen.globalAlpha = at === card ? 1 : 0.45;
    tadpole(pen, ink, each.age, 0, { x: middle(at) - width / 2, y: y - 8 - (width * 2) / 3, width, height: (width * 2) / 3 });
    pen.globalAlpha = 1;
    write(pen, ink, whole(each.step), middle(at), y + small + 7, {
      size: small,
      colour: at === card ? ink.text : ink.soft,
      align: "center",
      width: room + 8,
    });
  });
}
