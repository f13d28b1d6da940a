// The drawn way through a model: one canvas, and over it a button for each part that opens. Pointing and the arrow keys up and down choose the
// token whose way is drawn; left and right go from part to part, Enter opens, Escape goes back.
import { html, nothing, type PropertyValues } from "lit";
import { onResize } from "../components/resized.ts";
import { View } from "../components/view.ts";
import { fitting } from "./fold.ts";
import { BACK, type Box, type Geometry, HEAD, placed, rowAt } from "./geometry.ts";
import { type Palette, paletteOf } from "./image.ts";
import { paint } from "./paint.ts";
import type { Part, Picture } from "./part.ts";
import "./way.css";

/** The time in which a token travels through the picture, in milliseconds. */
const TRAVEL_MS = 900;
const EMPTY: Picture = { tokens: [], parts: [], folded: () => ({ label: "", title: "" }), back: "" };

/** A part or a head that can be opened. */
interface Door {
  id: string;
  title: string;
  box: Box;
  isOpen: boolean;
}

export class Way extends View {
  static override properties = {
    picture: { attribute: false },
    token: { attribute: false },
    label: { attribute: false },
    words: { attribute: false },
    theme: { attribute: false },
    travels: { attribute: false },
    around: { attribute: false },
  };
  declare picture: Picture;
  /** The token whose way is drawn. */
  declare token: number;
  declare label: string;
  /** The picture in sentences. */
  declare words: readonly string[];
  /** Set when the theme changes, since colours come from the page's style. */
  declare theme: string;
  /** Whether a new token travels from the left to the right; else its whole way is there at once. */
  declare travels: boolean;
  /** The frame that is never folded; null for the last. */
  declare around: string | null;

  /** What of the picture fits. */
  #shown: Picture = EMPTY;
  /** A frame that the person unfolded. */
  #unfolded: string | null = null;

  #geometry: Geometry | null = null;
  #palette: Palette | null = null;
  #from = 0;
  #reached = 1;
  #pointed = "";
  #frame = 0;
  #began = 0;
  #sizes = onResize(() => this.#layout());

  constructor() {
    super();
    Object.assign(this, { picture: EMPTY, token: 0, label: "", words: [], theme: "", travels: false, around: null });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  protected override render() {
    return html`<div class="way" role="group" aria-label=${this.label} @pointermove=${this.#point} @pointerleave=${this.#leave} @click=${this.#click} @keydown=${this.#key}>
      <canvas aria-hidden="true"></canvas>
      ${this.#doors().map((door, at) => this.#door(door, at))}
      ${this.words.length > 0 ? html`<ul class="visually-hidden" data-testid="way-words">${this.words.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}
    </div>`;
  }

  #door({ id, title, box, isOpen }: Door, at: number) {
    return html`<button
      class="way-door"
      data-door=${id}
      data-testid="door-${id}"
      aria-label=${title}
      title=${title}
      aria-current=${isOpen ? "true" : nothing}
      tabindex=${at === this.#roving() ? 0 : -1}
      .style=${`left:${box.left}px;top:${box.top}px;width:${box.width}px;height:${box.height}px`}
      @focus=${() => this.#mark(id)}
      @blur=${() => this.#mark("")}
    ></button>`;
  }

  /** The doors in reading order: each part, then its heads. */
  #doors(): Door[] {
    const { parts } = this.#shown;
    const geometry = this.#geometry;
    if (!geometry) return [];
    return parts.flatMap((part, at) => {
      const box = geometry.parts[at];
      if (!box) return [];
      const own = part.opens ? [{ id: part.id, title: part.title, box: doorOf(part, box), isOpen: part.isOpen === true }] : [];
      const heads = part.kind === "reads" ? part.heads : [];
      return [
        ...own,
        ...heads.map((head, index) => ({ id: head.id, title: head.title, box: geometry.heads[at]?.[index] ?? box, isOpen: head.isOpen })),
      ];
    });
  }

  /** The one door in the order of the Tab key. */
  #roving(): number {
    const doors = this.#doors();
    const at = doors.findIndex(({ id }) => id === this.#last);
    return Math.max(0, at >= 0 ? at : doors.findIndex(({ isOpen }) => isOpen));
  }
  #last = "";

  protected override updated(changed: PropertyValues): void {
    if (changed.has("theme")) this.#palette = null;
    if (changed.has("token") && changed.get("token") !== undefined) this.#travel();
    if (changed.has("around")) this.#unfolded = null;
    if (["picture", "token", "around"].some((name) => changed.has(name))) this.#layout();
    this.#draw();
  }

  /** Places everything; the doors follow in the next rendering. */
  #layout(): void {
    const { width, height } = this.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const parts = fitting(this.picture, width, this.#unfolded ?? this.around);
    const { tokens } = this.picture;
    this.#shown = { ...this.picture, parts };
    const before = this.#geometry;
    const geometry = placed(parts, Math.min(tokens.length, this.picture.rows ?? tokens.length), this.token, { width, height }, this.#from);
    this.#from = geometry.rows.readable[0];
    this.#geometry = geometry;
    if (!before || JSON.stringify([before.parts, before.heads]) !== JSON.stringify([geometry.parts, geometry.heads])) this.requestUpdate();
    this.#draw();
  }

  #travel(): void {
    if (!this.travels || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#reached = 1;
      return;
    }
    this.#began = performance.now();
    this.#reached = 0;
  }

  /** At most once a frame. */
  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      if (this.#reached < 1) this.#reached = Math.min(1, Math.max(0, (now - this.#began) / TRAVEL_MS));
      this.#paint();
      if (this.#reached < 1) this.#draw();
    });
  }

  #paint(): void {
    const canvas = this.querySelector("canvas");
    const context = canvas?.getContext("2d");
    const geometry = this.#geometry;
    if (!canvas || !context || !geometry) return;
    const ratio = Math.min(3, devicePixelRatio || 1);
    const [width, height] = [Math.round(geometry.width * ratio), Math.round(geometry.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#palette ??= paletteOf(this, this.theme);
    paint(context, this.#shown, geometry, { palette: this.#palette, focus: this.token, reached: this.#reached, pointed: this.#pointed });
  }

  #mark(id: string): void {
    if (id !== "") this.#last = id;
    if (id === this.#pointed) return;
    this.#pointed = id;
    this.emit("point-part", id);
    this.#draw();
  }

  #rowOf(event: MouseEvent): number {
    const box = this.getBoundingClientRect();
    return this.#geometry ? rowAt(this.#geometry.rows, event.clientY - box.top) : -1;
  }

  #point = (event: PointerEvent): void => {
    const row = this.#rowOf(event);
    if (row >= 0 && row !== this.token && event.pointerType !== "touch") this.emit("hover-token", row);
    this.#mark((event.target as HTMLElement).dataset.door ?? "");
  };

  #leave = (): void => {
    this.#mark("");
    this.emit("hover-token", -1);
  };

  #click = (event: MouseEvent): void => {
    const { door } = (event.target as HTMLElement).dataset;
    if (door) this.#open(door);
    else if (this.#rowOf(event) >= 0) this.emit("pick-token", this.#rowOf(event));
  };

  #open(door: string): void {
    const part = this.#shown.parts.find(({ id }) => id === door);
    if (part?.kind !== "folded") {
      this.emit("open-part", door);
      return;
    }
    this.#unfolded = part.unfolds;
    this.#layout();
    this.requestUpdate();
  }

  #key = (event: KeyboardEvent): void => {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const right = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (down) this.emit("pick-token", Math.min((this.picture.rows ?? this.picture.tokens.length) - 1, Math.max(0, this.token + down)));
    else if (right) this.#step(right);
    else return;
    event.preventDefault();
  };

  #step(by: number): void {
    const doors = [...this.querySelectorAll<HTMLElement>(".way-door")];
    const at = doors.indexOf(document.activeElement as HTMLElement);
    doors[Math.min(doors.length - 1, Math.max(0, at + by))]?.focus();
  }
}
customElements.define("tp-way", Way);

/** A door covers its part and the name above it. */
function doorOf(part: Part, box: Box): Box {
  const top = HEAD - 18;
  const high = part.kind === "next" ? Math.max(box.height, 5 * BACK) : box.height;
  return { left: box.left, top, width: Math.max(12, box.width), height: high + HEAD - top };
}
