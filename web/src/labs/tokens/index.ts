// The Tokens lab: text on one side; its tokens, ids and bytes on the other, linked under the pointer; a BPE trained here and
// replayed merge by merge on the reader's own text.
import { html, nothing } from "lit";
import "../../components/drop-zone.ts";
import { choiceField, proseField } from "../../components/fields.ts";
import { tokenChip } from "../../components/token-chip.ts";
import "../../components/token-strip.ts";
import type { StripMode, TokenStrip } from "../../components/token-strip.ts";
import { hex, wholeText } from "../../components/token-text.ts";
import { decodeText, download, readFile } from "../../corpus.ts";
import { fill, fine, t, whole } from "../../i18n/index.ts";
import { client, model, modelVersion, phase } from "../../session.ts";
import { shown } from "../../settings.ts";
import { LabView } from "../lab.ts";
import { mergesPart, pause as pauseMerges } from "./merges.ts";
import * as state from "./state.ts";
import { trainPart } from "./trainer.ts";

/** More text than this is slower to type in than to read about. */
const TEXT_LIMIT = 4 * 2 ** 20;

/** Encoding this many characters takes long enough to say so. */
const LONG_TEXT = 100_000;

const STRIPS: readonly StripMode[] = ["text", "ids", "bytes"];

class TokensLab extends LabView {
  protected override readonly error = state.error;
  protected override keys = { run: () => void state.train(), stop: state.stopTraining };
  #known = -1;

  protected override watches() {
    const rest = () => {
      pauseMerges();
      this.#known = -1;
    };
    return [state.watch(), rest];
  }

  protected override updated(): void {
    if (phase.value !== "ready" || this.#known === modelVersion.value) return;
    this.#known = modelVersion.value;
    void state.refresh();
  }

  protected override render() {
    void modelVersion.value;
    const texts = t().tokens;
    return this.frame(
      texts,
      html`${this.notice()}
        <div class="columns">
          <div>${this.#controls()}</div>
          <figure class="canvas" aria-label=${texts.tokensOf}>${this.#counts()} ${this.#detail()} ${STRIPS.map((mode) => this.#strip(mode))}</figure>
          ${shown("merges") ? mergesPart() : nothing}
        </div>
        ${shown("more") ? this.#more() : nothing}`,
    );
  }

  #controls() {
    const texts = t().tokens;
    return html`${proseField({ name: "text", label: texts.text, rows: 7, value: state.text.value, change: state.setText })}
      <tp-drop-zone .name=${"text-file"} .label=${texts.dropText} .accept=${".txt,.md,text/*"} @files=${this.#readText}></tp-drop-zone>
      ${
        shown("tokenizer") && model.value
          ? choiceField({
              name: "tokenizer",
              label: texts.tokenizer,
              value: state.slot.value,
              options: [
                ["lab", texts.lab],
                ["model", texts.model],
              ],
              change: (value) => void this.attempt(() => state.choose(value === "model" ? value : "lab")),
            })
          : nothing
      }`;
  }

  #counts() {
    const texts = t().tokens;
    const { tokens, characters, bytes, vocabSize } = state.counts.value ?? { tokens: null, characters: null, bytes: null, vocabSize: null };
    const perToken = tokens && characters !== null ? characters / tokens : null;
    const count = (name: string, label: string, value: number | null, show = whole) =>
      html`<div><dt>${label}</dt><dd data-testid=${name}>${value === null ? "–" : show(value)}</dd></div>`;
    return html`<dl class="counts">
      ${count("token-count", texts.count, tokens)} ${count("char-count", texts.characters, characters)}
      ${count("byte-count", texts.bytes, bytes)} ${count("chars-per-token", texts.perToken, perToken, fine)}
      ${count("vocab-size", texts.vocab, vocabSize)}
    </dl>`;
  }

  #detail() {
    const texts = t().tokens;
    const index = state.current.value;
    const source = state.source.value;
    if (index < 0 || index >= source.length) return html`<p class="detail" data-testid="detail">${this.#rest()}</p>`;
    const bytes = source.bytes(index);
    const words = fill(texts.detail, { n: whole(index + 1), id: String(source.id(index)), bytes: hex(bytes) });
    return html`<p class="detail" data-testid="detail" aria-live="polite">
      ${tokenChip(source.id(index), bytes)} ${words}${wholeText(bytes) === null ? html` · ${texts.part}` : nothing}
    </p>`;
  }

  /** What stands where no token is picked. */
  #rest(): string {
    const texts = t().tokens;
    if (state.training.value && state.source.value.length === 0) return texts.training;
    return state.busy.value && state.text.value.length > LONG_TEXT ? texts.slow : texts.none;
  }

  #strip(mode: StripMode) {
    const texts = t().tokens;
    const label = { text: texts.tokensOf, ids: texts.idsOf, bytes: texts.bytesOf }[mode];
    return html`<h3>${label}</h3>
      <tp-token-strip
        .source=${state.source.value}
        .mode=${mode}
        .label=${label}
        .current=${state.current.value}
        @hover-token=${(event: CustomEvent<number>) => (state.current.value = event.detail)}
        @pick-token=${(event: CustomEvent<number>) => this.#pick(event.detail)}
      ></tp-token-strip>`;
  }

  #more() {
    const texts = t().tokens;
    return html`<details class="more">
      <summary>${t().more}</summary>
      ${trainPart()}
      <div class="row">
        <tp-drop-zone
          .name=${"tokenizer-file"}
          .label=${texts.load}
          .accept=${".json,.tiktoken"}
          @files=${this.#loadTokenizer}
        ></tp-drop-zone>
        <button data-testid="save-tokenizer" ?disabled=${!state.info.value} @click=${this.#save}>${texts.save}</button>
      </div>
    </details>`;
  }

  #pick(index: number): void {
    state.current.value = index;
    for (const strip of this.querySelectorAll<TokenStrip>("tp-token-strip")) strip.reveal(index);
  }

  #readText = (event: CustomEvent<File[]>): void => {
    void this.attempt(async () => {
      const file = event.detail[0];
      if (file) state.setText(decodeText(await readFile(file, TEXT_LIMIT)));
    });
  };

  #loadTokenizer = (event: CustomEvent<File[]>): void => {
    void this.attempt(async () => {
      const file = event.detail[0];
      if (file) await state.loadTokenizer(await readFile(file, 64 * 2 ** 20));
    });
  };

  #save = (): void => {
    void this.attempt(async () => {
      download("tokenizer.json", await client().call("saveTokenizer", { slot: state.slot.value }));
    });
  };
}

customElements.define("tp-tokens-lab", TokensLab);
