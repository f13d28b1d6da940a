// The page's colours for a picture: written out, since a file has no stylesheet. What carries a meaning has the page's own scales.
import { coloursOf, css, pageReader, type Rgb, type Scale, type ScaleName, scaleOf, strengthOf } from "../components/scales.ts";

export interface Colours {
  paper: string;
  ink: string;
  soft: string;
  line: string;
  accent: string;
  /** Of a share, or of a part of the largest number, as three numbers. */
  rgb(scale: ScaleName, value: number): Rgb;
  /** Of a share, or of a part of the largest number. */
  of(scale: ScaleName, value: number): string;
  /** Of words on that colour. */
  on(scale: ScaleName, value: number): string;
  /** Of a class of points. */
  point(group: number): string;
}

export function pageColours(): Colours {
  const read = pageReader();
  const property = (name: string) => read(name).trim();
  const scales = new Map<ScaleName, Scale>();
  const scale = (name: ScaleName): Scale => {
    const found = scales.get(name) ?? scaleOf(name, read);
    scales.set(name, found);
    return found;
  };
  const points = coloursOf(read("--points")).map(css);
  return {
    paper: property("--paper"),
    ink: property("--ink"),
    soft: property("--ink-soft"),
    line: property("--line"),
    accent: property("--accent"),
    rgb: (name, value) => scale(name).colour(strengthOf(value)),
    of: (name, value) => css(scale(name).colour(strengthOf(value))),
    on: (name, value) => scale(name).words(strengthOf(value)),
    point: (group) => points[group % points.length] ?? "gray",
  };
}
