// The rows as a table on the page and as Markdown: the columns of `npm run bench`, then what `tadpole bench` adds.
import { html } from "lit";
import type { Figure } from "../../figures/figure.ts";
import { errorText, fill, fine, percent, t, whole } from "../../i18n/index.ts";
import { failed, type Line, type Peak } from "./state.ts";
import { texts } from "./texts.ts";

const TEXTS = ["case", "shape", "device", "system", "unit"] as const;
const NUMBERS = ["median", "min", "max", "tokensPerSecond", "gigaflops", "share"] as const;

export function table(lines: readonly Line[]) {
  const names = texts().columns;
  return html`<div class="bench-scroll" tabindex="0" role="group" aria-label=${t().table}>
    <table class="bench-table" data-testid="bench-table">
      <caption>
        ${texts().caption}
      </caption>
      <thead>
        <tr>
          ${TEXTS.map((key) => html`<th scope="col">${names[key]}</th>`)}
          ${NUMBERS.map((key) => html`<th scope="col" class="number">${names[key]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lines.map(bodyRow)}
      </tbody>
    </table>
  </div>`;
}

/** The table as a picture; its numbers have files of their own. */
export function asFigure(lines: readonly Line[]): Figure {
  const names = texts().columns;
  const words = (line: Line) => [...wordsOf(line), ...(failed(line) ? [reason(line.error)] : numbersOf(line))];
  return {
    file: ["bench", "table"],
    title: texts().caption,
    plot: {
      kind: "table",
      header: [...TEXTS, ...NUMBERS].map((key) => names[key]),
      rows: lines.map((line) => words(line).map((text) => ({ text }))),
    },
    data: null,
  };
}

function bodyRow(line: Line) {
  const [name, shape, ...rest] = wordsOf(line);
  const figures = failed(line)
    ? html`<td class="failed" colspan=${NUMBERS.length + 1}><span>${reason(line.error)}</span></td>`
    : numbersOf(line).map((number) => html`<td class="number">${number}</td>`);
  return html`<tr data-testid="bench-${line.case}-${line.shape}">
    <th scope="row">${name}</th>
    <th scope="row">${shape}</th>
    ${rest.map((word) => html`<td>${word}</td>`)} ${figures}
  </tr>`;
}

/** A failed row has no unit: its reason takes that column too. */
function wordsOf(line: Line): string[] {
  const { caseOf, units } = texts();
  const words = [caseOf[line.case], line.shape, t().bar[line.device], "Tadpole"];
  if (failed(line)) return words;
  return [...words, line.unit === "ms/step" ? units["ms/step"] : units["ms/token"]];
}

function numbersOf(line: Exclude<Line, { error: unknown }>): string[] {
  const { median, min, max, tokensPerSecond, gigaflops, share } = line;
  return [
    fine(median),
    fine(min),
    fine(max),
    tokensPerSecond < 100 ? fine(tokensPerSecond) : whole(tokensPerSecond),
    fine(gigaflops),
    percent(share),
  ];
}

function reason(error: Parameters<typeof errorText>[0]): string {
  const { message, remedy } = errorText(error);
  // The general remedy is a smaller setting, which a shape does not have.
  return `${message} ${error.code === "doesNotFit" ? texts().leaveOut : remedy}`;
}

export function peakText({ adapter, gigaflops }: Peak): string {
  return fill(texts().peak, { name: adapter, n: fine(gigaflops) });
}

/** The table for a forum or an issue. */
export function markdown(peaks: readonly Peak[], lines: readonly Line[]): string {
  const names = texts().columns;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const empty = Array.from(NUMBERS, () => "");
  return [
    ...peaks.map((peak) => `${peakText(peak)}\n`),
    row([...TEXTS, ...NUMBERS].map((key) => names[key])),
    row([...TEXTS.map(() => "---"), ...NUMBERS.map(() => "---:")]),
    ...lines.map((line) => row([...wordsOf(line), ...(failed(line) ? [reason(line.error), ...empty] : numbersOf(line))])),
    "",
  ].join("\n");
}
