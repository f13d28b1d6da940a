// A line plot on logarithmic axes as SVG: measurements over a size, one line for each device. In a page, colours and text follow the
// reader's theme; elsewhere they are legible on white.

const WIDTH = 480;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 16;
const TOP = 36;
const BOTTOM = 48;
const COLOURS = ["#0f7b6c", "#b4540a"];
const DASHES = ["none", "6 3"];

/** `lines` are [{ name, points: [[x, y], ..] }]; all numbers are above 0. */
export function plot({ title, x, y, lines }) {
  const all = lines.flatMap(({ points }) => points);
  const across = scale(
    all.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  );
  const up = scale(
    all.map(([, value]) => value),
    HEIGHT - BOTTOM,
    TOP,
  );
  const text = (at, content, extra = "") => `<text x="${at[0]}" y="${at[1]}" ${extra}>${xml(content)}</text>`;
  const grid = [
    ...across.ticks.map((value) => {
      const at = across.at(value);
      return `<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" class="grid"/>${text([at, HEIGHT - BOTTOM + 16], short(value), 'text-anchor="middle"')}`;
    }),
    ...up.ticks.map((value) => {
      const at = up.at(value);
      return `<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" class="grid"/>${text([LEFT - 6, at + 4], short(value), 'text-anchor="end"')}`;
    }),
  ];
  const drawn = lines.map(({ name, points }, index) => {
    const at = points.map(([a, b]) => [across.at(a), up.at(b)]);
    const dots = at.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3"/>`).join("");
    const label = text([at.at(-1)[0] - 4, at.at(-1)[1] - 8], name, 'text-anchor="end" stroke="none"');
    const colour = COLOURS[index % COLOURS.length];
    return `<g fill="${colour}" stroke="${colour}"><path d="M${at.map((point) => point.join(" ")).join("L")}" fill="none" stroke-width="2" stroke-dasharray="${DASHES[index % DASHES.length]}"/>${dots}${label}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${xml(title)}</title>
<style>.grid{stroke:#ddd;stroke-width:1}</style>
<rect width="100%" height="100%" fill="#fff"/>
${text([LEFT, 20], title, 'font-weight="600"')}
${grid.join("\n")}
${drawn.join("\n")}
${text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10], x, 'text-anchor="middle"')}
${text([14, (TOP + HEIGHT - BOTTOM) / 2], y, `text-anchor="middle" transform="rotate(-90 14 ${(TOP + HEIGHT - BOTTOM) / 2})"`)}
</svg>
`;
}

/** A logarithmic scale from `from` to `to`, with ticks at 1, 2 and 5 times powers of ten, or only at the powers. */
function scale(values, from, to) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (high < 1.5 * low) [low, high] = [low / 1.5, high * 1.5];
  const span = Math.log(high / low);
  const at = (value) => Number((from + ((to - from) * Math.log(value / low)) / span).toFixed(1));
  const powers = Array.from({ length: 24 }, (_, index) => 10 ** (index - 6));
  const within = (value) => value >= low * 0.999 && value <= high * 1.001;
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter(within);
  return { at, ticks: fine.length > 8 ? powers.filter(within) : fine };
}

function short(value) {
  const units = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ];
  const [size, unit] = units.find(([size]) => value >= size) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}

const xml = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
