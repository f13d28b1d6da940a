// How a single token looks: its colour (a hash of its id), and its bytes as readable text. Bytes that are only part of a character are
// shown in hexadecimal, never as a replacement character; token-pieces.ts shows the character among neighbours.

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of complete UTF-8, or null for bytes that cut a character. */
export function wholeText(bytes: ArrayLike<number>): string | null {
  // Most tokens of a small vocabulary are one byte, and the decoder reports invalid bytes by throwing, which is slow.
  if (bytes.length === 1) return (bytes[0] ?? 0) < 0x80 ? String.fromCharCode(bytes[0] ?? 0) : null;
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

export function hex(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");
}

/** Readable text on one line: `·` for a space, `⏎` for a newline, `⇥` for a tab, hexadecimal for bytes that are not text. */
export function tokenText(bytes: ArrayLike<number>): { text: string; partial: boolean } {
  const text = wholeText(bytes);
  if (text === null) return { text: hex(bytes), partial: true };
  return { text: [...text].map(visible).join(""), partial: false };
}

/** A character in visible form. */
export function visible(character: string): string {
  if (character > " " && character < "\x7f") return character;
  if (character === " ") return "·";
  if (character === "\n") return "⏎";
  if (character === "\t") return "⇥";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)) return `⟨${hex(new TextEncoder().encode(character))}⟩`;
  return character;
}

/** A hue in degrees; neighbouring ids get very different colours. */
export function tokenHue(id: number): number {
  return Math.imul(id + 1, 0x9e3779b1) % 360;
}
