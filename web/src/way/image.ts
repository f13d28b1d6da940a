// Matrices as images of one pixel a number, made once for each matrix and palette; and the page's colours as a canvas needs them.
import type { HeatKind, Matrix } from "../components/heat-map.ts";

export type Image = OffscreenCanvas | HTMLCanvasElement;
type Rgb = readonly [red: number, green: number, blue: number];

export interface Palette {
  /** Changes with the theme. */
  key: string;
  ink: string;
  soft: string;
  line: string;
  paper: string;
  raised: string;
  accent: string;
  attention: string;
  more: Rgb;
  less: Rgb;
  sans: string;
  mono: string;
  token(hue: number): string;
  /** A colour with less strength. */
  soften(colour: string, strength: number): string;
}

export function paletteOf(element: Element, key: string): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const three = (name: string): Rgb => {
    const [red = 0, green = 0, blue = 0] = read(name).split(/\s+/).map(Number);
    return [red, green, blue];
  };
  const [light, chroma] = [read("--token-light"), read("--token-chroma")];
  const more = three("--heat-more");
  return {
    key,
    ink: read("--ink"),
    soft: read("--ink-soft"),
    line: read("--line"),
    paper: read("--paper"),
    raised: read("--raised"),
    accent: read("--accent"),
    attention: `rgb(${more.join(" ")})`,
    more,
    less: three("--heat-less"),
    sans: read("--sans"),
    mono: read("--mono"),
    token: (hue) => `oklch(${light} ${chroma} ${hue})`,
    soften: (colour, strength) => `color-mix(in srgb, ${colour} ${Math.round(100 * strength)}%, transparent)`,
  };
}

const made = new WeakMap<Matrix, Map<string, Image>>();

/** At most `across` pixels wide: of more numbers it shows every second, third and so on. */
export function imageOf(matrix: Matrix, kind: HeatKind, palette: Palette, across = matrix.columns): Image {
  const width = Math.max(1, Math.min(matrix.columns, Math.floor(across)));
  const key = `${palette.key} ${kind} ${width}`;
  const known = made.get(matrix) ?? new Map<string, Image>();
  made.set(matrix, known);
  const image = known.get(key) ?? painted(matrix, kind, palette, width);
  known.set(key, image);
  return image;
}

/** Strength of colour by the square root, which makes small numbers visible too. */
function painted(matrix: Matrix, kind: HeatKind, { more, less }: Palette, width: number): Image {
  const { rows, columns, values } = matrix;
  const canvas = Object.assign(document.createElement("canvas"), { width, height: Math.max(1, rows) });
  const context = canvas.getContext("2d");
  if (!context || rows * columns === 0) return canvas;
  const pixels = context.createImageData(width, rows);
  const most = kind === "share" ? 1 : usual(values);
  for (let row = 0; row < rows; row += 1)
    for (let at = 0; at < width; at += 1) {
      const value = (values[row * columns + Math.floor(((at + 0.5) * columns) / width)] ?? 0) / most;
      const [red, green, blue] = value < 0 ? less : more;
      pixels.data.set([red, green, blue, 255 * Math.sqrt(Math.min(1, Math.abs(value)))], 4 * (row * width + at));
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
