// The stage above the cards: one moment of the strip on a canvas as wide as there is room, sharp on any screen.
import { html, type PropertyValues } from "lit";
import { onResize } from "../../components/resized.ts";
import { View } from "../../components/view.ts";
import { theme } from "../../settings.ts";
import type { Strip } from "./cards.ts";
import type { Moment } from "./film.ts";
import { pageInk } from "./ink.ts";
import { scene } from "./scene.ts";

/** Below this width the sentence stands under the drawing. */
const NARROW = 560;

export class Stage extends View {
  static override properties = {
    strip: { attribute: false },
    moment: { attribute: false },
    caption: { attribute: false },
    label: { attribute: false },
  };
  declare strip: Strip;
  declare moment: Moment;
  declare caption: string;
  declare label: string;
  #size: ResizeObserver | null = null;

  protected override render() {
    void theme.value;
    return html`<canvas role="img" aria-label=${this.label} data-testid="life-stage" data-card=${this.moment.card} data-pieces=${this.moment.pieces}></canvas>`;
  }

  protected override firstUpdated(): void {
    this.#size = onResize(() => this.#draw());
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size?.disconnect();
  }

  protected override updated(_changed: PropertyValues): void {
    this.#draw();
  }

  #draw(): void {
    const canvas = this.querySelector("canvas");
    const width = this.clientWidth;
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen || width === 0) return;
    const height = Math.round(width < NARROW ? Math.max(300, width * 0.95) : Math.min(280, width * 0.42));
    const density = devicePixelRatio;
    const size = { width: Math.round(width * density), height: Math.round(height * density) };
    if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
    canvas.style.height = `${height}px`;
    pen.setTransform(density, 0, 0, density, 0, 0);
    scene(pen, pageInk(), { width, height }, this.strip, this.moment, this.caption);
  }
}
customElements.define("tp-life-stage", Stage);
