// An opened cell: the exact prompt that the model reads, token by token; its answer; and the question, editable.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { proseField } from "../../components/fields.ts";
import "../../components/token-strip.ts";
import { fill, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { answerTo, verdictOn } from "./asking.ts";
import { columnName, verdictText } from "./names.ts";
import type { Row } from "./prompts.ts";
import { oneLine } from "./rows/table.ts";
import { shotsEditor } from "./shots.ts";
import * as state from "./state/index.ts";
import { texts } from "./texts.ts";
import { tokens } from "./tokens.ts";

export function cellDetail(row: Row, index: number, column: number) {
  const mine = texts();
  const name = state.tableColumns.value[column];
  return html`<div class="prompt-detail" data-testid="detail" data-row=${index} data-column=${column}>
    <h3>${fill(mine.promptOf, { n: whole(index + 1), column: name ? columnName(name) : "" })}</h3>
    ${strip()} ${said(index, column)} ${change(row, index)}
    <div class="row">
      ${action({ name: "close-detail", label: mine.close, act: () => close(index, column) })}
      ${
        state.task.value === state.OWN
          ? action({ name: "remove-row", label: mine.removeRow, act: () => state.removeRow(index) })
          : state.edits.value[index]
            ? action({ name: "row-restore", label: mine.restore, act: () => state.editRow(index, null) })
            : nothing
      }
    </div>
  </div>`;
}

function close(row: number, column: number): void {
  state.open(null);
  document.querySelector<HTMLElement>(`[data-testid="cell-${row}-${column}"]`)?.focus();
}

function strip() {
  const source = tokens.value;
  if (!source) return html`<p class="hint">…</p>`;
  const mine = texts();
  const limit = model.value?.config.contextLength ?? 0;
  const fits = source.length <= limit;
  return html`<tp-token-strip .source=${source} .label=${mine.prompt}></tp-token-strip>
    <p class=${fits ? "hint" : "hint warn"} data-testid="row-tokens" data-n=${source.length} data-limit=${limit} data-fits=${fits}>
      ${fill(fits ? mine.fits : mine.cut, { n: whole(source.length), limit: whole(limit) })}
    </p>
    <details class="table">
      <summary>${mine.ids}</summary>
      <tp-token-strip .source=${source} .mode=${"ids"} .label=${mine.ids}></tp-token-strip>
    </details>`;
}

function said(row: number, column: number) {
  const cell = state.cellAt(row, column);
  const answer = answerTo(cell);
  if (!answer) return nothing;
  const mine = texts();
  const verdict = verdictOn(cell, answer);
  return html`<p class="prompt-said">
    ${mine.said}: <span class="said" data-testid="said">${answer.output.trim()}</span>
    <span class="mark-${verdict}">${{ right: "✓ ", wrong: "✗ ", unjudged: "– " }[verdict]}${verdictText(verdict, cell?.answer)}</span>
  </p>`;
}

function change(row: Row, index: number) {
  const mine = texts();
  const lines = Math.min(8, Math.max(2, row.question.split("\n").length));
  return html`<details class="more prompt-change" ?open=${state.task.value === state.OWN}>
    <summary data-testid="change-row">${mine.change}</summary>
    ${proseField({ name: "row-question", label: mine.question, rows: lines, value: row.question, change: (question) => state.editRow(index, { question }) })}
    ${proseField({ name: "row-answer", label: mine.answer, rows: 1, value: row.answer, change: (answer) => state.editRow(index, { answer }) })}
    ${oneLine(row.answer) === null ? html`<p class="hint warn" data-testid="many-lines">${mine.manyLines}</p>` : nothing}
    ${
      row.shots
        ? html`<h4>${mine.ownExamples}</h4>
            ${shotsEditor({
              name: "row-shot",
              shots: row.shots,
              withSteps: state.hasSteps.value,
              change: (shots) => state.editRow(index, { shots }),
            })}`
        : nothing
    }
  </details>`;
}
