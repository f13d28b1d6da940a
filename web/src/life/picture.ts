// The drawing as part of the page.
import { html } from "lit";
import { BOX, draw } from "./draw.ts";
import "./life.css";

export function tadpole(age: number, classes = "") {
  const { line, dots } = draw(age);
  return html`<svg class="tadpole ${classes}" viewBox="0 0 ${BOX.width} ${BOX.height}" aria-hidden="true">
    <path d=${line} /><path class="dots" d=${dots} />
  </svg>`;
}
