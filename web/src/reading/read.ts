// The entry for labs that read a person's text file. The decoder loads with the first file.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import type { ReadText } from "./kinds.ts";

/** For each place, the note on its newest file, if that was not UTF-8. */
const notes = signal<Readonly<Record<string, { encoding: string; said(): string } | null>>>({});

/** Null if the person cancels, which changes nothing. `place` is where `encodingNote` shows how it was read. */
export async function readText(file: File, limit: number, place: string): Promise<ReadText | null> {
  const { decodeFile, readAs } = await import("./decode.ts");
  const read = await decodeFile(file, limit);
  if (read)
    notes.value = {
      ...notes.value,
      [place]: read.encoding === "utf-8" && read.replaced === 0 ? null : { encoding: read.encoding, said: () => readAs(read) },
    };
  return read;
}

export const textOf = ({ bytes }: ReadText): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** A note on how the newest file was read, if not as UTF-8. */
export function encodingNote(place: string) {
  const note = notes.value[place];
  return note ? html`<p class="hint" role="status" data-testid="read-as" data-encoding=${note.encoding}>${note.said()}</p>` : nothing;
}
