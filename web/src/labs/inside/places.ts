// Encodings of places by the formulas of crates/gpt/src/tables.rs: sinusoids (Vaswani et al., 2017, "Attention Is All You Need", 3.5) and
// rotary angles (Su et al., 2021, "RoFormer", 3.2), and how alike they make two places.
import type { Matrix } from "../../components/heat-map.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { cosine, headWidth, numbers, row } from "./numbers.ts";

export const KINDS = ["learned", "sinusoidal", "rotary", "none"] as const;
export type Kind = (typeof KINDS)[number];

const BASE = 10_000;

/** By which a pair of numbers turns at a place; of `width` numbers. */
export function angleOf(place: number, pair: number, width: number): number {
  return place / BASE ** ((2 * pair) / width);
}

/** What stands for each place and how alike places are; null where the kind has no vectors, or this model none. */
export interface Places {
  vectors: Matrix | null;
  alike: Matrix | null;
  /** Whether the vectors are the model's activations, not a formula's. */
  isMeasured: boolean;
}

const made = new WeakMap<Inside, Map<Kind, Places>>();

/** Made once for a pass. */
export function placesOf(inside: Inside, config: ModelConfig, kind: Kind): Places {
  const all = made.get(inside) ?? new Map<Kind, Places>();
  made.set(inside, all);
  const places = all.get(kind) ?? make(inside, config, kind);
  all.set(kind, places);
  return places;
}

function make(inside: Inside, config: ModelConfig, kind: Kind): Places {
  const count = inside.ids.length;
  if (kind === "none") return { vectors: null, alike: between(count, () => 1), isMeasured: false };
  if (kind === "rotary") return rotary(count, headWidth(config));
  const own = config.position === kind && inside.activations.position ? numbers(inside, "position") : null;
  if (!own && kind === "learned") return { vectors: null, alike: null, isMeasured: false };
  const vectors = own ? { rows: count, columns: config.dModel, values: own.values } : sinusoids(count, config.dModel);
  const rows = Array.from({ length: count }, (_, place) => row(vectors, place));
  return { vectors, alike: between(count, (a, b) => cosine(rows[a] ?? [], rows[b] ?? [])), isMeasured: own !== null };
}

/** [rows, width]: sine and cosine by turns. */
export function sinusoids(rows: number, width: number): Matrix {
  const value = (place: number, column: number) => {
    const angle = angleOf(place, Math.floor(column / 2), width);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  };
  return filled(rows, width, value);
}

/**
 * Turned by the angles of their places, two equal vectors' score falls from 1 to the mean cosine of the angles between them, if their
 * pairs are of one length. [T, D]: cosines of the pairs, then their sines.
 */
function rotary(count: number, width: number): Places {
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
  const values = Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns));
  return { rows, columns, values };
}
