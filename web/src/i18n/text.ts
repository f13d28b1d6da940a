// Texts with places to fill. A value goes in as it is: braces inside it mean nothing.

const PLACE = /\{(\w+)\}/g;

/** Fills `{name}` in a text; a place without a value stays. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(PLACE, (place, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? place) : place));
}

/** The names that a text asks for. */
export function places(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = ""]) => name);
}
