// The logit lens: what the model would say next if it ended before the first block, or after each.
import { html } from "lit";
import { strengthOf } from "../../components/scales.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, glossed, percent } from "../../i18n/index.ts";
import type { Inside } from "../../worker/protocol.ts";
import { probabilityScale } from "../scales.ts";
import { isCompleting } from "./completed.ts";
import { depthName, lensFigure } from "./figures.ts";
import { candidateChip, quoted } from "./strip.ts";
import { texts } from "./texts.ts";

export function lens(inside: Inside) {
  const mine = texts();
  const token = quoted(inside, inside.token);
  return html`<figure class="inside-lens" aria-busy=${isCompleting.value ? "true" : "false"}>
    <figcaption>${fill(mine.lensOf, { token })}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label=${mine.views.lens}>
      <table data-testid="lens">
        <tbody>
          ${inside.lens.map(
            (expected, depth) =>
              html`<tr>
                <th scope="row">${depthName(depth)}</th>
                ${expected.map(
                  (candidate) =>
                    html`<td class="shaded of-probability" .style=${`--shade-of:${strengthOf(candidate.prob).toFixed(4)}`}>${candidateChip(inside, candidate)} <span class="share">${percent(candidate.prob)}</span></td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${probabilityScale()}
    <p class="hint">${glossed(mine.lensHint)}</p>
    ${figureMenu(mine.views.lens, () => lensFigure(inside))}
  </figure>`;
}
