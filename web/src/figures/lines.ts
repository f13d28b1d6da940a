// Curves over steps, from their numbers: round values on the axes, dashes as on the page, a legend.
import type { Colours } from "./colours.ts";
import type { Curve, LinePlot } from "./figure.ts";
import { type Drawn, round, text, widthOf } from "./words.ts";

const [WIDTH, HEIGHT, LEFT] = [720, 340, 64];
const TICKS = 6;

type Scale = (value: number) => number;

export function lines(plot: LinePlot, colours: Colours): Drawn {
  const values = plot.curves.flatMap((curve) => [
    ...curve.values.filter((value): value is number => value !== null && Number.isFinite(value)),
    ...(curve.intervals ?? []).flat(),
  ]);
  const [xs, ys] = [ticks(plot.at), ticks(values)];
  const scale = (of: number[], from: number, to: number): Scale => {
    const [least, most] = [of[0] ?? 0, of.at(-1) ?? 1];
    return (value) => from + ((value - least) / (most - least || 1)) * (to - from);
  };
  const [x, y] = [scale([plot.at[0] ?? 0, plot.at.at(-1) ?? 1], LEFT, WIDTH), scale(ys, HEIGHT, 0)];
  const isIn = (tick: number) => tick >= (plot.at[0] ?? 0) && tick <= (plot.at.at(-1) ?? 1);
  const rules = [
    ...ys.map(
      (tick) =>
        rule(LEFT, y(tick), WIDTH, y(tick), colours) +
        text(plot.format(tick), LEFT - 8, y(tick) + 4, { fill: colours.soft, size: 11, anchor: "end" }),
    ),
    ...xs
      .filter(isIn)
      .map(
        (tick) =>
          rule(x(tick), 0, x(tick), HEIGHT, colours) +
          text(plot.format(tick), x(tick), HEIGHT + 18, { fill: colours.soft, size: 11, anchor: "middle" }),
      ),
  ];
  const strokes = [colours.accent, colours.ink, "#b45309", "#a855f7", "#3b82f6", "#e11d48"];
  const curves = plot.curves.map((curve, at) => drawn(plot.at, curve, x, y, strokes[at % strokes.length] ?? colours.ink));
  const axes = [
    text(plot.x, (LEFT + WIDTH) / 2, HEIGHT + 38, { fill: colours.soft, anchor: "middle" }),
    text(plot.y, 12, HEIGHT / 2, { fill: colours.soft, anchor: "middle", turned: true }),
  ];
  return { width: WIDTH + 16, height: HEIGHT + 68, svg: [...rules, ...curves, ...axes, legend(plot, strokes, colours)].join("") };
}

function drawn(at: readonly number[], { values, dashed, intervals = [] }: Curve, x: Scale, y: Scale, stroke: string): string {
  const found = at.flatMap((step, index) => {
    const value = values[index];
    return value === null || value === undefined || !Number.isFinite(value) ? [] : [[round(x(step)), round(y(value))] as const];
  });
  const dots =
    dashed || found.length === 1 || intervals.length > 0
      ? found.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${stroke}"/>`)
      : [];
  const whiskers = intervals.map(([low, high], index) => {
    const place = round(x(at[index] ?? 0));
    return `<line x1="${place}" x2="${place}" y1="${round(y(low))}" y2="${round(y(high))}" stroke="${stroke}" stroke-width="1.5"/>`;
  });
  const dash = dashed ? ' stroke-dasharray="6 5"' : "";
  return `<polyline points="${found.map((point) => point.join()).join(" ")}" fill="none" stroke="${stroke}" stroke-width="2" stroke-linejoin="round"${dash}/>${dots.join("")}${whiskers.join("")}`;
}

function legend({ curves }: LinePlot, strokes: string[], colours: Colours): string {
  let left = LEFT;
  return curves
    .map(({ label, dashed }, at) => {
      const from = left;
      left += widthOf(label) + 56;
      const line = `<line x1="${round(from)}" x2="${round(from + 24)}" y1="${HEIGHT + 58}" y2="${HEIGHT + 58}" stroke="${strokes[at % strokes.length]}" stroke-width="2"${dashed ? ' stroke-dasharray="6 5"' : ""}/>`;
      return line + text(label, from + 32, HEIGHT + 62, { fill: colours.ink });
    })
    .join("");
}

function rule(x1: number, y1: number, x2: number, y2: number, { line }: Colours): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${line}"/>`;
}

/** Round numbers from below the least to above the most. */
function ticks(values: readonly number[]): number[] {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  if (!Number.isFinite(least)) return [0, 1];
  const spread = most - least || Math.abs(most) || 1;
  const power = 10 ** Math.floor(Math.log10(spread / TICKS));
  const step = power * ([1, 2, 5, 10].find((each) => each * power * TICKS >= spread) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
