// Matrices as images of one pixel a number, made once for each matrix and palette; and the page's colours as a canvas needs them.
import type { Matrix } from "../components/heat-map.ts";
import { pageReader, type Scale, type ScaleName, scaleOf, strengthOf } from "../components/scales.ts";

export type Image = OffscreenCanvas | HTMLCanvasElement;

export interface Palette {
  /** Changes with the theme. */
  key: string;
  ink: string;
  soft: string;
  line: string;
  paper: string;
  raised: string;
  accent: string;
  scale(name: ScaleName): Scale;
  sans: string;
  mono: string;
  token(hue: number): string;
  /** A colour with less strength. */
  soften(colour: string, strength: number): string;
}

export function paletteOf(element: Element, key: string): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const [light, chroma] = [read("--token-light"), read("--token-chroma")];
  const page = pageReader();
  return {
    key,
    ink: read("--ink"),
    soft: read("--ink-soft"),
    line: read("--line"),
    paper: read("--paper"),
    raised: read("--raised"),
    accent: read("--accent"),
    scale: (name) => scaleOf(name, page),
    sans: read("--sans"),
    mono: read("--mono"),
    token: (hue) => `oklch(${light} ${chroma} ${hue})`,
    soften: (colour, strength) => `color-mix(in srgb, ${colour} ${Math.round(100 * strength)}%, transparent)`,
  };
}

const made = new WeakMap<Matrix, Map<string, Image>>();

/** At most `across` pixels wide: of more numbers it shows every second, third and so on. */
export function imageOf(matrix: Matrix, kind: ScaleName, palette: Palette, across = matrix.columns): Image {
  const width = Math.max(1, Math.min(matrix.columns, Math.floor(across)));
  const key = `${palette.key} ${kind} ${width}`;
  const known = made.get(matrix) ?? new Map<string, Image>();
  made.set(matrix, known);
  const image = known.get(key) ?? painted(matrix, kind, palette, width);
  known.set(key, image);
  return image;
}

function painted(matrix: Matrix, kind: ScaleName, palette: Palette, width: number): Image {
  const { rows, columns, values } = matrix;
  const canvas = Object.assign(document.createElement("canvas"), { width, height: Math.max(1, rows) });
  const context = canvas.getContext("2d");
  if (!context || rows * columns === 0) return canvas;
  const pixels = context.createImageData(width, rows);
  const most = kind === "signed" ? usual(values) : 1;
  const scale = palette.scale(kind);
  for (let row = 0; row < rows; row += 1)
    for (let at = 0; at < width; at += 1) {
      const value = (values[row * columns + Math.floor(((at + 0.5) * columns) / width)] ?? 0) / most;
      pixels.data.set([...scale.colour(strengthOf(value)), 255], 4 * (row * width + at));
    }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** Four times the root of the mean square: a few giants, as the first token has, do not make the others invisible. */
function usual(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += (values[at] ?? 0) ** 2;
  return Math.max(Number.MIN_VALUE, 4 * Math.sqrt(sum / Math.max(1, values.length)));
}
