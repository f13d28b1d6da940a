// Marks the field's words in texts as small buttons, each of which opens its sentence. Loads when the page is idle.
import { effect } from "@preact/signals-core";
import { html, type TemplateResult } from "lit";
import { mark } from "../i18n/index.ts";
import { type Lang, lang } from "../settings.ts";
import { finder, type Glossary } from "./find.ts";
import { closeOnEscape, open, press } from "./says.ts";

const glossaries: Record<Lang, () => Promise<Glossary>> = { en: () => import("./en.ts"), zh: () => import("./zh.ts") };

const MOST = 500;

/** From now on texts are marked in the page's language. */
export function beginGlossary(): void {
  effect(() => {
    const now = lang.value;
    const take = (found: (text: string) => TemplateResult) => {
      if (lang.peek() === now) mark.value = found;
    };
    // Without it the texts stay as they are.
    void marker(now).then(take, () => {});
  });
}

/** A function that marks texts of a language; the same text gives the same result. */
async function marker(language: Lang): Promise<(text: string) => TemplateResult> {
  const glossary = await glossaries[language]();
  const find = finder(glossary, language === "en");
  const known = new Map<string, TemplateResult>();
  const button = (id: string, text: string) => {
    const entry = glossary.words[id];
    return html`<button
      type="button"
      class="gloss"
      data-word=${id}
      aria-haspopup="dialog"
      aria-expanded="false"
      @pointerdown=${press}
      @keydown=${closeOnEscape}
      @click=${(event: Event) => entry && open(event.currentTarget as HTMLElement, entry)}
    >${text}</button>`;
  };
  return (text) => {
    const made = known.get(text) ?? html`${find(text).map((piece) => (piece.id === null ? piece.text : button(piece.id, piece.text)))}`;
    // Texts with numbers in them come and go.
    if (known.size > MOST) known.clear();
    known.set(text, made);
    return made;
  };
}
