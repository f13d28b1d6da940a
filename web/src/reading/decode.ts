// A person's text file as UTF-8 without a byte order mark; a file that is not text is refused by its kind. A file that cannot be UTF-8, or
// reads like another encoding, is never accepted silently: the person chooses.
import { failure, readFile } from "../corpus.ts";
import { fill, whole } from "../i18n/index.ts";
import { shownName } from "./encoding-names.ts";
import { type Doubt, hex, KIND_BYTES, kindOf, type ReadText } from "./kinds.ts";
import { texts } from "./texts.ts";

/** Null if the person cancels, which changes nothing. */
export async function decodeFile(file: File, limit: number): Promise<ReadText | null> {
  await refuseOtherKinds(file);
  const read = await toUtf8(file.name, await readFile(file, limit));
  if (read?.bytes.length === 0) throw failure("fileEmpty", { name: file.name });
  return read;
}

/** A sentence on how a file was read. */
export const readAs = ({ name, encoding, replaced }: ReadText): string =>
  replaced > 0 ? fill(texts().replaced, { name, n: whole(replaced) }) : fill(texts().readAs, { name, encoding: shownName(encoding) });

async function refuseOtherKinds(file: File): Promise<void> {
  const part = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  let [head, tail] = [new Uint8Array(), new Uint8Array()];
  try {
    [head, tail] = [await part(0, KIND_BYTES), await part(Math.max(0, file.size - KIND_BYTES), file.size)];
  } catch {
    // Reading all of it will fail too, with the reason.
    return;
  }
  const kind = kindOf(head, tail);
  if (kind) throw failure(kind.code, { name: file.name, reason: kind.name, bytes: hex(head.subarray(0, 4)) });
}

// ---------- encodings ----------

async function toUtf8(name: string, bytes: Uint8Array): Promise<ReadText | null> {
  const mark = markOf(bytes);
  if (mark === "utf-32") throw failure("encodingUnread", { name, encoding: "UTF-32" });
  if (mark === "utf-16le" || mark === "utf-16be") return recoded(name, bytes, mark);
  const doubt = doubtAbout(bytes);
  if (!doubt) return { name, bytes: mark === "utf-8" ? bytes.subarray(3) : bytes, encoding: "utf-8", replaced: 0 };
  const { askEncoding } = await import("./ask.ts");
  const encoding = await askEncoding(name, bytes, doubt);
  return encoding === null ? null : recoded(name, bytes, encoding);
}

/** The encoding that a byte order mark names. */
function markOf(bytes: Uint8Array): string | null {
  const begins = (...mark: number[]) => mark.every((byte, at) => bytes[at] === byte);
  if (begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff)) return "utf-32";
  if (begins(0xff, 0xfe)) return "utf-16le";
  if (begins(0xfe, 0xff)) return "utf-16be";
  return begins(0xef, 0xbb, 0xbf) ? "utf-8" : null;
}

function recoded(name: string, bytes: Uint8Array, encoding: string): ReadText {
  let text: string;
  try {
    // The person has seen that this UTF-8 is broken.
    text = new TextDecoder(encoding, { fatal: encoding !== "utf-8" }).decode(bytes);
  } catch {
    throw failure("encodingMisfit", { name, encoding: shownName(encoding) });
  }
  return {
    name,
    bytes: new TextEncoder().encode(text),
    encoding,
    replaced: encoding === "utf-8" ? (text.match(/\ufffd/g)?.length ?? 0) : 0,
  };
}

function doubtAbout(bytes: Uint8Array): Doubt | null {
  const offset = misfit(bytes);
  if (offset !== null) return { kind: "notUtf8", offset, byte: `0x${hex(bytes.subarray(offset, offset + 1))}` };
  const n = bytes.includes(0) ? bytes.reduce((count, byte) => count + Number(byte === 0), 0) : 0;
  if (n > 0) return { kind: "nuls", n };
  return hasEscapes(bytes) ? { kind: "escapes" } : null;
}

/** ISO-2022-JP switches between alphabets with ESC $ B, ESC ( J and the like, all ASCII. */
function hasEscapes(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x1b); at >= 0; at = bytes.indexOf(0x1b, at + 1)) {
    const [kind, set] = [bytes[at + 1], bytes[at + 2]];
    if (kind === 0x24 && (set === 0x42 || set === 0x40)) return true;
  }
  return false;
}

/** Bytes checked at once, so that a large text is not decoded only to be dropped. */
const CHUNK = 2 ** 20;

/** The offset where UTF-8 ends; null if all of it is valid. */
function misfit(bytes: Uint8Array): number | null {
  const strict = new TextDecoder("utf-8", { fatal: true });
  for (let start = 0; start < bytes.length; start += CHUNK) {
    const end = Math.min(bytes.length, start + CHUNK);
    try {
      strict.decode(bytes.subarray(start, end), { stream: end < bytes.length });
    } catch {
      return firstMisfit(bytes, Math.max(0, start - 4), end);
    }
  }
  return null;
}

/** The first byte that differs from the lenient decoder's output. */
function firstMisfit(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  // Do not start inside a character.
  while (from > 0 && from < end && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  const part = bytes.subarray(from, end);
  const again = new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(part));
  const at = part.findIndex((byte, index) => byte !== again[index]);
  return from + Math.max(0, at);
}
