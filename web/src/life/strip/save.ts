// The strip as a file: one picture (PNG), or a film (GIF, WebM). Loads with the first.
import type { Strip } from "./cards.ts";
import { lengthOf, momentAt, pictures, still } from "./film.ts";
import { type Ink, type Pen, pageInk } from "./ink.ts";
import { type Size, scene } from "./scene.ts";
import { planned, sheet } from "./sheet.ts";
import { webm } from "./webm.ts";

export type Kind = "png" | "gif" | "webm";

/** Pixels of the file for each of the layout's. */
const DENSITY: Record<Kind, number> = { png: 2, gif: 1, webm: 1.5 };
const FILM: Size = { width: 720, height: 405 };

/** What a file says of the strip. */
export interface Captions {
  title: string;
  caption: string;
}

/** `tell` hears the share that is done. */
export async function fileOf(kind: Kind, strip: Strip, captions: Captions, tell: (done: number) => void): Promise<Uint8Array> {
  const ink = pageInk();
  return kind === "png" ? png(strip, captions, ink) : kind === "gif" ? gif(strip, captions, ink, tell) : video(strip, captions, ink, tell);
}

/** A canvas, and a pen on it whose unit is the layout's. */
function paper({ width, height }: Size, density: number): { canvas: HTMLCanvasElement; pen: Pen } {
  const size = { width: Math.round(width * density), height: Math.round(height * density) };
  const canvas = Object.assign(document.createElement("canvas"), size);
  const pen = canvas.getContext("2d", { willReadFrequently: density === 1 });
  if (!pen) throw new Error("this browser draws on no canvas");
  pen.scale(density, density);
  return { canvas, pen };
}

async function png(strip: Strip, { title, caption }: Captions, ink: Ink): Promise<Uint8Array> {
  const plan = planned(paper({ width: 1, height: 1 }, 1).pen, ink, strip, caption);
  const { canvas, pen } = paper(plan, DENSITY.png);
  sheet(pen, ink, strip, title, plan);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("the browser made no picture");
  return new Uint8Array(await blob.arrayBuffer());
}

async function gif(strip: Strip, { caption }: Captions, ink: Ink, tell: (done: number) => void): Promise<Uint8Array> {
  const { pen, canvas } = paper(FILM, DENSITY.gif);
  const maker = await import("./gif.ts");
  const draw = (at: number) => {
    scene(pen, ink, FILM, strip, momentAt(strip, at), caption);
    return pen.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const length = lengthOf(strip) / strip.cards.length;
  const stills = strip.cards.map((_, card) => (card + 1) * length - 1);
  return maker.gif({ width: canvas.width, height: canvas.height, stills, pictures: pictures(strip), draw }, tell);
}

function video(strip: Strip, { caption }: Captions, ink: Ink, tell: (done: number) => void): Promise<Uint8Array> {
  const { canvas, pen } = paper(FILM, DENSITY.webm);
  const length = lengthOf(strip);
  const draw = (at: number) => {
    const moment = at >= length - 1 ? still(strip, strip.cards.length - 1) : momentAt(strip, at);
    scene(pen, ink, FILM, strip, moment, caption);
  };
  return webm(canvas, length, draw, tell);
}
