// Puts names beside points so that none covers another: the first ones first, each where there is room, and not at all where there is none.

export interface Named {
  index: number;
  /** The point, in pixels. */
  x: number;
  y: number;
  /** The name's size. */
  width: number;
  height: number;
  /** From the point to its name, if its mark is large. */
  away?: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Label extends Box {
  index: number;
}

/** From a point to its name. */
const AWAY = 7;
/** Between two names. */
const GAP = 1;

/** The names that fit within a picture of this size, in the given order; what lies in `clear` stays uncovered. */
export function placeLabels(
  names: readonly Named[],
  width: number,
  height: number,
  clear: readonly Box[] = [],
  most = Number.POSITIVE_INFINITY,
): Label[] {
  const taken: Box[] = [...clear];
  const found: Label[] = [];
  for (const name of names) {
    if (found.length >= most) break;
    const box = around(name).find((each) => isWithin(each, width, height) && !taken.some((other) => meet(each, other)));
    if (!box) continue;
    taken.push(box);
    found.push({ index: name.index, ...box });
  }
  return found;
}

/** Right, left, above, below, and the corners. */
function around({ x, y, width, height, away = AWAY }: Named): Box[] {
  const [right, left, middle] = [x + away, x - away - width, x - width / 2];
  // Clear of a name that stands level with the point.
  const apart = Math.max(away, height / 2 + GAP);
  const [level, above, below] = [y - height / 2, y - apart - height, y + apart];
  const places: (readonly [number, number])[] = [
    [right, level],
    [left, level],
    [middle, above],
    [middle, below],
    [right, above],
    [right, below],
    [left, above],
    [left, below],
  ];
  return places.map(([at, top]) => ({ left: at, top, right: at + width, bottom: top + height }));
}

const isWithin = ({ left, top, right, bottom }: Box, width: number, height: number): boolean =>
  left >= 0 && top >= 0 && right <= width && bottom <= height;

export const meet = (one: Box, other: Box): boolean =>
  one.left < other.right + GAP && other.left < one.right + GAP && one.top < other.bottom + GAP && other.top < one.bottom + GAP;
