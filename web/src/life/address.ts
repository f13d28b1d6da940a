// What of the strip is in the address: `life=` holds the words that it goes on from, and opens it; `life.seed` the seed.
import { read, write, writeAll } from "../settings.ts";

const [WORDS, SEED] = ["life", "life.seed"] as const;

/** The words in the address: empty for the default ones, undefined while the strip is closed. */
export const asked = (): string | undefined => read(WORDS);
export const askFor = (words: string): void => write(WORDS, words);
export const open = (): void => askFor("");
export const close = (): void => writeAll((key) => key === WORDS || key === SEED, {});

const FIRST_SEED = 1;
export function seed(): number {
  const found = Number(read(SEED) ?? FIRST_SEED);
  return Number.isSafeInteger(found) && found >= 0 ? found : FIRST_SEED;
}
export const nextSeed = (): void => write(SEED, String(seed() + 1));
