// How long a text to learn from may be. A file of its own, since the element in another site's page says it, too, and holds nothing of
// the page's.

/** Larger corpora would take hours to encode and days to learn in a tab. */
export const CORPUS_MIB = 32;
export const CORPUS_LIMIT = CORPUS_MIB << 20;
