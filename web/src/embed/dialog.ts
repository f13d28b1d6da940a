// The Embed dialog of a lab: code to paste into another page for exactly what is on screen.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { copy } from "../clipboard.ts";
import { ask } from "../components/dialog.ts";
import { switchField } from "../components/fields.ts";
import { View } from "../components/view.ts";
import { beside } from "../corpus.ts";
import { t } from "../i18n/index.ts";
import { isSettled } from "../models.ts";
import { model as live, namedModel, shippedAs } from "../session.ts";
import { flush, hashWith, lab, lang, outgrowsAddress } from "../settings.ts";
import { elementSnippet, frameSnippet, type Wanted } from "./snippet.ts";
import { texts } from "./texts.ts";

/** The height of the shown lab; on a phone it is too high for a blog, but the difference hardly matters. */
const heightOf = (section: Element): number => Math.round(section.getBoundingClientRect().height / 10) * 10;

class EmbedParts extends View {
  static override properties = { wanted: { attribute: false }, section: { attribute: false } };
  declare wanted: Omit<Wanted, "waits" | "model" | "height">;
  declare section: Element;
  #waits = signal(false);
  #said = signal("");

  protected override render() {
    const mine = texts();
    // A model still loading counts, too, and the lab then has its height with the model.
    const model = isSettled.value ? shippedAs.value : (namedModel() ?? null);
    const wanted = { ...this.wanted, model, height: heightOf(this.section), waits: this.#waits.value };
    return html`<p>${mine.embedLead}</p>
      ${this.#snippet("embed-element", mine.asElement, elementSnippet(wanted))}
      ${switchField({ name: "embed-waits", label: mine.waits, value: this.#waits.value, change: (value) => (this.#waits.value = value) })}
      ${this.#snippet("embed-frame", mine.asFrame, frameSnippet(wanted))}
      ${live.value && shippedAs.value === null ? html`<p class="hint">${mine.ownModel}</p>` : nothing}
      ${outgrowsAddress() ? html`<p class="hint">${t().bar.shareOutgrown}</p>` : nothing}
      <p><a href="./blog/${lang.value === "zh" ? "zh.html" : ""}" target="_blank" rel="noopener">${mine.examples} ↗</a></p>
      <p role="status" class="hint">${this.#said.value}</p>`;
  }

  #snippet(name: string, label: string, text: string) {
    return html`<label class="field"
        ><span>${label}</span>
        <textarea readonly rows="4" data-testid=${name} .value=${text} @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}></textarea>
      </label>
      <button type="button" data-testid="${name}-copy" @click=${() => void this.#copy(text)}>${texts().copy}</button>`;
  }

  async #copy(text: string): Promise<void> {
    this.#said.value = (await copy(text)) ? texts().copied : texts().copyByHand;
  }
}
customElements.define("tp-embed-parts", EmbedParts);

/** `section` is the lab that is on screen. */
export async function openEmbed(section: Element): Promise<void> {
  flush();
  const file = await beside("tadpole-lab.json", "unexpected");
  const element = JSON.parse(new TextDecoder().decode(file)) as Wanted["element"];
  const wanted: EmbedParts["wanted"] = {
    base: new URL("./", location.href).href,
    hash: hashWith(),
    lab: lab.value,
    lang: lang.value,
    title: `${t()[lab.value].title} · ${t().name}`,
    element,
  };
  await ask(texts().embed, html`<tp-embed-parts .wanted=${wanted} .section=${section}></tp-embed-parts>`, [
    { value: "close", label: t().dismiss },
  ]);
}
