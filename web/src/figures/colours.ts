// The page's colours for a picture: written out, since a file has no stylesheet, and without what only browsers understand.

export interface Colours {
  paper: string;
  ink: string;
  soft: string;
  line: string;
  accent: string;
  more: Rgb;
  less: Rgb;
  shade: Rgb;
  /** Of a point or a token. */
  hue(degrees: number): string;
}

export type Rgb = readonly [red: number, green: number, blue: number];

export function pageColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const three = (name: string): Rgb => {
    const [red = 0, green = 0, blue = 0] = read(name).split(/\s+/).map(Number);
    return [red, green, blue];
  };
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const [light, chroma] = [read("--point-light"), read("--point-chroma")];
  const hues = new Map<number, string>();
  return {
    paper: read("--paper"),
    ink: read("--ink"),
    soft: read("--ink-soft"),
    line: read("--line"),
    accent: read("--accent"),
    more: three("--heat-more"),
    less: three("--heat-less"),
    shade: three("--shade"),
    hue(degrees) {
      const known = hues.get(degrees) ?? painted(context, `oklch(${light} ${chroma} ${degrees})`);
      hues.set(degrees, known);
      return known;
    },
  };
}

/** A colour as red, green and blue, as a canvas computes it. */
function painted(context: CanvasRenderingContext2D | null, colour: string): string {
  if (!context) return "gray";
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
}
