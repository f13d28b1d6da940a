// A number with a slider and a box side by side, both native inputs. A value that turns the control off greys it out and says so in words.
import { html, nothing } from "lit";
import { newId, View } from "./view.ts";

export class SliderField extends View {
  static override properties = {
    name: { attribute: false },
    label: { attribute: false },
    hint: { attribute: false },
    value: { attribute: false },
    min: { attribute: false },
    max: { attribute: false },
    step: { attribute: false },
    inactive: { attribute: false },
    inactiveText: { attribute: false },
    valueText: { attribute: false },
    disabled: { attribute: false },
  };
  declare name: string;
  declare label: string;
  declare hint: string;
  declare value: number;
  declare min: number;
  declare max: number;
  declare step: number;
  /** Whether the value has no effect. */
  declare inactive: boolean;
  declare inactiveText: string;
  declare valueText: string;
  declare disabled: boolean;
  readonly #id = newId();

  constructor() {
    super();
    Object.assign(this, { name: "", label: "", hint: "", value: 0, min: 0, max: 1, step: 0.01 });
    Object.assign(this, { inactive: false, inactiveText: "", valueText: "", disabled: false });
  }

  protected override render() {
    const spoken = this.inactive ? `${this.value}, ${this.inactiveText}` : this.valueText || String(this.value);
    return html`<div class="slider ${this.inactive ? "inactive" : ""}">
      <label for=${this.#id}
        >${this.label}${this.inactive ? html`<span class="off">${this.inactiveText}</span>` : nothing}</label
      >
      <input
        type="range"
        id=${this.#id}
        data-testid="${this.name}-slider"
        aria-describedby=${this.hint ? `${this.#id}-hint` : nothing}
        min=${this.min}
        max=${this.max}
        step=${this.step}
        .value=${String(this.value)}
        aria-valuetext=${spoken}
        ?disabled=${this.disabled}
        @input=${this.#input}
      />
      <input
        type="number"
        data-testid="${this.name}-number"
        aria-label=${this.label}
        min=${this.min}
        max=${this.max}
        step="any"
        .value=${String(this.value)}
        ?disabled=${this.disabled}
        @change=${this.#input}
      />
      ${this.hint ? html`<small class="hint" id="${this.#id}-hint">${this.hint}</small>` : nothing}
    </div>`;
  }

  #input = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const value = Number(input.value);
    if (input.value.trim() === "" || !Number.isFinite(value)) {
      input.value = String(this.value);
      return;
    }
    const clamped = Math.min(this.max, Math.max(this.min, value));
    if (clamped !== value) input.value = String(clamped);
    this.emit("value", clamped);
  };
}
customElements.define("tp-slider", SliderField);
