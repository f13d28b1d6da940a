// The figure of the Train lab: curves over steps, the current numbers, and the table behind them.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { choiceField } from "../../components/fields.ts";
import type { Curve } from "../../components/loss-chart.ts";
import "../../components/loss-chart.ts";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { type Columns, History } from "../../history.ts";
import { duration, fill, fine, size, t, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";
import { model } from "../../session.ts";
import { read, theme, write } from "../../settings.ts";
import { beside } from "./compared.ts";
import { changesPart, rateChanges } from "./rate.ts";
import type { Configs } from "./request.ts";
import { texts } from "./texts.ts";

type Metric = "loss" | "perplexity" | "bitsPerByte" | "gradNorm" | "learningRate";
const METRICS: readonly Metric[] = ["loss", "perplexity", "bitsPerByte", "gradNorm", "learningRate"];

/** Rows in the table: the newest, and a readable number of older ones. */
const TABLE_ROWS = 60;

const open = signal(false);

function metricName(metric: Metric): string {
  const { stat, trainLoss, valLoss } = texts();
  if (metric === "loss") return `${trainLoss}, ${valLoss}`;
  return { perplexity: stat.perplexity, bitsPerByte: stat.bits, gradNorm: stat.gradNorm, learningRate: stat.rate }[metric];
}

function curvesOf(metric: Metric, columns: Columns): Curve[] {
  const mine = texts();
  if (metric === "loss") {
    return [
      { label: mine.trainLoss, values: columns.trainLoss, dashed: false },
      { label: mine.valLoss, values: columns.valLoss, dashed: true },
    ];
  }
  const dashed = metric === "perplexity" || metric === "bitsPerByte";
  return [{ label: metricName(metric), values: columns[metric], dashed }];
}

/** The figure for the shown model, by its name; `rate` moves its curve. */
export function figure(name: string, rate: unknown) {
  const version = run.version.value;
  const columns = run.columns.value;
  const metric = METRICS.find((each) => each === read("curve")) ?? "loss";
  if (columns.steps.length === 0) return noCurve(name, run.status.value === "idle" ? texts().noPast : texts().nothing, rate);
  const drawn =
    metric === "loss" ? beside(columns, curvesOf(metric, columns)) : { steps: columns.steps, curves: curvesOf(metric, columns) };
  const changes = rateChanges(columns);
  const label = fill(texts().chartLabel, { name, metric: metricName(metric), n: whole(columns.steps.at(-1) ?? 0) });
  return html`<figure class="curves" aria-label=${label} data-testid="curves">
    ${stats(columns, run.totalSteps.value)}
    ${choiceField({
      name: "curve",
      label: texts().metric,
      value: metric,
      options: METRICS.map((each) => [each, metricName(each)] as const),
      change: (value) => write("curve", value === "loss" ? undefined : value),
    })}
    <tp-loss-chart
      .steps=${drawn.steps}
      .curves=${drawn.curves}
      .marks=${changes.map(({ step }) => step)}
      .version=${version}
      .stepLabel=${t().train.step}
      .theme=${theme.value}
      .format=${fine}
    ></tp-loss-chart>
    ${rate} ${changesPart(changes)} ${figureMenu(metricName(metric), () => asFigure(metric, columns, drawn))} ${table(columns)}
  </figure>`;
}

/** A figure without a curve, with the reason. */
function noCurve(name: string, words: string, rate: unknown) {
  return html`<figure class="curves" aria-label=${name} data-testid="curves">
    ${stats(new History().columns(), run.totalSteps.value)}
    <p class="empty">${words}</p>
    ${rate}
  </figure>`;
}

/** For a run that has not begun: what to expect in place of curves. */
export function figureToCome(name: string, { train }: Configs, vocabulary: number) {
  const mine = texts();
  const { steps, evalInterval, validationFraction } = train;
  const guess = { loss: fine(Math.log(vocabulary)), tokens: whole(vocabulary), steps: whole(steps) };
  const evaluates = evalInterval > 0 && validationFraction > 0;
  return html`<figure class="curves" aria-label=${fill(mine.toComeLabel, { name })} data-testid="curves">
    ${stats(new History().columns(), steps)}
    <div class="empty to-come" data-testid="to-come">
      <p>${fill(mine.toCome, guess)}</p>
      ${evaluates ? html`<p>${fill(mine.evaluationsToCome, { n: whole(evalInterval) })}</p>` : nothing}
    </div>
  </figure>`;
}

/** The curves as a figure, with every column of the run. */
function asFigure(metric: Metric, columns: Columns, drawn: { steps: number[]; curves: Curve[] }): Figure {
  const { steps, ...metrics } = columns;
  return {
    file: ["train", metric, "step", steps.at(-1) ?? 0],
    title: metricName(metric),
    plot: { kind: "lines", x: t().train.step, y: metricName(metric), at: drawn.steps, curves: drawn.curves, format: fine },
    data: {
      columns: ["step", ...Object.keys(metrics)],
      rows: () => steps.map((step, at) => [step, ...Object.values(metrics).map((column) => column[at] ?? null)]),
    },
  };
}

const last = (column: (number | null)[]) => column.findLast((value) => value !== null) ?? null;

/** The step of the newest evaluation, if the run has moved on since. */
function evaluatedAt({ steps, valLoss }: Columns): string {
  const step = steps[valLoss.findLastIndex((value) => value !== null)];
  return step === undefined ? "–" : fill(texts().atStep, { n: whole(step) });
}

/** Seconds until the last step at the current speed. */
export function secondsLeft(): number | null {
  const request = model.value?.request;
  const speed = run.tokensPerSecond.value;
  if (!request || speed <= 0) return null;
  const { batchSize, gradAccumulation } = request.train;
  const tokens = batchSize * gradAccumulation * (model.value?.config.contextLength ?? 0);
  const left = run.totalSteps.value - (model.value?.step ?? 0);
  return (Math.max(0, left) * tokens) / speed;
}

function memoryText(): string {
  const use = run.memory.value;
  if (!use) return "–";
  return size(use.heapBytes + (use.poolReservedBytes ?? 0));
}

function stats(columns: Columns, total: number) {
  const mine = texts();
  const number = (value: number | null) => (value === null ? "–" : fine(value));
  const isEmpty = columns.steps.length === 0;
  const left = isEmpty ? null : secondsLeft();
  const step = columns.steps.at(-1) ?? 0;
  const item = (name: string, label: string, value: string, note: unknown = nothing) =>
    html`<div><dt>${label}</dt><dd data-testid="stat-${name}">${value}</dd>${note}</div>`;
  const at = html`<dd class="at" data-testid="evaluated-at">${evaluatedAt(columns)}</dd>`;
  return html`<dl class="counts stats">
    ${item("step", t().train.step, total > 0 ? `${isEmpty ? "–" : whole(step)} / ${whole(total)}` : "–")}
    ${item("train-loss", mine.trainLoss, number(last(columns.trainLoss)))}
    ${item("val-loss", mine.valLoss, number(last(columns.valLoss)), at)}
    ${item("perplexity", mine.stat.perplexity, number(last(columns.perplexity)), at)}
    ${item("bits", mine.stat.bits, number(last(columns.bitsPerByte)), at)}
    ${item("grad-norm", mine.stat.gradNorm, number(last(columns.gradNorm)))}
    ${item("rate", mine.stat.rate, number(last(columns.learningRate)))}
    ${item("speed", mine.stat.speed, !isEmpty && run.tokensPerSecond.value > 0 ? whole(run.tokensPerSecond.value) : "–")}
    ${item("eta", mine.stat.eta, left === null ? "–" : duration(left))}
    ${item("memory", mine.stat.memory, isEmpty ? "–" : memoryText())}
  </dl>`;
}

function table(columns: Columns) {
  const mine = texts();
  const toggle = (event: Event) => {
    open.value = (event.target as HTMLDetailsElement).open;
  };
  return html`<details class="table" ?open=${open.value} @toggle=${toggle}>
    <summary>${t().table}</summary>
    ${
      open.value
        ? html`<div class="scroll" tabindex="0" role="group" aria-label=${t().table}>
            <table>
              <thead>
                <tr>
                  <th scope="col">${t().train.step}</th>
                  <th scope="col">${mine.trainLoss}</th>
                  <th scope="col">${mine.valLoss}</th>
                  <th scope="col">${mine.stat.perplexity}</th>
                  <th scope="col">${mine.stat.bits}</th>
                  <th scope="col">${mine.stat.gradNorm}</th>
                  <th scope="col">${mine.stat.rate}</th>
                </tr>
              </thead>
              <tbody>
                ${rows(columns)}
              </tbody>
            </table>
          </div>`
        : nothing
    }
  </details>`;
}

function rows(columns: Columns) {
  const { steps, trainLoss, valLoss, perplexity, bitsPerByte, gradNorm, learningRate } = columns;
  const every = Math.ceil(steps.length / TABLE_ROWS);
  const cell = (value: number | null | undefined) => html`<td>${value === null || value === undefined ? "–" : fine(value)}</td>`;
  const newest = steps.length - 1;
  return steps
    .map((step, at) => ({ step, at }))
    .filter(({ at }) => (newest - at) % every === 0 || valLoss[at] !== null)
    .slice(-2 * TABLE_ROWS)
    .reverse()
    .map(
      ({ step, at }) =>
        html`<tr>
          <th scope="row">${whole(step)}</th>
          ${[trainLoss, valLoss, perplexity, bitsPerByte, gradNorm, learningRate].map((column) => cell(column[at]))}
        </tr>`,
    );
}
