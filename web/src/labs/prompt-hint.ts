// What a person may not know of a prompt as it stands: that it ends in a space, which belongs to the next token, and that a special token's name
// is text like any other.
import { html, nothing } from "lit";
import { fill, t } from "../i18n/index.ts";
import { model } from "../session.ts";

export function promptHint(prompt: string) {
  const tokenizer = model.value?.tokenizer;
  if (!tokenizer) return nothing;
  const special = tokenizer.specialTokens.find((name) => prompt.includes(name));
  const said = [
    special === undefined ? "" : fill(t().promptHints.special, { name: special }),
    tokenizer.kind === "bpe" && prompt.endsWith(" ") ? t().promptHints.space : "",
  ];
  const words = said.filter((line) => line !== "").join(" ");
  return words === "" ? nothing : html`<p class="hint warn" data-testid="prompt-hint">${words}</p>`;
}
