// Matrices as pictures: small ones as rectangles, large ones as an image within the SVG, one pixel per number.
import type { HeatKind, Matrix } from "../components/heat-map.ts";
import type { ScaleName } from "../components/scales.ts";
import type { Colours } from "./colours.ts";
import type { HeatPlot } from "./figure.ts";
import { cut, type Drawn, round, text, widthOf } from "./words.ts";

/** Up to this many rows and columns each number is a rectangle. */
const RECTANGLES = 32;
const WIDEST = 640;
const TALLEST = 640;
const SMALLEST = 4;
const NAME = 10;
const LONGEST_NAME = 80;
const GAP = 14;
/** Cells of at least this side have a mark below zero, so that the sign survives a print without colours. */
const MARKED = 6;

interface Layout {
  plot: HeatPlot;
  colours: Colours;
  width: number;
  height: number;
  /** Room for names and for what the rows count. */
  left: number;
  most: number;
}

export function heat(plot: HeatPlot, colours: Colours): Drawn {
  const layout = laidOut(plot, colours);
  const { width, height, left } = layout;
  const single = plot.panels.length === 1;
  const head = single ? 0 : 16;
  const foot = single ? bottom(layout) : 0;
  const across = Math.max(1, Math.min(plot.across, plot.panels.length));
  const down = Math.ceil(plot.panels.length / across);
  const parts = plot.panels.map(({ title, matrix }, at) => {
    const [x, y] = [left + (at % across) * (width + GAP), Math.floor(at / across) * (height + head + GAP)];
    const heading = single ? "" : text(cut(title, width, NAME), 0, 11, { fill: colours.soft, size: NAME });
    return `<g transform="translate(${round(x)} ${round(y)})">${heading}<g transform="translate(0 ${head})">${cells(matrix, layout)}${single ? names(matrix, layout) : ""}</g></g>`;
  });
  const body = down * (height + head + GAP) - GAP + foot;
  const full = left + across * (width + GAP) - GAP;
  const key = legend(layout);
  const axes = single
    ? [
        text(plot.rows.label, 12, height / 2, { fill: colours.soft, anchor: "middle", turned: true }),
        text(plot.columns.label, left + width / 2, body - 4, { fill: colours.soft, anchor: "middle" }),
      ]
    : [text(`${plot.rows.label} ↓   ${plot.columns.label} →`, left, body + 14, { fill: colours.soft, size: NAME })];
  const below = body + (single ? 10 : 26);
  return {
    width: Math.max(full, left + key.width),
    height: below + key.height,
    svg: `${parts.join("")}${axes.join("")}<g transform="translate(${round(left)} ${round(below)})">${key.svg}</g>`,
  };
}

function laidOut(plot: HeatPlot, colours: Colours): Layout {
  const { rows = 1, columns = 1 } = plot.panels[0]?.matrix ?? {};
  const single = plot.panels.length === 1;
  const across = Math.max(1, Math.min(plot.across, plot.panels.length));
  const wide = single ? WIDEST : Math.max(60, 900 / across - GAP);
  const isSquare = rows === columns;
  const cell = Math.max(1e-9, Math.min(24, wide / columns));
  const width = cell * columns;
  const height = isSquare ? width : Math.min(TALLEST, Math.max(rows * Math.max(SMALLEST, Math.min(16, cell)), 40));
  const shown = single && height / rows >= NAME;
  const longest = shown ? Math.min(LONGEST_NAME, Math.max(0, ...(plot.rows.names ?? []).map((name) => widthOf(name, NAME)))) : 0;
  const most = plot.heat === "share" ? 1 : plot.panels.reduce((so, { matrix }) => Math.max(so, largest(matrix.values)), Number.MIN_VALUE);
  return { plot, colours, width, height, left: single ? Math.max(longest, 18) + 28 : 0, most };
}

/** Room for the columns' names, which stand upright. */
function bottom({ plot, width }: Layout): number {
  const count = plot.panels[0]?.matrix.columns ?? 1;
  if (!plot.columns.names || width / count < NAME) return 34;
  return 26 + Math.min(LONGEST_NAME, Math.max(0, ...plot.columns.names.map((name) => widthOf(name, NAME))));
}

function names({ rows, columns }: Matrix, { plot, colours, width, height }: Layout): string {
  const style = { fill: colours.soft, size: NAME, anchor: "end" as const };
  const [down, along] = [height / rows, width / columns];
  const row = (name: string, at: number) => text(cut(name, LONGEST_NAME, NAME), -5, (at + 0.5) * down + 3.5, style);
  const column = (name: string, at: number) =>
    text(cut(name, LONGEST_NAME, NAME), (at + 0.5) * along + 3.5, height + 5, { ...style, turned: true });
  return [...(down >= NAME ? (plot.rows.names ?? []).map(row) : []), ...(along >= NAME ? (plot.columns.names ?? []).map(column) : [])].join(
    "",
  );
}

function cells(matrix: Matrix, layout: Layout): string {
  const { width, height, colours } = layout;
  const side = `width="${round(width)}" height="${round(height)}"`;
  const paper = `<rect ${side} fill="${colours.of(scaleName(layout.plot.heat), 0)}"/>`;
  const frame = `<rect ${side} fill="none" stroke="${colours.line}"/>`;
  const isSmall = matrix.rows <= RECTANGLES && matrix.columns <= RECTANGLES;
  return paper + (isSmall ? rectangles(matrix, layout) : image(matrix, layout)) + frame;
}

/** The colours of a kind, as the page's heat map chooses them. */
const scaleName = (kind: HeatKind): ScaleName => (kind === "share" ? "attention" : kind);

function rectangles({ rows, columns, values }: Matrix, { plot, width, height, most, colours }: Layout): string {
  const [w, h] = [width / columns, height / rows];
  const scale = scaleName(plot.heat);
  const marks: string[] = [];
  const parts: string[] = [];
  for (let at = 0; at < rows * columns; at += 1) {
    const value = (values[at] ?? 0) / most;
    if (value === 0) continue;
    const [x, y] = [(at % columns) * w, Math.floor(at / columns) * h];
    parts.push(`<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" fill="${colours.of(scale, value)}"/>`);
    if (value < 0 && w >= MARKED && h >= MARKED)
      marks.push(`<path d="M${round(x + 0.3 * w)} ${round(y + h / 2)}h${round(0.4 * w)}" stroke="${colours.on(scale, value)}"/>`);
  }
  return `<g shape-rendering="crispEdges">${parts.join("")}${marks.join("")}</g>`;
}

function image({ rows, columns, values }: Matrix, { plot, width, height, most, colours }: Layout): string {
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const context = canvas.getContext("2d");
  if (!context) return "";
  const pixels = context.createImageData(columns, rows);
  const scale = scaleName(plot.heat);
  for (let at = 0; at < rows * columns; at += 1) pixels.data.set([...colours.rgb(scale, (values[at] ?? 0) / most), 255], 4 * at);
  context.putImageData(pixels, 0, 0);
  return `<image width="${round(width)}" height="${round(height)}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${canvas.toDataURL()}"/>`;
}

/** The range of the colours, from least to most. */
function legend({ plot, most, colours }: Layout): Drawn {
  const ends = plot.heat === "share" ? [0, 1] : [-most, 0, most];
  const signed = (value: number) => (plot.heat === "signed" && value > 0 ? "+" : "") + String(Number(value.toPrecision(3)));
  const [steps, width] = [40, 160];
  const parts = Array.from({ length: steps }, (_, at) => {
    const value = plot.heat === "share" ? at / (steps - 1) : (2 * at) / (steps - 1) - 1;
    return `<rect x="${round((at * width) / steps)}" width="${round(width / steps)}" height="10" fill="${colours.of(scaleName(plot.heat), value)}"/>`;
  });
  const labels = ends.map((value, at) =>
    text(signed(value), (at * width) / (ends.length - 1), 23, {
      fill: colours.soft,
      size: NAME,
      anchor: at === 0 ? "start" : at === ends.length - 1 ? "end" : "middle",
    }),
  );
  return {
    width,
    height: 26,
    svg: `<g shape-rendering="crispEdges">${parts.join("")}</g><rect width="${width}" height="10" fill="none" stroke="${colours.line}"/>${labels.join("")}`,
  };
}

function largest(values: ArrayLike<number>): number {
  let most = Number.MIN_VALUE;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, Math.abs(values[at] ?? 0));
  return most;
}
