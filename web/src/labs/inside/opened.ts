// The sum behind a number: its terms, what is done to their sum, and the number that the model itself computed.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { chipAmong } from "../../components/token-chip.ts";
import { fill, fine, t, whole } from "../../i18n/index.ts";
import type { Inside } from "../../worker/protocol.ts";
import { isOfPairs } from "../way/numbers.ts";
import * as state from "./state.ts";
import { quoted, stripSource } from "./strip.ts";
import { type Factor, type Sum, type Term, total } from "./sum.ts";
import { texts } from "./texts.ts";

/** The clicked number, and where it comes from. */
export function opened(inside: Inside) {
  const mine = texts();
  const [cell, sum] = [state.summedCell.value, state.sum.value];
  if (!cell) return nothing;
  const token = (index: number) => quoted(inside, index);
  const names = { name: mine.steps[cell.step].name, token: token(cell.row), column: whole(cell.column), of: token(cell.column) };
  return html`<div class="inside-sum" data-testid="sum" data-found=${sum?.found ?? nothing} data-computed=${sum?.computed ?? nothing}>
    <p>
      <strong>${fill(isOfPairs(cell.step) ? mine.pairSum : mine.sum, names)}</strong>
      ${sum ? html`<span data-testid="sum-value">${sum.computed.toFixed(4)}</span>` : nothing}
    </p>
    ${sum ? arithmetic(inside, sum) : nothing} ${sum === null ? html`<p class="hint">${mine.noSum}</p>` : nothing}
    ${action({ name: "sum-close", label: mine.close, act: state.closeSum })}
  </div>`;
}

function arithmetic(inside: Inside, sum: Sum) {
  const mine = texts();
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t().table}>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">${factor(sum.a)}</th>
            ${sum.b === null ? nothing : html`<th scope="col">${factor(sum.b)}</th><th scope="col">${mine.product}</th>`}
          </tr>
        </thead>
        <tbody>
          ${sum.terms.map((term) => line(inside, sum, term))}
        </tbody>
      </table>
    </div>
    <dl class="inside-after">
      ${sum.terms.length > 1 ? html`<dt>${fill(mine.total, { n: whole(sum.terms.length) })}</dt><dd>${total(sum.terms).toFixed(4)}</dd>` : nothing}
      ${sum.after.map(({ name, by, value }) => html`<dt>${fill(mine.operations[name], { by: by.toFixed(4) })}</dt><dd>${value.toFixed(4)}</dd>`)}
      <dt>${mine.computed}</dt>
      <dd>${sum.computed.toFixed(4)}</dd>
    </dl>`;
}

function factor(of: Factor) {
  if (typeof of === "object") return html`<code>${of.parameter}</code>`;
  return of === "exp" || of === "turn" ? texts()[of] : texts().steps[of].name;
}

function line(inside: Inside, sum: Sum, { index, a, b }: Term) {
  const label = sum.byToken ? chipAmong(inside.ids[index] ?? 0, stripSource(inside), index) : whole(index);
  return html`<tr>
    <th scope="row">${label}</th>
    <td>${fine(a)}</td>
    ${b === null ? nothing : html`<td>${fine(b)}</td><td>${fine(a * b)}</td>`}
  </tr>`;
}
