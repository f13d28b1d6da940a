// A readable piece of a sentence over the colours of its tokens, one stripe each.
import { html } from "lit";
import type { Piece } from "./pieces.ts";

export function chip({ text, hues }: Piece) {
  const stripe = (hue: number, at: number) =>
    `oklch(var(--token-light) var(--token-chroma) ${hue}) ${(100 * at) / hues.length}% ${(100 * (at + 1)) / hues.length}%`;
  return html`<span class="tok" .style=${`background:linear-gradient(90deg, ${hues.map(stripe).join(", ")})`}>${text}</span>`;
}
