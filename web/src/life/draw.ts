// A tadpole at any age from 0 (egg) to 1 (frog), seen from above, as the line drawing that the page and its pictures share: SVG path data in
// a box of 48 by 32.

export const BOX = { width: 48, height: 32 } as const;

export const STAGES = ["egg", "tadpole", "legs", "froglet", "frog"] as const;
export type Stage = (typeof STAGES)[number];
/** The age at which each stage begins. */
const BEGINS: Record<Stage, number> = { egg: 0, tadpole: 0.08, legs: 0.45, froglet: 0.72, frog: 0.95 };

export const stageOf = (age: number): Stage => STAGES.findLast((stage) => age >= BEGINS[stage]) ?? "egg";

/** Outline and dots; the dots (eyes, or the egg's germ) are filled. */
export interface Drawing {
  line: string;
  dots: string;
}

/** `sway` from -1 to 1 moves the tail to either side. */
export function draw(age: number, sway = 0): Drawing {
  const hatched = ramp(age, 0.02, 0.16);
  const tail = 20 * ramp(age, 0.04, 0.3) * (1 - ramp(age, 0.6, 0.96));
  const frog = ramp(age, 0.55, 1);
  const body: Body = { x: 24 - tail / 2 - frog, rx: mix(mix(4, 8.5, hatched), 10, frog), ry: mix(mix(4, 7, hatched), 7.5, frog) };
  const parts = [
    hatched === 0 ? circle(body.x, MIDDLE, body.rx) : outline(body, tail, sway),
    ...legs(body, ramp(age, 0.4, 0.8), HIND),
    ...legs(body, ramp(age, 0.62, 0.95), FORE),
  ];
  // The jelly around the germ goes as it hatches.
  if (hatched < 1) parts.unshift(circle(body.x, MIDDLE, mix(13, 15, hatched), 1 - hatched));
  return { line: parts.join(""), dots: eyes(body, hatched, frog) };
}

interface Body {
  x: number;
  rx: number;
  ry: number;
}

const MIDDLE = BOX.height / 2;
const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
const round = (value: number): number => Math.round(value * 100) / 100;
const at = (...numbers: number[]): string => numbers.map(round).join(" ");

/** From 0 to 1 between two ages, gently at both ends. */
function ramp(age: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (age - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

/** Head to the left; the body runs out into the tail. */
function outline({ x, rx, ry }: Body, tail: number, sway: number): string {
  const [head, back, tip] = [x - rx, x + rx * 0.75, x + rx + tail];
  const bend = sway * Math.min(5, tail / 3);
  const waist = ry * mix(0.8, 0.3, Math.min(1, tail / 8));
  const side = (up: 1 | -1, from: number, to: number, first: boolean): string => {
    const edge = (y: number) => MIDDLE - up * y;
    const forth = `C${at(head, edge(ry * 0.6), x - rx * 0.6, edge(ry), x, edge(ry))}C${at(x + rx * 0.4, edge(ry), x + rx * 0.6, edge(waist * 1.15), back, edge(waist))}C${at(mix(back, tip, 0.45), edge(waist * 0.75) + bend * 0.2, mix(back, tip, 0.75), edge(waist * 0.4) - bend, tip, MIDDLE + bend)}`;
    const home = `C${at(mix(back, tip, 0.75), edge(waist * 0.4) - bend, mix(back, tip, 0.45), edge(waist * 0.75) + bend * 0.2, back, edge(waist))}C${at(x + rx * 0.6, edge(waist * 1.15), x + rx * 0.4, edge(ry), x, edge(ry))}C${at(x - rx * 0.6, edge(ry), head, edge(ry * 0.6), from, to)}`;
    return first ? forth : home;
  };
  return `M${at(head, MIDDLE)}${side(1, head, MIDDLE, true)}${side(-1, head, MIDDLE, false)}Z`;
}

/** Hip, knee, foot, toes, as offsets from the body's middle in half widths and heights, and units. */
interface Leg {
  hip: readonly [number, number];
  knee: readonly [number, number];
  foot: readonly [number, number];
  toes: number;
}

const HIND: Leg = { hip: [0.55, 0.82], knee: [-2.3, 5], foot: [6.8, 3.2], toes: 3 };
const FORE: Leg = { hip: [-0.45, 0.85], knee: [-2.6, 2.6], foot: [-5.6, 1.4], toes: 2 };

function legs({ x, rx, ry }: Body, grown: number, leg: Leg): string[] {
  if (grown === 0) return [];
  return [1, -1].map((side) => {
    const from = [x + rx * leg.hip[0], ry * leg.hip[1]] as const;
    const point = ([dx, dy]: readonly [number, number]) => [from[0] + dx * grown, MIDDLE + side * (from[1] + dy * grown)] as const;
    const [knee, foot] = [point(leg.knee), point(leg.foot)];
    const reach = leg.toes * grown * Math.sign(leg.foot[0]);
    const toe = (dx: number, dy: number) => `M${at(...foot)}L${at(foot[0] + reach * dx, foot[1] + side * Math.abs(reach) * dy)}`;
    return `M${at(from[0], MIDDLE + side * from[1])}L${at(...knee)}L${at(...foot)}${toe(1, 0)}${toe(0.75, 0.65)}${toe(0.75, -0.5)}`;
  });
}

/** A circle, or while it fades only dashes of it: `whole` is the share that is drawn. */
function circle(x: number, y: number, r: number, whole = 1): string {
  if (whole >= 1) return `M${at(x - r, y)}A${at(r, r)} 0 1 1 ${at(x + r, y)}A${at(r, r)} 0 1 1 ${at(x - r, y)}Z`;
  const dashes = 12;
  return Array.from({ length: dashes }, (_, dash) => {
    const [from, to] = [dash, dash + whole].map((turn) => (turn * 2 * Math.PI) / dashes) as [number, number];
    return `M${at(x + r * Math.cos(from), y + r * Math.sin(from))}A${at(r, r)} 0 0 1 ${at(x + r * Math.cos(to), y + r * Math.sin(to))}`;
  }).join("");
}

/** The germ of an egg parts into two eyes, which a frog has further out. */
function eyes({ x, rx, ry }: Body, hatched: number, frog: number): string {
  const out = ry * mix(0, mix(0.4, 0.66, frog), hatched);
  const r = mix(2, mix(1.1, 1.7, frog), hatched);
  const front = x - rx * mix(0, mix(0.5, 0.55, frog), hatched);
  return hatched === 0 ? circle(x, MIDDLE, r) : circle(front, MIDDLE - out, r) + circle(front, MIDDLE + out, r);
}
