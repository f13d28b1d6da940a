// The logit lens: what the model would say next if it ended before the first block, or after each.
import { html } from "lit";
import { tokenChip } from "../../components/token-chip.ts";
import { tokenText } from "../../components/token-text.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, percent } from "../../i18n/index.ts";
import type { Inside } from "../../worker/protocol.ts";
import { depthName, lensFigure } from "./figures.ts";
import { texts } from "./texts.ts";

export function lens(inside: Inside) {
  const mine = texts();
  const token = `“${tokenText(inside.bytes[inside.token] ?? []).text}”`;
  return html`<figure class="inside-lens">
    <figcaption>${fill(mine.lensOf, { token })}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label=${mine.views.lens}>
      <table data-testid="lens">
        <tbody>
          ${inside.lens.map(
            (expected, depth) =>
              html`<tr>
                <th scope="row">${depthName(depth)}</th>
                ${expected.map(
                  ({ id, bytes, prob }) =>
                    html`<td .style=${`--share:${prob.toFixed(4)}`}>${tokenChip(id, bytes)} <span class="share">${percent(prob)}</span></td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="hint">${mine.lensHint}</p>
    ${figureMenu(mine.views.lens, () => lensFigure(inside))}
  </figure>`;
}
