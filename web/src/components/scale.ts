// A legend: the colours of a scale between its two ends, each with its value, and what they say.
import { html, nothing, type PropertyValues } from "lit";
import "./scale.css";
import { css, pageReader, type ScaleName, scaleOf, strengthOf } from "./scales.ts";
import { View } from "./view.ts";

/** Colours across the legend. */
const ACROSS = 128;

export class ScaleKey extends View {
  static override properties = {
    of: { attribute: false },
    linear: { attribute: false },
    ends: { attribute: false },
    says: { attribute: false },
    theme: { attribute: false },
  };
  declare of: ScaleName;
  /** Whether colours follow values, and not their square roots. */
  declare linear: boolean;
  /** The values at the ends, and in the middle if there are three. */
  declare ends: readonly string[];
  /** What the colours mean. */
  declare says: string;
  /** Set when the theme changes, since colours come from the page's style. */
  declare theme: string;

  constructor() {
    super();
    Object.assign(this, { of: "attention", linear: false, ends: [], says: "", theme: "" });
  }

  protected override render() {
    const [first, last] = [this.ends[0], this.ends.at(-1)];
    const middle = this.ends.length === 3 ? this.ends[1] : undefined;
    return html`<p class="scale" data-testid="scale" data-of=${this.of}>
      <span>${this.says}</span>
      <span class="scale-ends">
        <span>${first}</span>
        <span class="scale-bar"
          ><canvas width=${ACROSS} height="1" aria-hidden="true"></canvas>${middle === undefined ? nothing : html`<span>${middle}</span>`}</span
        >
        <span>${last}</span>
      </span>
    </p>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!["of", "linear", "theme"].some((name) => changed.has(name))) return;
    const context = this.querySelector("canvas")?.getContext("2d");
    if (!context) return;
    const { colour } = scaleOf(this.of, pageReader());
    for (let at = 0; at < ACROSS; at += 1) {
      const place = at / (ACROSS - 1);
      const value = this.of === "signed" ? 2 * place - 1 : place;
      context.fillStyle = css(colour(this.linear ? value : strengthOf(value)));
      context.fillRect(at, 0, 1, 1);
    }
  }
}
customElements.define("tp-scale", ScaleKey);
