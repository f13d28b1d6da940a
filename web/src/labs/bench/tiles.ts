// The tiles tried on the adapter, as a table: their speeds, and which are in use.
import { html, nothing } from "lit";
import { fill, fine } from "../../i18n/index.ts";
import { calibration } from "./state.ts";
import { texts } from "./texts.ts";

export function tiles() {
  const found = calibration.value;
  if (!found) return nothing;
  const words = texts().calibration;
  const best = (size: "small" | "large") => Math.max(...found.trials.map((trial) => trial[size]));
  const cell = (value: number, most: number) =>
    html`<td class="number">${value > 0 ? fine(value) : words.untried}${value === most ? html` <strong>${words.used}</strong>` : nothing}</td>`;
  return html`<details class="more">
    <summary>${words.title}</summary>
    <table class="bench-table" data-testid="bench-tiles">
      <caption>
        ${fill(words.caption, { name: found.adapter })}
      </caption>
      <thead>
        <tr>
          <th scope="col">${words.tile}</th>
          <th scope="col" class="number">${words.small}</th>
          <th scope="col" class="number">${words.large}</th>
        </tr>
      </thead>
      <tbody>
        ${found.trials.map(
          ({ tile, small, large }) =>
            html`<tr>
              <th scope="row">${tile}</th>
              ${cell(small, best("small"))} ${cell(large, best("large"))}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}
