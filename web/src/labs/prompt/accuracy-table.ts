// The numbers behind a figure of this lab: accuracy, questions and interval, a row for each way of asking.
import { html } from "lit";
import { percent, t, whole } from "../../i18n/index.ts";
import type { Share } from "./stats.ts";
import { texts } from "./texts.ts";

/** `ways` heads the first column. */
export function accuracyTable(name: string, ways: string, rows: readonly (readonly [way: string, share: Share])[]) {
  const mine = texts();
  return html`<div class="prompt-scroll" tabindex="0" role="group" aria-label=${t().table}>
    <table data-testid=${name}>
      <thead>
        <tr>
          <th scope="col">${ways}</th>
          <th scope="col">${mine.accuracy}</th>
          <th scope="col">${mine.rows}</th>
          <th scope="col">${mine.within}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([way, { accuracy, n, low, high }]) =>
            html`<tr>
              <th scope="row">${way}</th>
              <td>${percent(accuracy)}</td>
              <td>${whole(n)}</td>
              <td>${percent(low)} – ${percent(high)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
