// An error in the reader's words: the text of its code, filled with its details, and those in the reader's words too.
// A code without a text, and a text that asks for a detail that did not come, leave the error in the core's own English, as sentences.
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
  if (!whole(message)) return { message: sentence(error.message), remedy: error.remedy };
  return { message: fill(message, details), remedy: whole(remedy) ? fill(remedy, details) : error.remedy };
}

/** The core writes a message as Rust does: in lower case, without a full stop. */
function sentence(message: string): string {
  return message && `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?。]$/.test(message) ? "" : "."}`;
}

/** The details as people read them. */
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
  return words;
}

/** A setting's label; a foreign name, such as a key of a file, stays as it is. */
export function fieldName(key: string, texts: Catalogue): string {
  return ({ ...texts.fields, ...texts.sampling, ...texts.world } as Record<string, string>)[key] ?? key;
}

/** A corpus' title: a built-in one in the reader's language, the person's own by its file name. */
export function corpusName(name: string, texts: Catalogue): string {
  return (texts.corpora as Record<string, { name: string }>)[isWorld(name) ? "world" : name]?.name ?? name;
}
