// A figure as a standalone SVG: title, plot, axes, legend, colours written out, the reader's own sans-serif font.
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

export function picture({ title, plot }: Figure): Drawn {
  const colours = pageColours();
  const drawn = draw(plot, colours);
  const inner = Math.max(drawn.width, 480);
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

function drawn({ width, height, draw }: DrawnPlot): Drawn {
  const pen = new SvgPen();
  draw(pen);
  return { width, height, svg: pen.svg };
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
