// Points on a plane, each with a name and a colour; some are marked and named. Pointing at one shows its name, a press picks it.
import { html, nothing, type PropertyValues } from "lit";
import { View } from "./view.ts";

/** Pixels of the canvas in each direction; the browser scales it. */
const SIDE = 1_000;
const MARGIN = 40;
/** Distance from the middle to the edge, where outliers are drawn. */
const EDGE = 0.49;
/** Points up to this many median distances from the middle are inside the map: four deviations of a normal distribution. */
const FAR = 6;
/** Points farther from the pointer than this share of the side are not selected. */
const REACH = 0.04;
/** More names than these would hide each other. */
const MOST_NAMES = 24;

export class ScatterMap extends View {
  static override properties = {
    points: { attribute: false },
    hue: { attribute: false },
    name: { attribute: false },
    marked: { attribute: false },
    label: { attribute: false },
    theme: { attribute: false },
    at: { state: true },
  };
  /** Two numbers a point. */
  declare points: Float32Array;
  declare hue: (index: number) => number;
  declare name: (index: number) => string;
  declare marked: number[];
  declare label: string;
  /** Set when the theme changes, since colours come from the page's style. */
  declare theme: string;
  declare at: number;
  #places: Float32Array = new Float32Array();

  constructor() {
    super();
    Object.assign(this, { points: new Float32Array(), hue: () => 0, name: String, marked: [], label: "", theme: "", at: -1 });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("points")) this.#places = placed(this.points);
  }

  protected override render() {
    const names = [...new Set([...this.marked.slice(0, MOST_NAMES), this.at])].filter(
      (index) => index >= 0 && 2 * index < this.points.length,
    );
    return html`<div
      class="scatter"
      role="group"
      tabindex="0"
      aria-label=${this.label}
      data-testid="scatter"
      @pointermove=${(event: PointerEvent) => (this.at = this.#nearest(event))}
      @pointerleave=${() => (this.at = -1)}
      @click=${this.#pick}
      @keydown=${this.#key}
    >
      <canvas width=${SIDE} height=${SIDE}></canvas>
      ${names.map((index) => this.#tag(index))}
    </div>`;
  }

  #tag(index: number) {
    const [x = 0, y = 0] = this.#places.subarray(2 * index, 2 * index + 2);
    const place = `left:${100 * x}%;top:${100 * y}%`;
    return html`<span class="scatter-tag ${index === this.at ? "current" : ""}" .style=${place}>${this.name(index) || nothing}</span>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("points") || changed.has("theme")) this.#draw();
  }

  #draw(): void {
    const context = this.querySelector("canvas")?.getContext("2d");
    if (!context) return;
    const style = getComputedStyle(this);
    const [light, chroma] = ["--point-light", "--point-chroma"].map((name) => style.getPropertyValue(name));
    context.clearRect(0, 0, SIDE, SIDE);
    for (let index = 0; 2 * index < this.#places.length; index += 1) {
      const [x = 0, y = 0] = this.#places.subarray(2 * index, 2 * index + 2);
      context.fillStyle = context.strokeStyle = `oklch(${light} ${chroma} ${this.hue(index)})`;
      context.beginPath();
      context.arc(x * SIDE, y * SIDE, 5, 0, 2 * Math.PI);
      if (isFar(x, y)) context.stroke();
      else context.fill();
    }
  }

  #nearest(event: MouseEvent): number {
    const box = this.firstElementChild?.getBoundingClientRect();
    if (!box) return -1;
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    let [best, least] = [-1, REACH];
    for (let index = 0; 2 * index < this.#places.length; index += 1) {
      const away = Math.hypot((this.#places[2 * index] ?? 0) - x, (this.#places[2 * index + 1] ?? 0) - y);
      if (away < least) [best, least] = [index, away];
    }
    return best;
  }

  #pick = (event: MouseEvent): void => {
    const index = this.#nearest(event);
    if (index >= 0) this.emit("pick-point", index);
  };

  /** Arrow keys move through the points, Enter picks. */
  #key = (event: KeyboardEvent): void => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (move) this.at = Math.max(0, Math.min(this.points.length / 2 - 1, this.at + move));
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && this.at >= 0) this.emit("pick-point", this.at);
    else return;
    event.preventDefault();
  };
}
customElements.define("tp-scatter-map", ScatterMap);

/** Whether a position stands for an outlier. */
export const isFar = (x: number, y: number): boolean => Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)) >= EDGE - 1e-6;

/** Points within the unit square, with the same scale on both axes, the second upwards; outliers are placed at the edge. */
export function placed(points: Float32Array): Float32Array {
  const axes = [0, 1].map((axis) => {
    const values = points.filter((_, at) => at % 2 === axis);
    const middle = median(values);
    const away = values.map((value) => Math.abs(value - middle));
    return {
      middle,
      reach: Math.min(
        FAR * median(away),
        away.reduce((most, one) => Math.max(most, one), 0),
      ),
    };
  });
  const reach = Math.max(Number.MIN_VALUE, ...axes.map((axis) => axis.reach));
  const inner = 0.5 - MARGIN / SIDE;
  return points.map((value, at) => {
    const along = ((value - (axes[at % 2]?.middle ?? 0)) / reach) * inner;
    const clamped = Math.max(-EDGE, Math.min(EDGE, at % 2 === 0 ? along : -along));
    return 0.5 + clamped;
  });
}

function median(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)] ?? 0;
}
