// The strip in time: at each age the tadpole grows into it, writes, and rests, so that one can read.
import type { Strip } from "./cards.ts";

/** Milliseconds at one age. */
const [GROWS, WRITES, RESTS] = [500, 1_200, 1_100] as const;
const AGE = GROWS + WRITES + RESTS;
/** Tail beats a second. */
const BEATS = 1.25;

/** What a moment shows. */
export interface Moment {
  card: number;
  age: number;
  /** Of the tail, from -1 to 1. */
  sway: number;
  /** Pieces of the card's sentence that are written. */
  pieces: number;
}

export const lengthOf = ({ cards }: Strip): number => cards.length * AGE;

export function momentAt({ cards }: Strip, ms: number): Moment {
  const card = Math.min(cards.length - 1, Math.max(0, Math.floor(ms / AGE)));
  const since = ms - card * AGE;
  const [before, now] = [cards[card - 1]?.age ?? 0, cards[card]?.age ?? 0];
  const grown = smooth(since / GROWS);
  const written = Math.min(1, Math.max(0, (since - GROWS) / WRITES));
  const moves = since < GROWS + WRITES;
  return {
    card,
    age: before + (now - before) * grown,
    sway: moves ? Math.sin((since / 1_000) * BEATS * 2 * Math.PI) * Math.min(1, (GROWS + WRITES - since) / 300) : 0,
    pieces: Math.round(written * (cards[card]?.pieces.length ?? 0)),
  };
}

/** A card at rest, complete. */
export const still = ({ cards }: Strip, card: number): Moment => ({
  card,
  age: cards[card]?.age ?? 0,
  sway: 0,
  pieces: cards[card]?.pieces.length ?? 0,
});

function smooth(share: number): number {
  const within = Math.min(1, Math.max(0, share));
  return within * within * (3 - 2 * within);
}

/** The moments of a film for which each picture costs: milliseconds from the start, and how long each stays. */
export function pictures({ cards }: Strip): { at: number; stays: number }[] {
  const often = 100;
  return cards.flatMap((_, card) => {
    const moving = Array.from({ length: (GROWS + WRITES) / often }, (_, each) => ({ at: card * AGE + each * often, stays: often }));
    return [...moving, { at: card * AGE + GROWS + WRITES, stays: RESTS }];
  });
}
