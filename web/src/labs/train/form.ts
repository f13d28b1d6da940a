// The form of the Train lab above the fold: the corpus, the size, the steps, the learning rate, and the estimate.
import { html, nothing } from "lit";
import "../../components/drop-zone.ts";
import { choiceField, numberField } from "../../components/fields.ts";
import { corpusTitle, fill, size, t, whole } from "../../i18n/index.ts";
import { encodingNote } from "../../reading/read.ts";
import { defaults, model } from "../../session.ts";
import { shown } from "../../settings.ts";
import * as corpora from "./corpora.ts";
import type { Configs } from "./request.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";
import { worldPart } from "./world.ts";

/** `take` receives the file that the person dropped as a corpus. */
export function form(configs: Configs, take: (event: CustomEvent<File[]>) => void) {
  const name = corpora.corpusName.value;
  return html`<div class="grid">
      ${shown("corpus") ? corpusField(name) : nothing} ${shown("preset") ? presetField(configs.preset) : nothing}
      ${shown("steps") ? number("steps", configs.train.steps) : nothing}
      ${shown("learningRate") ? number("learningRate", configs.train.learningRate) : nothing}
    </div>
    ${name === "own" ? nothing : html`<p class="licence">${t().corpora[name].licence}</p>`}
    ${state.isWorldUntold.value ? html`<p class="licence">${texts().untold}</p>` : nothing}
    ${shown("corpus") && name === "world" ? worldPart() : nothing} ${corpora.isMissing.value && shown("corpus") && !asksForCorpus() ? zone(take) : nothing}
    ${encodingNote("train")} ${weight()}`;
}

/** Files that the form can name: the one it names now, and the last one dropped. */
function files(): string[] {
  const names = [corpora.ownName.value, corpora.ownCorpus.value?.name];
  return [...new Set(names.filter((name) => typeof name === "string"))].slice(0, 1);
}

function corpusField(value: string) {
  return choiceField({
    name: "corpus",
    label: texts().corpus,
    value,
    options: [
      ...corpora.CORPORA.map((name) => [name, t().corpora[name].name] as const),
      ...files().map((name) => ["own", fill(t().yours, { name })] as const),
    ],
    change: corpora.setCorpus,
  });
}

/** Among the other settings, except where the run's own file is missing: then the form itself asks for it. */
export function dropZone(take: (event: CustomEvent<File[]>) => void) {
  return shown("corpus") && !asksForCorpus() && !corpora.isMissing.value ? zone(take) : nothing;
}

function zone(take: (event: CustomEvent<File[]>) => void) {
  const [name, own] = [corpora.ownName.value, corpora.ownCorpus.value];
  const mine = texts();
  const yours =
    own && (name ?? own.name) === own.name ? fill(t().yours, { name: `${own.name} (${size(own.bytes.length)})` }) : mine.dropCorpus;
  return html`<tp-drop-zone
    .name=${"corpus-file"}
    .label=${corpora.isMissing.value ? fill(mine.dropAgain, { name: name ?? "" }) : yours}
    .accept=${".txt,.md,.csv,.json,text/*"}
    @files=${take}
  ></tp-drop-zone>`;
}

/** A size states its shape, not its parameters: those also depend on the vocabulary, and are in the estimate. */
function presetField(value: string) {
  const presets = defaults.value?.presets ?? [];
  return choiceField({
    name: "preset",
    label: texts().preset,
    value,
    options: presets.map(({ name, config }) => [name, `${name} · ${config.nLayer} × ${config.dModel}`] as const),
    change: state.setPreset,
  });
}

function number(key: "steps" | "learningRate", value: number) {
  const change = (next: number) => state.set("train", key, next);
  return numberField({ name: `train-${key}`, label: t().fields[key], value, change });
}

function weight() {
  const found = state.estimate.value;
  if (!found) return nothing;
  const mine = texts();
  const words = fill(found.isKnown ? mine.weighs : mine.estimate, {
    parameters: whole(found.parameters),
    vocabSize: whole(found.vocabSize),
    training: size(found.trainingBytes),
    limit: size(found.limitBytes),
  });
  const over = found.trainingBytes > found.limitBytes;
  return html`<p class="estimate ${over ? "over" : ""}" data-testid="estimate">${words}${over ? ` ${mine.estimateOver}` : ""}</p>`;
}

// ---------- a model's corpus ----------

/** Whether the shown model came without its corpus, and the corpus cannot be recovered from its name. */
const asksForCorpus = (): boolean => {
  const { corpus, hasOptimizer } = model.value ?? {};
  return state.isOfModel.value && hasOptimizer === true && corpus?.attached === false && !state.isAttaching.value;
};

/** What keeps the shown model from continuing, and the remedy. */
export function obstacle(attach: (event: CustomEvent<File[]>) => void) {
  const { corpus = null, hasOptimizer = true } = model.value ?? {};
  if (!state.isOfModel.value) return nothing;
  if (!hasOptimizer) return html`<p class="estimate" data-testid="no-optimizer">${texts().noOptimizer}</p>`;
  const name = corpusTitle(corpus?.name ?? "");
  if (state.isAttaching.value) return html`<p class="estimate">${fill(texts().attaching, { name })}</p>`;
  if (!asksForCorpus()) return nothing;
  return html`<tp-drop-zone
    .name=${"attach-file"}
    .label=${fill(texts().attach, { name })}
    .accept=${"text/*"}
    @files=${attach}
  ></tp-drop-zone>`;
}
