// The Tokens lab: text on one side; its tokens, ids and bytes on the other, linked under the pointer; a second tokenizer beside the
// first; a BPE trained here and replayed merge by merge on the reader's own text; the same sentences in several languages.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "./tokens.css";
import "../../components/drop-zone.ts";
import { choiceField, proseField } from "../../components/fields.ts";
import type { StripMode, TokenStrip } from "../../components/token-strip.ts";
import { download, readFile } from "../../corpus.ts";
import { fill, size, t } from "../../i18n/index.ts";
import { encodingNote, readText, textOf } from "../../reading/read.ts";
import { client } from "../../session.ts";
import { shown } from "../../settings.ts";
import { LabView } from "../lab.ts";
import { languagesPart, watchLanguages } from "./languages.ts";
import * as learn from "./learn.ts";
import { mergesPart, pause as pauseMerges } from "./merges.ts";
import { lengthOfText, panel } from "./panel.ts";
import { isHere, isKnown, missing, rankSize } from "./ranks.ts";
import type { Choice } from "./slots.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";
import { trainPart } from "./train-form.ts";

/** Beyond this, typing becomes too slow. */
const TEXT_LIMIT = 4 * 2 ** 20;

const STRIPS: readonly StripMode[] = ["text", "ids", "bytes"];

class TokensLab extends LabView {
  protected override readonly error = learn.error;
  protected override keys = { run: () => void state.train(), stop: learn.stopTraining };
  /** What a tokenizer file may have to be asked about, which loads with the first one. */
  readonly #question = signal<((attempt: (work: () => Promise<void>) => Promise<void>) => unknown) | null>(null);
  /** The merge last scrolled into view. */
  #seen: object | null = null;

  protected override watches() {
    return [state.watch(), watchLanguages(), pauseMerges];
  }

  protected override updated(): void {
    const made = state.made.value;
    if (made === this.#seen) return;
    this.#seen = made;
    if (made && made.places.first >= 0) this.#reveal(made.places.first);
  }

  protected override render() {
    const alone = state.choice(1) === null;
    return this.frame(
      { ...t().tokens, ...texts() },
      html`${this.notice()} ${this.#unfetched()} ${this.#question.value?.((work) => this.attempt(work)) ?? nothing}
        <div class="columns">
          <div>${this.#text()}</div>
          <figure class=${alone ? "canvas" : "canvas panels"} aria-label=${texts().tokensOf}>
            ${alone ? panel(0, STRIPS, true) : state.SIDES.map((side) => panel(side, ["text"], false))}
          </figure>
          <div>${this.#choices()} ${shown("merges") ? mergesPart() : nothing}</div>
        </div>
        ${shown("languages") ? languagesPart() : nothing} ${shown("more") ? this.#more() : nothing}`,
    );
  }

  #text() {
    const { text: label } = texts();
    return html`<div class="tokens-text">
      ${proseField({ name: "text", label, rows: 3, value: state.text.value, change: state.setText })} ${lengthOfText()}
    </div>`;
  }

  #choices() {
    const mine = texts();
    const second = state.choice(1);
    const others = state.offered.value.filter((choice) => choice !== state.choice(0));
    return html`<div class="grid tokenizers">
        ${
          shown("tokenizer")
            ? choiceField({
                name: "tokenizer",
                label: mine.tokenizer,
                value: state.choice(0) ?? "lab",
                options: state.offered.value.map((choice) => [choice, offer(choice)] as const),
                change: (value) => state.choose(0, value as Choice),
              })
            : nothing
        }
        ${
          shown("compare")
            ? choiceField({
                name: "compare",
                label: mine.compare,
                value: second ?? "",
                options: [["", mine.alone], ...others.map((choice) => [choice, offer(choice)] as const)],
                change: (value) => state.choose(1, value === "" ? null : (value as Choice)),
              })
            : nothing
        }
      </div>`;
  }

  /** A known tokenizer that could not be fetched. */
  #unfetched() {
    const mine = texts();
    const of = missing.value;
    if (!of) return nothing;
    return html`<tp-notice
      .message=${fill(mine.unfetched, { name: mine.choices[of.name], reason: of.reason })}
      .remedy=${mine.unfetchedRemedy}
      .dismiss=${t().dismiss}
      @dismiss=${() => (missing.value = null)}
    ></tp-notice>`;
  }

  #more() {
    const mine = texts();
    return html`<details class="more">
      <summary>${t().more}</summary>
      <tp-drop-zone .name=${"text-file"} .label=${mine.dropText} .accept=${".txt,.md,text/*"} @files=${this.#readText}></tp-drop-zone>
      ${encodingNote("tokens-text")}
      ${trainPart()}
      <div class="row">
        <tp-drop-zone
          .name=${"tokenizer-file"}
          .label=${mine.load}
          .accept=${".json,.tiktoken"}
          @files=${this.#loadTokenizer}
        ></tp-drop-zone>
        <button data-testid="save-tokenizer" ?disabled=${!state.info(0)} @click=${this.#save}>${mine.save}</button>
      </div>
    </details>`;
  }

  #reveal(index: number): void {
    for (const strip of this.querySelectorAll<TokenStrip>('tp-token-strip[data-side="0"]')) {
      void strip.updateComplete.then(() => strip.reveal(index));
    }
  }

  #readText = (event: CustomEvent<File[]>): void => {
    void this.attempt(async () => {
      const file = event.detail[0];
      const read = file ? await readText(file, TEXT_LIMIT, "tokens-text") : null;
      if (read) state.setText(textOf(read));
    });
  };

  #loadTokenizer = (event: CustomEvent<File[]>): void => {
    void this.attempt(async () => {
      const file = event.detail[0];
      if (!file) return;
      const { openTokenizer, patternPart } = await import("./pattern.ts");
      this.#question.value = patternPart;
      await openTokenizer(file.name, await readFile(file, 64 * 2 ** 20));
    });
  };

  #save = (): void => {
    void this.attempt(async () => {
      download("tokenizer.json", await client().call("saveTokenizer", { slot: state.slotOf(0) }));
    });
  };
}

/** A tokenizer's name, and the download it needs. */
function offer(choice: Choice): string {
  const mine = texts();
  const name = mine.choices[choice];
  return isKnown(choice) && !isHere(choice) ? fill(mine.fetches, { name, size: size(rankSize(choice)) }) : name;
}

customElements.define("tp-tokens-lab", TokensLab);
