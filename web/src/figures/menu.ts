// The small menu below a figure: saves its picture or its numbers as a file. The code that makes the files loads on demand.
import { html, nothing } from "lit";
import { View } from "../components/view.ts";
import { download } from "../corpus.ts";
import { fill } from "../i18n/index.ts";
import { shown } from "../settings.ts";
import type { Figure } from "./figure.ts";
import "./menu.css";
import type { Kind } from "./save.ts";
import { texts } from "./texts.ts";

const PICTURES: readonly Kind[] = ["png", "svg"];
const DATA: readonly Kind[] = ["csv", "json"];

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

  constructor() {
    super();
    Object.assign(this, { figure: () => null, name: "", data: true, open: false, said: "" });
  }

  protected override render() {
    const mine = texts();
    const kinds = this.data ? [...PICTURES, ...DATA] : PICTURES;
    return html`<div class="figure-menu" role="group" aria-label=${fill(mine.of, { name: this.name })}>
      <button class="quiet" aria-expanded=${this.open} data-testid="save-figure" @click=${() => (this.open = !this.open)}>
        ${mine.save}
      </button>
      ${this.open ? kinds.map((kind) => this.#button(kind)) : nothing}
      <span role="status">${this.said}</span>
    </div>`;
  }

  #button(kind: Kind) {
    return html`<button data-testid="save-${kind}" @click=${() => void this.#save(kind)}>${kind.toUpperCase()}</button>`;
  }

  async #save(kind: Kind): Promise<void> {
    try {
      const figure = this.figure();
      if (!figure) return;
      const { name, bytes } = await (await import("./save.ts")).fileOf(figure, kind);
      download(name, bytes);
      this.said = "";
    } catch {
      this.said = texts().failed;
    }
  }
}
customElements.define("tp-figure-menu", FigureMenu);

/** The menu of the figure called `name`. */
export function figureMenu(name: string, figure: () => Figure | null, data = true) {
  return shown("save") ? html`<tp-figure-menu .name=${name} .figure=${figure} .data=${data}></tp-figure-menu>` : nothing;
}
