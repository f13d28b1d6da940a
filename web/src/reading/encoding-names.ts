// Usual names of encodings.
const NAMES: Record<string, string> = {
  big5: "Big5",
  gb18030: "GB18030, GBK",
  macintosh: "Mac OS Roman",
  shift_jis: "Shift_JIS",
  "x-mac-cyrillic": "Mac OS Cyrillic",
  ibm866: "DOS 866",
};

export const shownName = (encoding: string): string =>
  NAMES[encoding] ?? (encoding.startsWith("windows") ? encoding.replace("w", "W") : encoding.toUpperCase());
