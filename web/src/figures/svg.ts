// A figure as a standalone SVG: title, plot, axes, legend, caption, colours written out; text is text, in a named sans-serif font with fallbacks.
// Its title and description are its own, and it needs no stylesheet.
import { bars } from "./bars.ts";
import { type Colours, pageColours } from "./colours.ts";
import type { DrawnPlot, Figure, Plot } from "./figure.ts";
import { heat } from "./heat.ts";
import { lines } from "./lines.ts";
import { points } from "./points.ts";
import { SvgPen } from "./svg-pen.ts";
import { table } from "./table.ts";
import { type Drawn, escaped, FONT, text, wrapped } from "./words.ts";

const MARGIN = 24;
const TITLE = 18;
const TITLE_LINE = 24;

const CAPTION = 11;
const CAPTION_LINE = 16;

/** The caption's lines stand below the plot. */
export function picture({ title, plot }: Figure, caption: readonly string[] = []): Drawn {
  const colours = pageColours();
  const drawn = draw(plot, colours);
  const inner = Math.max(drawn.width, 480);
  const words = wrapped(title, inner, TITLE);
  const top = MARGIN + words.length * TITLE_LINE + 8;
  const below = caption.flatMap((line) => wrapped(line, inner, CAPTION));
  const foot = top + drawn.height + (below.length > 0 ? MARGIN : 0);
  const [width, height] = [Math.ceil(inner + 2 * MARGIN), Math.ceil(foot + below.length * CAPTION_LINE + MARGIN)];
  const heading = words.map((line, at) =>
    text(line, MARGIN, MARGIN + 14 + at * TITLE_LINE, { fill: colours.ink, size: TITLE, weight: 600 }),
  );
  const about = below.map((line, at) => text(line, MARGIN, foot + CAPTION + at * CAPTION_LINE, { fill: colours.soft, size: CAPTION }));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" role="img">
<title>${escaped(title)}</title>
<desc>${escaped([describe(plot), ...caption].join("\n"))}</desc>
<rect width="${width}" height="${height}" fill="${colours.paper}"/>
${heading.join("")}
<g transform="translate(${MARGIN} ${top})">${drawn.svg}</g>
${about.join("")}
</svg>
`;
  return { width, height, svg };
}

function drawn({ width, height, draw }: DrawnPlot): Drawn {
  const pen = new SvgPen();
  draw(pen);
  return { width, height, svg: pen.svg };
}

/** What kind of plot it is, and what its axes count. */
function describe(plot: Plot): string {
  switch (plot.kind) {
    case "heat":
      return `${plot.rows.label} × ${plot.columns.label}`;
    case "lines":
    case "points":
      return `${plot.x} × ${plot.y}`;
    case "bars":
      return plot.x;
    case "table":
      return plot.header.join(", ");
    case "drawn":
      return plot.says;
  }
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
    case "drawn":
      return drawn(plot);
  }
}
