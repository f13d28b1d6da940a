// One block: the picture of its steps, and the step that is open with every number; a click on a number opens the sum behind it.
import { html, nothing } from "lit";
import type { Cell } from "../../components/heat-map.ts";
import "../../components/heat-map.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, whole } from "../../i18n/index.ts";
import { theme } from "../../settings.ts";
import "../../way/way.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { attentionScale, signedScale } from "../scales.ts";
import { isOfHead, isOfPairs, type Step, stepMatrix } from "../way/numbers.ts";
import { blockPicture } from "./block-picture.ts";
import { stepFigure } from "./figures.ts";
import { labelled } from "./labelled.ts";
import { opened } from "./opened.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

export function block(inside: Inside, config: ModelConfig) {
  const mine = texts();
  const open = state.step.value;
  return html`<figure class="inside-block zooms" data-testid="steps">
      <tp-way
        .picture=${blockPicture(inside, config, state.head.value, open)}
        .token=${state.focus.value}
        .label=${fill(mine.blockPicture, { block: whole(inside.block) })}
        .theme=${theme.value}
        @hover-token=${(event: CustomEvent<number>) => state.hover(event.detail)}
        @pick-token=${(event: CustomEvent<number>) => state.set("token", event.detail)}
        @open-part=${(event: CustomEvent<string>) => openPart(event.detail)}
      ></tp-way>
      <p class="row">${attentionScale()} ${signedScale()}</p>
    </figure>
    ${open ? one(inside, config, open) : nothing}`;
}

function openPart(id: string): void {
  const head = /^head-\d+-(\d+)$/.exec(id)?.[1];
  if (head === undefined) state.openStep(id as Step);
  else if (Number(head) === state.head.value) state.zoomToHead(state.block.value, Number(head));
  else state.set("head", Number(head));
}

function one(inside: Inside, config: ModelConfig, step: Step) {
  const mine = texts();
  const matrix = stepMatrix(inside, config, step, state.head.value);
  const summed = state.summedCell.value;
  const isSummed = summed?.step === step;
  const at: Cell = { row: state.focus.value, column: isSummed && summed ? summed.column : -1 };
  const head = isOfHead(step) ? ` · ${fill(mine.headShort, { head: whole(state.head.value) })}` : "";
  const map = html`<tp-heat-map
    .style=${`--rows:${matrix.rows}`}
    .matrix=${matrix}
    .kind=${step === "weights" ? "share" : "signed"}
    .at=${at}
    .label=${mine.steps[step].name}
    .theme=${theme.value}
    @hover-cell=${(event: CustomEvent<Cell>) => state.hover(event.detail.row)}
    @pick-cell=${(event: CustomEvent<Cell>) => void state.pickStepCell(step, event.detail)}
  ></tp-heat-map>`;
  return html`<figure class="inside-step" data-step=${step}>
    <figcaption>
      <strong>${mine.steps[step].name}</strong><span class="hint">${head} · [${matrix.rows} × ${matrix.columns}]</span>
      <span class="hint">${mine.steps[step].what}</span>
    </figcaption>
    ${labelled(inside, map, { columns: isOfPairs(step) })}
    ${figureMenu(mine.steps[step].name, () => stepFigure(inside, config, step, state.head.value))}
    ${isSummed ? opened(inside) : nothing}
  </figure>`;
}
