// The colours that carry a meaning, for canvases and files. The ends of each scale are read from style/scales.css; between them a colour moves
// in a straight line through OKLab, as color-mix() moves it where CSS shades. https://bottosson.github.io/posts/oklab/

/** One meaning, one scale, in every lab. `signed` has an end on either side of none. */
export type ScaleName = "attention" | "probability" | "surprise" | "signed";
export type Rgb = readonly [red: number, green: number, blue: number];
/** Finds a custom property's value. */
export type Reader = (property: string) => string;

export interface Scale {
  /** The colour of a strength from -1 to 1. */
  colour(strength: number): Rgb;
  /** The colour of words on it. */
  words(strength: number): string;
}

/** Colours of a scale between none and an end. */
const STEPS = 255;

/** How strong the colour of a share is, or of a number as a part of the largest: a square root makes small ones visible too. */
export const strengthOf = (value: number): number => Math.sign(value) * Math.sqrt(Math.min(1, Math.abs(value)));

const known = new Map<string, Scale>();

/** The scale as the properties say; the same object for the same colours. */
export function scaleOf(name: ScaleName, read: Reader): Scale {
  const properties = [...(name === "signed" ? ["--more", "--less"] : [`--${name}`, "--none"]), "--none", "--near", "--far", "--turn"];
  const values = properties.map((property) => read(property).trim());
  const key = values.join();
  const scale = known.get(key) ?? made(values);
  known.set(key, scale);
  return scale;
}

function made([more = "", less = "", none = "", near = "", far = "", turn = ""]: readonly string[]): Scale {
  const ramp = (end: string) =>
    Array.from({ length: STEPS + 1 }, (_, at) => toRgb(between(oklab(rgbOf(none)), oklab(rgbOf(end)), at / STEPS)));
  const [up, down] = [ramp(more), ramp(less)];
  return {
    colour: (strength) => (strength < 0 ? down : up)[Math.round(Math.min(1, Math.abs(strength)) * STEPS)] ?? [0, 0, 0],
    words: (strength) => (Math.abs(strength) > Number(turn) ? far : near),
  };
}

/** The colours of a list, such as those of the classes of tokens. */
export const coloursOf = (list: string): Rgb[] =>
  list
    .trim()
    .split(/[\s,]+/)
    .map(rgbOf);

export const css = (colour: Rgb): string => `rgb(${colour.join()})`;

/** The page's own properties. */
export function pageReader(): Reader {
  const style = getComputedStyle(document.documentElement);
  return (property) => style.getPropertyValue(property);
}

export type Lab = readonly [light: number, a: number, b: number];

/** The three numbers of `#rgb` or `#rrggbb`. */
function rgbOf(text: string): Rgb {
  const digits = text.replace("#", "");
  const size = digits.length / 3;
  const part = (at: number) => Number.parseInt(digits.slice(at * size, (at + 1) * size).padEnd(2, digits[at * size]), 16);
  return [part(0), part(1), part(2)];
}

export function oklab([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [decoded(red), decoded(green), decoded(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}

const between = (from: Lab, to: Lab, share: number): Lab => {
  const part = (at: 0 | 1 | 2) => from[at] + share * (to[at] - from[at]);
  return [part(0), part(1), part(2)];
};

function toRgb([light, a, b]: Lab): Rgb {
  const long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    encoded(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    encoded(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

/** Linear light of a part from 0 to 255. */
function decoded(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** A part of linear light as sRGB has it, from 0 to 255. */
function encoded(linear: number): number {
  const within = Math.max(0, Math.min(1, linear));
  return Math.round(255 * (within <= 0.0031308 ? 12.92 * within : 1.055 * within ** (1 / 2.4) - 0.055));
}
