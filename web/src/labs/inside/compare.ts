// Two texts side by side: one token of each, and how alike their vectors are before the first block and after each.
import { html, nothing } from "lit";
import { proseField } from "../../components/fields.ts";
import "../../components/token-strip.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill } from "../../i18n/index.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { alikeFigure, depthName } from "./figures.ts";
import { cosine, throughDepth } from "./numbers.ts";
import * as state from "./state.ts";
import { quoted, stripSource } from "./strip.ts";
import { texts } from "./texts.ts";

export function compare(inside: Inside, config: ModelConfig) {
  const mine = texts();
  const other = state.other.value;
  return html`<div class="inside-compare">
    ${proseField({ name: "inside-other", label: mine.other, rows: 2, value: state.settings.value.other, change: (text) => state.set("other", text) })}
    ${
      other
        ? html`<tp-token-strip
              .source=${stripSource(other)}
              .label=${mine.other}
              .current=${state.otherToken.value}
              @pick-token=${(event: CustomEvent<number>) => state.set("otherToken", event.detail)}
            ></tp-token-strip>
            ${alike(inside, other, config)}`
        : nothing
    }
  </div>`;
}

function alike(inside: Inside, other: Inside, config: ModelConfig) {
  const mine = texts();
  const [one, two] = [throughDepth(inside, config, state.token.value), throughDepth(other, config, state.otherToken.value)];
  const names = { one: quoted(inside, state.token.value), two: quoted(other, state.otherToken.value) };
  const title = fill(mine.alike, names);
  const cosines = one.map((vector, depth) => cosine(vector, two[depth] ?? vector));
  return html`<figure data-testid="alike">
    <figcaption>${title}</figcaption>
    <table class="inside-alike">
      <tbody>
        ${cosines.map((value, depth) => {
          return html`<tr>
            <th scope="row">${depthName(depth)}</th>
            <td>
              <svg class="cosine" viewBox="-100 0 200 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" x="-100" width="200" height="8"></rect>
                <rect class="prob" x=${Math.min(0, 100 * value)} width=${Math.abs(100 * value)} height="8"></rect>
              </svg>
            </td>
            <td data-testid="cosine-${depth}">${value.toFixed(3)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    <p class="hint">${mine.alikeHint}</p>
    ${figureMenu(mine.cosine, () => alikeFigure(inside, title, cosines))}
  </figure>`;
}
