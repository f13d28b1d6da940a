// Labelled native inputs as template functions: number, choice, switch, lines of text. Values in, a callback out.
import { html } from "lit";

interface Field<T> {
  name: string;
  label: string;
  value: T;
  change(value: T): void;
  disabled?: boolean;
}

const target = (event: Event) => event.target as HTMLInputElement;

/** Any finite number; whatever else is typed gives the old value back. The core judges the range. */
export function numberField(field: Field<number>) {
  const take = (event: Event) => {
    const input = target(event);
    const value = Number(input.value);
    if (input.value.trim() === "" || !Number.isFinite(value)) input.value = String(field.value);
    else field.change(value);
  };
  return html`<label class="field"
    ><span>${field.label}</span>
    <input
      type="number"
      step="any"
      data-testid=${field.name}
      .value=${String(field.value)}
      ?disabled=${field.disabled ?? false}
      @change=${take}
  /></label>`;
}

export function choiceField(field: Field<string> & { options: (readonly [value: string, label: string])[] }) {
  return html`<label class="field"
    ><span>${field.label}</span>
    <select
      data-testid=${field.name}
      ?disabled=${field.disabled ?? false}
      @change=${(event: Event) => field.change(target(event).value)}
    >
      ${field.options.map(([value, label]) => html`<option value=${value} ?selected=${value === field.value}>${label}</option>`)}
    </select></label
  >`;
}

export function switchField(field: Field<boolean>) {
  return html`<label class="field switch"
    ><input
      type="checkbox"
      data-testid=${field.name}
      .checked=${field.value}
      ?disabled=${field.disabled ?? false}
      @change=${(event: Event) => field.change(target(event).checked)}
    /><span>${field.label}</span></label
  >`;
}

/** One item a line; empty lines do not count. */
export function linesField(field: Field<string[]> & { most?: number }) {
  const take = (event: Event) => {
    const lines = target(event)
      .value.split("\n")
      .filter((line) => line !== "");
    field.change(lines.slice(0, field.most ?? lines.length));
  };
  return html`<label class="field wide"
    ><span>${field.label}</span>
    <textarea rows="2" data-testid=${field.name} .value=${field.value.join("\n")} @change=${take}></textarea></label
  >`;
}

export function textField(field: Field<string>) {
  return html`<label class="field wide"
    ><span>${field.label}</span>
    <input
      type="text"
      spellcheck="false"
      data-testid=${field.name}
      .value=${field.value}
      @change=${(event: Event) => field.change(target(event).value)}
  /></label>`;
}
