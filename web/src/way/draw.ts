// The picture for a file: drawn once more at a fixed size, with whatever pen is given.
import { fitting } from "./fold.ts";
import { placed } from "./geometry.ts";
import { paletteOf } from "./image.ts";
import { paint } from "./paint.ts";
import type { Picture } from "./part.ts";
import type { Pen } from "./pen.ts";

export const SIZE = { width: 1200, height: 560 };

/** In the page's colours. */
export function drawWith(pen: Pen, picture: Picture, token: number, around: string | null): void {
  const parts = fitting(picture, SIZE.width, around);
  const rows = Math.min(picture.tokens.length, picture.rows ?? picture.tokens.length);
  const geometry = placed(parts, rows, token, SIZE, 0);
  const palette = paletteOf(document.documentElement, document.documentElement.dataset.theme ?? "");
  paint(pen, { ...picture, parts }, geometry, { palette, focus: token, reached: 1, pointed: "" });
}
