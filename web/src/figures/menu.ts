// The small menu below a figure: saves its picture or its numbers as a file. What it opens, and the code that makes the files, load on demand.
import { html, nothing } from "lit";
import { View } from "../components/view.ts";
import { shown } from "../settings.ts";
import type { Figure } from "./figure.ts";
import "./menu.css";
import { texts } from "./texts.ts";

export class FigureMenu extends View {
  static override properties = {
    figure: { attribute: false },
    name: { attribute: false },
    data: { attribute: false },
    open: { state: true },
    said: { state: true },
  };
  /** Returns the figure in its current state. */
  declare figure: () => Figure | null;
  declare name: string;
  /** Whether it has numbers to save. */
  declare data: boolean;
  declare open: boolean;
  declare said: string;
  #choices: typeof import("./choices.ts").choices | null = null;

  constructor() {
    super();
    Object.assign(this, { figure: () => null, name: "", data: true, open: false, said: "" });
  }

  protected override render() {
    const mine = texts();
    return html`<div class="figure-menu" role="group" aria-label=${mine.of(this.name)}>
      <button class="quiet" aria-expanded=${this.open} data-testid="save-figure" @click=${this.#turn}>${mine.save}</button>
      ${this.open ? this.#choices?.(this) : nothing}
      <span role="status">${this.said}</span>
    </div>`;
  }

  #turn = async (): Promise<void> => {
    try {
      this.#choices ??= (await import("./choices.ts")).choices;
      this.open = !this.open;
    } catch {
      this.said = texts().failed;
    }
  };
}
customElements.define("tp-figure-menu", FigureMenu);

/** The menu of the figure called `name`. */
export function figureMenu(name: string, figure: () => Figure | null, data = true) {
  return shown("save") ? html`<tp-figure-menu .name=${name} .figure=${figure} .data=${data}></tp-figure-menu>` : nothing;
}
