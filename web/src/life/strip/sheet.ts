// The strip as one picture: all cards from birth to now, over a line that says what they are.
import { stageOf } from "../draw.ts";
import { stepAndLoss } from "../said.ts";
import { words } from "../words.ts";
import type { Card, Strip } from "./cards.ts";
import { type Ink, LINE, linesOf, type Pen, sentence, wrapped, write } from "./ink.ts";
import { type Size, tadpole } from "./scene.ts";

const [MARGIN, GAP, WIDE, PADDING] = [32, 16, 290, 16] as const;
const MOST_ACROSS = 4;
const [LETTERS, SMALL, TITLE] = [14, 13, 22] as const;
/** Height of a drawing, and of a card's heading. */
const [DRAWN, HEADING] = [84, 44] as const;
/** A corner's radius. */
const ROUND = 10;

interface Plan extends Size {
  across: number;
  top: number;
  high: number;
  caption: string[];
}

/** Its size, before there is a canvas of that size. */
export function planned(pen: Pen, ink: Ink, strip: Strip, caption: string): Plan {
  const across = Math.max(1, Math.min(MOST_ACROSS, strip.cards.length));
  const width = 2 * MARGIN + across * WIDE + (across - 1) * GAP;
  const lines = strip.cards.map((card) => linesOf(pen, ink, strip.prompt, card.pieces, WIDE - 2 * PADDING, LETTERS).length);
  const high = 2 * PADDING + DRAWN + HEADING + Math.max(1, ...lines) * LETTERS * LINE;
  const foot = wrapped(pen, ink, caption, width - 2 * MARGIN, SMALL);
  const top = MARGIN + TITLE * 1.8;
  const rows = Math.ceil(strip.cards.length / across);
  return { across, top, high, caption: foot, width, height: top + rows * (high + GAP) + foot.length * SMALL * 1.4 + MARGIN - 4 };
}

export function sheet(pen: Pen, ink: Ink, strip: Strip, title: string, { across, top, high, caption, width, height }: Plan): void {
  pen.fillStyle = ink.paper;
  pen.fillRect(0, 0, width, height);
  write(pen, ink, title, MARGIN, MARGIN + TITLE, { size: TITLE, weight: 650, width: width - 2 * MARGIN });
  strip.cards.forEach((each, at) => {
    const [x, y] = [MARGIN + (at % across) * (WIDE + GAP), top + Math.floor(at / across) * (high + GAP)];
    card(pen, ink, strip.prompt, each, { x, y, width: WIDE, height: high });
  });
  const foot = height - MARGIN - (caption.length - 1) * SMALL * 1.4;
  for (const [at, line] of caption.entries()) write(pen, ink, line, MARGIN, foot + at * SMALL * 1.4, { size: SMALL, colour: ink.soft });
}

function card(pen: Pen, ink: Ink, prompt: string, { age, step, loss, pieces }: Card, place: Size & { x: number; y: number }): void {
  const { x, y, width, height } = place;
  Object.assign(pen, { strokeStyle: ink.line, lineWidth: 1 });
  pen.beginPath();
  pen.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, ROUND);
  pen.stroke();
  const inner = width - 2 * PADDING;
  tadpole(pen, ink, age, 0, { x: x + PADDING, y: y + PADDING, width: inner, height: DRAWN });
  const heading = (words: string, below: number, weight: number) =>
    write(pen, ink, words, x + PADDING, y + PADDING + DRAWN + below, { size: SMALL, weight, width: inner });
  heading(words().stages[stageOf(age)], 18, 600);
  heading(stepAndLoss(step, loss), 35, 400);
  const lines = linesOf(pen, ink, prompt, pieces, inner, LETTERS);
  sentence(pen, ink, lines, { x: x + PADDING, y: y + PADDING + DRAWN + HEADING, size: LETTERS, pieces: pieces.length });
}
