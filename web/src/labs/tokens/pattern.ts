// A .tiktoken file of an unknown vocabulary does not say how text is cut before merging: the person is asked, and the file waits.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { choiceField } from "../../components/fields.ts";
import { fill } from "../../i18n/index.ts";
import { inLanguage } from "../../settings.ts";
import { coreError } from "../../worker/client.ts";
import { loadTokenizer } from "./state.ts";
import { texts } from "./texts.ts";

const en = {
  ask: "“{name}” holds tokens and their order, but does not say how text is cut before merging, and its vocabulary is not one of the published ones. Whose pattern does it go with? Another one gives other tokens.",
  of: "Cut text like",
  own: "A regular expression",
  load: "Load it",
  cancel: "Cancel",
};
const zh: typeof en = {
  ask: "“{name}”里有词元和它们的先后，但没有写明合并之前怎样切分文本，而且它不是已公布的词表。它用的是哪一种切分？选错了，得到的词元会不同。",
  of: "切分方式同",
  own: "正则表达式",
  load: "载入",
  cancel: "取消",
};
const words = () => inLanguage({ en, zh });

interface Waiting {
  name: string;
  file: Uint8Array;
  /** `gpt2`, `cl100k`, `o200k`, or empty for the expression. */
  choice: string;
  expression: string;
}

const waiting = signal<Waiting | null>(null);

/** Opens a tokenizer file, or holds it until its pattern is known. */
export async function openTokenizer(name: string, file: Uint8Array): Promise<void> {
  waiting.value = null;
  try {
    await loadTokenizer(file);
  } catch (thrown) {
    if (coreError(thrown).code !== "patternUnknown") throw thrown;
    waiting.value = { name, file, choice: "cl100k", expression: "" };
  }
}

/** The question while a file waits; `attempt` shows a refusal. */
export function patternPart(attempt: (work: () => Promise<void>) => Promise<void>) {
  const { value: now } = waiting;
  if (!now) return nothing;
  const [mine, said] = [texts(), words()];
  const names = { gpt2: mine.choices.gpt2, cl100k: mine.choices.cl100k, o200k: mine.choices.o200k, "": said.own };
  const load = () =>
    attempt(async () => {
      await loadTokenizer(now.file, now.choice || now.expression);
      waiting.value = null;
    });
  return html`<div class="notice ask" role="group" data-testid="ask-pattern">
    <p>${fill(said.ask, { name: now.name })}</p>
    <div class="grid">
      ${choiceField({
        name: "pattern-of",
        label: said.of,
        value: now.choice,
        options: Object.entries(names),
        change: (choice) => (waiting.value = { ...now, choice }),
      })}
      ${now.choice === "" ? expressionField(now) : nothing}
    </div>
    <div class="row">
      <button class="primary" data-testid="pattern-load" ?disabled=${now.choice === "" && now.expression === ""} @click=${() => void load()}>
        ${said.load}
      </button>
      <button data-testid="pattern-cancel" @click=${() => (waiting.value = null)}>${said.cancel}</button>
    </div>
  </div>`;
}

function expressionField(now: Waiting) {
  return html`<label class="field"
    ><span>${words().own}</span>
    <input
      type="text"
      spellcheck="false"
      data-testid="pattern-own"
      .value=${now.expression}
      @input=${(event: Event) => (waiting.value = { ...now, expression: (event.target as HTMLInputElement).value })}
  /></label>`;
}
