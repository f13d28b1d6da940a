// The buttons that keep the strip: as a picture, as a film, as a link.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { copy } from "../../clipboard.ts";
import { action } from "../../components/action.ts";
import { View } from "../../components/view.ts";
import { download } from "../../corpus.ts";
import { fill, percent, t, whole } from "../../i18n/index.ts";
import { liveName } from "../../models.ts";
import { model } from "../../session.ts";
import { flush } from "../../settings.ts";
import { asked, askFor } from "../address.ts";
import type { Strip } from "./cards.ts";
import type { Kind } from "./save.ts";
import { texts } from "./texts.ts";
import { recordsWebm } from "./webm.ts";

export class Keep extends View {
  static override properties = { strip: { attribute: false }, able: { attribute: false } };
  declare strip: Strip;
  /** Whether the strip is whole. */
  declare able: boolean;
  #said = signal("");
  #isBusy = signal(false);
  /** The address, where there is no clipboard. */
  #address = signal("");

  protected override render() {
    const mine = texts();
    const isAble = this.able && !this.#isBusy.value;
    const kinds: readonly Kind[] = recordsWebm() ? ["png", "gif", "webm"] : ["png", "gif"];
    const button = (kind: Kind) => action({ name: `life-${kind}`, label: KINDS[kind], able: isAble, act: () => void this.#save(kind) });
    return html`<div class="life-keep" role="group" aria-label=${mine.save}>
        <span aria-hidden="true">${mine.save}</span> ${kinds.map(button)}
      </div>
      ${this.strip.sampling ? html`<button data-testid="life-share" @click=${this.#share}>${mine.share}</button>` : nothing}
      <span role="status" data-testid="life-kept">${this.#said.value}</span>
      ${
        this.#address.value
          ? html`<label class="field"
              ><span>${mine.shareManual}</span> <input type="text" readonly data-testid="life-address" .value=${this.#address.value} @focus=${selectAll}
            /></label>`
          : nothing
      }`;
  }

  async #save(kind: Kind): Promise<void> {
    const mine = texts();
    const tell = (done: number) => {
      this.#said.value = fill(mine.making, { kind: KINDS[kind], done: percent(Math.round(done * 20) / 20) });
    };
    this.#isBusy.value = true;
    try {
      tell(0);
      const name = `tadpole-life-${liveName().replace(/[^\p{L}\p{N}]+/gu, "-")}.${kind}`;
      download(name, await (await import("./save.ts")).fileOf(kind, this.strip, this.#captions(), tell));
      this.#said.value = fill(mine.made, { name });
    } catch {
      this.#said.value = mine.failed;
    }
    this.#isBusy.value = false;
  }

  #captions() {
    const mine = texts();
    const { prompt, sampling } = this.strip;
    const about = fill(mine.caption, { name: liveName(), parameters: whole(model.value?.parameters ?? 0), prompt });
    const how = sampling ? mine.joined + fill(mine.sampled, sampling as unknown as Record<string, string>) : "";
    return { title: fill(mine.picture, { name: liveName() }), caption: `${about}${how} · ${t().name}` };
  }

  /** The link says the words, whatever the reader's language. */
  #share = async (): Promise<void> => {
    if (!asked()) askFor(this.strip.prompt);
    flush();
    const isCopied = await copy(location.href);
    this.#said.value = isCopied ? texts().shared : "";
    this.#address.value = isCopied ? "" : location.href;
  };
}
customElements.define("tp-life-keep", Keep);

const KINDS: Record<Kind, string> = { png: "PNG", gif: "GIF", webm: "WebM" };

function selectAll(event: Event): void {
  (event.target as HTMLInputElement).select();
}
