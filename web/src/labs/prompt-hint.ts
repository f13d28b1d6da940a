// Warnings about a prompt: that it ends in a space, which belongs to the next token, and that a special token's name in it is ordinary
// text.
import { html, nothing } from "lit";
import { fill } from "../i18n/index.ts";
import { model } from "../session.ts";
import { inLanguage } from "../settings.ts";

const en = {
  special: "“{name}” is read as text here, not as the special token.",
  space: "The text ends in a space. Most words begin with theirs: without it the model is likely to write better.",
};
const zh: typeof en = {
  special: "“{name}”在这里按普通文字读，不是特殊词元。",
  space: "文字以空格结尾。多数英文词元自带开头的空格，去掉它，模型通常写得更好。",
};

export function promptHint(prompt: string) {
  const tokenizer = model.value?.tokenizer;
  if (!tokenizer) return nothing;
  const words = inLanguage({ en, zh });
  const special = tokenizer.specialTokens.find((name) => prompt.includes(name));
  const said = [
    special === undefined ? "" : fill(words.special, { name: special }),
    tokenizer.kind === "bpe" && prompt.endsWith(" ") ? words.space : "",
  ];
  const shown = said.filter((line) => line !== "").join(" ");
  return shown === "" ? nothing : html`<p class="hint warn" data-testid="prompt-hint">${shown}</p>`;
}
