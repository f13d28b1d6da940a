// A text whose field words open their sentences, once the glossary has loaded; before that, and in another site's page, the text alone.
import { signal } from "@preact/signals-core";

/** Marks a text. */
export const mark = signal<((text: string) => unknown) | null>(null);

export const glossed = (text: string): unknown => mark.value?.(text) ?? text;
