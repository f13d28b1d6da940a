// A heat map with its tokens beside its rows, and above its columns where they are tokens too: as many names as have room.
import { html, nothing, type TemplateResult } from "lit";
import type { Inside } from "../../worker/protocol.ts";
import { tokensIn } from "../way/picture.ts";
import * as state from "./state.ts";

/** With more tokens their names would be too small to read: only the current one's stands. */
const MOST = 40;

export function labelled(inside: Inside, map: TemplateResult, { columns }: { columns: boolean }): TemplateResult {
  const tokens = tokensIn(inside);
  const [row, column] = [state.focus.value, state.hovered.value.column];
  const name = (at: number, current: number) =>
    html`<span class="axis-name" ?data-current=${at === current} .style=${`--at:${at + 1}`}>${tokens[at]?.text}</span>`;
  const names = (current: number) =>
    tokens.length <= MOST ? tokens.map((_, at) => name(at, current)) : current >= 0 ? name(current, current) : nothing;
  return html`<div class="labelled" ?data-many=${tokens.length > MOST} .style=${`--rows:${tokens.length}`}>
    ${columns ? html`<div class="axis across" aria-hidden="true">${names(column)}</div>` : nothing}
    <div class="axis down" aria-hidden="true">${names(row)}</div>
    ${map}
  </div>`;
}
