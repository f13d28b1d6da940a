// Every setting of a run as a labelled field, group by group. The core checks ranges; the texts list the choices.
import { html, nothing, type TemplateResult } from "lit";
import { choiceField, linesField, numberField, switchField, textField } from "../../components/fields.ts";
import { fieldLabel, t } from "../../i18n/index.ts";
import { restsHidden } from "../../run.ts";
import { KEEP_SECONDS, keepEvery } from "../../session.ts";
import { write } from "../../settings.ts";
import type { Configs } from "./request.ts";
import { type Group, set } from "./state.ts";
import { texts } from "./texts.ts";

function field(group: Group, key: string, value: unknown): TemplateResult {
  const name = `${group}-${key}`;
  const label = fieldLabel(key);
  const change = (next: unknown) => set(group, key, next);
  const options = (texts().options as Record<string, Record<string, string>>)[key];
  if (options) return choiceField({ name, label, value: String(value), options: Object.entries(options), change });
  if (typeof value === "number") return numberField({ name, label, value, change });
  if (typeof value === "boolean") return switchField({ name, label, value, change });
  if (Array.isArray(value)) return linesField({ name, label, value: value as string[], hint: t().linesHint, change });
  return textField({ name, label, value: String(value ?? ""), change: (next) => change(next === "" ? null : next) });
}

function group(name: Group, config: object, without: readonly string[]): TemplateResult {
  const mine = texts();
  const title = { tokenizer: mine.tokenizerPart, model: mine.modelPart, train: mine.trainPart }[name];
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

/** Settings of the browser, not the run: how often the run is kept, and whether it pauses while the tab is hidden. */
export function browserPart(isShown: (control: string) => boolean): TemplateResult | typeof nothing {
  const [keeps, hides] = [isShown("keepEvery"), isShown("whenHidden")];
  if (!keeps && !hides) return nothing;
  const mine = texts();
  return html`<fieldset>
    <legend>${mine.browserPart}</legend>
    <div class="grid">${keeps ? keepingField() : nothing} ${hides ? hiddenField() : nothing}</div>
    ${keeps ? html`<p class="hint">${mine.keepEveryHint}</p>` : nothing}
  </fieldset>`;
}

function keepingField(): TemplateResult {
  const change = (seconds: number) => write("keepEvery", seconds === KEEP_SECONDS ? undefined : String(seconds));
  return numberField({ name: "keep-every", label: texts().keepEvery, value: keepEvery.value, change });
}

function hiddenField(): TemplateResult {
  const { whenHidden: label, hiddenChoices } = texts();
  return choiceField({
    name: "when-hidden",
    label,
    value: restsHidden.value ? "pause" : "train",
    options: Object.entries(hiddenChoices),
    change: (value) => write("whenHidden", value === "pause" ? value : undefined),
  });
}
