// The lessons in order: the lab that each opens, and its state, which is nothing but an address.
import type { en } from "./en.ts";

export type Texts = typeof en;
export type LessonId = keyof Texts["lessonTexts"];
export type Group = keyof Texts["groups"];
export type WayId = keyof Texts["ways"];

/** Settings, as an address holds them. */
export type Address = Readonly<Record<string, string>>;

export interface Lesson {
  id: LessonId;
  group: Group;
  /** Language-dependent settings come from the texts. */
  address(texts: Texts): Address;
  /** Its subject, which is marked on the figure: a selector. */
  about: string;
  /** The lesson's links, in order. */
  ways?: readonly Way[];
}

/** A link of a lesson to another lab or model: what it adds to the address. */
export interface Way {
  id: WayId;
  to: Address;
}

const BASE = { model: "tadpole-base" };
/** Uses the tokenizer that the Tokens lab trains by default, whatever the reader has trained. */
const BOOK = { lab: "tokens", "tokens.corpus": "moby-dick-opening" };
/** The id of “ red” in the tokenizer of tadpole-base. */
const RED = "956";
/** A new run begins here: beside a model that cannot be trained further. */
const CLEAN = { model: "tadpole-nano" };
/** A run of a few seconds in which only position tells which word is asked for. */
const POSITIONS = {
  ...CLEAN,
  lab: "train",
  corpus: "world",
  "mix.only": "item",
  "mix.chinese": "0",
  "world.mib": "0.5",
  "tokenizer.vocabSize": "320",
  "model.contextLength": "64",
  "train.batchSize": "8",
  "train.steps": "300",
  "train.learningRate": "0.003",
  "train.evalInterval": "100",
  "train.sampleInterval": "0",
};
const EVEN = { "sampling.temperature": "1", "sampling.topK": "0", "sampling.topP": "1", "sampling.minP": "0" };
/** The attention head that finds what a word is about, in the lesson and on the tour. */
const oneHead = ({ starts }: Texts): Address => ({
  ...BASE,
  lab: "inside",
  "inside.view": "attention",
  "inside.block": "3",
  "inside.head": "1",
  "inside.text": starts.story,
});

/**
 * The order is the story of a model, from token to assistant: the lessons of a group stand together, in the order of the groups.
 * The prompting lessons ask as many questions as their lab asks without a click, so that they show their figures at once.
 */
export const LESSONS: readonly Lesson[] = [
  { id: "tokens", group: "text", about: '[data-testid="strip-text"]', address: ({ starts }) => ({ ...BOOK, text: starts.tokens }) },
  {
    id: "embedding",
    group: "meaning",
    about: '[data-testid="map"]',
    address: () => ({ ...BASE, lab: "inside", "inside.view": "map", "inside.near": RED }),
  },
  {
    id: "polysemy",
    group: "meaning",
    about: '[data-testid="alike"]',
    address: ({ starts }) => ({
      ...BASE,
      lab: "inside",
      "inside.view": "compare",
      "inside.text": starts.fruit,
      "inside.other": starts.company,
    }),
  },
  {
    id: "attention",
    group: "inside",
    about: '[data-testid="heat"]',
    address: oneHead,
  },
  {
    id: "positions",
    group: "inside",
    about: 'figure[data-testid^="places-"]',
    address: ({ starts }) => ({ ...BASE, lab: "inside", "inside.view": "positions", "inside.text": starts.story }),
    ways: [
      { id: "withoutPositions", to: { ...POSITIONS, "model.position": "none" } },
      { id: "withPositions", to: { ...POSITIONS, "model.position": "rotary" } },
    ],
  },
  {
    id: "block",
    group: "inside",
    about: '[data-testid="steps"]',
    address: ({ starts }) => ({ ...BASE, lab: "inside", "inside.view": "block", "inside.block": "0", "inside.text": starts.story }),
  },
  {
    id: "capital",
    group: "writing",
    about: '[data-testid="bars"]',
    address: ({ starts }) => ({ ...BASE, lab: "sample", stage: "raw", prompt: starts.capital }),
  },
  {
    id: "hallucination",
    group: "writing",
    about: '[data-testid="bars"]',
    address: ({ starts }) => ({ ...BASE, lab: "sample", stage: "raw", prompt: starts.madeUp }),
  },
  { id: "sampling", group: "writing", about: ".next", address: ({ starts }) => ({ ...BASE, lab: "sample", prompt: starts.world }) },
  {
    id: "fewShot",
    group: "prompting",
    about: '[data-testid="curve"]',
    address: () => ({ ...BASE, lab: "prompt", "ask.task": "labels", "ask.view": "curve", "ask.points": "12" }),
  },
  {
    id: "chainOfThought",
    group: "prompting",
    about: '[data-testid="gain"]',
    address: () => ({ ...BASE, lab: "prompt", "ask.task": "wordProblem", "ask.view": "gain", "ask.points": "15" }),
  },
  {
    id: "nextToken",
    group: "training",
    about: '[data-testid="curves"]',
    address: ({ starts }) => ({
      ...EVEN,
      ...CLEAN,
      lab: "train",
      prompt: starts.like,
      corpus: "fruit",
      "tokenizer.vocabSize": "280",
      "model.contextLength": "32",
      "train.batchSize": "32",
      "train.steps": "500",
      "train.minLearningRate": "0",
      "train.sampleInterval": "100",
      "train.samplePrompts": JSON.stringify([starts.like]),
    }),
    ways: [{ id: "bars", to: { lab: "sample" } }],
  },
  {
    id: "training",
    group: "training",
    about: ".transport",
    address: () => ({ ...CLEAN, lab: "train", corpus: "first-names", slow: "open" }),
  },
  {
    id: "scale",
    group: "training",
    about: ".prompt-scroll",
    address: () => ({ model: "tadpole-nano", lab: "prompt", "ask.task": "labels", "ask.columns": "direct:0,direct:4", "ask.rows": "20" }),
    ways: [
      { id: "older", to: { lab: "prompt", model: "tadpole-base" } },
      { id: "younger", to: { lab: "prompt", model: "tadpole-base@1000" } },
      { id: "smaller", to: { lab: "prompt", model: "tadpole-nano" } },
      { id: "curve", to: { lab: "train" } },
    ],
  },
];

export const lessonOf = (id: string | undefined): Lesson | undefined => LESSONS.find((lesson) => lesson.id === id);

/** The address of a lesson. */
export const openLesson = (lesson: Lesson, texts: Texts): Address => ({ ...lesson.address(texts), lesson: lesson.id });

interface TourStep {
  address(texts: Texts): Address;
  /** Its subject: a selector. */
  about: string;
}

export const TOUR: readonly TourStep[] = [
  { address: () => ({ model: "tadpole-nano" }), about: '[data-testid="living"]' },
  { address: ({ starts }) => ({ ...BOOK, text: starts.tokens }), about: '[data-testid="strip-text"]' },
  { address: ({ starts }) => ({ ...BOOK, text: starts.tokens }), about: ".merges" },
  { address: () => ({ lab: "train" }), about: ".recipes" },
  { address: () => ({ lab: "train" }), about: ".transport" },
  {
    address: oneHead,
    about: ".inside-grid",
  },
  {
    address: ({ starts }) => ({ ...BASE, lab: "inside", "inside.view": "block", "inside.block": "0", "inside.text": starts.story }),
    about: '[data-testid="steps"]',
  },
  { address: ({ starts }) => ({ ...BASE, lab: "sample", prompt: starts.world }), about: '[data-testid="bars"]' },
  { address: () => ({ ...BASE, lab: "prompt", "ask.task": "labels" }), about: '[data-testid="ask-run"]' },
  { address: () => ({ ...BASE }), about: ".bar" },
];

/** The address of a step, from 0. */
export const openStep = (at: number, texts: Texts): Address => ({ ...TOUR[at]?.address(texts), tour: String(at + 1) });
