// Which encodings fit the bytes of a text, likeliest first. The browser decodes (Encoding Standard, WHATWG); chardet, ICU's detector,
// judges by letter statistics; for short texts the decoded characters decide.
import { analyse } from "chardet";

/** All encodings that browsers decode and people still use, by script. */
export const ENCODINGS = [
  ["utf-8", "unicode"],
  ["utf-16le", "unicode"],
  ["utf-16be", "unicode"],
  ["gb18030", "simplified"],
  ["big5", "traditional"],
  ["shift_jis", "japanese"],
  ["euc-jp", "japanese"],
  ["iso-2022-jp", "japanese"],
  ["euc-kr", "korean"],
  ["windows-1252", "western"],
  ["macintosh", "western"],
  ["windows-1250", "central"],
  ["iso-8859-2", "central"],
  ["windows-1251", "cyrillic"],
  ["koi8-u", "cyrillic"],
  ["ibm866", "cyrillic"],
  ["iso-8859-5", "cyrillic"],
  ["x-mac-cyrillic", "cyrillic"],
  ["windows-1253", "greek"],
  ["windows-1254", "turkish"],
  ["windows-1255", "hebrew"],
  ["windows-1256", "arabic"],
  ["iso-8859-6", "arabic"],
  ["windows-1257", "baltic"],
  ["windows-1258", "vietnamese"],
  ["windows-874", "thai"],
] as const;
export type Encoding = (typeof ENCODINGS)[number][0];
export type Script = (typeof ENCODINGS)[number][1];

export interface Candidate {
  encoding: Encoding;
  /** The decoded sample. */
  text: string;
}

/** Bytes examined. */
const SAMPLE = 2 ** 18;

/** ICU's names, where they differ from the standard's. */
const NAMES: Record<string, Encoding> = {
  "iso-8859-1": "windows-1252",
  "iso-8859-7": "windows-1253",
  "iso-8859-8": "windows-1255",
  "iso-8859-9": "windows-1254",
  "koi8-r": "koi8-u",
};

/** Encodings that fit the bytes without an error, likeliest first; none if no encoding gives text. */
export function candidates(bytes: Uint8Array): Candidate[] {
  const sample = sampleOf(bytes);
  const sure = detected(sample);
  return ENCODINGS.flatMap(([encoding]) => {
    const text = decoded(sample, encoding, bytes.length > sample.length) ?? (encoding === "utf-8" ? mended(sample) : null);
    return text === null ? [] : [{ encoding, text, score: plausible(text) + kana(encoding, text) + (sure.get(encoding) ?? 0) }];
  })
    .filter(({ score }) => score > HOPELESS)
    .sort((one, other) => other.score - one.score)
    .map(({ encoding, text }) => ({ encoding, text }));
}

/** ICU's confidence in each, from 0 to 1; if two of its names map to one of ours, the higher one. */
function detected(sample: Uint8Array): Map<string, number> {
  const sure = new Map<string, number>();
  for (const { name, confidence } of analyse(sample)) {
    const ours = NAMES[name.toLowerCase()] ?? name.toLowerCase();
    sure.set(ours, Math.max(sure.get(ours) ?? 0, confidence / 100));
  }
  return sure;
}

/** From just before the first non-ASCII byte. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE) return bytes;
  const first = Math.max(
    0,
    bytes.findIndex((byte) => byte >= 0x80 || byte === 0),
  );
  const start = first < SAMPLE / 2 ? 0 : bytes.lastIndexOf(10, first) + 1;
  return bytes.subarray(start, start + SAMPLE);
}

/** Null if some bytes fit no character. A sample may end inside one. */
export function decoded(bytes: Uint8Array, encoding: string, isCut = false): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}

/** UTF-8 with few broken characters, as in a file that was cut; each becomes a replacement character. */
function mended(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes);
  const [broken, others] = [text.match(/\ufffd/g)?.length ?? 0, text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0];
  return broken <= others / 10 ? text : null;
}

// ---------- what a text is made of ----------

/** Below this, no person could have written it. */
const HOPELESS = -3;

const COMMON =
  /[的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文开手十用行方又如前所本见头面公同三已老从动两长问题答首都哪吗世界這個來說國學會們時過對裡後麼還發當開見頭問題長點樣愛聽寫讀呢吧啊?]/;
const RULES: readonly (readonly [RegExp, number])[] = [
  [/[\p{Cc}\p{Co}\p{Cn}\p{Cs}\ufffd]/u, -6],
  [/[，。、？！：；（）《》「」『』]/, 1.2],
  [/[“”‘’–—…€]/, 0.7],
  [/[\u3041-\u309f\u30a1-\u30ff]/, 1.3],
  [/[\uff61-\uff9f]/, -0.1],
  [COMMON, 1.4],
  [/[\uac00-\ud7a3]/, 1],
  [/[\u4e00-\u9fff]/, 0.45],
  [/[\u3400-\u4dbf\u{20000}-\u{3ffff}]/u, -0.6],
  [/[\u0400-\u044f\u0451\u0454\u0456\u0457\u0490\u0491\u0452-\u045f]/, 0.9],
  [/\p{Script=Greek}/u, 0.85],
  [/[\u05d0-\u05ea]/, 1],
  [/[\u0621-\u0652]/, 0.9],
  [/\p{Script=Thai}/u, 1],
  [/[àâäæçèéêëîïñòóôöùúûüßáíìãõåøœÀÁÂÄÇÈÉÊÑÓÖÚÜÅØ¿¡«»°§]/, 0.75],
  [/[ąćęłńśźżĄĆĘŁŃŚŹŻčďěňřšťůýžČĎĚŇŘŠŤŮÝŽőűŐŰășțşţĂȘȚğışİĞŞėįųūāēģīķļņĖĮŲŪĀĒĢĪĶĻŅơưƠƯ]/, 0.65],
  [/\p{Script=Latin}/u, 0.1],
  [/[\u2500-\u259f]/, -1.5],
];

/** For each non-ASCII character, how plausible it is in human text, on average. */
function plausible(text: string): number {
  const part = text.slice(0, 20_000);
  const seen = part.match(/(?![\t\n\f\r])(?:\P{ASCII}|\p{Cc})/gu) ?? [];
  // All ASCII: as plausible as can be.
  if (seen.length === 0) return 1.5;
  if ((part.match(/(?![\t\n\f\r])\p{Cc}/gu)?.length ?? 0) > part.length / 50) return 2 * HOPELESS;
  const sum = seen.reduce((all, char) => all + weight(char), 0);
  return (sum - misplaced(part)) / seen.length;
}

const weights = new Map<string, number>();

function weight(char: string): number {
  const known = weights.get(char) ?? RULES.find(([pattern]) => pattern.test(char))?.[1] ?? -0.5;
  weights.set(char, known);
  return known;
}

/** Chinese and Korean character sets include kana too, but Japanese text uses another encoding. */
function kana(encoding: Encoding, text: string): number {
  const share = (text.match(/[\u3041-\u30ff]/g)?.length ?? 0) / Math.max(1, text.match(/\P{ASCII}/gu)?.length ?? 1);
  return share > 0.2 && ["gb18030", "big5", "euc-kr"].includes(encoding) ? -0.5 : 0;
}

const OTHER = String.raw`[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}]`;
const MIXED = new RegExp(`(?<=[A-Za-z])${OTHER}|(?<=${OTHER})[A-Za-z]`, "gu");
const CAPITAL = /(?<=\p{Ll})(?=\P{ASCII})\p{Lu}|(?<=\p{Ll})(?<=\P{ASCII})\p{Lu}/gu;
const SIGN = /(?<=\p{L})[^\p{ASCII}\p{L}\p{M}\p{P}](?=\p{L})|(?<=\p{Ll})[¿¡«»§](?=\p{Ll})/gu;
const RUN = /[\u00aa\u00ba\u00c0-\u024f]{3,}/gu;

/** Capitals inside words, letters of two scripts in one word, signs, and runs of accented Latin letters, which no language has. */
function misplaced(text: string): number {
  const runs = (text.match(RUN) ?? []).reduce((all, { length }) => all + length, 0);
  return 1.2 * ([CAPITAL, MIXED, SIGN].reduce((all, each) => all + (text.match(each)?.length ?? 0), 0) + runs);
}
