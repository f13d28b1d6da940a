// Makes the requested file. Loaded with the first request; of what the page has it imports the colours and shapes alone, since the
// bundler splits the page's own scripts along what the two share.
import type { Figure } from "./figure.ts";
import { csv, json } from "./files.ts";
import { picture } from "./svg.ts";
import type { Drawn } from "./words.ts";

export type Kind = "png" | "svg" | "csv" | "json";

/** Pixels of the file per pixel of the picture: sharp in print, too. */
const DENSITY = 2;

export async function fileOf(figure: Figure, kind: Kind, caption: readonly string[]): Promise<{ name: string; bytes: Uint8Array }> {
  const name = figure.file
    .map((part) =>
      String(part)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, "-"),
    )
    .join("-");
  return { name: `tadpole-${name}.${kind}`, bytes: await made(figure, kind, caption) };
}

async function made(figure: Figure, kind: Kind, caption: readonly string[]): Promise<Uint8Array> {
  if (kind === "png") return png(picture(figure, caption));
  const encoder = new TextEncoder();
  if (kind === "svg") return encoder.encode(picture(figure, caption).svg);
  if (!figure.data) throw new Error("this figure has no data");
  return encoder.encode(kind === "csv" ? await csv(figure.data) : await json(figure, figure.data));
}

async function png({ width, height, svg }: Drawn): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * DENSITY, height: height * DENSITY });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("the browser made no picture");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
