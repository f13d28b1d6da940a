// Accuracy by number of examples, as a line with the interval of every point; a table behind it has the numbers.
import { html, nothing, svg } from "lit";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { titled } from "../../figures/texts.ts";
import { fill, fine, percent, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { accuracyTable } from "./accuracy-table.ts";
import { scores } from "./asking.ts";
import { columnName, examplesName, taskName } from "./names.ts";
import * as state from "./state/index.ts";
import type { Share } from "./stats.ts";
import { texts } from "./texts.ts";
import { lengths } from "./tokens.ts";

interface Point {
  shots: number;
  share: Share;
}

/** Of the picture, in hundredths of its width and height. */
const [LEFT, RIGHT, TOP, BOTTOM] = [11, 98, 6, 79];

export function curve() {
  const mine = texts();
  const all = state.columns.value.map(({ shots }, index) => ({ shots, share: scores.value[index] as Share }));
  const points = all.filter(({ share }) => share.n > 0);
  return html`<figure class="prompt-curve" data-testid="curve">
    <figcaption><strong>${mine.curveTitle}</strong></figcaption>
    ${picture(
      all.map(({ shots }) => shots),
      points,
    )} ${cutAt()} ${figureMenu(mine.curveTitle, () => (points.length > 0 ? asFigure(points) : null))}
    <details class="table">
      <summary>${mine.numbers}</summary>
      ${accuracyTable(
        "curve-table",
        mine.shots,
        points.map(({ shots, share }) => [whole(shots), share]),
      )}
    </details>
  </figure>`;
}

function asFigure(points: readonly Point[]): Figure {
  const mine = texts();
  return {
    file: ["prompt", state.task.value, "examples", "step", model.value?.step ?? 0],
    title: titled(taskName(state.task.value), mine.curveTitle),
    plot: {
      kind: "lines",
      x: mine.curveAxis,
      y: mine.accuracy,
      at: points.map(({ shots }) => shots),
      curves: [
        {
          label: mine.accuracy,
          values: points.map(({ share }) => share.accuracy),
          dashed: false,
          intervals: points.map(({ share: { low, high } }) => [low, high] as const),
        },
      ],
      format: (value) => fine(value),
    },
    data: {
      columns: ["examples", "questions", "right", "accuracy", "low", "high"],
      rows: () => points.map(({ shots, share: { n, correct, accuracy, low, high } }) => [shots, n, correct, accuracy, low, high]),
    },
  };
}

function picture(shots: readonly number[], points: readonly Point[]) {
  // Each doubling gets the same distance: points are evenly spaced.
  const x = (of: number) => LEFT + 5 + ((RIGHT - LEFT - 10) * shots.indexOf(of)) / Math.max(1, shots.length - 1);
  const y = (accuracy: number) => BOTTOM - (BOTTOM - TOP) * accuracy;
  const said = points.map(({ shots, share }) => `${examplesName(shots)}: ${percent(share.accuracy)}`).join(", ");
  return html`<svg class="prompt-plot" role="img" aria-label="${texts().curveTitle}: ${said}">
    ${[0, 0.5, 1].map(
      (share) => svg`<line class="grid" x1="${LEFT}%" x2="${RIGHT}%" y1="${y(share)}%" y2="${y(share)}%"></line>
        <text class="tick" x="${LEFT - 1}%" y="${y(share)}%" dy="0.35em" text-anchor="end">${percent(share)}</text>`,
    )}
    ${shots.map((of) => svg`<text class="tick" x="${x(of)}%" y="${BOTTOM + 12}%" text-anchor="middle">${whole(of)}</text>`)}
    <text class="tick" x="${(LEFT + RIGHT) / 2}%" y="99%" text-anchor="middle">${texts().curveAxis}</text>
    ${points.slice(1).map((point, index) => {
      const before = points[index] as Point;
      return svg`<line class="line" x1="${x(before.shots)}%" y1="${y(before.share.accuracy)}%" x2="${x(point.shots)}%" y2="${y(point.share.accuracy)}%"></line>`;
    })}
    ${points.map((point) => mark(point, x(point.shots), y, point.shots === shots.at(-1)))}
  </svg>`;
}

/** There is no room right of the last point: its number stands below its interval. */
function mark({ shots, share }: Point, x: number, y: (accuracy: number) => number, isLast: boolean) {
  const { n, correct, accuracy, low, high } = share;
  return svg`<g
    data-testid="point-${shots}"
    data-n=${n}
    data-correct=${correct}
    data-accuracy=${accuracy}
    data-low=${low}
    data-high=${high}
  >
    <line class="whisker" x1="${x}%" x2="${x}%" y1="${y(low)}%" y2="${y(high)}%"></line>
    ${[low, high].map((end) => svg`<line class="whisker" x1="${x - 0.6}%" x2="${x + 0.6}%" y1="${y(end)}%" y2="${y(end)}%"></line>`)}
    <circle cx="${x}%" cy="${y(accuracy)}%" r="4.5"></circle>
    <text class="value" x="${isLast ? x + 2 : x + 1.2}%" y="${y(isLast ? low : accuracy)}%" dy="1.3em" text-anchor=${isLast ? "end" : "start"}>${percent(accuracy)}</text>
  </g>`;
}

/** Points whose longest prompt exceeds the model's context. */
function cutAt() {
  const limit = model.value?.config.contextLength ?? 0;
  const mine = texts();
  return state.columns.value.map((column, index) => {
    const n = lengths.value[index] ?? 0;
    return n > limit
      ? html`<p class="hint warn">${columnName(column, false)}: ${fill(mine.tooLong, { n: whole(n), limit: whole(limit) })}</p>`
      : nothing;
  });
}
