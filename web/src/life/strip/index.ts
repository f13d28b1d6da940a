// "Watch it grow": the model's sentence at each age, as cards and as a small film; to play, to save as a picture or film, to send as a link. A
// dialog over the page, which the address opens and closes.
import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import "../../components/notice.ts";
import { newId, View } from "../../components/view.ts";
import { errorText, fill, t, whole } from "../../i18n/index.ts";
import { liveName } from "../../models.ts";
import { model } from "../../session.ts";
import { asked, askFor, close, nextSeed } from "../address.ts";
import { grow, life } from "../age.ts";
import { stageOf } from "../draw.ts";
import { tadpole } from "../picture.ts";
import { saidAt, stepAndLoss } from "../said.ts";
import { words } from "../words.ts";
import { type Card, error, strip, watch } from "./cards.ts";
import { chip } from "./chip.ts";
import { lengthOf, type Moment, momentAt, still } from "./film.ts";
import { textOf } from "./pieces.ts";
import "./keep.ts";
import "./stage.ts";
import "./strip.css";
import { texts } from "./texts.ts";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

class Growing extends View {
  /** The card that the person picked; null for the newest written, or the model's own age. */
  #picked = signal<number | null>(null);
  /** Milliseconds into the film while it plays. */
  #played = signal<number | null>(null);
  #ends: (() => void)[] = [];
  readonly #title = newId();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ends = [watch(), effect(() => void (asked() === undefined && this.#leave()))];
  }

  #leave(): void {
    // It gives the focus back.
    this.querySelector("dialog")?.close();
    this.remove();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#played.value = null;
  }

  protected override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  protected override render() {
    const mine = texts();
    const { cards, prompt } = strip.value;
    const of = life.value?.of;
    return html`<dialog class="growing" aria-labelledby=${this.#title} data-testid="growing" @close=${close}>
      <header>
        <h2 id=${this.#title}>${fill(mine.title, { name: liveName() })}</h2>
        <button class="quiet" aria-label=${mine.close} data-testid="life-close" @click=${close}>✕</button>
      </header>
      ${of ? this.#words() : nothing}
      <p class="hint life-lead">${of ? mine.lead : cards.length > 0 ? fill(mine.ownLead, { prompt }) : noSamples()}</p>
      ${error.value ? html`<tp-notice .message=${errorText(error.value).message} .remedy=${errorText(error.value).remedy}></tp-notice>` : nothing}
      ${cards.length > 0 ? this.#film() : nothing}
    </dialog>`;
  }

  #words() {
    const mine = texts();
    const typed = (event: Event) => askFor((event.target as HTMLInputElement).value);
    return html`<div class="row life-words">
      <label class="field"
        ><span>${mine.words}</span>
        <input type="text" maxlength="200" data-testid="life-words" .value=${asked() || mine.start} @change=${typed}
      /></label>
      ${action({ name: "life-again", label: mine.again, act: nextSeed })}
    </div>`;
  }

  #film() {
    const mine = texts();
    const now = strip.value;
    const moment = this.#moment();
    const card = now.cards[moment.card];
    const said = card ? fill(mine.stage, { said: saidAt(card.age, card.step, card.loss), sentence: now.prompt + textOf(card.pieces) }) : "";
    const isWhole = now.writing === null;
    return html`<tp-life-stage .strip=${now} .moment=${moment} .caption=${""} .label=${said}></tp-life-stage>
      <div class="row">
        ${this.#play(isWhole)}
        <tp-life-keep .strip=${now} .able=${isWhole}></tp-life-keep>
      </div>
      <p class="visually-hidden" role="status">${now.writing === null ? "" : fill(mine.writing, { n: whole(now.writing) })}</p>
      <ol class="life-cards" aria-label=${mine.cards} data-whole=${isWhole}>
        ${now.cards.map((each, at) => this.#card(each, at, at === moment.card))}
      </ol>`;
  }

  #play(isWhole: boolean) {
    const mine = texts();
    const isPlaying = this.#played.value !== null;
    if (reduced.matches) return action({ name: "life-next", label: mine.next, act: this.#next, able: isWhole, primary: true });
    const act = isPlaying ? this.#stop : this.#start;
    return action({ name: "life-play", label: isPlaying ? mine.stop : mine.play, act, able: isWhole, primary: true });
  }

  #card(card: Card, at: number, isShown: boolean) {
    const mine = texts();
    const { step, age, loss, pieces } = card;
    const of = life.value?.of;
    const pick = () => {
      this.#stop();
      this.#picked.value = at;
      if (of && step !== model.value?.step) grow({ of, step });
    };
    const goes = of ? (step === model.value?.step ? mine.here : mine.go) : nothing;
    return html`<li class=${isShown ? "shown" : nothing} aria-current=${isShown ? "true" : nothing} data-testid="life-card" data-step=${step}>
      <button @click=${pick} title=${goes}>
        ${tadpole(age)} <span><strong>${words().stages[stageOf(age)]}</strong> <span>${stepAndLoss(step, loss)}</span></span>
      </button>
      <p data-testid="life-sentence"
        >${pieces.length > 0 ? html`<span class="given">${strip.value.prompt}</span>${pieces.map(chip)}` : nothing}</p
      >
    </li>`;
  }

  #moment(): Moment {
    const now = strip.value;
    const ms = this.#played.value;
    return ms === null ? still(now, this.#shown()) : momentAt(now, ms);
  }

  /** The picked card; before one is picked the newest written, then the model's own age. */
  #shown(): number {
    const { cards, writing } = strip.value;
    const newest = cards.findLastIndex(({ pieces }) => pieces.length > 0);
    const own = cards.findIndex(({ step }) => step === model.value?.step);
    const shown = this.#picked.value ?? (writing === null && own >= 0 ? own : newest);
    return Math.min(cards.length - 1, Math.max(0, shown));
  }

  #next = (): void => {
    this.#picked.value = (this.#shown() + 1) % strip.value.cards.length;
  };

  #start = (): void => {
    const begun = performance.now();
    const turn = () => {
      if (this.#played.value === null) return;
      const ms = performance.now() - begun;
      if (ms >= lengthOf(strip.value)) this.#finish();
      else {
        this.#played.value = ms;
        requestAnimationFrame(turn);
      }
    };
    this.#played.value = 0;
    requestAnimationFrame(turn);
  };

  #finish(): void {
    this.#picked.value = strip.value.cards.length - 1;
    this.#played.value = null;
  }

  /** Stays where it is. */
  #stop = (): void => {
    if (this.#played.value === null) return;
    this.#picked.value = this.#moment().card;
    this.#played.value = null;
  };
}
customElements.define("tp-growing", Growing);

/** Why a run has no cards. */
function noSamples(): string {
  const every = model.value?.request?.train.sampleInterval ?? 0;
  if (every === 0) return fill(texts().noneEver, { field: t().fields.sampleInterval });
  return fill(texts().none, { n: whole(every) });
}

/** Opens it, if it is not open. */
export function show(): void {
  // It may have been closed while it was loading.
  if (asked() !== undefined && !document.querySelector("tp-growing")) document.body.append(document.createElement("tp-growing"));
}
