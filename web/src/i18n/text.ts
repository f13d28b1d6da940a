// Texts with places to fill. A value goes in as it is: braces inside it mean nothing.

const PLACE = /\{(\w+)\}/g;
/** Words that go with a number: `{n:token|tokens}` is the first where `n` is 1. */
const FILLED = /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g;

/** Fills `{name}` in a text, and chooses words by `{name:one|more}`; a place without a value stays. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(FILLED, (place, name: string, one?: string, more?: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return place;
    if (one === undefined || more === undefined) return value;
    return value === "1" ? one : more;
  });
}

/** The names that a text asks for. */
export function places(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = ""]) => name);
}
