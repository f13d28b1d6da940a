// The film as a GIF: one palette for all pictures, and of each picture only what changed. Loads gifenc with the first one.
import { applyPalette, GIFEncoder, quantize } from "gifenc";
import { type Frames, rest } from "./frames.ts";

/** One index of the 256 is for what stays as it was. */
const COLOURS = 255;
const STAYS = COLOURS;
/** The old picture stays below the new one. */
const KEEP = 1;

export async function gif({ width, height, stills, pictures, draw }: Frames, tell: (done: number) => void): Promise<Uint8Array> {
  const palette = quantize(await sample(stills, draw), COLOURS);
  const colours = [...Array.from({ length: COLOURS }, (_, at) => palette[at] ?? [0, 0, 0]), [0, 0, 0]];
  const encoder = GIFEncoder();
  let before: Uint8Array | null = null;
  for (const [number, { at, stays }] of pictures.entries()) {
    const index = applyPalette(draw(at), palette);
    const changed = before ? index.map((colour, pixel) => (colour === before?.[pixel] ? STAYS : colour)) : index;
    const how = before ? { transparent: true, transparentIndex: STAYS } : { palette: colours };
    encoder.writeFrame(changed, width, height, { ...how, delay: stays, dispose: KEEP });
    before = index;
    tell((number + 1) / pictures.length);
    await rest();
  }
  encoder.finish();
  return encoder.bytes();
}

/** Pixels of a picture of each card that the palette is made from: flat colours need no more, and more would stop the page. */
const SAMPLED = 4_000;

async function sample(stills: readonly number[], draw: Frames["draw"]): Promise<Uint8ClampedArray> {
  const chosen = new Uint32Array(stills.length * SAMPLED);
  for (const [still, at] of stills.entries()) {
    const all = new Uint32Array(draw(at).buffer);
    for (let each = 0; each < SAMPLED; each += 1) chosen[still * SAMPLED + each] = all[Math.floor((each / SAMPLED) * all.length)] ?? 0;
    await rest();
  }
  return new Uint8ClampedArray(chosen.buffer);
}
