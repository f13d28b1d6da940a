// The life in the model bar: the drawings from egg to frog with the current one marked, a slider over a shipped model's kept steps, the loss
// there, and the way to the strip, which the address opens too.
import { computed, effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { View } from "../components/view.ts";
import { fill } from "../i18n/index.ts";
import { isSettled, type Shipped } from "../models.ts";
import { status } from "../run.ts";
import { model, trouble } from "../session.ts";
import { shown } from "../settings.ts";
import { coreError } from "../worker/client.ts";
import { asked, open } from "./address.ts";
import { grow, type Life, life, liveLoss } from "./age.ts";
import { stageOf } from "./draw.ts";
import { tadpole } from "./picture.ts";
import { lossText, saidAt } from "./said.ts";
import { words } from "./words.ts";

/** Ages drawn for a run, which keeps no steps to go back to. */
const ALONG = [0, 0.25, 0.5, 0.75, 1] as const;
/** How often a working run's loss is read again. */
const EVERY_MS = 2_000;

class LifeInBar extends View {
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = effect(() => {
      if (status.value !== "running") return;
      const timer = setInterval(() => this.requestUpdate(), EVERY_MS);
      return () => clearInterval(timer);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render() {
    const mine = life.value;
    const step = model.value?.step;
    if (!mine || step === undefined || !shown("life")) return nothing;
    const texts = words();
    const loss = liveLoss();
    return html`<button class="life-name" data-testid="life" aria-haspopup="dialog" aria-label=${texts.watch} title=${texts.watch} @click=${open}
        >${texts.life}</button
      >
      ${mine.of ? kept(mine.of, mine, step, loss) : along(mine, step, loss)}
      ${loss === null ? nothing : html`<span class="life-loss" data-testid="life-loss">${fill(texts.loss, { loss: lossText(loss) })}</span>`}`;
  }
}
customElements.define("tp-life", LifeInBar);

/** The kept steps, with a slider over them. */
function kept(of: Shipped, { steps, age }: Life, step: number, loss: number | null) {
  const said = saidAt(age(step), step, loss);
  const change = (event: Event) => grow({ of, step: steps[Number((event.target as HTMLInputElement).value)] ?? step });
  return html`<span class="life-line" .style=${`--ages:${steps.length}`} title=${said} data-testid="life-line" data-stage=${stageOf(age(step))}>
    ${drawings(steps.map(age), age(step))}
    <input
      type="range"
      data-testid="youth"
      min="0"
      max=${steps.length - 1}
      .value=${String(steps.indexOf(step))}
      aria-label=${words().age}
      aria-valuetext=${said}
      @input=${change}
    />
  </span>`;
}

/** Where a run is. */
function along({ age }: Life, step: number, loss: number | null) {
  const said = saidAt(age(step), step, loss);
  return html`<span
    class="life-line"
    .style=${`--ages:${ALONG.length}`}
    role="img"
    aria-label=${fill(words().progress, { said })}
    title=${said}
    data-testid="life-line"
    data-stage=${stageOf(age(step))}
    >${drawings(ALONG, age(step))}</span
  >`;
}

/** The one nearest to the present age stands out. */
function drawings(ages: readonly number[], now: number) {
  const far = (age: number) => Math.abs(age - now);
  const nearest = Math.min(...ages.map(far));
  return html`${ages.map((age) => (far(age) === nearest ? tadpole(now, "current") : tadpole(age)))}<span class="life-path" aria-hidden="true"
      ><span .style=${`width:${100 * now}%`}></span
    ></span>`;
}

/** Whether the address asks for the strip, and there is a model to show it of. */
const isAsked = computed(() => asked() !== undefined && isSettled.value && life.value !== null);
effect(() => {
  if (!isAsked.value) return;
  import("./strip/index.ts").then(
    (strip) => strip.show(),
    (thrown) => {
      trouble.value = coreError(thrown);
    },
  );
});
