// What stands around the table: a person's own examples and way of asking, files and what came of them, and what was measured before.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import "../../components/drop-zone.ts";
import { proseField } from "../../components/fields.ts";
import "../../components/notice.ts";
import { fill, percent, short, size, t, whole } from "../../i18n/index.ts";
import { isComplete, type Measured, measured } from "./asking.ts";
import { exportAnswers, FILE_LIMIT, type Note, note, openFile, saveSet, undo } from "./files.ts";
import { columnName, interval, taskName } from "./names.ts";
import { PLACE } from "./prompts.ts";
import type { BadLine } from "./rows-file.ts";
import { shotsEditor } from "./shots.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

/** Bad lines that are told one by one. */
const TOLD = 8;

// ---------- own rows ----------

export function ownSetUp() {
  const own = state.ownSet.value;
  if (state.task.value !== state.OWN || !own) return nothing;
  const mine = texts();
  return html`<details class="more prompt-own">
    <summary data-testid="set-up">${mine.setUp}</summary>
    ${proseField({ name: "set-template", label: mine.template, rows: 2, value: own.template, change: (template) => state.editSet({ template }) })}
    <p class="hint ${own.template.includes(PLACE) ? "" : "warn"}">
      ${fill(own.template.includes(PLACE) ? mine.templateHint : mine.noPlace, { place: PLACE })}
    </p>
    ${shotsEditor({ name: "shot", shots: own.shots, withSteps: true, change: (shots) => state.editSet({ shots }) })}
  </details>`;
}

// ---------- files ----------

export function files() {
  const mine = texts();
  return html`<h3>${mine.files}</h3>
    <div class="row">
      ${action({ name: "save-set", label: mine.save, act: saveSet })}
      ${action({ name: "export-csv", label: mine.exportCsv, able: isComplete.value, act: () => exportAnswers("csv") })}
      ${action({ name: "export-json", label: mine.exportJson, able: isComplete.value, act: () => exportAnswers("json") })}
    </div>
    <tp-drop-zone
      .label=${mine.drop}
      .accept=${".json,.csv,.tsv,.jsonl,.ndjson,.txt"}
      .name=${"prompt-file"}
      @files=${(event: CustomEvent<File[]>) => event.detail[0] && void openFile(event.detail[0])}
    ></tp-drop-zone>
    <p class="hint">${mine.dropHint}</p>`;
}

export function fileNote() {
  const now = note.value;
  if (!now) return nothing;
  const canUndo = "before" in now && (now.kind === "replaced" || now.n > 0);
  const isBad = !("before" in now) || (now.kind === "added" && now.n === 0);
  return html`<tp-notice
      .tone=${isBad ? "error" : "info"}
      .message=${noteText(now)}
      .action=${canUndo ? texts().undo : ""}
      .dismiss=${t().dismiss}
      @act=${undo}
      @dismiss=${() => (note.value = null)}
    ></tp-notice>
    ${now.kind === "added" ? badLines(now.bad) : nothing}`;
}

function noteText(now: Note): string {
  const mine = texts();
  const { name } = now;
  switch (now.kind) {
    case "replaced":
      return fill(mine.replaced, { name });
    case "added":
      return now.n > 0 ? fill(mine.added, { name, n: whole(now.n) }) : fill(mine.nothingAdded, { name });
    case "notSet":
      return fill(mine.notSet, { name, place: now.place });
    default:
      return fill(mine[now.kind], { name, limit: size(FILE_LIMIT) });
  }
}

function badLines(bad: readonly BadLine[]) {
  if (bad.length === 0) return nothing;
  const mine = texts();
  return html`<ul class="prompt-bad" data-testid="bad-lines" data-n=${bad.length}>
    ${bad.slice(0, TOLD).map(({ line, fault }) => html`<li>${fill(mine.badLine, { line: whole(line), fault: mine.faults[fault] })}</li>`)}
    ${bad.length > TOLD ? html`<li>${fill(mine.moreBad, { n: whole(bad.length - TOLD) })}</li>` : nothing}
  </ul>`;
}

// ---------- measured before ----------

export function history() {
  if (measured.value.length < 2) return nothing;
  return html`<details class="more">
    <summary>${texts().history}</summary>
    <ol class="prompt-history" data-testid="prompt-history">
      ${measured.value.map(before)}
    </ol>
  </details>`;
}

function before({ task, columns, scores, step, parameters }: Measured) {
  const mine = texts();
  const name = taskName(task);
  return html`<li>
    <strong>${name}</strong> <span class="hint">${fill(mine.historyNote, { parameters: short(parameters), step: whole(step) })}</span>
    ${columns.map((column, index) => {
      const of = scores[index];
      if (!of) return nothing;
      return html`<div class="prompt-bar"><span>${columnName(column, column.style !== "direct")}</span> ${interval(of)} <span class="share">${percent(of.accuracy)}</span></div>`;
    })}
  </li>`;
}
