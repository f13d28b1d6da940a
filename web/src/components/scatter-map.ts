// Points on a plane, each with a name and a class, which has a shape and a colour; some are marked and named, one is picked. Pointing at one
// shows its name, a press picks it. Seen closer, more have names; no name covers another.
import { html, nothing, type PropertyValues, svg } from "lit";
import { type Box, type Label, meet, type Named, placeLabels } from "./labels.ts";
import { pickedPath, shapePath } from "./point-shapes.ts";
import { onResize } from "./resized.ts";
import "./scatter-map.css";
import { coloursOf, css, pageReader } from "./scales.ts";
import { View } from "./view.ts";
import { seen, WHOLE, within, type Zoom, zoomed } from "./zoom.ts";

/** Pixels of the canvas in each direction; the browser scales it. */
const SIDE = 1_000;
const MARGIN = 40;
/** Distance from the middle to the edge, where outliers are drawn. */
const EDGE = 0.49;
/** Points up to this many median distances from the middle are inside the map: four deviations of a normal distribution. */
const FAR = 6;
/** Points farther from the pointer than this share of the side are not selected. */
const REACH = 0.04;
/** More names than these would hide the points. */
const MOST_NAMES = 100;
/** From this size on, points that are not marked have names too. */
const NAMES_ALL = 2;
const STEP = 2;
/** Radii in the canvas of a point, a marked one's ring and the picked one's, and the least on the page, in pixels. */
const POINT = [5.5, 2.8] as const;
const RING = [10, 5] as const;
const PICKED = [15, 8] as const;
/** Pixels of a press that is not a drag yet. */
const STILL = 4;
/** Height of a name, and what its box adds to its text's width, as the style has them. */
const [HIGH, PADS] = [16, 8];

export interface PointClass {
  name: string;
  count: number;
}

export class ScatterMap extends View {
  static override properties = {
    points: { attribute: false },
    group: { attribute: false },
    groups: { attribute: false },
    name: { attribute: false },
    marked: { attribute: false },
    picked: { attribute: false },
    label: { attribute: false },
    words: { attribute: false },
    theme: { attribute: false },
    at: { state: true },
    zoom: { state: true },
    size: { state: true },
  };
  /** Two numbers a point. */
  declare points: Float32Array;
  /** A point's class. */
  declare group: (index: number) => number;
  declare groups: readonly PointClass[];
  declare name: (index: number) => string;
  declare marked: number[];
  /** -1 for none. */
  declare picked: number;
  declare label: string;
  /** Names of the buttons, and of the legend. */
  declare words: { closer: string; farther: string; whole: string; classes: string; picked: string };
  /** Set when the theme changes, since colours come from the page's style. */
  declare theme: string;
  declare at: number;
  declare zoom: Zoom;
  /** Of the picture on the page, in pixels. */
  declare size: number;
  #places: Float32Array = new Float32Array();
  #watch: ResizeObserver | null = null;
  /** The names of unmarked points, and what they were placed for. */
  #placed: { of: readonly unknown[]; labels: readonly Label[] } = { of: [], labels: [] };
  #drag: { x: number; y: number; from: Zoom; moved: boolean } | null = null;

  constructor() {
    super();
    Object.assign(this, { points: new Float32Array(), group: () => 0, groups: [], name: String, marked: [], picked: -1, label: "" });
    Object.assign(this, {
      words: { closer: "", farther: "", whole: "", classes: "", picked: "" },
      theme: "",
      at: -1,
      zoom: WHOLE,
      size: 0,
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("points")) this.#places = placed(this.points);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch?.disconnect();
    this.#watch = null;
  }

  protected override render() {
    return html`<div
        class="scatter ${this.zoom.times > 1 ? "close" : ""}"
        role="group"
        tabindex="0"
        aria-label=${this.label}
        data-testid="scatter"
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#release}
        @pointercancel=${this.#release}
        @pointerleave=${() => (this.at = -1)}
        @click=${this.#pick}
        @wheel=${this.#wheel}
        @keydown=${this.#key}
      >
        <canvas width=${SIDE} height=${SIDE}></canvas>
        ${this.#rings()} ${this.#labels().map((label) => this.#tag(label))}
      </div>
      ${this.#buttons()} ${this.#legend()}`;
  }

  #buttons() {
    const { closer, farther, whole } = this.words;
    const button = (sign: string, name: string, to: () => Zoom, able: boolean) =>
      html`<button class="icon" aria-label=${name} title=${name} aria-disabled=${!able} @click=${() => (this.zoom = able ? to() : this.zoom)}>${sign}</button>`;
    const { times } = this.zoom;
    return html`<div class="scatter-zoom" role="group" aria-label=${whole}>
      ${button("+", closer, () => this.#closer(STEP), times < 16)} ${button("−", farther, () => this.#closer(1 / STEP), times > 1)}
      ${button("⤢", whole, () => WHOLE, times > 1)}
    </div>`;
  }

  /** Around the picked point, if it is in sight. */
  #closer(by: number): Zoom {
    const index = this.at >= 0 ? this.at : this.picked;
    const [x, y] = index < 0 ? [0.5, 0.5] : this.#seen(index);
    const isSeen = x >= 0 && x <= 1 && y >= 0 && y <= 1;
    return isSeen ? zoomed(this.zoom, by, x, y) : zoomed(this.zoom, by);
  }

  #legend() {
    if (this.groups.length === 0) return nothing;
    const colours = this.#colours();
    const shape = (path: string, fill: string, stroke: string) =>
      html`<svg viewBox="-8 -8 16 16" width="14" height="14" aria-hidden="true">${svg`<path d=${path} fill=${fill} stroke=${stroke}></path>`}</svg>`;
    return html`<ul class="scatter-legend" aria-label=${this.words.classes} data-testid="classes">
      ${this.groups.map(({ name, count }, at) =>
        count === 0
          ? nothing
          : html`<li data-class=${at} data-count=${count}>${shape(shapePath(at, 5), colours[at] ?? "gray", "none")} ${name} · ${count}</li>`,
      )}
      <li>${shape(pickedPath(4.5), "none", "currentColor")} ${this.words.picked}</li>
    </ul>`;
  }

  #radius([canvas, least]: readonly [canvas: number, least: number]): number {
    return Math.max(canvas, (least * SIDE) / Math.max(1, this.size));
  }

  #colours(): string[] {
    return coloursOf(pageReader()("--points")).map(css);
  }

  /** Where a point is seen, as shares of the side. */
  #seen(index: number): [x: number, y: number] {
    const { x, y, times } = this.zoom;
    return [seen(this.#places[2 * index] ?? 0, x, times), seen(this.#places[2 * index + 1] ?? 0, y, times)];
  }

  /** The ring of the picked point, and smaller ones of the marked. */
  #rings() {
    const mark = (index: number, path: string, kind: string) => {
      const [x, y] = this.#seen(index);
      if (index < 0 || 2 * index >= this.points.length) return nothing;
      return svg`<path class=${kind} data-index=${index} d=${path} transform=${`translate(${x * SIDE} ${y * SIDE})`}></path>`;
    };
    const rings = this.marked
      .filter((index) => index !== this.picked)
      .map((index) => mark(index, shapePath(0, this.#radius(RING)), "ring"));
    return html`<svg class="scatter-rings" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true">
      ${rings} ${mark(this.picked, pickedPath(this.#radius(PICKED)), "picked")}
    </svg>`;
  }

  /** The names that fit: of the point under the pointer, the picked, the marked, and, seen closer, of the others. */
  #labels(): Label[] {
    if (this.size === 0) return [];
    const names = this.#named([this.at, this.picked, ...this.marked]);
    return [...names, ...this.#others().filter((label) => label.index !== this.at && !names.some((name) => meet(name, label)))];
  }

  /** Of the points that are not marked, where there is room; the same until the map moves, since pointing must be quick. */
  #others(): readonly Label[] {
    if (this.zoom.times < NAMES_ALL) return [];
    const { zoom, size, points, marked, picked } = this;
    const of = [zoom, size, points, marked.join(), picked];
    if (of.some((each, at) => each !== this.#placed.of[at])) {
      const all = this.#inSight(Array.from({ length: points.length / 2 }, (_, index) => index));
      const isMarked = new Set([picked, ...marked]);
      const rest = all.filter(({ index }) => !isMarked.has(index));
      const clear = [...this.#named([picked, ...marked]), ...all.map(({ x, y }) => around(x, y, 5))];
      this.#placed = { of, labels: placeLabels(rest, size, size, clear, MOST_NAMES) };
    }
    return this.#placed.labels;
  }

  /** None covers the ring of another. */
  #named(indices: readonly number[]): Label[] {
    const names = this.#inSight([...new Set(indices)]);
    const rings = names.map(({ x, y }) => around(x, y, 7));
    return placeLabels(names, this.size, this.size, rings, MOST_NAMES);
  }

  #inSight(indices: readonly number[]): Named[] {
    const count = this.points.length / 2;
    return indices.flatMap((index): Named[] => {
      const [x, y] = index >= 0 && index < count ? this.#seen(index) : [-1, -1];
      if (x < 0 || x > 1 || y < 0 || y > 1) return [];
      const away = index === this.picked ? (1.7 * this.#radius(PICKED) * this.size) / SIDE : 8;
      return [{ index, x: x * this.size, y: y * this.size, width: widthOf(this.name(index)) + PADS, height: HIGH, away }];
    });
  }

  #tag({ index, left, top }: Label) {
    const kind = index === this.at ? "current" : index === this.picked ? "picked" : "";
    return html`<span class="scatter-tag ${kind}" data-index=${index} .style=${`left:${left}px;top:${top}px`}>${this.name(index) || nothing}</span>`;
  }

  protected override updated(changed: PropertyValues): void {
    const box = this.firstElementChild as HTMLElement | null;
    if (!this.#watch && box) {
      this.#watch = onResize(() => (this.size = box.clientWidth));
      this.#watch.observe(box);
    }
    if (["points", "theme", "zoom", "group", "size"].some((name) => changed.has(name))) this.#draw();
  }

  #draw(): void {
    const context = this.querySelector("canvas")?.getContext("2d");
    if (!context) return;
    const colours = this.#colours();
    const shapes = colours.map((_, at) => new Path2D(shapePath(at, (this.zoom.times >= NAMES_ALL ? 1.3 : 1) * this.#radius(POINT))));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, SIDE, SIDE);
    context.lineWidth = 1.5;
    for (let index = 0; 2 * index < this.#places.length; index += 1) {
      const group = this.group(index) % colours.length;
      const [[x, y], shape] = [this.#seen(index), shapes[group]];
      if (!shape || x < 0 || x > 1 || y < 0 || y > 1) continue;
      context.setTransform(1, 0, 0, 1, x * SIDE, y * SIDE);
      context.fillStyle = context.strokeStyle = colours[group] ?? "gray";
      if (isFar(this.#places[2 * index] ?? 0, this.#places[2 * index + 1] ?? 0)) context.stroke(shape);
      else context.fill(shape);
    }
  }

  #place(event: MouseEvent): [x: number, y: number] {
    const box = this.firstElementChild?.getBoundingClientRect();
    return box ? [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] : [0.5, 0.5];
  }

  #nearest(event: MouseEvent): number {
    const [x, y] = this.#place(event);
    let [best, least] = [-1, REACH];
    for (let index = 0; 2 * index < this.#places.length; index += 1) {
      const [left, top] = this.#seen(index);
      const away = Math.hypot(left - x, top - y);
      if (away < least) [best, least] = [index, away];
    }
    return best;
  }

  #press = (event: PointerEvent): void => {
    if (this.zoom.times > 1) this.#drag = { x: event.clientX, y: event.clientY, from: this.zoom, moved: false };
  };

  #move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || event.buttons === 0) {
      this.at = this.#nearest(event);
      return;
    }
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.moved ||= Math.hypot(x, y) > STILL;
    const { from } = drag;
    const along = (pixels: number) => pixels / Math.max(1, this.size) / from.times;
    if (drag.moved) this.zoom = within({ ...from, x: from.x - along(x), y: from.y - along(y) });
  };

  #release = (): void => {
    // The click that ends a drag picks nothing.
    if (this.#drag && !this.#drag.moved) this.#drag = null;
  };

  #pick = (event: MouseEvent): void => {
    const wasDrag = this.#drag !== null;
    this.#drag = null;
    const index = wasDrag ? -1 : this.#nearest(event);
    if (index >= 0) this.emit("pick-point", index);
  };

  /** With Ctrl, as a pinch on a touchpad has it: a wheel alone scrolls the page. */
  #wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom = zoomed(this.zoom, Math.exp(-event.deltaY / 200), ...this.#place(event));
  };

  /** Arrow keys move through the points, Enter picks, plus and minus go closer and away. */
  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (move) this.#goTo(Math.max(0, Math.min(this.points.length / 2 - 1, this.at + move)));
    else if (event.key === "+" || event.key === "=") this.zoom = this.#closer(STEP);
    else if (event.key === "-") this.zoom = this.#closer(1 / STEP);
    else if (event.key === "Enter" && this.at >= 0) this.emit("pick-point", this.at);
    else return;
    event.preventDefault();
  };

  /** A point out of sight comes to the middle. */
  #goTo(index: number): void {
    this.at = index;
    const [x, y] = this.#seen(index);
    if (x >= 0 && x <= 1 && y >= 0 && y <= 1) return;
    this.zoom = within({ ...this.zoom, x: this.#places[2 * index] ?? 0.5, y: this.#places[2 * index + 1] ?? 0.5 });
  }
}
customElements.define("tp-scatter-map", ScatterMap);

const around = (x: number, y: number, reach: number): Box => ({ left: x - reach, top: y - reach, right: x + reach, bottom: y + reach });

let ruler: CanvasRenderingContext2D | null = null;
const widths = new Map<string, number>();

/** Of a name in the style's font. */
function widthOf(words: string): number {
  if (!ruler) {
    ruler = document.createElement("canvas").getContext("2d");
    if (ruler) ruler.font = `12px ${getComputedStyle(document.documentElement).getPropertyValue("--mono")}`;
  }
  const width = widths.get(words) ?? ruler?.measureText(words).width ?? 8 * words.length;
  widths.set(words, width);
  return width;
}

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
