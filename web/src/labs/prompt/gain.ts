// The gain from steps: right answers at once and in steps to the same questions, as bars with intervals, and the difference of each pair
// with its own.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { titled } from "../../figures/texts.ts";
import { fill, percent } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { accuracyTable } from "./accuracy-table.ts";
import { pairs, scores } from "./asking.ts";
import { columnName, interval, signed, taskName } from "./names.ts";
import * as state from "./state/index.ts";
import { gain } from "./stats.ts";
import { texts } from "./texts.ts";

/** Pairs of columns: at once, and in steps. */
const PAIRS = [
  ["worked", 0, 1],
  ["triggered", 2, 3],
] as const;

export function gains() {
  const mine = texts();
  if (!state.hasSteps.value)
    return html`<div class="empty">
      <p>${mine.noSteps}</p>
      <div class="row">${action({ name: "take-problem", label: mine.takeProblem, primary: true, act: () => state.setTask("wordProblem") })}</div>
    </div>`;
  return html`<figure class="prompt-gain" data-testid="gain">
    <figcaption><strong>${mine.gainTitle}</strong></figcaption>
    ${PAIRS.map(([name, first, second]) => pair(name, first, second))}
    <p class="hint">${mine.method}</p>
    ${figureMenu(mine.gainTitle, asFigure)}
    <details class="table">
      <summary>${mine.numbers}</summary>
      ${accuracyTable(
        "gain-table",
        mine.condition,
        answered().map(({ column, share }) => [columnName(column), share]),
      )}
    </details>
  </figure>`;
}

/** The columns with an answer at least. */
function answered() {
  return state.columns.value.flatMap((column, index) => {
    const share = scores.value[index];
    return share && share.n > 0 ? [{ column, share }] : [];
  });
}

/** Null before anything was answered. */
function asFigure(): Figure | null {
  const mine = texts();
  const all = answered();
  if (all.length === 0) return null;
  return {
    file: ["prompt", state.task.value, "steps", "step", model.value?.step ?? 0],
    title: titled(taskName(state.task.value), mine.gainTitle),
    plot: {
      kind: "bars",
      x: mine.accuracy,
      bars: all.map(({ column, share }) => ({
        name: columnName(column),
        value: share.accuracy,
        interval: [share.low, share.high] as const,
        text: percent(share.accuracy),
      })),
    },
    data: {
      columns: ["style", "examples", "questions", "right", "accuracy", "low", "high"],
      rows: () =>
        all.map(({ column, share: { n, correct, accuracy, low, high } }) => [column.style, column.shots, n, correct, accuracy, low, high]),
    },
  };
}

function pair(name: "worked" | "triggered", first: number, second: number) {
  const mine = texts();
  const of = gain(pairs(first, second));
  return html`<div class="prompt-bars">
    <h3>${fill(mine.pairs[name], { trigger: state.trigger.value })}</h3>
    ${[first, second].map(bar)}
    ${
      of.n === 0
        ? nothing
        : html`<p data-testid="gain-${name}" data-n=${of.n} data-gain=${of.gain} data-low=${of.low} data-high=${of.high}>
            <strong>${fill(mine.gain, { gain: signed(of.gain), low: signed(of.low), high: signed(of.high) })}</strong>
          </p>`
    }
  </div>`;
}

function bar(index: number) {
  const [of, column] = [scores.value[index], state.columns.value[index]];
  if (!of || !column) return nothing;
  const { n, correct, accuracy, low, high } = of;
  return html`<div
    class="prompt-bar"
    data-testid="bar-${column.style}-${column.shots}"
    data-n=${n}
    data-correct=${correct}
    data-accuracy=${accuracy}
    data-low=${low}
    data-high=${high}
  >
    <span>${texts().styles[column.style]}</span>
    ${n > 0 ? interval(of) : html`<span></span>`}
    <span class="share">${n > 0 ? percent(accuracy) : nothing}</span>
  </div>`;
}
