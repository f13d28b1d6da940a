// One token as a coloured chip in running text: alone, or among its neighbours, which complete a split character.
import { html } from "lit";
import { drawPieces, isSlice, piecesOf, type Tokens, tokensOf } from "./token-pieces.ts";
import { tokenHue, tokenText } from "./token-text.ts";

export const tokenChip = (id: number, bytes: ArrayLike<number>) => chipAmong(id, tokensOf([bytes]), 0);

/** The token at an index among others. */
export function chipAmong(id: number, tokens: Tokens, index: number) {
  const hue = tokenHue(id);
  const bytes = tokens.bytes(index);
  const pieces = piecesOf(tokens, index);
  if (!pieces.some(isSlice)) {
    const { text, partial } = tokenText(bytes);
    return html`<span class=${partial ? "tok partial" : "tok"} .style=${`--hue:${hue}`}>${text}</span>`;
  }
  const chip = document.createElement("span");
  chip.className = `tok${drawPieces(chip, pieces, { around: true })}`;
  chip.style.setProperty("--hue", String(hue));
  return html`${chip}`;
}
