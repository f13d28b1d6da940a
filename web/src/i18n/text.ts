// Texts with placeholders. A value is inserted as it is: braces inside it mean nothing. `{n:step|steps}` is the first word if n is 1, else
// the second.

const PLACEHOLDER = /\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g;

/** Fills `{name}` in a text; a placeholder without a value stays. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(PLACEHOLDER, (place, name: string, one?: string, many?: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || many === undefined) return value ?? place;
    return value === "1" ? (one ?? "") : many;
  });
}

/** The names that a text asks for. */
export function places(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name))];
}
