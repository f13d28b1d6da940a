// Where the page shows what a word means: addresses, as settings has them.

export type Place = Readonly<Record<string, string>>;

const inside = (view: string): Place => ({ lab: "inside", "inside.view": view });

export const AT = {
  tokens: { lab: "tokens" },
  train: { lab: "train" },
  slow: { lab: "train", slow: "open" },
  attention: inside("attention"),
  block: inside("block"),
  lens: inside("lens"),
  map: inside("map"),
  compare: inside("compare"),
  positions: inside("positions"),
  sample: { lab: "sample" },
  tree: { lab: "sample", tree: "open" },
  prompt: { lab: "prompt" },
  curve: { lab: "prompt", "ask.view": "curve" },
  gain: { lab: "prompt", "ask.view": "gain" },
  bench: { lab: "bench" },
} satisfies Record<string, Place>;

export interface Entry {
  word: string;
  /** One sentence or two. */
  says: string;
  at: Place;
  /** Other forms that a text has it in. */
  forms?: readonly string[];
}
