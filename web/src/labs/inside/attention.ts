// Attention: every head of every block as a small picture, one of them large, and the text shaded by what a token reads.
import { html } from "lit";
import { switchField } from "../../components/fields.ts";
import type { Cell } from "../../components/heat-map.ts";
import "../../components/heat-map.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, fine, percent, whole } from "../../i18n/index.ts";
import { theme } from "../../settings.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { attentionScale } from "../scales.ts";
import { headWeights, stepMatrix, unmaskedWeights } from "../way/numbers.ts";
import { gridFigure, headFigure } from "./figures.ts";
import { labelled } from "./labelled.ts";
import * as state from "./state.ts";
import { quoted } from "./strip.ts";
import { texts } from "./texts.ts";

/** What the tokens read from each other in the chosen head: a row for each token that reads. */
export function chosenWeights(inside: Inside, config: ModelConfig) {
  const head = state.head.value;
  // While another block loads, the current one stays.
  return state.settings.value.mask ? headWeights(inside, inside.block, head) : unmaskedWeights(inside, config, head);
}

export function attention(inside: Inside, config: ModelConfig) {
  return html`<div class="inside-attention zooms">${grid(inside, config)} ${large(inside, config)}</div>`;
}

function grid(inside: Inside, config: ModelConfig) {
  const mine = texts();
  const heads = Array.from({ length: config.nHead }, (_, head) => head);
  const at: Cell = { row: state.focus.value, column: -1 };
  const thumb = (block: number, head: number) => html`<button
    class="thumb"
    aria-pressed=${block === state.block.value && head === state.head.value}
    aria-label=${fill(mine.headName, { block: whole(block), head: whole(head) })}
    data-testid="head-${block}-${head}"
    @click=${() => choose(block, head)}
  >
    <tp-heat-map .matrix=${headWeights(inside, block, head)} .kind=${"share"} .at=${at} .theme=${theme.value} .still=${true}></tp-heat-map>
  </button>`;
  return html`<figure class="inside-grid" aria-label=${mine.grid} data-testid="grid">
    <figcaption class="hint">${mine.grid}</figcaption>
    ${Array.from(
      { length: config.nLayer },
      (_, block) => html`<div class="thumbs"><span class="hint">${whole(block)}</span>${heads.map((head) => thumb(block, head))}</div>`,
    )}
    ${attentionScale()} ${figureMenu(mine.grid, () => gridFigure(inside, config))}
  </figure>`;
}

function choose(block: number, head: number): void {
  state.set("block", block);
  state.set("head", head);
}

function large(inside: Inside, config: ModelConfig) {
  const mine = texts();
  const hovered = state.hovered.value;
  const summed = state.summedCell.value;
  const column = hovered.column < 0 && summed?.step === "weights" ? summed.column : hovered.column;
  const at: Cell = { row: state.focus.value, column };
  const weights = html`<tp-heat-map
    .matrix=${chosenWeights(inside, config)}
    .kind=${"share"}
    .at=${at}
    .label=${mine.matrix}
    .theme=${theme.value}
    @hover-cell=${(event: CustomEvent<Cell>) => (state.hovered.value = event.detail)}
    @pick-cell=${(event: CustomEvent<Cell>) => pick(event.detail)}
  ></tp-heat-map>`;
  return html`<figure class="inside-matrix">
    <figcaption>
      <strong>${fill(mine.headName, { block: whole(inside.block), head: whole(state.head.value) })}</strong>
      <span class="hint">${mine.matrixHint}</span>
    </figcaption>
    ${labelled(inside, weights, { columns: true })}
    <p class="detail" aria-live="polite" data-testid="inside-detail">${detail(inside, config, at)}</p>
    ${switchField({ name: "inside-mask", label: mine.mask, value: state.settings.value.mask, change: (on) => state.set("mask", on) })}
    ${figureMenu(mine.matrix, () => headFigure(inside, state.head.value, chosenWeights(inside, config)))}
  </figure>`;
}

function pick(cell: Cell): void {
  state.set("token", cell.row);
  state.hovered.value = cell;
  void state.pickStepCell("weights", cell);
}

/** In words: what one token reads from another, or what it reads most. */
function detail(inside: Inside, config: ModelConfig, { row, column }: Cell): string {
  const mine = texts();
  const weights = chosenWeights(inside, config);
  const name = (index: number) => quoted(inside, index);
  const share = (index: number) => weights.values[row * weights.columns + index] ?? 0;
  if (column >= 0) {
    const scores = stepMatrix(inside, config, "scores", state.head.value);
    const values = {
      from: name(row),
      to: name(column),
      score: fine(scores.values[row * scores.columns + column] ?? 0),
      share: percent(share(column)),
    };
    return fill(state.settings.value.mask && column > row ? mine.masked : mine.reads, values);
  }
  const most = Array.from({ length: weights.columns }, (_, index) => index).reduce(
    (best, index) => (share(index) > share(best) ? index : best),
    0,
  );
  return fill(mine.readsMost, { from: name(row), to: name(most), share: percent(share(most)) });
}
