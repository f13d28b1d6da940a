// The made world: its texts, its questions, and what is right.

/** How often each kind of document comes in a made world (weights of any size), and the share of documents in Chinese. */
export interface Mix {
  stories: number;
  facts: number;
  arithmetic: number;
  tasks: number;
  passages: number;
  chat: number;
  chinese: number;
  /** Documents of this task and no other, whatever the weights. */
  only: WorldTask | null;
}

export type WorldTask =
  | "labels"
  | "dictionary"
  | "frame"
  | "item"
  | "letters"
  | "sum"
  | "columns"
  | "wordProblem"
  | "facts"
  | "people"
  | "things"
  | "passage"
  | "noPassage";

/** A question of the made world; the style is of meaning for problems alone. */
export interface Ask {
  task: WorldTask;
  language: "en" | "zh";
  /** Examples before it, at most eight. */
  shots: number;
  style: "direct" | "worked" | "triggered";
}

/** A prompt that the model goes on from to the end of the line, and the answer that is right. */
export interface Case {
  prompt: string;
  answer: string;
}

/** The model's answer to the next case, and whether it is right. */
export interface Graded {
  kind: "graded";
  output: string;
  correct: boolean;
  /** Of all answers so far. */
  score: Score;
}

/** A share of right answers and where the true one lies with 95 % confidence (Wilson). */
export interface Score {
  n: number;
  correct: number;
  accuracy: number;
  low: number;
  high: number;
}
