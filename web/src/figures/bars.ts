// Named bars from 0 to either side, each with its number, and an outline to compare with.
import type { Colours } from "./colours.ts";
import type { BarPlot } from "./figure.ts";
import { cut, type Drawn, round, text, widthOf } from "./words.ts";

const [WIDTH, ROW, NUMBER] = [380, 24, 72];
const LONGEST = 180;

export function bars({ bars: all, x, behind, scale }: BarPlot, colours: Colours): Drawn {
  const filled = scale ? colours.of(scale, 1) : colours.accent;
  const left = Math.min(LONGEST, Math.max(0, ...all.map(({ name }) => widthOf(name)))) + 12;
  const values = all.flatMap((bar) => [bar.value, bar.behind ?? 0, ...(bar.interval ?? [])]);
  const [least, most] = [Math.min(0, ...values), Math.max(1e-9, ...values)];
  const place = (value: number) => left + ((value - least) / (most - least)) * WIDTH;
  const span = (value: number) => `x="${round(place(Math.min(0, value)))}" width="${round(Math.abs(place(value) - place(0)))}"`;
  const rows = all.map((bar, at) => {
    const y = at * ROW;
    const outline =
      bar.behind === undefined
        ? ""
        : `<rect ${span(bar.behind)} y="${y + 4}" height="16" fill="none" stroke="${colours.soft}" stroke-opacity="0.6"/>`;
    const whisker = bar.interval ? line(place(bar.interval[0]), place(bar.interval[1]), y + 20, colours.ink) : "";
    return `${text(cut(bar.name, LONGEST), left - 10, y + 16, { fill: colours.ink, anchor: "end" })}${outline}<rect ${span(bar.value)} y="${y + 7}" height="10" fill="${filled}"/>${whisker}${text(bar.text, left + WIDTH + NUMBER, y + 16, { fill: colours.ink, anchor: "end" })}`;
  });
  const bottom = all.length * ROW;
  const zero = `<line x1="${round(place(0))}" x2="${round(place(0))}" y1="0" y2="${bottom}" stroke="${colours.line}"/>`;
  return {
    width: left + WIDTH + NUMBER,
    height: bottom + 34,
    svg: [zero, ...rows, legend({ x, behind, filled }, left, bottom + 26, colours)].join(""),
  };
}

function line(from: number, to: number, y: number, stroke: string): string {
  return `<line x1="${round(from)}" x2="${round(to)}" y1="${y}" y2="${y}" stroke="${stroke}" stroke-width="1.5"/>`;
}

function legend(
  { x, behind, filled }: { x: string; behind: string | undefined; filled: string },
  left: number,
  y: number,
  colours: Colours,
): string {
  const own = `<rect x="${round(left)}" y="${y - 9}" width="16" height="10" fill="${filled}"/>${text(x, left + 24, y, { fill: colours.soft })}`;
  if (behind === undefined) return own;
  const from = left + widthOf(x) + 52;
  return `${own}<rect x="${round(from)}" y="${y - 9}" width="16" height="10" fill="none" stroke="${colours.soft}"/>${text(behind, from + 24, y, { fill: colours.soft })}`;
}
