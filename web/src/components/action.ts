// A button that keeps the focus while it has nothing to do: a disabled one would lose it, and with it the lab's keys.
import { html, nothing } from "lit";

interface Action {
  name: string;
  label: string;
  act(): void;
  able?: boolean;
  primary?: boolean;
}

export function action({ name, label, act, able = true, primary = false }: Action) {
  return html`<button
    class=${primary ? "primary" : nothing}
    data-testid=${name}
    aria-disabled=${able ? nothing : "true"}
    @click=${able ? act : null}
  >
    ${label}
  </button>`;
}
