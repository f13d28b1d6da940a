// A message near its cause: what happened, what to do about it, and a button to dismiss it.
import { html, nothing } from "lit";
import { View } from "./view.ts";

export class Notice extends View {
  static override properties = {
    tone: { attribute: false },
    message: { attribute: false },
    remedy: { attribute: false },
    dismiss: { attribute: false },
    action: { attribute: false },
    other: { attribute: false },
  };
  declare tone: "error" | "info";
  declare message: string;
  declare remedy: string;
  /** The dismiss button's name; empty for a notice that stays. */
  declare dismiss: string;
  /** A second button's name; empty for none. */
  declare action: string;
  /** A third button's name; empty for none. */
  declare other: string;

  constructor() {
    super();
    Object.assign(this, { tone: "error", message: "", remedy: "", dismiss: "", action: "", other: "" });
  }

  protected override render() {
    if (!this.message) return nothing;
    return html`<div class="notice ${this.tone}" role=${this.tone === "error" ? "alert" : "status"} data-testid="notice">
      <p><strong>${this.message}</strong>${this.remedy ? html` ${this.remedy}` : nothing}</p>
      ${this.action ? html`<button @click=${() => this.emit("act", null)}>${this.action}</button>` : nothing}
      ${this.other ? html`<button @click=${() => this.emit("other", null)}>${this.other}</button>` : nothing}
      ${
        this.dismiss
          ? html`<button class="quiet" aria-label=${this.dismiss} @click=${() => this.emit("dismiss", null)}>✕</button>`
          : nothing
      }
    </div>`;
  }
}
customElements.define("tp-notice", Notice);
