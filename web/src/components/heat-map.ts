// A matrix as colours on a canvas, one pixel per number, enlarged by the browser. Pointer and arrow keys select a cell; the selection is an
// overlay, so that pointing redraws nothing.
import { html, nothing, type PropertyValues } from "lit";
import { pageReader, scaleOf, strengthOf } from "./scales.ts";
import { View } from "./view.ts";

export interface Matrix {
  rows: number;
  columns: number;
  /** Row by row. */
  values: ArrayLike<number>;
}

export interface Cell {
  row: number;
  column: number;
}

/** Shares of attention from 0 to 1, or numbers of either sign, whose largest has the strongest colour. */
export type HeatKind = "share" | "signed";

/** The colours of a kind. */
export const scaleName = (kind: HeatKind) => (kind === "share" ? "attention" : kind);

const NOWHERE: Cell = { row: -1, column: -1 };

export class HeatMap extends View {
  static override properties = {
    matrix: { attribute: false },
    kind: { attribute: false },
    at: { attribute: false },
    label: { attribute: false },
    theme: { attribute: false },
    still: { attribute: false },
  };
  declare matrix: Matrix;
  declare kind: HeatKind;
  /** The selected cell; a row or column of -1 means none. */
  declare at: Cell;
  declare label: string;
  /** Set when the theme changes, since colours come from the page's style. */
  declare theme: string;
  /** A picture that cannot be pointed at. */
  declare still: boolean;

  constructor() {
    super();
    const matrix: Matrix = { rows: 0, columns: 0, values: [] };
    Object.assign(this, { matrix, kind: "signed", at: NOWHERE, label: "", theme: "", still: false });
  }

  protected override render() {
    const { rows, columns } = this.matrix;
    const canvas = html`<canvas width=${Math.max(1, columns)} height=${Math.max(1, rows)}></canvas>`;
    if (this.still) return html`<div class="heat" aria-hidden="true">${canvas}${this.#row()}</div>`;
    return html`<div
      class="heat"
      role="group"
      tabindex="0"
      aria-label=${this.label}
      data-testid="heat"
      @pointermove=${this.#point}
      @pointerleave=${() => this.emit("hover-cell", NOWHERE)}
      @click=${(event: MouseEvent) => this.emit("pick-cell", this.#cell(event))}
      @keydown=${this.#key}
    >
      ${canvas}${this.#row()}${this.#column()}
    </div>`;
  }

  #row() {
    const { rows } = this.matrix;
    if (this.at.row < 0 || rows === 0) return nothing;
    return html`<span class="heat-row" .style=${`top:${share(this.at.row, rows)};height:${share(1, rows)}`}></span>`;
  }

  #column() {
    const { columns } = this.matrix;
    if (this.at.column < 0 || columns === 0) return nothing;
    return html`<span class="heat-column" .style=${`left:${share(this.at.column, columns)};width:${share(1, columns)}`}></span>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("matrix") || changed.has("kind") || changed.has("theme")) this.#draw();
  }

  #draw(): void {
    const canvas = this.querySelector("canvas");
    const context = canvas?.getContext("2d");
    const { rows, columns, values } = this.matrix;
    if (!canvas || !context || rows * columns === 0) return;
    const { colour } = scaleOf(scaleName(this.kind), pageReader());
    const image = context.createImageData(columns, rows);
    const most = this.kind === "share" ? 1 : largest(values);
    for (let at = 0; at < rows * columns; at += 1) {
      image.data.set(colour(strengthOf((values[at] ?? 0) / most)), 4 * at);
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  #cell(event: MouseEvent): Cell {
    const box = this.firstElementChild?.getBoundingClientRect();
    const { rows, columns } = this.matrix;
    if (!box || rows === 0) return NOWHERE;
    const place = (offset: number, length: number, count: number) =>
      Math.max(0, Math.min(count - 1, Math.floor((offset / length) * count)));
    return { row: place(event.clientY - box.top, box.height, rows), column: place(event.clientX - box.left, box.width, columns) };
  }

  #point = (event: PointerEvent): void => {
    const cell = this.#cell(event);
    if (cell.row !== this.at.row || cell.column !== this.at.column) this.emit("hover-cell", cell);
  };

  #key = (event: KeyboardEvent): void => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
    const [down = 0, right = 0] = move;
    this.emit("pick-cell", {
      row: within(Math.max(0, this.at.row) + down, this.matrix.rows),
      column: within(Math.max(0, this.at.column) + right, this.matrix.columns),
    });
  };
}
customElements.define("tp-heat-map", HeatMap);

const share = (part: number, whole: number): string => `${(100 * part) / whole}%`;

/** The largest number, whatever its sign. */
export function largest(values: ArrayLike<number>): number {
  let most = Number.MIN_VALUE;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, Math.abs(values[at] ?? 0));
  return most;
}
