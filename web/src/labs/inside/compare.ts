// Two texts side by side: one token of each, how similar their vectors are before the first block and after each, and what each has become
// there: what the model would say next.
import { html, nothing } from "lit";
import { proseField } from "../../components/fields.ts";
import { strengthOf } from "../../components/scales.ts";
import "../../components/token-strip.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, glossed, percent } from "../../i18n/index.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { probabilityScale } from "../scales.ts";
import { cosine, throughDepth } from "../way/numbers.ts";
import { isCompleting } from "./completed.ts";
import { alikeFigure, depthName } from "./figures.ts";
import * as state from "./state.ts";
import { candidateChip, quoted, stripSource, wordOf } from "./strip.ts";
import { texts } from "./texts.ts";

/** Next tokens shown for each text at each depth. */
const SHOWN = 3;

export function compare(inside: Inside, config: ModelConfig) {
  const mine = texts();
  const other = state.other.value;
  return html`<div class="inside-compare" aria-busy=${isCompleting.value ? "true" : "false"}>
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

/** A token with its word, if it is only part of it. */
function named(inside: Inside, index: number): string {
  const word = wordOf(inside, index);
  const token = quoted(inside, index);
  return word === null ? token : fill(texts().inWord, { token, word: `“${word}”` });
}

function alike(inside: Inside, other: Inside, config: ModelConfig) {
  const mine = texts();
  const [one, two] = [throughDepth(inside, config, state.token.value), throughDepth(other, config, state.otherToken.value)];
  const title = fill(mine.alike, { one: named(inside, state.token.value), two: named(other, state.otherToken.value) });
  const cosines = one.map((vector, depth) => cosine(vector, two[depth] ?? vector));
  return html`<figure data-testid="alike">
    <figcaption>${title}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label=${mine.views.compare}>
      <table class="inside-alike">
        <thead>
          <tr>
            <td></td>
            <th scope="col" colspan="2">${mine.cosine}</th>
            <th scope="col" colspan=${SHOWN}>${mine.becameOne}</th>
            <th scope="col" colspan=${SHOWN}>${mine.becameTwo}</th>
          </tr>
        </thead>
        <tbody>
          ${cosines.map(
            (value, depth) => html`<tr>
              <th scope="row">${depthName(depth)}</th>
              <td>${bar(value)}</td>
              <td data-testid="cosine-${depth}">${value.toFixed(3)}</td>
              ${became(inside, depth)} ${became(other, depth)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${probabilityScale()}
    <p class="hint">${glossed(mine.alikeHint)}</p>
    ${figureMenu(mine.cosine, () => alikeFigure([inside, other], title, cosines))}
  </figure>`;
}

function bar(value: number) {
  return html`<svg class="cosine" viewBox="-100 0 200 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" x="-100" width="200" height="8"></rect>
    <rect class="prob" x=${Math.min(0, 100 * value)} width=${Math.abs(100 * value)} height="8"></rect>
  </svg>`;
}

/** What would come next if the model ended at this depth. */
function became(of: Inside, depth: number) {
  const next = of.lens[depth]?.slice(0, SHOWN) ?? [];
  return next.map(
    (candidate, at) =>
      html`<td class="shaded of-probability ${at === 0 ? "became first" : "became"}" .style=${`--shade-of:${strengthOf(candidate.prob).toFixed(4)}`}>
        ${candidateChip(of, candidate)} <span class="share">${percent(candidate.prob)}</span>
      </td>`,
  );
}
