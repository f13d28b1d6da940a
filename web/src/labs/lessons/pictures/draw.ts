// Draws a card's picture: small, still, in the colours that its figures have in the labs.
import { html, nothing, svg } from "lit";
import "../../../components/heat-map.ts";
import { chipAmong, tokenChip } from "../../../components/token-chip.ts";
import { isStray, piecesOf, tokensOf } from "../../../components/token-pieces.ts";
import { tokenText, wholeText } from "../../../components/token-text.ts";
import { percent } from "../../../i18n/index.ts";
import { theme } from "../../../settings.ts";
import type { Bar, Shape, Size, Token } from "./picture.ts";

export function draw(shape: Shape) {
  switch (shape.kind) {
    case "tokens":
      return html`<div class="card-tokens">${shape.lines.map(line)}</div>`;
    case "bars":
      return html`<div class="card-bars">${barRows(shape.bars)}</div>`;
    case "map":
      return map(shape);
    case "matrix":
      return html`<tp-heat-map
        class=${shape.matrix.rows === shape.matrix.columns ? "square" : "wide"}
        .matrix=${shape.matrix}
        .kind=${shape.heat}
        .theme=${theme.value}
        .still=${true}
      ></tp-heat-map>`;
    case "depths":
      return html`<div class="card-depths">${shape.cosines.map(depth)}</div>`;
    case "shares":
      return html`<div class="card-bars">${shape.rows.map(({ name, share }) => html`<span>${name}</span>${bar(share, null, true)}<span class="share">${percent(share)}</span>`)}</div>`;
    case "curve":
      return html`<div class="card-curve">${shape.sizes.length > 0 ? squares(shape.sizes) : nothing}${curve(shape.points, shape.ends)}</div>`;
    default:
      return nothing;
  }
}

function line(tokens: readonly Token[]) {
  const among = tokensOf(tokens.map(({ bytes }) => bytes));
  return html`<p>${tokens.map(({ id }, at) => html`<wbr>${chipAmong(id, among, at)}`)}</p>`;
}

/** The widest is as wide as there is room. */
function barRows(bars: readonly Bar[]) {
  const most = Math.max(1e-9, ...bars.map(({ share, before }) => Math.max(share, before ?? 0)));
  return bars.map((each) => barRow(each, most));
}

/** The token in its colour, and the rest of its word. */
function barRow(candidate: Bar, most: number) {
  const { id, bytes, rest, share, before } = candidate;
  const tokens = tokensOf([bytes, ...rest]);
  return html`<span class="card-word">${chipAmong(id, tokens, 0)}<span class="rest">${restOf(candidate)}</span></span
    >${bar(share / most, before === null ? null : before / most)}<span class="share">${share === 0 ? "–" : percent(share)}</span>`;
}

/** The characters after those that a candidate's chip shows. */
function restOf({ bytes, rest }: Bar): string {
  const all = tokensOf([bytes, ...rest]);
  const shown = piecesOf(all, 0).some(isStray) ? bytes.length : end([bytes, ...rest]);
  const left = [bytes, ...rest].flatMap((each) => Array.from(each)).slice(shown);
  for (let length = left.length; length > 0; length -= 1) {
    const text = wholeText(left.slice(0, length));
    if (text !== null) return tokenText(left.slice(0, length)).text;
  }
  return "";
}

/** The byte at which the last character of the first token ends. */
function end(parts: readonly ArrayLike<number>[]): number {
  const all = parts.flatMap((each) => Array.from(each));
  let at = parts[0]?.length ?? 0;
  while (at < all.length && ((all[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}

/** With a track where the whole width is a share of 1. */
function bar(share: number, before: number | null, tracked = false) {
  const width = (value: number) => `${100 * value}%`;
  return html`<svg class="card-bar" aria-hidden="true">
    ${tracked ? svg`<rect class="track" width="100%" height="100%"></rect>` : nothing}
    ${svg`<rect class="prob" width=${width(share)} height="100%"></rect>`}
    ${before === null ? nothing : svg`<rect class="before" x="0" y="0" width=${width(before)} height="100%"></rect>`}
  </svg>`;
}

/** Room around the outermost points. */
const MARGIN = 0.03;

function map({ points, marked, tokens }: Extract<Shape, { kind: "map" }>) {
  const place = placesOf(points);
  // One path: a line of no length is a dot.
  const dots = (indexes: Iterable<number>) => Array.from(indexes, (at) => `M${place(at)}h0`).join("");
  const known = marked.filter((at) => at >= 0);
  return html`<div class="card-map">
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<path class="dots" d=${dots(Array(points.length >> 1).keys())}></path><path class="near" d=${dots(known.slice(1))}></path
        ><path class="picked" d=${dots(known.slice(0, 1))}></path>`}
    </svg>
    <p>${tokens.map(({ id, bytes }) => html`${tokenChip(id, bytes)} `)}</p>
  </div>`;
}

/** Where a point is, in hundredths of the picture. */
function placesOf(points: Float32Array): (index: number) => string {
  const along = (axis: number) => {
    const values = Array.from({ length: points.length >> 1 }, (_, at) => points[2 * at + axis] ?? 0);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return (value: number) => 100 * (MARGIN + (1 - 2 * MARGIN) * ((value - least) / Math.max(1e-9, most - least)));
  };
  const [x, y] = [along(0), along(1)];
  return (at) => `${x(points[2 * at] ?? 0).toFixed(1)} ${(100 - y(points[2 * at + 1] ?? 0)).toFixed(1)}`;
}

function depth(cosine: number, at: number) {
  return html`<span class="card-depth"
    ><span class="share">${cosine.toFixed(2)}</span><span class="column" .style=${`--of:${Math.max(0, cosine)}`}></span><span>${at}</span></span
  >`;
}

function curve(points: readonly (readonly [number, number])[], [first, last]: readonly [string, string]) {
  if (points.length === 0) return nothing;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top] = [Math.min(...xs), Math.max(...xs), Math.max(...ys)];
  const at = ([x, y]: readonly [number, number]) =>
    `${(100 * ((x - left) / Math.max(1e-9, right - left))).toFixed(2)} ${(100 * (1 - y / Math.max(1e-9, top))).toFixed(2)}`;
  return html`<div class="card-line">
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><path d=${`M${points.map(at).join("L")}`}></path></svg>
    <span>${first} → ${last}</span>
  </div>`;
}

/** As large as the models. */
function squares(sizes: readonly Size[]) {
  const most = Math.max(...sizes.map(({ parameters }) => parameters));
  return html`<div class="card-sizes">
    ${sizes.map(({ parameters, isCurrent }) => html`<span class=${isCurrent ? "current" : nothing} .style=${`--of:${Math.sqrt(parameters / most)}`}></span>`)}
  </div>`;
}
