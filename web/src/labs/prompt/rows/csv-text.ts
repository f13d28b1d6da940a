// CSV as this page writes it.

/** RFC 4180: lines end in CR LF. Ambiguous values are quoted: those with delimiters, quotes, line breaks, or spaces at an end. */
export function csvText(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  const cell = (value: string | number | boolean | null) => {
    const text = String(value ?? "");
    return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}
