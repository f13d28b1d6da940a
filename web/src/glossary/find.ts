// Finds the field's words in a text: the longest at each place, each word's first occurrence alone; whole words in a language with spaces.
import type { Entry } from "./places.ts";

export interface Glossary {
  words: Readonly<Record<string, Entry>>;
  /** Phrases in which nothing is marked. */
  others: readonly string[];
}

/** A piece of a text; with a word's id, one that it is marked as. */
export interface Piece {
  text: string;
  id: string | null;
}

export function finder({ words, others }: Glossary, hasSpaces: boolean): (text: string) => Piece[] {
  const ids = new Map<string, string | null>(others.map((phrase) => [phrase.toLowerCase(), null]));
  for (const [id, { word, forms = [] }] of Object.entries(words)) for (const form of [word, ...forms]) ids.set(form.toLowerCase(), id);
  const longest = [...ids.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const any = `(?:${longest.join("|")})`;
  // Letters of other scripts are no part of a word: Chinese has none between its words.
  const pattern = new RegExp(hasSpaces ? `(?<![\\p{L}\\p{N}_])${any}(?![\\p{L}\\p{N}_])` : any, "giu");
  return (text) => {
    const seen = new Set<string>();
    const pieces: Piece[] = [];
    let from = 0;
    for (const { 0: found, index } of text.matchAll(pattern)) {
      const id = ids.get(found.toLowerCase()) ?? null;
      if (id === null || seen.has(id)) continue;
      seen.add(id);
      if (index > from) pieces.push({ text: text.slice(from, index), id: null });
      pieces.push({ text: found, id });
      from = index + found.length;
    }
    if (from < text.length) pieces.push({ text: text.slice(from), id: null });
    return pieces;
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
