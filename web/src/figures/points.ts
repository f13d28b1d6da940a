// Points on a plane, coloured as tokens are, the marked ones with their names.
import type { Colours } from "./colours.ts";
import type { PointPlot } from "./figure.ts";
import { type Drawn, round, text } from "./words.ts";

const SIDE = 680;
const LEFT = 24;

export function points(plot: PointPlot, colours: Colours): Drawn {
  const count = plot.places.length / 2;
  const place = (index: number) => [LEFT + (plot.places[2 * index] ?? 0) * SIDE, (plot.places[2 * index + 1] ?? 0) * SIDE].map(round);
  const dots = Array.from({ length: count }, (_, index) => {
    const [x, y] = place(index);
    const colour = colours.hue(plot.hue(index));
    const look = plot.isFar(index) ? `fill="none" stroke="${colour}"` : `fill="${colour}"`;
    return `<circle cx="${x}" cy="${y}" r="3.2" ${look}/>`;
  });
  const names = plot.marked
    .filter((index) => index >= 0 && index < count)
    .map((index) => {
      const [x = 0, y = 0] = place(index);
      const isRight = x > LEFT + SIDE - 90;
      const style = { fill: colours.ink, anchor: isRight ? ("end" as const) : ("start" as const) };
      return `<circle cx="${x}" cy="${y}" r="4.5" fill="none" stroke="${colours.ink}"/>${text(plot.name(index), x + (isRight ? -7 : 7), y + 4, style)}`;
    });
  const axes = [
    text(plot.x, LEFT + SIDE / 2, SIDE + 20, { fill: colours.soft, anchor: "middle" }),
    text(plot.y, 12, SIDE / 2, { fill: colours.soft, anchor: "middle", turned: true }),
  ];
  const frame = `<rect x="${LEFT}" width="${SIDE}" height="${SIDE}" fill="none" stroke="${colours.line}"/>`;
  return { width: LEFT + SIDE, height: SIDE + 28, svg: [frame, ...dots, ...names, ...axes].join("") };
}
