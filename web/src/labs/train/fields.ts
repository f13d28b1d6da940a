// Every setting of a run as a labelled field, group by group. Ranges are the core's to judge; choices are the contract's words.
import { html, type TemplateResult } from "lit";
import { choiceField, linesField, numberField, switchField, textField } from "../../components/fields.ts";
import { t } from "../../i18n/index.ts";
import type { ModelConfig, TokenizerConfig } from "../../worker/protocol.ts";
import { type Configs, type Group, set } from "./state.ts";

const choices: Record<string, readonly string[]> = {
  kind: ["char", "bpe"] satisfies TokenizerConfig["kind"][],
  norm: ["layerNorm", "rmsNorm"] satisfies ModelConfig["norm"][],
  position: ["learned", "sinusoidal", "rotary", "none"] satisfies ModelConfig["position"][],
  mlp: ["gelu", "swiglu"] satisfies ModelConfig["mlp"][],
};

function field(group: Group, key: string, value: unknown): TemplateResult {
  const name = `${group}-${key}`;
  const label = (t().fields as Record<string, string>)[key] ?? key;
  const change = (next: unknown) => set(group, key, next);
  const options = choices[key]?.map((each) => [each, each] as const);
  if (options) return choiceField({ name, label, value: String(value), options, change });
  if (typeof value === "number") return numberField({ name, label, value, change });
  if (typeof value === "boolean") return switchField({ name, label, value, change });
  if (Array.isArray(value)) return linesField({ name, label, value: value as string[], hint: t().linesHint, change });
  return textField({ name, label, value: String(value ?? ""), change: (next) => change(next === "" ? null : next) });
}

function group(name: Group, config: object, without: readonly string[]): TemplateResult {
  const texts = t().train;
  const title = { tokenizer: texts.tokenizerPart, model: texts.modelPart, train: texts.trainPart }[name];
  const keys = Object.entries(config).filter(([key]) => !without.includes(key));
  return html`<fieldset>
    <legend>${title}</legend>
    <div class="grid">${keys.map(([key, value]) => field(name, key, value))}</div>
  </fieldset>`;
}

export function allFields(configs: Configs): TemplateResult {
  return html`${group("tokenizer", configs.tokenizer, [])} ${group("model", configs.model, ["vocabSize"])}
  ${group("train", configs.train, ["steps", "learningRate"])}`;
}
