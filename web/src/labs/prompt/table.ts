// The questions as rows: what is asked, what is right, what the model said. A row opens to its whole prompt, which can be
// changed, and to the tokens that the model reads.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { proseField, textField } from "../../components/fields.ts";
import "../../components/token-strip.ts";
import { fill, t, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

export function table() {
  const mine = texts();
  return html`<div class="prompt-scroll" tabindex="0" role="group" aria-label=${t().table}>
    <table class="prompt-table" data-testid="prompt-table">
      <thead>
        <tr>
          <th scope="col" class="number">#</th>
          <th scope="col">${mine.question}</th>
          <th scope="col">${mine.answer}</th>
          <th scope="col">${mine.output}</th>
          <th scope="col"><span class="visually-hidden">${mine.verdict}</span></th>
        </tr>
      </thead>
      <tbody>
        ${state.rows.value.map((row, index) => [line(row, index), state.opened.value === index ? detail(row, index) : nothing])}
      </tbody>
    </table>
  </div>`;
}

function line(row: state.Row, index: number) {
  const mine = texts();
  const isOpen = state.opened.value === index;
  const verdict = row.answered === null ? "pending" : row.answered.correct ? "right" : "wrong";
  return html`<tr class=${verdict} data-testid="row-${index}" data-verdict=${verdict}>
    <th scope="row" class="number">
      <button
        class="icon"
        aria-expanded=${isOpen}
        aria-label=${fill(mine.open, { n: whole(index + 1) })}
        data-testid="open-${index}"
        @click=${() => (state.opened.value = isOpen ? -1 : index)}
      >
        ${index + 1}
      </button>
    </th>
    <td class="asked">${question(row.prompt)} ${row.edited ? html`<em>${mine.edited}</em>` : nothing}</td>
    <td data-label=${mine.answer}>${row.answer}</td>
    <td class="said" data-label=${mine.output}>${row.answered ? row.answered.output.trim() : nothing}</td>
    <td class="verdict">${verdict === "pending" ? html`<span class="visually-hidden">${mine.pending}</span>` : mark(verdict)}</td>
  </tr>`;
}

function mark(verdict: "right" | "wrong") {
  return html`<span class="mark-${verdict}"><span aria-hidden="true">${verdict === "right" ? "✓" : "✗"}</span> ${texts()[verdict]}</span>`;
}

/** What is asked, with the passage it is about but without the examples before it: all lines after the last answer. */
function question(prompt: string): string {
  const lines = prompt.split("\n");
  const last = lines.pop() ?? "";
  if (!/^(A:|答：)/.test(last)) return last;
  const answered = lines.findLastIndex((line) => /^(A:|答：)/.test(line));
  return [...lines.slice(answered + 1), last].join(" ");
}

function detail(row: state.Row, index: number) {
  const mine = texts();
  const lines = Math.min(14, Math.max(3, row.prompt.split("\n").length + 1));
  return html`<tr class="detail">
    <td colspan="5">
      ${proseField({ name: "row-prompt", label: mine.prompt, rows: lines, value: row.prompt, change: (prompt) => state.edit(index, { prompt }) })}
      ${textField({ name: "row-answer", label: mine.expected, value: row.answer, change: (answer) => state.edit(index, { answer }) })}
      ${row.edited ? action({ name: "row-restore", label: mine.restore, act: () => state.edit(index, null) }) : nothing} ${tokens()}
    </td>
  </tr>`;
}

function tokens() {
  const source = state.tokens.value;
  if (!source) return nothing;
  const mine = texts();
  const limit = model.value?.config.contextLength ?? 0;
  const words = source.length > limit ? mine.tooLong : mine.tokens;
  return html`<p class="hint" data-testid="row-tokens">${fill(words, { n: whole(source.length), limit: whole(limit) })}</p>
    <tp-token-strip .source=${source} .label=${mine.prompt}></tp-token-strip>`;
}
