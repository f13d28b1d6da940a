// The Tokens lab's state and its talk with the core: the text, which tokenizer, its encoding, its merges, and how many of
// them are replayed. Module-wide, so that it is all there when the lab is opened again.
import { computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { BUILT_IN, builtIn, type Corpus } from "../../corpus.ts";
import { t } from "../../i18n/index.ts";
import { client, defaults, model, modelVersion } from "../../session.ts";
import { overlay, read, write } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { CoreError, Encoding, Merge, Streams, TokenizerConfig, TokenizerInfo, TokenizerSlot } from "../../worker/protocol.ts";

type TrainerEvent = Streams["trainTokenizer"]["event"];

export const error = signal<CoreError | null>(null);
export const current = signal(-1);
export const busy = signal(false);
export const training = signal<{ done: number; total: number } | null>(null);
export const infos = signal<Record<TokenizerSlot, TokenizerInfo | null>>({ lab: null, model: null });
export const merges = signal<Merge[]>([]);
/** How many merges count; null for all of them. */
export const replayed = signal<number | null>(null);
/** A corpus that the person dropped to train the tokenizer on. */
export const ownCorpus = signal<Corpus | null>(null);
const encoding = signal<{ bytes: Uint8Array; encoding: Encoding } | null>(null);

let trainer: StreamHandle<TrainerEvent> | null = null;

export const text = computed(() => read("text") ?? t().tokens.example);
export const slot = computed<TokenizerSlot>(() => (read("tokenizer") === "model" && model.value ? "model" : "lab"));
export const info = computed(() => infos.value[slot.value]);
export const corpusName = computed(() => read("tokens.corpus") ?? (ownCorpus.value ? "own" : BUILT_IN[0]));
export const config = computed<TokenizerConfig | null>(() => {
  const own = defaults.value?.tokenizer;
  return own ? overlay<TokenizerConfig>("bpe", { ...own, kind: "bpe" }) : null;
});

export const source = computed<TokenSource>(() => {
  const held = encoding.value;
  if (!held) return { length: 0, id: () => 0, bytes: () => new Uint8Array() };
  const { ids, ends } = held.encoding;
  return {
    length: ids.length,
    id: (index) => ids[index] ?? 0,
    bytes: (index) => held.bytes.subarray(index > 0 ? ends[index - 1] : 0, ends[index]),
  };
});
export const byteCount = computed(() => encoding.value?.bytes.length ?? 0);

export function setText(next: string): void {
  write("text", next === t().tokens.example ? undefined : next);
}

// ---------- encoding ----------

interface Wanted {
  slot: TokenizerSlot;
  text: string;
  merges: number | null;
}

const encode = latest<Wanted>(async (wanted) => {
  try {
    const { slot, text, merges } = wanted;
    const answer =
      merges === null ? await client().call("encode", { slot, text }) : await client().call("encodeReplay", { slot, text, merges });
    encoding.value = { bytes: new TextEncoder().encode(text), encoding: answer };
    if (current.value >= answer.ids.length) current.value = -1;
    if (error.value?.code === "noTokenizer") error.value = null;
  } catch (thrown) {
    fail(thrown);
  } finally {
    busy.value = false;
  }
}, 120);

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
    encode(wanted);
  });
}

// ---------- tokenizers ----------

/** Reads both tokenizers again; trains one on the bench when it is empty. */
export async function refresh(): Promise<void> {
  try {
    const [lab, own] = await Promise.all([
      client().call("tokenizerInfo", { slot: "lab" }),
      modelVersion.value > 0 && model.value ? client().call("tokenizerInfo", { slot: "model" }) : null,
    ]);
    infos.value = { lab, model: own };
    if (!lab && !trainer) await train();
    else await readMerges();
  } catch (thrown) {
    fail(thrown);
  }
}

export async function readMerges(): Promise<void> {
  const wanted = slot.value;
  const list = info.value?.kind === "bpe" ? await client().call("merges", { slot: wanted }) : [];
  if (wanted !== slot.value) return;
  merges.value = list;
  replayed.value = null;
}

export async function loadTokenizer(file: Uint8Array): Promise<void> {
  const loaded = await client().call("loadTokenizer", { file });
  write("tokenizer", undefined);
  infos.value = { ...infos.value, lab: loaded };
  await readMerges();
}

export async function train(): Promise<void> {
  const settings = config.value;
  if (!settings) return;
  trainer?.stop();
  error.value = null;
  try {
    const own = ownCorpus.value;
    const name = corpusName.value;
    const corpus = name === "own" && own ? own : await builtIn(BUILT_IN.find((each) => each === name) ?? BUILT_IN[0]);
    await follow(client().stream("trainTokenizer", { corpus: corpus.bytes, config: settings }));
  } catch (thrown) {
    fail(thrown);
  } finally {
    training.value = null;
  }
}

async function follow(stream: StreamHandle<TrainerEvent>): Promise<void> {
  trainer = stream;
  training.value = { done: 0, total: 0 };
  const learnt: Merge[] = [];
  try {
    for await (const event of stream) {
      if (event.kind === "progress") training.value = { done: event.done, total: event.total };
      if (event.kind === "merges") {
        learnt.push(...event.merges);
        training.value = { done: learnt.length, total: event.total };
      }
      if (event.kind === "tokenizer") finish(event.tokenizer, learnt);
    }
  } finally {
    if (trainer === stream) trainer = null;
  }
}

function finish(tokenizer: TokenizerInfo, learnt: Merge[]): void {
  write("tokenizer", undefined);
  infos.value = { ...infos.value, lab: tokenizer };
  merges.value = learnt;
  replayed.value = null;
}

export function stopTraining(): void {
  trainer?.stop();
}
