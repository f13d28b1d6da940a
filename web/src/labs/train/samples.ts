// What the model wrote at fixed prompts as it learnt: scrubbed by step; the newest step unless one was chosen.
import { computed, signal } from "@preact/signals-core";
import { html } from "lit";
import "../../components/slider-field.ts";
import { fill, t, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";

const chosen = signal<number | null>(null);
const steps = computed(() => [...new Set(run.samples.value.map((sample) => sample.step))]);

function select(index: number): void {
  chosen.value = index >= steps.value.length - 1 ? null : index;
}

export function samplesPart() {
  const texts = t().train;
  const all = steps.value;
  if (all.length === 0) return html`<h3>${texts.samples}</h3><p class="empty">${texts.noSamples}</p>`;
  const index = Math.min(chosen.value ?? all.length - 1, all.length - 1);
  const at = all[index] ?? 0;
  const label = fill(texts.samplesAt, { n: whole(at) });
  return html`<h3>${texts.samples}</h3>
    <tp-slider
      .name=${"sample-step"}
      .label=${label}
      .value=${index + 1}
      .min=${1}
      .max=${all.length}
      .step=${1}
      .valueText=${label}
      .disabled=${all.length < 2}
      @value=${(event: CustomEvent<number>) => select(Math.round(event.detail) - 1)}
    ></tp-slider>
    <div class="samples" data-testid="samples">
      ${run.samples.value
        .filter((sample) => sample.step === at)
        .map(
          (sample) =>
            html`<blockquote><span class="given" title=${texts.prompt}>${sample.prompt}</span>${continuation(sample)}</blockquote>`,
        )}
    </div>`;
}

/** Whether the core repeats the prompt in the text or not, it is shown once. */
function continuation({ prompt, text }: run.Sample): string {
  return prompt !== "" && text.startsWith(prompt) ? text.slice(prompt.length) : text;
}
