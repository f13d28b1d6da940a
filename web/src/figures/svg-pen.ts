// Writes as SVG what is drawn on a canvas: the part of its context that the page's own drawings use. Colours are written as red, green and blue
// with an opacity, since other programs understand nothing newer.
import { escaped, FONT, round } from "./words.ts";

export class SvgPen {
  fillStyle: string | CanvasGradient | CanvasPattern = "black";
  strokeStyle: string | CanvasGradient | CanvasPattern = "black";
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  font = "";
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  imageSmoothingEnabled = true;
  #parts: string[] = [];
  #path = "";
  #dashes: number[] = [];
  #ruler = context(1, 1);
  #colours = new Map<string, string>();

  /** Everything that was drawn. */
  get svg(): string {
    return this.#parts.join("");
  }

  clearRect(): void {}

  beginPath(): void {
    this.#path = "";
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${round(x)} ${round(y)}`;
  }

  bezierCurveTo(...points: [number, number, number, number, number, number]): void {
    this.#path += `C${points.map(round).join(" ")}`;
  }

  /** A whole circle, whatever its ends. */
  arc(x: number, y: number, radius: number): void {
    const r = round(radius);
    this.#path += `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = Math.min(radius, width / 2, height / 2);
    const [across, down] = [round(width - 2 * r), round(height - 2 * r)];
    const corner = (dx: number, dy: number) => `a${round(r)} ${round(r)} 0 0 1 ${round(dx * r)} ${round(dy * r)}`;
    this.#path += `M${round(x + r)} ${round(y)}h${across}${corner(1, 1)}v${down}${corner(-1, 1)}h${-across}${corner(-1, -1)}v${-down}${corner(1, -1)}z`;
  }

  fill(): void {
    this.#parts.push(`<path d="${this.#path}" ${this.#paint("fill", this.fillStyle)}/>`);
  }

  stroke(): void {
    this.#parts.push(`<path d="${this.#path}" fill="none" ${this.#line()}/>`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#parts.push(`<rect ${place(x, y, width, height)} ${this.#paint("fill", this.fillStyle)}/>`);
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#parts.push(`<rect ${place(x, y, width, height)} fill="none" ${this.#line()}/>`);
  }

  setLineDash(dashes: number[]): void {
    this.#dashes = dashes;
  }

  measureText(text: string): TextMetrics {
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  fillText(text: string, x: number, y: number): void {
    const [, weight = "400", size = "12"] = /^(\d+) ([\d.]+)px/.exec(this.font) ?? [];
    const family = /mono/i.test(this.font) ? "ui-monospace, Menlo, Consolas, monospace" : FONT;
    const anchor = { left: "start", start: "start", center: "middle", right: "end", end: "end" }[this.textAlign];
    const down = this.textBaseline === "middle" ? 0.35 * Number(size) : 0;
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y + down)}" font-size="${size}" font-weight="${weight}" font-family="${family}" text-anchor="${anchor}" ${this.#paint("fill", this.fillStyle)} xml:space="preserve">${escaped(text)}</text>`,
    );
  }

  /** A part of an image, from its own place to one in the picture. */
  drawImage(
    image: CanvasImageSource,
    ...[sx, sy, sw, sh, x, y, width, height]: [number, number, number, number, number, number, number, number]
  ): void {
    const part = context(Math.max(1, Math.round(sw)), Math.max(1, Math.round(sh)));
    part.drawImage(image, sx, sy, sw, sh, 0, 0, part.canvas.width, part.canvas.height);
    const rendering = this.imageSmoothingEnabled ? "" : ` style="image-rendering:pixelated"`;
    this.#parts.push(`<image ${place(x, y, width, height)} preserveAspectRatio="none"${rendering} href="${part.canvas.toDataURL()}"/>`);
  }

  #line(): string {
    const dashes = this.#dashes.length > 0 ? ` stroke-dasharray="${this.#dashes.join(" ")}"` : "";
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    return `${this.#paint("stroke", this.strokeStyle)} stroke-width="${round(this.lineWidth)}"${dashes}${cap}`;
  }

  #paint(what: "fill" | "stroke", colour: string | CanvasGradient | CanvasPattern): string {
    const key = `${what} ${colour}`;
    const known = this.#colours.get(key) ?? this.#computed(what, colour);
    this.#colours.set(key, known);
    return known;
  }

  /** As the canvas computes it. */
  #computed(what: string, colour: string | CanvasGradient | CanvasPattern): string {
    this.#ruler.clearRect(0, 0, 1, 1);
    this.#ruler.fillStyle = colour;
    this.#ruler.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = this.#ruler.getImageData(0, 0, 1, 1).data;
    const opacity = alpha === 255 ? "" : ` ${what}-opacity="${(alpha / 255).toFixed(3)}"`;
    return `${what}="rgb(${red},${green},${blue})"${opacity}`;
  }
}

const place = (x: number, y: number, width: number, height: number): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;

function context(width: number, height: number): CanvasRenderingContext2D {
  const made = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
  if (!made) throw new Error("this browser has no canvas");
  return made;
}
