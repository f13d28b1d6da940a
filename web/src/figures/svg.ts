// A figure as an SVG that stands alone: title, plot, axes, legend, colours written out, the reader's own sans-serif letters.
import { bars } from "./bars.ts";
import { type Colours, pageColours } from "./colours.ts";
import type { Figure, Plot } from "./figure.ts";
import { heat } from "./heat.ts";
import { lines } from "./lines.ts";
import { points } from "./points.ts";
import { table } from "./table.ts";

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', sans-serif";
const MARGIN = 24;
const TITLE = 18;
const TITLE_LINE = 24;

/** A part of a picture, from its own corner. */
export interface Drawn {
  width: number;
  height: number;
  svg: string;
}

export interface Picture extends Drawn {}

export function picture({ title, plot }: Figure): Picture {
  const colours = pageColours();
  const drawn = draw(plot, colours);
  const inner = Math.max(drawn.width, 320);
  const words = wrapped(title, inner, TITLE);
  const top = MARGIN + words.length * TITLE_LINE + 8;
  const [width, height] = [Math.ceil(inner + 2 * MARGIN), Math.ceil(top + drawn.height + MARGIN)];
  const heading = words.map((line, at) =>
    text(line, MARGIN, MARGIN + 14 + at * TITLE_LINE, { fill: colours.ink, size: TITLE, weight: 600 }),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" role="img">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" fill="${colours.paper}"/>
${heading.join("")}
<g transform="translate(${MARGIN} ${top})">${drawn.svg}</g>
</svg>
`;
  return { width, height, svg };
}

function draw(plot: Plot, colours: Colours): Drawn {
  switch (plot.kind) {
    case "heat":
      return heat(plot, colours);
    case "lines":
      return lines(plot, colours);
    case "points":
      return points(plot, colours);
    case "bars":
      return bars(plot, colours);
    case "table":
      return table(plot, colours);
  }
}

// ---------- words ----------

interface Style {
  fill: string;
  size?: number;
  weight?: number;
  anchor?: "start" | "middle" | "end";
  turned?: boolean;
}

export function text(
  words: string,
  x: number,
  y: number,
  { fill, size = 12, weight = 400, anchor = "start", turned = false }: Style,
): string {
  const turn = turned ? ` transform="rotate(-90 ${round(x)} ${round(y)})"` : "";
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}"${turn} xml:space="preserve">${escaped(words)}</text>`;
}

/** Characters that XML cannot hold are left out. */
export function escaped(words: string): string {
  const sign: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
  return words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (found) => sign[found] ?? "");
}

export const round = (value: number): number => Math.round(value * 100) / 100;

let ruler: CanvasRenderingContext2D | null = null;

/** How wide words stand. */
export function widthOf(words: string, size = 12): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return words.length * size;
  ruler.font = `${size}px ${FONT}`;
  return ruler.measureText(words).width;
}

export function cut(words: string, width: number, size = 12): string {
  if (widthOf(words, size) <= width) return words;
  const letters = [...words];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`, size) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** Lines that fit; Chinese breaks anywhere. */
function wrapped(words: string, width: number, size: number): string[] {
  const found: string[] = [];
  let line = "";
  for (const part of words.split(/(?<=[\s\u3000-\u9fff\uff00-\uffef])/)) {
    if (line !== "" && widthOf((line + part).trimEnd(), size) > width) {
      found.push(line.trimEnd());
      line = "";
    }
    line += part;
  }
  return [...found, line.trimEnd()];
}
