// What a maker of films is given, and how it leaves the page time for other things.

export interface Frames {
  width: number;
  height: number;
  /** A time for each card, when it is complete. */
  stills: readonly number[];
  /** Milliseconds from the start, and how long each picture stays. */
  pictures: readonly { at: number; stays: number }[];
  /** The pixels at a time: red, green, blue, opacity. */
  draw(at: number): Uint8ClampedArray;
}

/** Lets the page draw and listen. */
export const rest = (): Promise<void> => new Promise((wake) => setTimeout(wake));
