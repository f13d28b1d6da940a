// A table as a picture: cells shaded by their share, where they have one.
import type { Colours } from "./colours.ts";
import type { TablePlot } from "./figure.ts";
import { cut, type Drawn, round, text, widthOf } from "./words.ts";

const ROW = 28;
const WIDEST = 320;

export function table({ header, rows }: TablePlot, colours: Colours): Drawn {
  const count = Math.max(header.length, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: count },
    (_, at) => Math.min(WIDEST, Math.max(widthOf(header[at] ?? ""), ...rows.map((row) => widthOf(row[at]?.text ?? "")))) + 24,
  );
  const lefts = widths.map((_, at) => widths.slice(0, at).reduce((sum, width) => sum + width, 0));
  const width = widths.reduce((sum, each) => sum + each, 0);
  const place = (at: number) => lefts[at] ?? 0;
  const heading = header.map((words, at) => text(words, place(at) + 8, 18, { fill: colours.soft }));
  const top = header.length > 0 ? ROW : 0;
  const body = rows.map((row, down) => {
    const y = top + down * ROW;
    const cells = row.map(({ text: words, share }, at) => {
      const shaded =
        share === undefined
          ? ""
          : `<rect x="${round(place(at))}" y="${y}" width="${round(widths[at] ?? 0)}" height="${ROW}" fill="${colours.of("probability", share)}"/>`;
      return (
        shaded +
        text(cut(words, WIDEST), place(at) + 8, y + 19, { fill: share === undefined ? colours.ink : colours.on("probability", share) })
      );
    });
    return `<line x1="0" x2="${round(width)}" y1="${y}" y2="${y}" stroke="${colours.line}"/>${cells.join("")}`;
  });
  return { width, height: top + rows.length * ROW + 4, svg: [...heading, ...body].join("") };
}
