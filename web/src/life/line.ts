// The line on the first page that leads to the strip.
import { html, nothing } from "lit";
import { hasBegun } from "../models.ts";
import { open } from "./address.ts";
import { life } from "./age.ts";
import { tadpole } from "./picture.ts";
import { words } from "./words.ts";

const DRAWN = [0, 0.3, 0.65, 1] as const;

export function growLine() {
  // It is there from the start, so that nothing moves when the model comes.
  if (hasBegun.value && !life.value) return nothing;
  const texts = words();
  return html`<p class="life-start">
    <button data-testid="watch-it-grow" aria-haspopup="dialog" @click=${open}>${texts.line}</button>
    <span class="life-drawn" aria-hidden="true">${DRAWN.map((age) => tadpole(age))}</span>
    <span class="hint">${texts.lineLead}</span>
  </p>`;
}
