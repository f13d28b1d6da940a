// The learning rate of an open run: a slider over powers of ten with a box, a button back to the schedule, and the steps at which the
// person changed it, for the curves. The core reports the rates; the page remembers when they were set.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { numberField } from "../../components/fields.ts";
import type { Columns } from "../../history.ts";
import { fill, fine, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";
import { client, model } from "../../session.ts";
import { keep, kept } from "../../tab.ts";
import { forget } from "./slow.ts";
import { texts } from "./texts.ts";

/** A rate set when the page knew this many steps; null for the schedule. */
interface Asked {
  run: string;
  after: number;
  rate: number | null;
}

/** A change visible in the run's own rates: from this step on. */
export interface RateChange {
  step: number;
  rate: number | null;
}

/** Powers of ten that the slider spans; the box accepts whatever the core does. */
const [LEAST, MOST] = [-6, 0];
const MOST_ASKED = 20;
const KEY = "rates";

const asked = signal<readonly Asked[]>(JSON.parse(kept(KEY) ?? "[]"));
/** What the inputs show while they have the focus. */
const held = signal<number | null>(null);

function setAsked(next: readonly Asked[]): void {
  asked.value = next;
  keep(KEY, next.length > 0 ? JSON.stringify(next) : undefined);
}

/** The live run's name here: its request, without the number of steps. */
function runKey(): string {
  const request = model.value?.request;
  return request ? JSON.stringify({ ...request, train: { ...request.train, steps: 0 } }) : "";
}

/** A restarted run has no changes yet. */
export function forgetRates(): void {
  setAsked([]);
}

async function set(rate: number | null): Promise<void> {
  await client().call("setLearningRate", { learningRate: rate });
  // The previewed step would now be taken with another rate.
  forget();
  const after = run.columns.peek().steps.at(-1) ?? 0;
  // Of two changes before the same step only the later one took effect.
  const others = asked.value.filter((each) => each.run !== runKey() || each.after < after);
  setAsked([...others, { run: runKey(), after, rate }].slice(-MOST_ASKED));
}

const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-5 * Math.abs(other);

/** The changes that took effect, each at the first step that shows it. */
export function rateChanges({ steps, learningRate }: Columns): RateChange[] {
  const found: RateChange[] = [];
  let before: number | null = null;
  for (const { run: of, after, rate } of asked.value) {
    if (of !== runKey()) continue;
    const previous = before;
    const shows = (value: number): boolean => (rate === null ? previous !== null && !isNear(value, previous) : isNear(value, rate));
    const at = steps.findIndex((step, index) => step > after && shows(learningRate[index] ?? Number.NaN));
    const step = steps[at];
    if (step === undefined) continue;
    found.push({ step, rate });
    before = rate;
  }
  return found;
}

/** The rate of the next step, as far as the page knows: one set since the last step, else the last step's. */
function rateAhead({ steps, learningRate }: Columns): number {
  const last = asked.value.findLast((each) => each.run === runKey());
  const isAhead = last !== undefined && last.after >= (steps.at(-1) ?? 0);
  return (isAhead ? last.rate : null) ?? learningRate.findLast((value) => value !== null) ?? 0;
}

/** In words, for people who cannot use the lines on the curves. */
export function changesPart(changes: readonly RateChange[]) {
  if (changes.length === 0) return nothing;
  const mine = texts();
  const words = changes.map(({ step, rate }) =>
    fill(rate === null ? mine.rateBack : mine.rateChanged, { step: whole(step), rate: fine(rate ?? 0) }),
  );
  return html`<p class="hint" data-testid="rate-changes">${mine.rateMarks} ${words.join(mine.runs.joint)}</p>`;
}

type Attempt = (work: () => Promise<void>) => Promise<void>;

export function ratePart(attempt: Attempt) {
  const mine = texts();
  const now = Number(rateAhead(run.columns.value).toPrecision(3));
  const shown = held.value ?? now;
  const hold = (value: number | null) => () => {
    held.value = value;
  };
  const change = (rate: number | null) => {
    if (rate !== null) held.value = rate;
    void attempt(() => set(rate));
  };
  const ofSlider = (event: Event) => Number((10 ** Number((event.target as HTMLInputElement).value)).toPrecision(3));
  const slide = (event: Event) => {
    held.value = ofSlider(event);
  };
  const power = Math.min(MOST, Math.max(LEAST, Math.log10(Math.max(1e-12, shown))));
  // While the inputs have the focus, the schedule must not overwrite them.
  return html`<div class="rate" role="group" aria-label=${mine.rateNow}>
    <div class="row" @focusin=${hold(shown)} @focusout=${hold(null)}>
      ${numberField({ name: "rate-now", label: mine.rateNow, value: shown, change })}
      <input
        type="range"
        data-testid="rate-slider"
        aria-label=${mine.rateNow}
        aria-valuetext=${fine(shown)}
        min=${LEAST}
        max=${MOST}
        step="0.05"
        .value=${String(power)}
        @input=${slide}
        @change=${(event: Event) => change(ofSlider(event))}
      />
    </div>
    <button data-testid="rate-schedule" @click=${() => change(null)}>${mine.rateSchedule}</button>
  </div>`;
}
