// What of a picture is shown where it is too wide: spare parts are left out, then the frames far from the chosen one are folded.
import { leastWidth, NARROW } from "./geometry.ts";
import type { FoldedPart, Part, Picture } from "./part.ts";

/** The parts that fit into a width, around a frame (its name; null for the last). */
export function fitting(picture: Picture, width: number, around: string | null): readonly Part[] {
  const isNarrow = width < NARROW;
  const fits = (parts: readonly Part[]) => leastWidth(parts, isNarrow) <= width;
  if (fits(picture.parts) && !isNarrow) return picture.parts;
  const slim = picture.parts.filter((part) => part.kind !== "matrix" || part.isSpare !== true);
  if (fits(slim)) return slim;
  const frames = [...new Set(slim.map(({ frame }) => frame).filter((frame) => frame !== null))];
  const center = around === null ? frames.length - 1 : Math.max(0, frames.indexOf(around));
  for (let shown = frames.length - 1; shown > 1; shown -= 1) {
    const from = Math.min(frames.length - shown, Math.max(0, center - Math.floor(shown / 2)));
    const parts = folded(picture, slim, frames, from, from + shown - 1);
    if (fits(parts)) return parts;
  }
  return folded(picture, slim, frames, center, center);
}

/** The frames before and after some of them as one part each. */
function folded(picture: Picture, parts: readonly Part[], frames: readonly string[], from: number, to: number): Part[] {
  const shown = new Set(frames.slice(from, to + 1));
  const fold = (first: number, last: number, unfolds: number): Part[] => {
    const matrix = parts.findLast((part) => part.frame === frames[last] && part.kind === "matrix");
    if (first > last || matrix?.kind !== "matrix") return [];
    const part: FoldedPart = {
      ...picture.folded(first, last),
      kind: "folded",
      id: `folded-${first}`,
      frame: null,
      opens: true,
      matrix: matrix.matrix,
      unfolds: frames[unfolds] ?? "",
    };
    return [part];
  };
  const begin = parts.findIndex(({ frame }) => frame !== null);
  const end = parts.findLastIndex(({ frame }) => frame !== null);
  return [
    ...parts.slice(0, begin),
    ...fold(0, from - 1, from - 1),
    ...parts.slice(begin, end + 1).filter(({ frame }) => frame === null || shown.has(frame)),
    ...fold(to + 1, frames.length - 1, to + 1),
    ...parts.slice(end + 1),
  ];
}
