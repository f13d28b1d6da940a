// The picture on the first page: the way through the live model of each token of the text that it has just written.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { hashWith, theme } from "../../settings.ts";
import "../../way/way.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { wayFigure } from "../way/figure.ts";
import { doors, modelPicture, wordsOf } from "../way/picture.ts";
import { texts as wayTexts } from "../way/texts.ts";
import { texts } from "./texts.ts";
import * as walk from "./walk.ts";

const ALL = { block: null, head: null };

export function hero() {
  const [inside, info] = [walk.pass.value, model.value];
  if (!inside || !info || inside.step !== info.step) return html`<div class="hero-way"></div>`;
  const [at, ahead] = [walk.at.value, walk.ahead.value];
  const picture = pictureOf(inside, info.config);
  return html`<div class="hero-way">
    <tp-way
      .picture=${picture}
      .token=${at}
      .words=${wordsOf(inside, info.config, ahead, at)}
      .label=${wayTexts().label}
      .theme=${theme.value}
      .travels=${walk.isPlaying.value}
      @pick-token=${(event: CustomEvent<number>) => walk.pick(event.detail)}
      @open-part=${(event: CustomEvent<string>) => open(event.detail)}
    ></tp-way>
  </div>`;
}

const pictureOf = (inside: Inside, config: ModelConfig) => ({
  ...modelPicture(inside, config, walk.ahead.value, ALL),
  rows: walk.at.value + 1,
});

/** Into the lab that shows the part, with the same text. */
function open(id: string): void {
  location.hash = addressOf(id).slice(1);
}

function addressOf(id: string): string {
  const [kind = "", block, head] = id.split("-");
  const inside = (settings: Record<string, string>) =>
    hashWith({ lab: "inside", "inside.text": walk.whole.value, "inside.token": String(walk.at.value), ...settings });
  if (id === doors.next) return hashWith({ lab: "sample", prompt: walk.shown.value });
  if (id === doors.embedding) return inside({ "inside.view": "map" });
  if (id === doors.position) return inside({ "inside.view": "positions" });
  if (kind === "residual") return inside({ "inside.view": "lens" });
  if (head !== undefined) return inside({ "inside.view": "attention", "inside.block": block ?? "0", "inside.head": head });
  return inside({ "inside.view": "block", "inside.block": block ?? "0" });
}

export function controls() {
  const mine = texts();
  const [inside, config] = [walk.pass.value, model.value?.config];
  if (!inside || !config) return nothing;
  const place = fill(mine.walkAt, { at: whole(walk.at.value + 1), n: whole(inside.ids.length) });
  return html`${action({ name: "walk-play", label: walk.isPlaying.value ? mine.walkPause : mine.walkPlay, act: walk.play })}
    ${action({ name: "walk-back", label: mine.walkBack, able: walk.at.value > 0, act: walk.back })}
    ${action({ name: "walk-step", label: mine.walkStep, able: !walk.isLast.value, act: walk.step })}
    <span class="hint" data-testid="walk-at">${place}</span>
    ${figureMenu(wayTexts().name, () => wayFigure(inside, config, pictureOf(inside, config), walk.at.value, null, wordsOf(inside, config, walk.ahead.value, walk.at.value)))}`;
}
