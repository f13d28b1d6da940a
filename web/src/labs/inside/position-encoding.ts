// Position encodings by the formulas of crates/gpt/src/tables.rs: sinusoids (Vaswani et al., 2017, "Attention Is All You Need", 3.5) and
// rotary angles (Su et al., 2021, "RoFormer", 3.2), and how similar they make two positions.
import type { Matrix } from "../../components/heat-map.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { headWidth, numbers } from "../way/numbers.ts";

export const KINDS = ["learned", "sinusoidal", "rotary", "none"] as const;
export type Kind = (typeof KINDS)[number];

const BASE = 10_000;

/** The angle by which a pair of numbers is rotated at a position; `width` numbers in all. */
export function angleOf(place: number, pair: number, width: number): number {
  return place / BASE ** ((2 * pair) / width);
}

/** What stands for each place and how alike places are; null where the kind has no vectors, or this model none. */
export interface Encoding {
  vectors: Matrix | null;
  alike: Matrix | null;
  /** Whether the vectors are the model's activations, not from a formula. */
  isMeasured: boolean;
}

const measured = new WeakMap<Inside, Encoding>();
/** By kind: what was last made, and for how many places of which width. A formula's do not change while the model learns. */
const formulas = new Map<Kind, { of: string; encoding: Encoding }>();

/** Made once, for a pass or by a formula. */
export function encodingOf(inside: Inside, config: ModelConfig, kind: Kind): Encoding {
  if (kind === config.position && inside.activations.position) {
    const encoding = measured.get(inside) ?? make(inside, config, kind);
    measured.set(inside, encoding);
    return encoding;
  }
  const of = [inside.ids.length, config.dModel, config.nHead].join();
  const kept = formulas.get(kind);
  if (kept?.of === of) return kept.encoding;
  const encoding = make(inside, config, kind);
  formulas.set(kind, { of, encoding });
  return encoding;
}

function make(inside: Inside, config: ModelConfig, kind: Kind): Encoding {
  const count = inside.ids.length;
  if (kind === "none") return { vectors: null, alike: between(count, () => 1), isMeasured: false };
  if (kind === "rotary") return rotary(count, headWidth(config));
  const own = config.position === kind && inside.activations.position ? numbers(inside, "position") : null;
  if (!own && kind === "learned") return { vectors: null, alike: null, isMeasured: false };
  const vectors = own ? { rows: count, columns: config.dModel, values: own.values } : sinusoids(count, config.dModel);
  return { vectors, alike: cosines(vectors), isMeasured: own !== null };
}

/** Of each row with each: rows are normalised to length 1 first, and each pair is multiplied once. */
function cosines({ rows, columns, values }: Matrix): Matrix {
  const units = Float64Array.from(values);
  for (let at = 0; at < rows; at += 1) {
    const unit = units.subarray(at * columns, (at + 1) * columns);
    const length = Math.sqrt(unit.reduce((sum, value) => sum + value * value, 0));
    for (let column = 0; column < columns; column += 1) unit[column] = (unit[column] ?? 0) / Math.max(Number.MIN_VALUE, length);
  }
  const found = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a += 1)
    for (let b = 0; b <= a; b += 1) {
      let sum = 0;
      for (let column = 0; column < columns; column += 1) sum += (units[a * columns + column] ?? 0) * (units[b * columns + column] ?? 0);
      found[a * rows + b] = found[b * rows + a] = sum;
    }
  return { rows, columns: rows, values: found };
}

/** The initial scale of token vectors (crates/gpt/src/tables.rs). */
const SCALE = 0.02;

/** [rows, width]: sine and cosine alternate. */
export function sinusoids(rows: number, width: number): Matrix {
  const value = (place: number, column: number) => {
    const angle = angleOf(place, Math.floor(column / 2), width);
    return SCALE * (column % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  };
  return filled(rows, width, value);
}

/**
 * Rotated by their positions' angles, two equal vectors have a score that falls from 1 to the mean cosine of the angles between them, if
 * their pairs have equal length. [T, D]: cosines of the pairs, then their sines.
 */
function rotary(count: number, width: number): Encoding {
  const half = width / 2;
  if (!Number.isInteger(half)) return { vectors: null, alike: null, isMeasured: false };
  const turned = (place: number, column: number) => {
    const angle = angleOf(place, column % half, width);
    return column < half ? Math.cos(angle) : Math.sin(angle);
  };
  const left = Array.from({ length: count }, (_, distance) => {
    let sum = 0;
    for (let pair = 0; pair < half; pair += 1) sum += Math.cos(angleOf(distance, pair, width));
    return sum / half;
  });
  return { vectors: filled(count, width, turned), alike: between(count, (a, b) => left[Math.abs(a - b)] ?? 0), isMeasured: false };
}

const between = (count: number, value: (a: number, b: number) => number): Matrix => filled(count, count, value);

function filled(rows: number, columns: number, value: (row: number, column: number) => number): Matrix {
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) values[row * columns + column] = value(row, column);
  return { rows, columns, values };
}
