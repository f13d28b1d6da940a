// The way through the whole model: the lab's map. Its parts open to the views that show their numbers.
import { html } from "lit";
import { figureMenu } from "../../figures/menu.ts";
import { theme } from "../../settings.ts";
import "../../way/way.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { attentionScale, signedScale } from "../scales.ts";
import { wayFigure } from "../way/figure.ts";
import { doors, frameOf, modelPicture, wordsOf } from "../way/picture.ts";
import { texts as wayTexts } from "../way/texts.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

export function overview(inside: Inside, config: ModelConfig) {
  const [ahead, focus] = [state.ahead.value, state.focus.value];
  return html`<figure class="inside-way zooms" data-testid="way">
    <tp-way
      .picture=${pictureOf(inside, config)}
      .token=${focus}
      .words=${wordsOf(inside, config, ahead, focus)}
      .label=${wayTexts().label}
      .theme=${theme.value}
      .around=${frameOf(state.block.value)}
      @hover-token=${(event: CustomEvent<number>) => state.hover(event.detail)}
      @pick-token=${(event: CustomEvent<number>) => state.set("token", event.detail)}
      @point-part=${(event: CustomEvent<string>) => (state.pointedPart.value = event.detail)}
      @open-part=${(event: CustomEvent<string>) => open(event.detail)}
    ></tp-way>
    <p class="row">${attentionScale()} ${signedScale()}</p>
    ${figureMenu(texts().views.model, () => wayFigure(inside, config, pictureOf(inside, config), focus, frameOf(state.block.value), wordsOf(inside, config, ahead, focus)))}
  </figure>`;
}

/** With the lines of the head that is pointed at, else of all heads. */
function pictureOf(inside: Inside, config: ModelConfig) {
  const [, block, head] = /^head-(\d+)-(\d+)$/.exec(state.pointedPart.value) ?? [];
  const open = head === undefined ? { block: null, head: null } : { block: Number(block), head: Number(head) };
  return modelPicture(inside, config, state.ahead.value, open);
}

function open(id: string): void {
  const [kind, block, head] = id.split("-");
  if (head !== undefined) state.zoomToHead(Number(block), Number(head));
  else if (id === doors.embedding) state.set("view", "map");
  else if (id === doors.position) state.set("view", "positions");
  else if (id === doors.next || kind === "residual") state.set("view", "lens");
  else state.zoomToBlock(Number(block), kind === "attention" || kind === "mlp" ? kind : "");
}
