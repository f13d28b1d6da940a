// Labelled native inputs as template functions: number, choice, switch, lines of text. Values in, a callback out.
import { html } from "lit";
import { live } from "lit/directives/live.js";

interface Field<T> {
  name: string;
  label: string;
  value: T;
  change(value: T): void;
  disabled?: boolean;
}

const target = (event: Event) => event.target as HTMLInputElement;

/** Any finite number; other input restores the old value. The core checks the range. */
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
      ${field.options.map(([value, label]) => html`<option value=${value} .selected=${live(value === field.value)}>${label}</option>`)}
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

/** One item a line; empty lines are ignored. A line break within an item is written `\n`, and a backslash twice. */
export function linesField(field: Field<string[]> & { hint: string; most?: number }) {
  const take = (event: Event) => {
    const lines = target(event)
      .value.split("\n")
      .filter((line) => line !== "");
    field.change(lines.slice(0, field.most ?? lines.length).map(unescaped));
  };
  return html`<label class="field wide"
    ><span>${field.label}</span>
    <textarea
      rows="2"
      spellcheck="false"
      data-testid=${field.name}
      .value=${field.value.map(escaped).join("\n")}
      @change=${take}
    ></textarea>
    <small class="hint">${field.hint}</small></label
  >`;
}

function escaped(item: string): string {
  return item.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function unescaped(line: string): string {
  return line.replace(/\\([\\n])/g, (_, sign: string) => (sign === "n" ? "\n" : "\\"));
}

/** Text of any length, reported as it is typed. */
export function proseField(field: Field<string> & { rows: number }) {
  return html`<label class="field wide"
    ><span>${field.label}</span>
    <textarea
      rows=${field.rows}
      spellcheck="false"
      data-testid=${field.name}
      .value=${field.value}
      @input=${(event: Event) => field.change(target(event).value)}
    ></textarea>
  </label>`;
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
