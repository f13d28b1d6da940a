// A .tiktoken file of an unknown vocabulary does not say how text is cut before merging: the person is asked, and the file waits.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { choiceField } from "../../components/fields.ts";
import { fill } from "../../i18n/index.ts";
import { coreError } from "../../worker/client.ts";
import { loadTokenizer } from "./state.ts";
import { texts } from "./texts.ts";

interface Waiting {
  name: string;
  file: Uint8Array;
  /** `gpt2`, `cl100k`, `o200k`, or empty for the expression. */
  choice: string;
  expression: string;
}

const waiting = signal<Waiting | null>(null);

/** Takes a tokenizer file, or has it wait for its pattern. */
export async function openTokenizer(name: string, file: Uint8Array): Promise<void> {
  waiting.value = null;
  try {
    await loadTokenizer(file);
  } catch (thrown) {
    if (coreError(thrown).code !== "patternUnknown") throw thrown;
    waiting.value = { name, file, choice: "cl100k", expression: "" };
  }
}

/** The question, where a file waits; `attempt` shows what is refused. */
export function patternPart(attempt: (work: () => Promise<void>) => Promise<void>) {
  const { value: now } = waiting;
  if (!now) return nothing;
  const mine = texts();
  const names = { gpt2: mine.choices.gpt2, cl100k: mine.choices.cl100k, o200k: mine.choices.o200k, "": mine.ownPattern };
  const load = () =>
    attempt(async () => {
      await loadTokenizer(now.file, now.choice || now.expression);
      waiting.value = null;
    });
  return html`<div class="notice ask" role="group" data-testid="ask-pattern">
    <p>${fill(mine.askPattern, { name: now.name })}</p>
    <div class="grid">
      ${choiceField({
        name: "pattern-of",
        label: mine.patternOf,
        value: now.choice,
        options: Object.entries(names),
        change: (choice) => (waiting.value = { ...now, choice }),
      })}
      ${now.choice === "" ? expressionField(now) : nothing}
    </div>
    <div class="row">
      <button class="primary" data-testid="pattern-load" ?disabled=${now.choice === "" && now.expression === ""} @click=${() => void load()}>
        ${mine.patternLoad}
      </button>
      <button data-testid="pattern-cancel" @click=${() => (waiting.value = null)}>${mine.patternCancel}</button>
    </div>
  </div>`;
}

function expressionField(now: Waiting) {
  return html`<label class="field"
    ><span>${texts().ownPattern}</span>
    <input
      type="text"
      spellcheck="false"
      data-testid="pattern-own"
      .value=${now.expression}
      @input=${(event: Event) => (waiting.value = { ...now, expression: (event.target as HTMLInputElement).value })}
  /></label>`;
}
