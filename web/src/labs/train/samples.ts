// The model's texts at fixed prompts as it learnt: a slider over steps, at the newest unless another was chosen.
import { signal } from "@preact/signals-core";
import { html } from "lit";
import { fill, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";
import type { TrainConfig } from "../../worker/protocol.ts";
import { texts } from "./texts.ts";

const chosen = signal<number | null>(null);

/** Another run's steps are not those of the previous one. */
export function followNewest(): void {
  chosen.value = null;
}

function select(index: number): void {
  chosen.value = index >= run.samples.value.length - 1 ? null : (run.samples.value[index]?.step ?? null);
}

/** For a run that has not begun: when samples will come. */
export function samplesToCome({ sampleInterval }: TrainConfig) {
  const mine = texts();
  const words = sampleInterval > 0 ? fill(mine.samplesToCome, { n: whole(sampleInterval) }) : mine.noSamplesToCome;
  return html`<h3>${mine.samples}</h3><p class="empty" data-testid="samples-to-come">${words}</p>`;
}

export function samplesPart() {
  const mine = texts();
  const all = run.samples.value;
  const isOver = run.status.value === "idle" || run.status.value === "done";
  if (all.length === 0) return html`<h3>${mine.samples}</h3><p class="empty">${isOver ? mine.noPastSamples : mine.noSamples}</p>`;
  const wanted = chosen.value ?? Number.POSITIVE_INFINITY;
  const index = Math.max(
    0,
    all.findLastIndex(({ step }) => step <= wanted),
  );
  const label = fill(mine.samplesAt, { n: whole(all[index]?.step ?? 0) });
  return html`<figure aria-label=${mine.samples}>
    <h3>${mine.samples}</h3>
    <p class="hint" id="sample-step">${label}</p>
    <input
      type="range"
      class="sample-step"
      data-testid="sample-step-slider"
      aria-labelledby="sample-step"
      aria-valuetext=${label}
      min="0"
      max=${all.length - 1}
      .value=${String(index)}
      ?disabled=${all.length < 2}
      @input=${(event: Event) => select(Number((event.target as HTMLInputElement).value))}
    />
    <div class="samples" data-testid="samples">
      ${all[index]?.texts.map(
        (sample) =>
          html`<blockquote><span class="visually-hidden">${mine.prompt}: </span><span class="given">${sample.prompt}</span>${continuation(sample)}</blockquote>`,
      )}
    </div>
  </figure>`;
}

/** The prompt is shown once, whether or not the core repeats it in the text. */
function continuation({ prompt, text }: { prompt: string; text: string }): string {
  return prompt !== "" && text.startsWith(prompt) ? text.slice(prompt.length) : text;
}
