// Training a tokenizer in the Tokens lab: one at a time, from the settings' corpus, with progress.
import { computed, signal } from "@preact/signals-core";
import { BUILT_IN, builtIn, type Corpus, OPENING } from "../../corpus.ts";
import { client } from "../../session.ts";
import { overlay, read } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { CoreError, Streams, TokenizerConfig, TokenizerInfo } from "../../worker/protocol.ts";
import { keepTrained } from "./kept-tokenizers.ts";
import { hold } from "./slots.ts";

type TrainingEvent = Streams["trainTokenizer"]["event"];

/** The training at hand: what computes it, and what came of it. */
interface Running {
  stream: StreamHandle<TrainingEvent> | null;
  tokenizer: TokenizerInfo | null;
}
let running: Running | null = null;

export const error = signal<CoreError | null>(null);
export const training = signal<{ done: number; total: number } | null>(null);
/** A corpus that the person dropped to train the tokenizer on. */
export const ownCorpus = signal<Corpus | null>(null);
export const CORPORA = [OPENING, ...BUILT_IN] as const;
export const corpusName = computed(() => read("tokens.corpus") ?? (ownCorpus.value ? "own" : CORPORA[0]));
/** The core's defaults for training. */
export const defaults = signal<TokenizerConfig | null>(null);
export const config = computed<TokenizerConfig | null>(() => defaults.value && overlay<TokenizerConfig>("bpe", defaults.value));

/** Identifies the training that the settings ask for. */
export const asked = (): string => JSON.stringify([corpusName.value, config.value]);

export async function readDefaults(): Promise<void> {
  try {
    defaults.value = { ...(await client().call("tokenizerDefaults", {})), kind: "bpe" };
  } catch (thrown) {
    fail(thrown);
  }
}

export function fail(thrown: unknown): void {
  const failure = coreError(thrown);
  if (failure.code !== "restarted") error.value = failure;
}

/** Trains a tokenizer into the lab's slot, in the slot's queue; resolves to whether it is there. */
export async function learn(): Promise<boolean> {
  const settings = config.value;
  if (!settings || running) return false;
  const by = asked();
  const mine: Running = { stream: null, tokenizer: null };
  running = mine;
  training.value = { done: 0, total: 0 };
  try {
    const corpus = await chosenCorpus();
    // The person may have stopped it while the corpus came.
    if (running === mine) await follow(mine, client().stream("trainTokenizer", { corpus: corpus.bytes, config: settings }));
    if (mine.tokenizer) {
      await keepTrained(mine.tokenizer, by);
      hold("lab", "lab", mine.tokenizer);
    }
  } catch (thrown) {
    fail(thrown);
  } finally {
    if (running === mine) stopTraining();
  }
  return mine.tokenizer !== null;
}

async function chosenCorpus(): Promise<Corpus> {
  const name = corpusName.value;
  if (name === "own" && ownCorpus.value) return ownCorpus.value;
  return builtIn(CORPORA.find((each) => each === name) ?? CORPORA[0]);
}

async function follow(mine: Running, stream: StreamHandle<TrainingEvent>): Promise<void> {
  mine.stream = stream;
  let learnt = 0;
  for await (const event of stream) {
    if (event.kind === "progress") training.value = { done: event.done, total: event.total };
    if (event.kind === "tokenizer") mine.tokenizer = event.tokenizer;
    if (event.kind !== "merges") continue;
    learnt += event.merges.length;
    training.value = { done: learnt, total: event.total };
  }
}

export function stopTraining(): void {
  running?.stream?.stop();
  running = null;
  training.value = null;
}
