// Text in a picture, and the parts that a picture is made of: SVG from its own corner.

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/** A part of a picture, from its own corner. */
export interface Drawn {
  width: number;
  height: number;
  svg: string;
}

interface Style {
  fill: string;
  size?: number;
  weight?: number;
  anchor?: "start" | "middle" | "end";
  turned?: boolean;
}

export function text(
  words: string,
  x: number,
  y: number,
  { fill, size = 12, weight = 400, anchor = "start", turned = false }: Style,
): string {
  const turn = turned ? ` transform="rotate(-90 ${round(x)} ${round(y)})"` : "";
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}"${turn} xml:space="preserve">${escaped(words)}</text>`;
}

/** Without the characters that XML cannot hold. */
export function escaped(words: string): string {
  const sign: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
  return words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (found) => sign[found] ?? "");
}

export const round = (value: number): number => Math.round(value * 100) / 100;

let ruler: CanvasRenderingContext2D | null = null;

/** The width of a text. */
export function widthOf(words: string, size = 12, weight = 400): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return words.length * size;
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(words).width;
}

export function cut(words: string, width: number, size = 12): string {
  if (widthOf(words, size) <= width) return words;
  const letters = [...words];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`, size) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** The lines of a title that fit; Chinese breaks anywhere. */
export function wrapped(words: string, width: number, size: number): string[] {
  const found: string[] = [];
  let line = "";
  for (const part of words.split(/(?<=[\s\u3000-\u9fff\uff00-\uffef])/)) {
    if (line !== "" && widthOf((line + part).trimEnd(), size, 600) > width) {
      found.push(line.trimEnd());
      line = "";
    }
    line += part;
  }
  return [...found, line.trimEnd()];
}
