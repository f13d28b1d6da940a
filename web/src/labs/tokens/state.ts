// The Tokens lab's state and its talk with the core: the text, which tokenizer, its encoding, its merges, and how many of
// them are replayed. Module-wide, so that it is all there when the lab is opened again.
import { batch, computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { BUILT_IN, builtIn, type Corpus } from "../../corpus.ts";
import { t } from "../../i18n/index.ts";
import { client, defaults, model, phase } from "../../session.ts";
import { overlay, read, write } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { CoreError, Encoding, Merge, Streams, TokenizerConfig, TokenizerInfo, TokenizerSlot } from "../../worker/protocol.ts";
import { benchMerges, keepBench, restoreBench } from "./bench.ts";

type TrainerEvent = Streams["trainTokenizer"]["event"];

export const error = signal<CoreError | null>(null);
export const current = signal(-1);
export const busy = signal(false);
export const training = signal<{ done: number; total: number } | null>(null);
export const infos = signal<Record<Exclude<TokenizerSlot, "other">, TokenizerInfo | null>>({ lab: null, model: null });
export const merges = signal<Merge[]>([]);
/** How many merges count; null for all of them. */
export const replayed = signal<number | null>(null);
/** A corpus that the person dropped to train the tokenizer on. */
export const ownCorpus = signal<Corpus | null>(null);
/** The newest answer, with all that it was the answer to: what is shown beside it must not be of another text. */
const answered = signal<{ text: string; bytes: Uint8Array; encoding: Encoding; vocabSize: number } | null>(null);

let refused: CoreError | null = null;

interface Trainer {
  stream: StreamHandle<TrainerEvent> | null;
  tokenizer: TokenizerInfo | null;
}
let trainer: Trainer | null = null;

export const text = computed(() => read("text") ?? t().tokens.example);
export const slot = computed<Exclude<TokenizerSlot, "other">>(() => (read("tokenizer") === "model" && model.value ? "model" : "lab"));
export const info = computed(() => infos.value[slot.value]);
export const corpusName = computed(() => read("tokens.corpus") ?? (ownCorpus.value ? "own" : BUILT_IN[0]));
export const config = computed<TokenizerConfig | null>(() => {
  const own = defaults.value?.tokenizer;
  return own ? overlay<TokenizerConfig>("bpe", { ...own, kind: "bpe" }) : null;
});

export const source = computed<TokenSource>(() => {
  const held = answered.value;
  if (!held) return { length: 0, id: () => 0, bytes: () => new Uint8Array() };
  const { ids, ends } = held.encoding;
  return {
    length: ids.length,
    id: (index) => ids[index] ?? 0,
    bytes: (index) => held.bytes.subarray(index > 0 ? ends[index - 1] : 0, ends[index]),
  };
});

/** Null until a text was encoded. */
export const counts = computed(() => {
  const held = answered.value;
  if (!held) return null;
  const { text, bytes, encoding, vocabSize } = held;
  return { tokens: encoding.ids.length, characters: characterCount(text), bytes: bytes.length, vocabSize };
});

/** Code points, without making an array of a long text. */
function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function setText(next: string): void {
  write("text", next === t().tokens.example ? undefined : next);
}

// ---------- encoding ----------

interface Wanted {
  slot: TokenizerSlot;
  text: string;
  merges: number | null;
}

const encode = latest<Wanted>(
  async (wanted) => {
    const { slot, text, merges } = wanted;
    try {
      const encoding =
        merges === null ? await client().call("encode", { slot, text }) : await client().call("encodeReplay", { slot, text, merges });
      if (isNewest(wanted)) show(text, encoding);
    } catch (thrown) {
      if (isNewest(wanted)) refuse(thrown);
    }
  },
  () => 120,
);

let newest: Wanted | null = null;

/** An answer that was overtaken while it came is not shown: the next one is under way. */
const isNewest = (wanted: Wanted): boolean => wanted === newest;

function show(text: string, encoding: Encoding): void {
  batch(() => {
    answered.value = { text, bytes: new TextEncoder().encode(text), encoding, vocabSize: info.value?.vocabSize ?? 0 };
    if (current.value >= encoding.ids.length) current.value = -1;
    // What training or a file was refused for stays said.
    if (error.value === refused) error.value = null;
    busy.value = false;
  });
}

function refuse(thrown: unknown): void {
  batch(() => {
    answered.value = null;
    busy.value = false;
    fail(thrown);
    refused = error.value;
  });
}

function fail(thrown: unknown): void {
  const failure = coreError(thrown);
  if (failure.code !== "restarted") error.value = failure;
}

/** Keeps the encoding that of the text; gives back what ends it. */
export function watch(): () => void {
  return effect(() => {
    const wanted = { slot: slot.value, text: text.value, merges: replayed.value };
    if (!info.value) return;
    busy.value = true;
    newest = wanted;
    encode(wanted);
  });
}

// ---------- tokenizers ----------

/** A fresh core has an empty bench. */
effect(() => {
  if (phase.value !== "ready") infos.value = { lab: null, model: null };
});

/** Reads both tokenizers again. An empty bench gets the kept tokenizer back, or a new one. */
export async function refresh(): Promise<void> {
  try {
    const [there, own] = await Promise.all([
      client().call("tokenizerInfo", { slot: "lab" }),
      model.value ? client().call("tokenizerInfo", { slot: "model" }) : null,
    ]);
    const lab = there ?? (trainer ? null : await restoreBench());
    infos.value = { lab, model: own };
    await readMerges();
    if (!lab) await learn();
  } catch (thrown) {
    fail(thrown);
  }
}

export async function readMerges(): Promise<void> {
  const wanted = slot.value;
  const read = wanted === "lab" ? benchMerges : () => client().call("merges", { slot: wanted });
  const list = info.value?.kind === "bpe" ? await read() : [];
  if (wanted !== slot.value) return;
  merges.value = list;
  replayed.value = null;
}

export async function loadTokenizer(file: Uint8Array): Promise<void> {
  await putOnBench(await client().call("loadTokenizer", { slot: "lab", file }));
  await choose("lab");
}

/** Trains as the person asked, and shows the outcome. */
export async function train(): Promise<void> {
  error.value = null;
  if (await learn()) await choose("lab");
}

export async function choose(wanted: TokenizerSlot): Promise<void> {
  write("tokenizer", wanted === "model" ? wanted : undefined);
  await readMerges();
}

async function putOnBench(tokenizer: TokenizerInfo): Promise<void> {
  infos.value = { ...infos.value, lab: tokenizer };
  await Promise.all([keepBench(tokenizer), readMerges()]);
}

// ---------- the trainer ----------

/** Trains a tokenizer onto the bench, one at a time; answers whether it is there. */
async function learn(): Promise<boolean> {
  const settings = config.value;
  if (!settings || trainer) return false;
  const mine: Trainer = { stream: null, tokenizer: null };
  trainer = mine;
  training.value = { done: 0, total: 0 };
  try {
    const corpus = await chosenCorpus();
    // The person may have stopped it while the corpus came.
    if (trainer === mine) await follow(mine, client().stream("trainTokenizer", { corpus: corpus.bytes, config: settings }));
    if (mine.tokenizer) await putOnBench(mine.tokenizer);
  } catch (thrown) {
    fail(thrown);
  } finally {
    if (trainer === mine) stopTraining();
  }
  return mine.tokenizer !== null;
}

async function chosenCorpus(): Promise<Corpus> {
  const name = corpusName.value;
  if (name === "own" && ownCorpus.value) return ownCorpus.value;
  return builtIn(BUILT_IN.find((each) => each === name) ?? BUILT_IN[0]);
}

async function follow(mine: Trainer, stream: StreamHandle<TrainerEvent>): Promise<void> {
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
  trainer?.stream?.stop();
  trainer = null;
  training.value = null;
}
