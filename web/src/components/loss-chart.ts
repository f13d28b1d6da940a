// Curves over training steps, drawn by uPlot: plain columns in, nothing out. Lines differ by dash as well as by colour.
import "uplot/dist/uPlot.min.css";
import { html, type PropertyValues } from "lit";
import uPlot from "uplot";
import { onResize } from "./resized.ts";
import { View } from "./view.ts";

export interface Curve {
  label: string;
  values: (number | null)[];
  dashed: boolean;
  /** From 1, for a background curve: its own colour and dashes. */
  behind?: number;
}

/** Of background curves: hues in degrees, and dashes. */
const BEHIND = [
  { hue: 40, dash: [2, 3] },
  { hue: 300, dash: [9, 3] },
  { hue: 250, dash: [9, 3, 2, 3] },
  { hue: 20, dash: [4, 2] },
];

export class LossChart extends View {
  static override properties = {
    steps: { attribute: false },
    curves: { attribute: false },
    marks: { attribute: false },
    version: { attribute: false },
    stepLabel: { attribute: false },
    theme: { attribute: false },
    format: { attribute: false },
  };
  declare steps: number[];
  declare curves: Curve[];
  /** Steps at which a setting was changed by hand: a line across the curves. */
  declare marks: number[];
  /** Grows with the columns, which are changed in place. */
  declare version: number;
  declare stepLabel: string;
  declare theme: string;
  declare format: (value: number) => string;
  #plot: uPlot | null = null;
  #frame = 0;
  #resize = onResize(() => this.#fit());

  constructor() {
    super();
    Object.assign(this, { steps: [], curves: [], marks: [], version: 0, stepLabel: "", theme: "light", format: String });
  }

  protected override render() {
    return html`<div class="chart" aria-hidden="true"></div>`;
  }

  protected override updated(changed: PropertyValues): void {
    const labels = (curves: Curve[] | undefined) => (curves ?? []).map((curve) => curve.label).join();
    const before = changed.get("curves") as Curve[] | undefined;
    const relabelled = changed.has("curves") && labels(before) !== labels(this.curves);
    if (!this.#plot || relabelled || changed.has("theme") || changed.has("stepLabel")) this.#build();
    else this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #data(): uPlot.AlignedData {
    return [this.steps, ...this.curves.map((curve) => curve.values)] as uPlot.AlignedData;
  }

  #build(): void {
    const box = this.firstElementChild as HTMLElement;
    this.#plot?.destroy();
    const colour = (name: string) => getComputedStyle(this).getPropertyValue(name).trim();
    const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const strokes = [colour("--accent"), colour("--ink")];
    const value = (_plot: uPlot, number: number | null) => (number === null ? "–" : this.format(number));
    this.#plot = new uPlot(
      {
        ...this.#size(box),
        scales: { x: { time: false } },
        legend: { live: true },
        hooks: { draw: [(plot) => this.#mark(plot, colour("--ink-soft"))] },
        cursor: { y: false, drag: { x: false, y: false } },
        axes: [axis, { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => this.format(tick)) }],
        series: [
          { label: this.stepLabel, value: (_plot, step: number | null) => (step === null ? "–" : String(step)) },
          ...this.curves.map((curve, at) => ({
            label: curve.label,
            stroke: strokes[at % strokes.length] ?? "",
            width: 2,
            spanGaps: true,
            value,
            points: { show: curve.dashed },
            ...(curve.dashed ? { dash: [6, 5] } : {}),
            ...(curve.behind ? behindStyle(curve.behind, this.theme) : {}),
          })),
        ],
      },
      this.#data(),
      box,
    );
    this.#resize.observe(box);
  }

  #mark({ ctx, bbox, valToPos }: uPlot, stroke: string): void {
    ctx.save();
    ctx.strokeStyle = stroke;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const step of this.marks) {
      const x = valToPos(step, "x", true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  #size(box: HTMLElement): { width: number; height: number } {
    const width = Math.max(240, box.clientWidth);
    return { width, height: Math.round(Math.min(320, Math.max(190, width * 0.45))) };
  }

  #fit(): void {
    const box = this.firstElementChild as HTMLElement;
    if (this.#plot && box.clientWidth !== this.#plot.width) this.#plot.setSize(this.#size(box));
  }

  /** At most once a frame, however many events arrive. */
  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#plot?.setData(this.#data()));
  }
}
function behindStyle(behind: number, theme: string) {
  const { hue, dash } = BEHIND[(behind - 1) % BEHIND.length] ?? { hue: 0, dash: [1, 3] };
  return { stroke: `oklch(${theme === "dark" ? 72 : 55}% 0.13 ${hue})`, width: 1.5, dash };
}

customElements.define("tp-loss-chart", LossChart);
