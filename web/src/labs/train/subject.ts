// Whose settings, curve and samples the Train lab shows: the current model's or those of a run that has not begun, by name, with a button
// to the other.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { corpusTitle, fill, t, whole } from "../../i18n/index.ts";
import { liveName } from "../../models.ts";
import * as run from "../../run.ts";
import { keptSeconds, model, storedStep } from "../../session.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

/** The model's name, or that of the run in preparation. */
export function modelName(): string {
  return run.pending.value ? corpusTitle(run.pending.value.corpusName) : liveName();
}

export const subjectName = (): string => (state.isOfModel.value ? modelName() : texts().subject.newRun);

export function subjectPart() {
  const mine = texts().subject;
  const isOfModel = state.isOfModel.value;
  const step = run.pending.value ? 0 : (model.value?.step ?? 0);
  const at = fill(t().bar.step, { n: whole(step) });
  return html`<div class="subject" data-testid="subject" data-subject=${isOfModel ? "model" : "new"}>
    <h3>${subjectName()} <small>${isOfModel ? (run.pending.value ? texts().status.preparing : at) : mine.notBegun}</small></h3>
    ${isOfModel ? toNew() : toModel(at)}
  </div>`;
}

function toNew() {
  if (run.pending.value || !state.hasOther.value) return nothing;
  return action({ name: "show-new", label: texts().subject.showNew, act: state.showNew });
}

function toModel(at: string) {
  if (!state.canShowModel.value) return nothing;
  const mine = texts().subject;
  const isWorking = run.status.value === "running" || run.status.value === "pausing";
  return html`${isWorking ? html`<span class="hint" data-testid="at-work">${fill(mine.atWork, { name: modelName(), at })}</span>` : nothing}
  ${action({ name: "show-model", label: fill(mine.showModel, { name: modelName() }), act: state.showModel })}`;
}

/** What a reload would lose of the shown run. */
export function keptPart() {
  const mine = texts().subject;
  if (!state.isOfModel.value || run.pending.value || !model.value?.hasOptimizer) return nothing;
  const step = storedStep.value;
  if (step === null) return html`<p class="estimate" data-testid="kept">${mine.notKept}</p>`;
  const words = keptSeconds.value === null ? mine.kept : mine.keptEvery;
  return html`<p class="estimate" data-testid="kept">${fill(words, { n: whole(step), seconds: whole(Math.ceil(keptSeconds.value ?? 0)) })}</p>`;
}
