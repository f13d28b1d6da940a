// One token as a coloured chip in running text.
import { html } from "lit";
import { tokenHue, tokenText } from "./token-text.ts";

export function tokenChip(id: number, bytes: ArrayLike<number>) {
  const { text, partial } = tokenText(bytes);
  return html`<span class=${partial ? "tok partial" : "tok"} .style=${`--hue:${tokenHue(id)}`}>${text}</span>`;
}
