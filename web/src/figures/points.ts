// Points on a plane, each class in its shape and colour, the marked ones with their names where there is room, and a legend of the classes.
import { placeLabels } from "../components/labels.ts";
import { pickedPath, shapePath } from "../components/point-shapes.ts";
import type { Colours } from "./colours.ts";
import type { PointPlot } from "./figure.ts";
import { type Drawn, round, text, widthOf } from "./words.ts";

const SIDE = 680;
const LEFT = 24;
const [RADIUS, LINE] = [3.4, 20];

export function points(plot: PointPlot, colours: Colours): Drawn {
  const count = plot.places.length / 2;
  const place = (index: number): [number, number] => [
    round(LEFT + (plot.places[2 * index] ?? 0) * SIDE),
    round((plot.places[2 * index + 1] ?? 0) * SIDE),
  ];
  const dots = Array.from({ length: count }, (_, index) => {
    const group = plot.group(index);
    const colour = colours.point(group);
    const look = plot.isFar(index) ? `fill="none" stroke="${colour}"` : `fill="${colour}"`;
    return path(shapePath(group, RADIUS), place(index), look);
  });
  const marked = [...new Set([plot.picked, ...plot.marked])].filter((index) => index >= 0 && index < count);
  const rings = marked.map((index) =>
    index === plot.picked
      ? path(pickedPath(8), place(index), `fill="none" stroke="${colours.ink}" stroke-width="2"`)
      : path(shapePath(0, 5.5), place(index), `fill="none" stroke="${colours.ink}"`),
  );
  const axes = [
    text(plot.x, LEFT + SIDE / 2, SIDE + 20, { fill: colours.soft, anchor: "middle" }),
    text(plot.y, 12, SIDE / 2, { fill: colours.soft, anchor: "middle", turned: true }),
  ];
  const key = legend(plot, colours);
  const frame = `<rect x="${LEFT}" width="${SIDE}" height="${SIDE}" fill="none" stroke="${colours.line}"/>`;
  const below = `<g transform="translate(${LEFT} ${SIDE + 44})">${key.svg}</g>`;
  return {
    width: LEFT + SIDE,
    height: SIDE + 36 + key.height,
    svg: [frame, ...dots, ...rings, ...names(plot, marked, place, colours), ...axes, below].join(""),
  };
}

const path = (d: string, [x, y]: readonly [number, number], look: string): string =>
  `<path d="${d}" transform="translate(${x} ${y})" ${look}/>`;

/** The names that do not cover each other. */
function names(plot: PointPlot, marked: readonly number[], place: (index: number) => [number, number], colours: Colours): string[] {
  const wanted = marked.map((index) => {
    const [x, y] = place(index);
    return { index, x: x - LEFT, y, width: widthOf(plot.name(index)), height: 14 };
  });
  const rings = wanted.map(({ x, y }) => ({ left: x - 6, top: y - 6, right: x + 6, bottom: y + 6 }));
  return placeLabels(wanted, SIDE, SIDE, rings).map(({ index, left, top }) =>
    text(plot.name(index), LEFT + left, top + 11, { fill: colours.ink, weight: index === plot.picked ? 700 : 400 }),
  );
}

function legend({ groups }: PointPlot, colours: Colours): Drawn {
  let [x, y] = [0, 0];
  const parts = groups.flatMap(({ name, count }, group) => {
    if (count === 0) return [];
    const words = `${name} · ${count}`;
    const width = widthOf(words) + 36;
    if (x > 0 && x + width > SIDE) [x, y] = [0, y + LINE];
    const entry =
      path(shapePath(group, 4.5), [x + 6, y - 4], `fill="${colours.point(group)}"`) + text(words, x + 16, y, { fill: colours.soft });
    x += width;
    return [entry];
  });
  return { width: SIDE, height: y + LINE, svg: parts.join("") };
}
