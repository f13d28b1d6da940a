// The questions as rows and the ways of asking as columns: each cell has the model's answer and whether it is right, each column how often
// it was.
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { keyed } from "lit/directives/keyed.js";
import { action } from "../../components/action.ts";
import { fill, percent, t, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { lang, shown } from "../../settings.ts";
import { answerTo, scores, verdictOn } from "./asking.ts";
import { cellDetail } from "./cell.ts";
import { columnEditor } from "./column-editor.ts";
import { columnName, interval, verdictText } from "./names.ts";
import { MAX_COLUMNS, type Row } from "./prompts.ts";
import * as state from "./state/index.ts";
import { texts } from "./texts.ts";
import { lengths } from "./tokens.ts";

/** Rows shown at first, and added with every click. */
const PAGE = 50;
const SIGNS = { pending: "·", right: "✓", wrong: "✗", unjudged: "–" };

export function table() {
  const mine = texts();
  const rows = state.prompts.value?.rows ?? [];
  const shownRows = rows.slice(0, PAGE * state.pages.value);
  return html`<div class="prompt-scroll" tabindex="0" role="group" aria-label=${t().table}>
      <table class="prompt-table" .style=${`--ways:${state.tableColumns.value.length}`} data-testid="prompt-table" data-rows=${rows.length}>
        ${head()}
        <tbody>
          ${shownRows.map((row, index) => [guard(seen(row, index), () => line(row, index)), state.opened.value?.row === index ? detail(row, index) : nothing])}
        </tbody>
      </table>
    </div>
    ${rows.length === 0 && state.task.value === state.OWN ? html`<p class="hint">${mine.noRows}</p>` : nothing}
    <div class="row">
      ${
        shownRows.length < rows.length
          ? action({
              name: "more-rows",
              label: fill(mine.showMore, { n: whole(Math.min(PAGE, rows.length - shownRows.length)) }),
              act: () => (state.pages.value += 1),
            })
          : nothing
      }
      ${state.task.value === state.OWN ? action({ name: "add-row", label: mine.addRow, act: addRow }) : nothing}
    </div>`;
}

function addRow(): void {
  state.addRow();
  state.pages.value = Math.ceil((state.prompts.value?.rows.length ?? 0) / PAGE);
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-testid="row-question"]')?.focus());
}

const span = () => 4 + state.tableColumns.value.length;

function head() {
  const mine = texts();
  const edited = state.editedColumn.value;
  return html`<thead>
    <tr>
      <th scope="col" class="number">#</th>
      <th scope="col" class="asked-head">${mine.question}</th>
      <th scope="col" class="answer-head">${mine.answer}</th>
      ${state.tableColumns.value.map((column, index) => {
        const name = columnName(column);
        return html`<th scope="col" class="way">
          <button
            class="quiet"
            aria-expanded=${edited === index}
            aria-label=${fill(mine.changeColumn, { n: whole(index + 1), name })}
            data-testid="column-${index}"
            @click=${() => (state.editedColumn.value = edited === index ? -1 : index)}
          >
            <span>${name}</span> <span aria-hidden="true">▾</span>
          </button>
          ${tooLong(index)}
        </th>`;
      })}
      <th class="plus">${shown("columns") ? plus() : nothing}</th>
    </tr>
    ${scoreRow()} ${edited >= 0 && edited < state.tableColumns.value.length ? html`<tr class="detail"><td colspan=${span()}>${keyed(edited, columnEditor(edited))}</td></tr>` : nothing}
  </thead>`;
}

function plus() {
  const mine = texts();
  const able = state.tableColumns.value.length < MAX_COLUMNS;
  return html`<button
    class="icon"
    aria-label=${mine.addColumn}
    title=${mine.addColumn}
    aria-disabled=${able ? nothing : "true"}
    data-testid="add-column"
    @click=${able ? state.addColumn : null}
  >
    +
  </button>`;
}

/** About the column's longest prompt. */
function tooLong(column: number) {
  const [n = 0, limit = 0] = [lengths.value[column], model.value?.config.contextLength];
  if (n <= limit) return nothing;
  return html`<small class="warn" data-testid="too-long-${column}">${fill(texts().tooLong, { n: whole(n), limit: whole(limit) })}</small>`;
}

/** Everything a line shows: if nothing changed, the line is not rendered again. */
function seen(row: Row, index: number): unknown[] {
  const { value: columns } = state.tableColumns;
  const opened = state.opened.value?.row === index ? state.opened.value.column : -1;
  const answers = columns.map((_, column) => answerTo(state.cellAt(index, column)));
  return [row, columns, lang.value, opened, state.task.value, state.edits.value[index], ...answers];
}

function line(row: Row, index: number) {
  const mine = texts();
  const isOpen = state.opened.value?.row === index;
  const isEdited = state.edits.value[index] !== undefined && state.task.value !== state.OWN;
  return html`<tr class=${isOpen ? "open" : nothing} data-testid="row-${index}">
    <th scope="row" class="number">
      <button
        class="icon quiet"
        aria-expanded=${isOpen}
        aria-label=${fill(mine.openRow, { n: whole(index + 1) })}
        data-testid="open-${index}"
        @click=${() => state.open(isOpen ? null : { row: index, column: 0 })}
      >
        ${index + 1}
      </button>
    </th>
    <td class="asked">${row.question} ${isEdited ? html`<em>${mine.edited}</em>` : nothing}</td>
    <td class="asked answer" data-label=${mine.answer}>${row.answer}</td>
    ${state.tableColumns.value.map((column, at) => cell(index, at, columnName(column)))}
    <td class="plus"></td>
  </tr>`;
}

function cell(row: number, column: number, name: string) {
  const mine = texts();
  const of = state.cellAt(row, column);
  const answer = answerTo(of);
  const verdict = answer === null ? "pending" : verdictOn(of, answer);
  const isOpen = state.opened.value?.row === row && state.opened.value.column === column;
  return html`<td class="way ${verdict}" data-label=${name}>
    <button
      class="answer-cell quiet"
      aria-expanded=${isOpen}
      data-testid="cell-${row}-${column}"
      data-verdict=${verdict}
      data-output=${answer?.output.trim() ?? nothing}
      @click=${() => state.open(isOpen ? null : { row, column })}
    >
      <span class="visually-hidden">${fill(mine.open, { n: whole(row + 1), column: name, verdict: verdictText(verdict, of?.answer) })}</span>
      <span class="sign" aria-hidden="true">${SIGNS[verdict]}</span>
      <span class="said">${answer?.output.trim()}</span>
    </button>
  </td>`;
}

function detail(row: Row, index: number) {
  return html`<tr class="detail">
    <td colspan=${span()}>${keyed(index, cellDetail(row, index, state.opened.value?.column ?? 0))}</td>
  </tr>`;
}

/** On top: what the rows below add up to. */
function scoreRow() {
  return html`<tr class="scores">
    <th scope="row" colspan="3">${texts().accuracy}</th>
    ${state.tableColumns.value.map((column, index) => score(index, columnName(column), column.style, column.shots))}
    <td class="plus"></td>
  </tr>`;
}

function score(index: number, name: string, style: string, shots: number) {
  const mine = texts();
  const of = scores.value[index];
  if (!of) return html`<td class="way" data-label=${name}></td>`;
  const { n, correct, accuracy, low, high } = of;
  return html`<td
    class="way score"
    data-label=${name}
    data-testid="score-${index}"
    data-style=${style}
    data-shots=${shots}
    data-n=${n}
    data-correct=${correct}
    data-accuracy=${accuracy}
    data-low=${low}
    data-high=${high}
  >
    ${
      n === 0
        ? nothing
        : html`<strong>${percent(accuracy)}</strong> <span class="hint">${fill(mine.score, { correct: whole(correct), n: whole(n) })}</span>
            ${interval(of)}
            <span class="hint">${fill(mine.interval, { low: percent(low), high: percent(high) })}</span>`
    }
  </td>`;
}
