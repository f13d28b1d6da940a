// The shape of a language's texts: English defines it, and every other language must fill it.
import type { en } from "./en.ts";
import type * as enErrors from "./en-errors.ts";

/** The same keys, with any texts. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : T[K] extends string[] ? [string, string] : Texts<T[K]> };
export type Catalogue = Texts<typeof en>;

/** The words for errors, which load when the page rests, or with the first of them. Other languages than English have those of the core, too. */
export type ErrorTexts = Texts<typeof enErrors> & { errors: Record<string, [string, string]> };
