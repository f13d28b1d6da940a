// The picture for a file: drawn once more at a fixed size, with whatever pen is given.
import { fitting } from "./fold.ts";
import { heightFor, placed } from "./geometry.ts";
import { paletteOf } from "./image.ts";
import { paint } from "./paint.ts";
import type { Picture } from "./part.ts";
import type { Pen } from "./pen.ts";

const WIDTH = 1200;
/** As many tokens as this are written out; of more, those around the chosen one. */
const MOST_ROWS = 40;

/** How large the picture is for a file: every token has a row that can be read. */
export function sizeFor({ tokens, rows = tokens.length, parts }: Picture): { width: number; height: number } {
  return { width: WIDTH, height: heightFor(parts, Math.min(rows, MOST_ROWS)) };
}

/** In the page's colours. */
export function drawWith(pen: Pen, picture: Picture, token: number, around: string | null): void {
  const size = sizeFor(picture);
  const parts = fitting(picture, size.width, around);
  const rows = Math.min(picture.tokens.length, picture.rows ?? picture.tokens.length);
  const geometry = placed(parts, rows, token, size, 0);
  const palette = paletteOf(document.documentElement, document.documentElement.dataset.theme ?? "");
  paint(pen, { ...picture, parts }, geometry, { palette, focus: token, reached: 1, pointed: "" });
}
