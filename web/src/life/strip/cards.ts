// The cards of the strip, from birth to now. A model that comes with the page writes them with the second core; a run's are the samples that
// it wrote while it learnt, so that nothing disturbs it.
import { effect, signal, untracked } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import type { Samples } from "../../history.ts";
import type { Shipped } from "../../models.ts";
import { samples } from "../../run.ts";
import { client, defaults } from "../../session.ts";
import { coreError } from "../../worker/client.ts";
import type { CoreError, SampleText, SamplingConfig } from "../../worker/protocol.ts";
import { asked, seed } from "../address.ts";
import { life, noted } from "../age.ts";
import { lossAt, type Row } from "../loss.ts";
import { type Piece, piecesOf, readable } from "./pieces.ts";
import { type Asked, Second } from "./second.ts";
import { texts } from "./texts.ts";

export interface Card {
  step: number;
  /** From 0 to 1. */
  age: number;
  loss: number | null;
  /** Empty until it is written. */
  pieces: readonly Piece[];
}

/** All that the strip shows, and what its pictures say of it. */
export interface Strip {
  prompt: string;
  /** Null for a run's samples. */
  sampling: SamplingConfig | null;
  cards: readonly Card[];
  /** The step that is writing. */
  writing: number | null;
}

const EMPTY: Strip = { prompt: "", sampling: null, cards: [], writing: null };
export const strip = signal<Strip>(EMPTY);
export const error = signal<CoreError | null>(null);

/** More would be too many to look at. */
const MOST_SAMPLES = 8;
const TYPED_MS = 400;
const LEARNING_MS = 1_500;

/** Fills the strip and keeps it up to date; returns the function that ends it. */
export function watch(): () => void {
  const isFirst = () => strip.peek().cards.length === 0;
  const write = latest(writeAges, () => (isFirst() ? 0 : TYPED_MS));
  const show = latest(showSamples, () => (isFirst() ? 0 : LEARNING_MS));
  // One that is closed and opened again must not hear of what was under way.
  const mine = { wish: "", second: null as Second | null };
  const end = effect(() => {
    const of = life.value?.of;
    const sampling = defaults.value?.sampling;
    const request = { prompt: asked()?.trim() || texts().start, sampling: { ...sampling, seed: seed() } as SamplingConfig };
    const wish = JSON.stringify([of?.name, request]);
    if (!of) void samples.value;
    untracked(() => {
      if (of) mine.second ??= new Second();
      // Another age of the same model changes nothing.
      if (of && mine.second && sampling && wish !== mine.wish)
        write({ of, request, second: mine.second, isOver: () => wish !== mine.wish });
      else if (!of) show({ isOver: () => wish !== mine.wish });
      mine.wish = wish;
    });
  });
  return () => {
    end();
    mine.wish = "";
    mine.second?.close();
    strip.value = EMPTY;
    error.value = null;
  };
}

interface Telling {
  /** Whether something else is to be shown by now. */
  isOver(): boolean;
}

async function writeAges({ of, request, second, isOver }: Telling & { of: Shipped; request: Asked; second: Second }): Promise<void> {
  if (isOver()) return;
  const age = life.peek()?.age ?? (() => 0);
  let cards: Card[] = of.steps.map((step) => ({ step, age: age(step), loss: null, pieces: [] }));
  const show = (writing: number | null) => {
    strip.value = { ...request, cards, writing };
  };
  error.value = null;
  try {
    for (const step of of.steps) {
      show(step);
      const { rows, tokens } = await second.at(of, step, request);
      if (isOver()) return;
      cards = cards.map((card) => told(card, rows, card.step === step ? piecesOf(tokens) : card.pieces));
    }
    show(null);
  } catch (thrown) {
    if (!isOver()) error.value = coreError(thrown);
  }
}

/** The newborn's loss is noted by the next. */
const told = (card: Card, rows: readonly Row[], pieces: readonly Piece[]): Card => ({
  ...card,
  pieces,
  loss: card.loss ?? lossAt(rows, card.step),
});

async function showSamples({ isOver }: Telling): Promise<void> {
  const chosen = spread(samples.peek());
  try {
    const cards = await Promise.all(chosen.map(cardOf));
    if (isOver()) return;
    strip.value = { prompt: readable(chosen[0]?.texts[0]?.prompt ?? ""), sampling: null, cards, writing: null };
  } catch (thrown) {
    if (!isOver()) error.value = coreError(thrown);
  }
}

/** The first, the newest, and some evenly between. */
function spread(all: readonly Samples[]): Samples[] {
  if (all.length <= MOST_SAMPLES) return [...all];
  const places = Array.from({ length: MOST_SAMPLES }, (_, at) => Math.round((at * (all.length - 1)) / (MOST_SAMPLES - 1)));
  return places.flatMap((place) => all[place] ?? []);
}

async function cardOf({ step, texts: [first] }: Samples): Promise<Card> {
  return { step, age: life.peek()?.age(step) ?? 0, loss: lossAt(noted(), step), pieces: first ? await cut(first) : [] };
}

const known = new WeakMap<SampleText, Piece[]>();

/** The model's own tokenizer cuts each sample once. */
async function cut(sample: SampleText): Promise<Piece[]> {
  const before = known.get(sample);
  if (before) return before;
  const text = continuation(sample);
  const { ids, ends } = await client().call("encode", { slot: "model", text });
  const bytes = new TextEncoder().encode(text);
  const pieces = piecesOf(Array.from(ids, (id, at) => ({ id, bytes: bytes.subarray(at === 0 ? 0 : ends[at - 1], ends[at]) })));
  known.set(sample, pieces);
  return pieces;
}

/** The prompt is shown once, whether or not the core repeats it in the text. */
const continuation = ({ prompt, text }: SampleText): string => (text.startsWith(prompt) ? text.slice(prompt.length) : text);
