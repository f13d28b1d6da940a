// CSV as this page writes it.

/** RFC 4180: lines end in CR LF. What could be read otherwise stands in quotes: delimiters, quotes, line breaks, spaces at an end. */
export function csvText(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  const cell = (value: string | number | boolean | null) => {
    const text = String(value ?? "");
    return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}
