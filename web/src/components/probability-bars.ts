// Next-token candidates as bars: the chosen stage filled, the raw distribution as an outline behind it. A row is a button that appends its
// token; a token that is only part of a character cannot become text, and its row says so.
import { html, nothing, svg } from "lit";
import "./probability-bars.css";
import { tokenChip } from "./token-chip.ts";
import { wholeText } from "./token-text.ts";
import { View } from "./view.ts";

export interface Bar {
  id: number;
  bytes: Uint8Array;
  prob: number;
  raw: number;
}

export class ProbabilityBars extends View {
  static override properties = {
    bars: { attribute: false },
    label: { attribute: false },
    hint: { attribute: false },
    percent: { attribute: false },
    names: { attribute: false },
  };
  declare bars: Bar[];
  declare label: string;
  /** What a press does, and what it cannot do. */
  declare hint: string;
  declare percent: (share: number) => string;
  /** What the filled bars and the outlines are; an outline without a name is not explained. */
  declare names: readonly [filled: string, outline?: string];

  constructor() {
    super();
    Object.assign(this, { bars: [], label: "", hint: "", percent: String, names: [""] });
  }

  protected override render() {
    const widest = Math.max(1e-9, ...this.bars.map((bar) => Math.max(bar.prob, bar.raw)));
    return html`<p class="hint">${this.hint}</p>
      ${this.#key()}
      <ol class="bars" aria-label=${this.label} data-testid="bars">
        ${this.bars.map((bar) => this.#row(bar, widest))}
      </ol>`;
  }

  #key() {
    const [filled, outline] = this.names;
    if (!filled) return nothing;
    const sample = (name: string) => svg`<rect class=${name} x="0.5" y="0.5" width="15" height="9"></rect>`;
    const entry = (kind: string, name: string) =>
      html`<span><svg class="bars-sample" width="16" height="10" aria-hidden="true">${sample(kind)}</svg> ${name}</span>`;
    return html`<p class="bars-key" data-testid="bars-key">${entry("prob", filled)}${outline ? entry("raw", outline) : nothing}</p>`;
  }

  #row(bar: Bar, widest: number) {
    const partial = wholeText(bar.bytes) === null;
    const width = (share: number) => `${(100 * share) / widest}%`;
    return html`<li class=${bar.prob === 0 ? "gone" : ""}>
      <button
        aria-disabled=${partial ? "true" : "false"}
        @click=${() => !partial && this.emit("append", bar)}
      >
        ${tokenChip(bar.id, bar.bytes)}
        <svg aria-hidden="true" preserveAspectRatio="none" height="14">
          ${svg`<rect class="raw" x="0.5" y="0.5" height="13" width=${width(bar.raw)}></rect>
            <rect class="prob" x="0" y="3" height="8" width=${width(bar.prob)}></rect>`}
        </svg>
        <span class="share">${bar.prob === 0 ? "–" : this.percent(bar.prob)}</span>
      </button>
    </li>`;
  }
}
customElements.define("tp-probability-bars", ProbabilityBars);
