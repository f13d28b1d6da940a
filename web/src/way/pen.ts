// As much of a canvas' context as the picture is drawn with: anything that has these can draw it.
import type { Image } from "./image.ts";

export type Pen = Pick<
  CanvasRenderingContext2D,
  | "arc"
  | "beginPath"
  | "bezierCurveTo"
  | "clearRect"
  | "fill"
  | "fillRect"
  | "fillStyle"
  | "fillText"
  | "font"
  | "imageSmoothingEnabled"
  | "lineCap"
  | "lineTo"
  | "lineWidth"
  | "measureText"
  | "moveTo"
  | "setLineDash"
  | "stroke"
  | "strokeRect"
  | "strokeStyle"
  | "textAlign"
  | "textBaseline"
> & {
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  drawImage(image: Image, ...place: [number, number, number, number, number, number, number, number]): void;
};
