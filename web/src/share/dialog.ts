// The Share dialog: the link, what it carries and what stays, a model of one's own as a file or inside the link, the controls to hide, and
// projector mode. All of it is computed from the page as it is.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { copy } from "../clipboard.ts";
import { ask } from "../components/dialog.ts";
import { switchField } from "../components/fields.ts";
import { View } from "../components/view.ts";
import { fill, short, size, t } from "../i18n/index.ts";
import { liveFile } from "../loaded.ts";
import { client, model, phase } from "../session.ts";
import { flush, lab, read, write } from "../settings.ts";
import { controlName, type Group, groups } from "./controls.ts";
import { asText, type Bits, MOST_IN_LINK, pack } from "./packed.ts";
import { fileName, saveFile } from "./saved.ts";
import "./share.css";
import { texts } from "./texts.ts";
import { type Choices, isOwn, linkFor, stays, type Told, travels } from "./travels.ts";

/** Above this a model is not even packed to see: two bits a number would be too many. */
const HOPELESS = 400_000;
/** Bits that a number takes after rounding to 8 and packing, as measured. */
const PACKED_BITS = 7;

interface Packed {
  bytes: number;
  bits: Bits;
  /** Null if it is too large. */
  text: string | null;
}

/** With 16 bits a number where that fits, else with 8. */
async function packModel(): Promise<Packed> {
  const { parameters = 0 } = model.value ?? {};
  if (parameters > HOPELESS) return { bytes: (parameters * PACKED_BITS) / 8, bits: 8, text: null };
  const file = await client().call("save", { training: false, corpus: false, half: true });
  let [bits, bytes] = [16 as Bits, await pack(file, 16, liveFile() ?? "")];
  if (bytes.length > MOST_IN_LINK) [bits, bytes] = [8, await pack(file, 8, liveFile() ?? "")];
  return { bytes: bytes.length, bits, text: bytes.length > MOST_IN_LINK ? null : asText(bytes) };
}

class ShareParts extends View {
  #hide = signal<readonly string[]>((read("hide") ?? "").split(",").filter((name) => name));
  #projector = signal(read("projector") !== undefined);
  #inLink = signal(false);
  /** Undefined while it is being packed, null where nothing is to be. */
  #packed = signal<Packed | null | undefined>(null);
  #said = signal("");

  override connectedCallback(): void {
    super.connectedCallback();
    if (isOwn() && phase.value === "ready") void this.#pack();
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('[data-testid="share-copy"]')?.focus();
  }

  async #pack(): Promise<void> {
    this.#packed.value = undefined;
    if (typeof CompressionStream === "function") this.#packed.value = await packModel().catch(() => null);
    else this.#packed.value = null;
  }

  #choices(): Choices {
    const packed = this.#inLink.value && isOwn() ? (this.#packed.value?.text ?? null) : null;
    return { hide: this.#hide.value, projector: this.#projector.value, packed };
  }

  protected override render() {
    const mine = texts();
    const choices = this.#choices();
    const link = linkFor(choices);
    return html`<div class="share">
      ${this.#link(link)}
      <div class="two">
        <section>
          <h3>${mine.travels}</h3>
          <dl data-testid="travels">${travels(choices).map(told)}</dl>
        </section>
        <section>
          <h3>${mine.stays}</h3>
          <ul class="stays" data-testid="stays">${stays(choices.packed).map(({ name, value }) => html`<li data-testid=${name}>${value}</li>`)}</ul>
        </section>
      </div>
      ${isOwn() ? this.#model() : nothing} ${this.#controls()} ${this.#beamer()}
    </div>`;
  }

  #link(link: string) {
    const mine = texts();
    const canSend = typeof navigator.share === "function";
    return html`<div>
      <label class="field"
        ><span>${mine.address}</span>
        <input type="text" readonly data-testid="address" .value=${link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />
      </label>
      <div class="row">
        <button type="button" class="primary" data-testid="share-copy" @click=${() => void this.#copy(link)}>${mine.copy}</button>
        ${canSend ? html`<button type="button" data-testid="share-send" @click=${() => void send(link)}>${mine.send}</button>` : nothing}
        <p class="hint copied" role="status" data-testid="copied">${this.#said.value}</p>
      </div>
    </div>`;
  }

  async #copy(link: string): Promise<void> {
    this.#said.value = (await copy(link)) ? texts().copied : texts().byHand;
  }

  #model() {
    const mine = texts();
    return html`<section>
      <h3>${mine.yourModel}</h3>
      <p class="hint">${fill(mine.asFileHint, { name: fileName() })}</p>
      <div class="row">
        <button type="button" data-testid="share-file" ?disabled=${phase.value !== "ready"} @click=${() => void saveFile(model.value?.corpus?.attached ?? false)}>
          ${mine.asFile}
        </button>
      </div>
      ${this.#weights()}
    </section>`;
  }

  /** The model inside the link, where it fits. */
  #weights() {
    const [mine, packed] = [texts(), this.#packed.value];
    const hint = (words: string) => html`<p class="hint" data-testid="share-fits">${words}</p>`;
    if (packed === undefined) return hint(mine.packing);
    if (packed === null) return hint(mine.noPacking);
    const { bytes, bits, text } = packed;
    const own = model.value?.parameters ?? 0;
    const parts = {
      size: size(bytes),
      limit: size(MOST_IN_LINK),
      bits: String(bits),
      own: short(own),
      n: short((own * MOST_IN_LINK) / bytes),
    };
    if (text === null) return hint(fill(mine.tooLarge, parts));
    const change = (value: boolean) => {
      this.#inLink.value = value;
    };
    return html`${switchField({ name: "share-in-link", label: mine.inLink, value: this.#inLink.value, change })}
    ${hint(fill(mine.fits, parts))}`;
  }

  #controls() {
    const mine = texts();
    return html`<details ?open=${this.#hide.value.length > 0}>
      <summary data-testid="share-hide">${mine.hide}</summary>
      <p class="hint">${mine.hideHint}</p>
      ${groups(lab.value).map((group) => this.#group(group))}
    </details>`;
  }

  #group({ title, names }: Group) {
    const hidden = this.#hide.value;
    const check = (name: string) => {
      const change = (value: boolean) => {
        this.#hide.value = value ? [...hidden, name] : hidden.filter((each) => each !== name);
      };
      return switchField({ name: `hide-${name}`, label: controlName(name), value: hidden.includes(name), change });
    };
    return html`<fieldset>
      <legend>${title}</legend>
      <div class="checks">${names.map(check)}</div>
    </fieldset>`;
  }

  #beamer() {
    const mine = texts();
    const isOn = read("projector") !== undefined;
    const change = (value: boolean) => {
      this.#projector.value = value;
    };
    const turn = () => {
      write("projector", isOn ? undefined : "1");
      this.closest("dialog")?.close();
    };
    return html`<section>
      <h3>${mine.projector}</h3>
      ${switchField({ name: "share-projector", label: mine.projectorLink, value: this.#projector.value, change })}
      <div class="row">
        <button type="button" data-testid="projector-start" @click=${turn}>${isOn ? mine.projectorLeave : mine.projectorStart}</button>
      </div>
    </section>`;
  }
}
customElements.define("tp-share", ShareParts);

const told = ({ name, label, value }: Told) => html`<dt>${label}</dt>
  <dd data-testid="travels-${name}">${value}</dd>`;

/** The system's own sheet; the person may close it. */
async function send(url: string): Promise<void> {
  await navigator.share({ title: fill(texts().sendTitle, { lab: t()[lab.value].title }), url }).catch(() => {});
}

export async function openShare(): Promise<void> {
  flush();
  await ask(texts().title, html`<tp-share></tp-share>`, [{ value: "close", label: t().dismiss }]);
}
