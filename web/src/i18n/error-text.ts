// An error in the reader's language: the text of its code, filled with its translated details. If a code has no text, or a text asks for a
// missing detail, the core's own English is shown.
import type { CoreError } from "../worker/protocol.ts";
import { isWorld } from "../world-name.ts";
import type { Catalogue, ErrorTexts } from "./catalogue.ts";
import { fill, places } from "./text.ts";

/** Errors whose numbers are bytes. */
const IN_BYTES = ["doesNotFit", "fileDoesNotFit", "bufferTooLarge", "storeFull", "heapFull"];

export function describe(
  error: CoreError,
  texts: Catalogue & ErrorTexts,
  size: (bytes: number) => string,
): { message: string; remedy: string } {
  const known: Record<string, [string, string]> = texts.errors;
  const [message, remedy] = known[error.code] ?? ["", ""];
  const details = spoken(error, texts, size);
  const whole = (text: string) => text !== "" && places(text).every((name) => Object.hasOwn(details, name));
  if (!whole(message)) return { message: error.message, remedy: error.remedy };
  return { message: fill(message, details), remedy: whole(remedy) ? fill(remedy, details) : error.remedy };
}

/** The details in readable form. */
export function spoken(
  { code, details }: CoreError,
  texts: Catalogue & ErrorTexts,
  size: (bytes: number) => string,
): Record<string, string> {
  const words: Record<string, string> = { ...details };
  for (const name of ["reason", "max", "remedy"]) {
    const said = details[name];
    if (said !== undefined) words[name] = (texts.reasons as Record<string, string>)[said] ?? said;
  }
  if (details.field !== undefined) words.field = fieldName(details.field, texts);
  if (code.startsWith("corpus") && details.name !== undefined) words.name = corpusName(details.name, texts);
  if (IN_BYTES.includes(code))
    for (const [name, bytes] of Object.entries(details)) if (/^\d+$/.test(bytes)) words[name] = size(Number(bytes));
  if (code === "headsDoNotDivide") Object.assign(words, widths(Number(details.nHead), Number(details.dModel)));
  return words;
}

/** A setting's label; a foreign name, such as a key of a file, stays as it is. */
export function fieldName(key: string, texts: Catalogue): string {
  return ({ ...texts.fields, ...texts.sampling } as Record<string, string>)[key] ?? key;
}

/** A corpus' title: a built-in one in the reader's language, the person's own by its file name. */
export function corpusName(name: string, texts: Catalogue): string {
  return (texts.corpora as Record<string, { name: string }>)[isWorld(name) ? "world" : name]?.name ?? name;
}

/** The two nearest widths that give all heads the same even width, as rotary positions need. */
function widths(heads: number, width: number): { below: string; above: string } {
  const step = 2 * heads;
  const below = Math.max(1, Math.floor(width / step)) * step;
  return { below: String(below), above: String(below + step) };
}
