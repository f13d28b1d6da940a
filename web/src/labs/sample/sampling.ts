// The sampler's controls: a slider and a box for each; a sampler that is off is grey and says so.
import { html, nothing } from "lit";
import "../../components/slider-field.ts";
import { linesField, numberField } from "../../components/fields.ts";
import { fieldLabel, t } from "../../i18n/index.ts";
import { defaults, model } from "../../session.ts";
import { change, shown } from "../../settings.ts";
import type { SamplingConfig } from "../../worker/protocol.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

type Sampler = Exclude<keyof SamplingConfig, "seed">;

interface Range {
  min: number;
  max: number;
  step: number;
  /** The value that turns it off. */
  off: number | null;
}

const ranges: Record<Sampler, Range> = {
  temperature: { min: 0, max: 2, step: 0.05, off: null },
  topK: { min: 0, max: 100, step: 1, off: 0 },
  topP: { min: 0, max: 1, step: 0.01, off: 1 },
  minP: { min: 0, max: 1, step: 0.01, off: 0 },
  repetitionPenalty: { min: 1, max: 2, step: 0.05, off: 1 },
  frequencyPenalty: { min: -2, max: 2, step: 0.05, off: 0 },
  presencePenalty: { min: -2, max: 2, step: 0.05, off: 0 },
};

function set(key: keyof SamplingConfig, value: number): void {
  const own = defaults.value?.sampling;
  if (own) change("sampling", own, key, value);
}

/** What a slider shows and changes: the settings of the lab, unless others are told. */
export interface SamplerBinding {
  now: SamplingConfig | null;
  set(key: keyof SamplingConfig, value: number): void;
  /** Prefix of its field names. */
  prefix: string;
}

const own = (): SamplerBinding => ({ now: state.sampling.value, set, prefix: "" });

export function samplers(keys: readonly Sampler[], binding: SamplerBinding = own()) {
  const { now } = binding;
  if (!now) return nothing;
  return keys.filter(shown).map((key) => slider(key, now, binding));
}

function slider(key: Sampler, now: SamplingConfig, { set, prefix }: SamplerBinding) {
  const range = ranges[key];
  // Greedy choice makes the other cuts irrelevant.
  const greedy = now.temperature === 0 && (key === "topK" || key === "topP" || key === "minP");
  const max = key === "topK" ? Math.max(range.max, Math.min(200, model.value?.config.vocabSize ?? range.max)) : range.max;
  return html`<tp-slider
    .name=${prefix + key}
    .label=${t().sampling[key]}
    .hint=${texts().hints[key]}
    .value=${now[key]}
    .min=${range.min}
    .max=${max}
    .step=${range.step}
    .inactive=${greedy || now[key] === range.off}
    .inactiveText=${t().off}
    @value=${(event: CustomEvent<number>) => set(key, key === "topK" ? Math.round(event.detail) : event.detail)}
  ></tp-slider>`;
}

/** The controls behind "more". */
export function rest() {
  const now = state.sampling.value;
  if (!now) return nothing;
  const mine = texts();
  const writing = state.settings.value;
  const write = (key: keyof state.Writing) => (value: unknown) => change("write", state.WRITING, key, value);
  const count = (key: "maxNewTokens" | "topLogprobs" | "candidates", label: string, most: number) =>
    numberField({
      name: key,
      label,
      value: writing[key],
      change: (value) => write(key)(Math.max(key === "topLogprobs" ? 0 : 1, Math.min(most, Math.round(value)))),
    });
  return html`${samplers(["repetitionPenalty", "frequencyPenalty", "presencePenalty"])}
    <div class="grid">
      ${
        shown("seed")
          ? numberField({
              name: "seed",
              label: t().sampling.seed,
              value: now.seed,
              change: (value) => set("seed", Math.max(0, Math.round(value))),
            })
          : nothing
      }
      <button class="bottom" data-testid="new-seed" @click=${() => set("seed", Math.floor(Math.random() * 1e6))}>${mine.seedNew}</button>
      ${count("maxNewTokens", fieldLabel("maxNewTokens"), 4096)} ${count("topLogprobs", fieldLabel("topLogprobs"), 20)}
      ${count("candidates", mine.candidates, 50)}
      ${linesField({
        name: "stop-sequences",
        label: fieldLabel("stop"),
        value: writing.stop,
        hint: t().linesHint,
        most: 4,
        change: write("stop"),
      })}
    </div>`;
}
