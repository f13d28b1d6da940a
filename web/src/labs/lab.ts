// What all labs share: the frame (the title with what the lab is about behind a button, "try this"), the error notice, and keys that count only
// inside the lab.
import { type Signal, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { action } from "../components/action.ts";
import { View } from "../components/view.ts";
import { errorText, fill, glossed, size, t } from "../i18n/index.ts";
import { hasBegun, isBeginning, isOpening, openShipped, SHIPPED, type Shipped } from "../models.ts";
import { fatal, phase } from "../session.ts";
import { hashWith, shown } from "../settings.ts";
import { coreError } from "../worker/client.ts";
import type { CoreError } from "../worker/protocol.ts";
import "../components/notice.ts";
import "../style/labs.css";
import "../style/tokens.css";

export interface Keys {
  /** Ctrl or Cmd + Enter. */
  run?(): void;
  /** Escape. */
  stop?(): void;
}

export abstract class LabView extends View {
  protected readonly error: Signal<CoreError | null> = signal(null);

  protected keys: Keys = {};

  #ends: (() => void)[] = [];
  /** Whether the lead is shown. */
  #isTold = signal(false);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ends = this.watches();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
  }

  /** What the lab follows while it is open: each function starts and returns the one that stops. */
  protected watches(): (() => void)[] {
    return [];
  }

  protected frame(texts: { title: string; lead: string; tryThis: string }, body: TemplateResult): TemplateResult {
    return html`<section class="lab" ?data-waits=${isBeginning.value} tabindex="-1" aria-label=${texts.title} @keydown=${this.#key}>
      <header>
        <h2>${texts.title}</h2>
        ${shown("lead") ? this.#lead(texts.lead) : nothing} ${this.#embed()}
      </header>
      ${body}
      ${shown("try") && texts.tryThis ? html`<p class="try"><strong>${t().tryThis}</strong> ${glossed(texts.tryThis)}</p>` : nothing}
    </section>`;
  }

  /** Beside the title, so that nothing but the title is above the figure. */
  #lead(words: string) {
    const isTold = this.#isTold.value;
    const turn = () => {
      this.#isTold.value = !isTold;
    };
    return html`<button class="about quiet" data-testid="about" aria-label=${t().about} title=${t().about} aria-expanded=${isTold} @click=${turn}>
        ⓘ
      </button>
      ${isTold ? html`<p class="lead">${glossed(words)}</p>` : nothing}`;
  }

  /** The page around opens the dialog. A frame is embedded already. */
  #embed() {
    if (document.documentElement.dataset.page === "embed" || !shown("embed")) return nothing;
    return html`<button class="embed" data-testid="embed" @click=${() => this.emit("embed", null)}>${t().embed}</button>`;
  }

  /** Shown instead of a lab that needs a model: the models that come with the page, and the way to the Train lab. */
  protected noModel(words: string): TemplateResult {
    if (!hasBegun.value || phase.value !== "ready") return html``;
    const open = (of: Shipped) =>
      action({
        name: `open-${of.name}`,
        label: fill(t().bar.open, { name: of.name, size: size(of.bytes) }),
        able: !isOpening.value,
        primary: of.name === SHIPPED.at(-1)?.name,
        act: () => void this.attempt(async () => void (await openShipped(of, of.steps.at(-1) ?? 0))),
      });
    return html`<div class="empty">
      <p>${words}</p>
      <div class="row">${SHIPPED.map(open)}</div>
      ${this.notice()}
      <a class="button" href=${hashWith({ lab: "train" })}>${t().bar.toTrain}</a>
    </div>`;
  }

  /** The page itself reports a core that is gone, once for all labs. */
  protected notice(error: Signal<CoreError | null> = this.error): TemplateResult | typeof nothing {
    return error.value && error.value.code !== fatal.value?.code ? noticeOf(error.value, () => (error.value = null)) : nothing;
  }

  /** Runs work that may fail, and shows the failure here. */
  protected async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = coreError(thrown);
      if (error.code !== "restarted") this.error.value = error;
    }
  }

  #key = (event: KeyboardEvent): void => {
    if (event.repeat || event.isComposing) return;
    const runs = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    const act = runs ? this.keys.run : event.key === "Escape" ? this.keys.stop : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  };
}

export function noticeOf(error: CoreError, dismiss: () => void): TemplateResult {
  const { message, remedy } = errorText(error);
  return html`<tp-notice
    .message=${message}
    .remedy=${remedy}
    .dismiss=${t().dismiss}
    @dismiss=${dismiss}
  ></tp-notice>`;
}
