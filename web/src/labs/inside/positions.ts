// Position encodings compared, including the model's own, and how much its next token depends on word order.
import { html, nothing } from "lit";
import { choiceField, numberField } from "../../components/fields.ts";
import { type Cell, largest, type Matrix } from "../../components/heat-map.ts";
import { strengthOf } from "../../components/scales.ts";
import { tokenChip } from "../../components/token-chip.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, fine, glossed, percent, whole } from "../../i18n/index.ts";
import { theme } from "../../settings.ts";
import type { Inside, ModelConfig, NextTokens } from "../../worker/protocol.ts";
import { probabilityScale, signedScale } from "../scales.ts";
import { orderFigure, placesFigure } from "./figures.ts";
import { distance, isSameTokens, orders } from "./order.ts";
import { encodingOf, KINDS, type Kind } from "./position-encoding.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

const SHOWN = 5;

export function positions(inside: Inside, config: ModelConfig) {
  return html`<div class="inside-positions">${kinds(inside, config)} ${chosen(inside, config)}</div>
    ${order(inside.step)}`;
}

function kinds(inside: Inside, config: ModelConfig) {
  const mine = texts().positions;
  return html`<figure aria-label=${mine.choose} data-testid="kinds">
    <figcaption class="hint">${mine.choose}</figcaption>
    <div class="inside-kinds">${KINDS.map((kind) => one(inside, config, kind))}</div>
  </figure>`;
}

function one(inside: Inside, config: ModelConfig, kind: Kind) {
  const mine = texts().positions;
  const { alike } = encodingOf(inside, config, kind);
  const isOwn = kind === config.position;
  const absent = kind === "learned" ? mine.learnedNone : "–";
  return html`<div>
    <button
      class="thumb"
      aria-pressed=${kind === state.kind.value}
      aria-label=${[mine.kinds[kind], ...(isOwn ? [mine.own] : []), ...(alike ? [] : [absent])].join(", ")}
      data-testid="kind-${kind}"
      @click=${() => state.set("kind", kind)}
    >
      ${
        alike
          ? html`<tp-heat-map .matrix=${alike} .kind=${"signed"} .theme=${theme.value} .still=${true}></tp-heat-map>`
          : html`<span class="hint inside-absent">${absent}</span>`
      }
    </button>
    <p class="hint">${mine.kinds[kind]}${isOwn ? html`<br /><strong data-testid="own-kind">${mine.own}</strong>` : nothing}</p>
  </div>`;
}

function chosen(inside: Inside, config: ModelConfig) {
  const mine = texts().positions;
  const kind = state.kind.value;
  const { vectors, alike, isMeasured } = encodingOf(inside, config, kind);
  const isOdd = kind === "rotary" && !alike;
  const source = isMeasured ? mine.measured : mine.computed;
  const absent = isOdd ? fill(mine.oddHead, { width: whole(config.dModel / config.nHead) }) : mine.learnedElsewhere;
  return html`<div class="inside-kind">
    <h3>${mine.kinds[kind]}</h3>
    <p>${glossed(mine.what[kind])}</p>
    <p class="hint" data-testid="places-source" data-measured=${isMeasured}>${alike ? (kind === "none" ? nothing : source) : absent}</p>
    <div class="inside-places">
      ${vectors ? matrix(inside, "vectors", vectors) : nothing} ${alike ? matrix(inside, "alike", alike) : nothing}
    </div>
  </div>`;
}

/** The title of a figure of positions: for rotary ones it shows something else. */
function placesTitle(kind: Kind, which: "vectors" | "alike"): string {
  const mine = texts().positions;
  if (which === "vectors") return kind === "rotary" ? mine.angles : mine.vectors;
  return kind === "rotary" || kind === "none" ? mine.factor : mine.alike;
}

function matrix(inside: Inside, which: "vectors" | "alike", of: Matrix) {
  const kind = state.kind.value;
  const title = placesTitle(kind, which);
  const at = state.pointed.value?.which === which ? state.pointed.value.cell : null;
  const point = (event: CustomEvent<Cell>) => (state.pointed.value = { which, cell: event.detail });
  return html`<figure data-testid="places-${which}">
    <figcaption class="hint">${title} · [${of.rows} × ${of.columns}]</figcaption>
    <tp-heat-map
      class=${which}
      .style=${`--rows:${of.rows}`}
      .matrix=${of}
      .kind=${"signed"}
      .at=${at ?? { row: -1, column: -1 }}
      .label=${title}
      .theme=${theme.value}
      @hover-cell=${point}
      @pick-cell=${point}
    ></tp-heat-map>
    ${signedScale(fine(largest(of.values)))}
    <p class="detail hint" aria-live="polite">${pointedAt(which, of, at)}</p>
    ${figureMenu(title, () => placesFigure(inside, kind, which, title, of))}
  </figure>`;
}

function pointedAt(which: "vectors" | "alike", of: Matrix, at: Cell | null): string {
  const mine = texts().positions;
  if (!at || at.row < 0 || at.row >= of.rows || at.column >= of.columns) return mine.placeHint;
  const value = fine(of.values[at.row * of.columns + at.column] ?? 0);
  if (which === "vectors") return fill(mine.vectorAt, { place: whole(at.row), column: whole(at.column), value });
  return fill(mine.between, { from: whole(at.row), to: whole(at.column), value });
}

// ---------- the same words in another order ----------

function order(step: number) {
  const mine = texts().positions;
  const { order: chosen, orderSeed } = state.settings.value;
  return html`<section class="inside-order" aria-label=${mine.order}>
    <h3>${mine.order}</h3>
    <p class="hint">${mine.orderHint}</p>
    <div class="row">
      ${choiceField({
        name: "inside-order",
        label: mine.orderKind,
        value: chosen,
        options: (["reversed", "shuffled"] as const).map((each) => [each, mine.orders[each]] as const),
        change: (value) => state.set("order", value),
      })}
      ${
        chosen === "shuffled"
          ? numberField({ name: "inside-order-seed", label: mine.seed, value: orderSeed, change: (value) => state.set("orderSeed", value) })
          : nothing
      }
    </div>
    ${outcome(step)}
  </section>`;
}

function outcome(step: number) {
  const mine = texts().positions;
  if (state.otherOrder.value === null) return html`<p class="hint" data-testid="order-few">${mine.few}</p>`;
  const both = orders.value;
  if (!both) return html`<p class="hint" role="status">${mine.reading}</p>`;
  const { value, isWhole } = distance(both.written, both.changed);
  const apart = isWhole ? percent(value) : fill(mine.atLeast, { distance: percent(value) });
  const tokens = isSameTokens(both.written, both.changed) ? mine.same : mine.notSame;
  const name = mine.orders[state.settings.value.order === "shuffled" ? "shuffled" : "reversed"];
  const title = fill(mine.changed, { distance: apart, tokens });
  return html`<figure data-testid="order" data-distance=${value} data-same=${tokens === mine.same}>
    <p class="written" data-testid="order-text">${both.text}</p>
    <div class="scroll" tabindex="0" role="group" aria-label=${mine.next}>
      <table class="inside-next">
        <thead>
          <tr>
            <td></td>
            <th scope="col" colspan=${SHOWN}>${mine.next}</th>
          </tr>
        </thead>
        <tbody>
          ${line(mine.asWritten, both.written)} ${line(name, both.changed)}
        </tbody>
      </table>
    </div>
    ${probabilityScale()}
    <p><strong data-testid="order-distance">${title}</strong></p>
    ${figureMenu(mine.order, () => orderFigure(step, both, title, [mine.asWritten, name]))}
  </figure>`;
}

function line(name: string, next: NextTokens) {
  return html`<tr>
    <th scope="row">${name}</th>
    ${next.candidates
      .slice(0, SHOWN)
      .map(
        ({ id, bytes, probs: [share = 0] }) =>
          html`<td class="shaded of-probability" .style=${`--shade-of:${strengthOf(share).toFixed(4)}`}>${tokenChip(id, bytes)} <span class="share">${percent(share)}</span></td>`,
      )}
  </tr>`;
}
