// The parts around the table: the person's own examples and way of asking, files and their outcome, and earlier measurements.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import "../../components/drop-zone.ts";
import { proseField } from "../../components/fields.ts";
import "../../components/notice.ts";
import { errorText, fill, percent, short, t, whole } from "../../i18n/index.ts";
import { encodingNote } from "../../reading/read.ts";
import { promptHint } from "../prompt-hint.ts";
import { type EarlierScores, earlierScores, isComplete } from "./asking.ts";
import { badLines } from "./choose.ts";
import { chooseAgain, exportAnswers, type Note, note, openFile, saveSet, undo } from "./files.ts";
import { columnName, interval, taskName } from "./names.ts";
import { PLACEHOLDER } from "./prompts.ts";
import type { Table } from "./rows/table.ts";
import { shotsEditor } from "./shots.ts";
import * as state from "./state/index.ts";
import { texts } from "./texts.ts";

// ---------- own rows ----------

export function ownSetUp() {
  const own = state.ownSet.value;
  if (state.task.value !== state.OWN || !own) return nothing;
  const mine = texts();
  return html`<details class="more prompt-own">
    <summary data-testid="set-up">${mine.setUp}</summary>
    ${proseField({ name: "set-template", label: mine.template, rows: 2, value: own.template, change: (template) => state.editSet({ template }) })}
    <p class="hint ${own.template.includes(PLACEHOLDER) ? "" : "warn"}">
      ${fill(own.template.includes(PLACEHOLDER) ? mine.templateHint : mine.noPlace, { place: PLACEHOLDER })}
    </p>
    ${promptHint(own.template)}
    ${shotsEditor({ name: "shot", shots: own.shots, withSteps: true, change: (shots) => state.editSet({ shots }) })}
  </details>`;
}

// ---------- files ----------

export function files() {
  const mine = texts();
  return html`<h3>${mine.files}</h3>
    <div class="row">
      ${action({ name: "save-set", label: mine.save, act: saveSet })}
      ${action({ name: "export-csv", label: mine.exportCsv, able: isComplete.value, act: () => void exportAnswers("csv") })}
      ${action({ name: "export-json", label: mine.exportJson, able: isComplete.value, act: () => void exportAnswers("json") })}
    </div>
    <tp-drop-zone
      .label=${mine.drop}
      .accept=${".json,.csv,.tsv,.jsonl,.ndjson,.txt"}
      .name=${"prompt-file"}
      @files=${(event: CustomEvent<File[]>) => event.detail[0] && void openFile(event.detail[0])}
    ></tp-drop-zone>
    ${encodingNote("prompt")}
    <p class="hint">${mine.dropHint}</p>`;
}

export function fileNote() {
  const now = note.value;
  if (!now) return nothing;
  const isAdded = now.kind === "added" && now.n > 0;
  const canUndo = now.kind === "replaced" || isAdded;
  const { message, remedy } = noteText(now);
  return html`<tp-notice
      .tone=${canUndo ? "info" : "error"}
      .message=${message}
      .remedy=${remedy}
      .action=${canUndo ? texts().undo : ""}
      .other=${now.kind === "added" && now.of.table.shape === null ? texts().chooseAgain : ""}
      .dismiss=${t().dismiss}
      @act=${undo}
      @other=${chooseAgain}
      @dismiss=${() => (note.value = null)}
    ></tp-notice>
    ${now.kind === "added" ? badLines(now.bad) : nothing}`;
}

function noteText(now: Note): { message: string; remedy: string } {
  const mine = texts();
  switch (now.kind) {
    case "replaced":
      return { message: fill(mine.replaced, { name: now.name }), remedy: "" };
    case "added": {
      const { name } = now.of;
      return now.n > 0
        ? { message: fill(mine.added, { n: whole(now.n), name }), remedy: leftOut(now.of.table) }
        : { message: fill(mine.nothingAdded, { name }), remedy: mine.nothingRemedy };
    }
    case "notSet":
      return { message: fill(mine.notSet, { name: now.name, place: now.place }), remedy: mine.notSetRemedy };
    case "refused":
      return errorText(now.error);
  }
}

/** For a file of a known form: what in it is neither question nor answer. */
function leftOut({ shape, shortened, left }: Table): string {
  const mine = texts();
  return [
    shape === "instruct" ? mine.instruct : "",
    shortened > 0 ? fill(mine.shortened, { n: whole(shortened) }) : "",
    left.length > 0 ? fill(mine.leftOut, { names: left.join(", ") }) : "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}

// ---------- measured before ----------

export function history() {
  if (earlierScores.value.length < 2) return nothing;
  return html`<details class="more">
    <summary>${texts().history}</summary>
    <ol class="prompt-history" data-testid="prompt-history">
      ${earlierScores.value.map(before)}
    </ol>
  </details>`;
}

function before({ task, columns, scores, step, parameters }: EarlierScores) {
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
