// The Train lab's settings: corpus, preset, and the three configs as the defaults of the core with the person's changes,
// and what a run with them would weigh.
import { computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import { BUILT_IN, builtIn, CORPUS_LIMIT, type Corpus } from "../../corpus.ts";
import { readText } from "../../reading/read.ts";
import { client, defaults, phase } from "../../session.ts";
import { change, keepApart, lab, overlay, read, write, writeAll } from "../../settings.ts";
import type { Defaults, Estimate, Mix, ModelConfig, TokenizerConfig, TrainConfig, TrainRequest } from "../../worker/protocol.ts";

/** A corpus that the person dropped. */
export const ownCorpus = signal<Corpus | null>(null);
/** For this many tokens: the tokenizer may find fewer, and one of characters finds its own number. */
export const estimate = signal<(Estimate & { vocabSize: number }) | null>(null);

/** What a run can learn from: texts beside the page, and the made world, which the core writes. */
export const CORPORA = [...BUILT_IN, "world"] as const;

export const corpusName = computed(() => {
  const chosen = read("corpus");
  if (ownCorpus.value && chosen === undefined) return "own";
  return CORPORA.find((name) => name === chosen) ?? CORPORA[0];
});

keepApart(() => lab.value === "train" && corpusName.value === "own");

// ---------- the made world ----------

const EXTENT = { mib: 4, seed: 1 };
/** Ends each of its documents. */
const END = "<|endoftext|>";

export const mix = computed<Mix | null>(() => defaults.value && overlay("mix", defaults.value.mix));
const MOST_MIB = CORPUS_LIMIT / 2 ** 20;
export const extent = computed(() => {
  const { mib, seed } = overlay("world", EXTENT);
  return { mib: Math.min(MOST_MIB, mib), seed };
});

export function setMix(key: keyof Mix, value: unknown): void {
  if (defaults.value) change("mix", defaults.value.mix, key, value);
}

export function setExtent(key: keyof typeof EXTENT, value: number): void {
  change("world", EXTENT, key, value);
}

async function world(): Promise<Corpus> {
  const { mib, seed } = extent.value;
  const request = { mix: mix.value as Mix, seed, bytes: Math.ceil(mib * 2 ** 20) };
  return { name: "world", bytes: await client().call("world", request) };
}

// ---------- configs ----------

function preset(all: Defaults): Defaults["presets"][number] | undefined {
  return all.presets.find((each) => each.name === read("preset")) ?? all.presets[0];
}

export interface Configs {
  preset: string;
  tokenizer: TokenizerConfig;
  model: ModelConfig;
  train: TrainConfig;
}

/** The configs before the person changes them. The world counts by digits and ends its documents. */
const base = computed<Configs | null>(() => {
  const all = defaults.value;
  const chosen = all && preset(all);
  if (!all || !chosen) return null;
  const own = { preset: chosen.name, tokenizer: all.tokenizer, model: chosen.config, train: all.train };
  if (corpusName.value !== "world") return own;
  return {
    ...own,
    tokenizer: { ...all.tokenizer, splitDigits: true, specialTokens: [END] },
    model: { ...chosen.config, position: "rotary", contextLength: Math.max(128, chosen.config.contextLength) },
    train: { ...all.train, samplePrompts: ["One day", "Q: What does a cow eat?\nA:"] },
  };
});

export const configs = computed<Configs | null>(() => {
  const own = base.value;
  if (!own) return null;
  return {
    preset: own.preset,
    tokenizer: overlay("tokenizer", own.tokenizer),
    model: overlay("model", own.model),
    train: overlay("train", own.train),
  };
});

export type Group = "tokenizer" | "model" | "train";

export function set(group: Group, key: string, value: unknown): void {
  const own = base.value;
  if (own) change<object>(group, own[group], key as never, value);
}

/** Every setting of a run as a recipe has it. */
export function follow(recipe: Readonly<Record<string, string>>): void {
  const groups = ["corpus", "preset", "tokenizer.", "model.", "train.", "mix.", "world."];
  writeAll((key) => groups.some((group) => key.startsWith(group)), recipe);
}

/** Another preset: the changes made to the old one's numbers do not carry over. */
export function setPreset(name: string): void {
  const all = defaults.value;
  for (const key of Object.keys(all?.presets[0]?.config ?? {})) write(`model.${key}`, undefined);
  write("preset", name === all?.presets[0]?.name ? undefined : name);
}

export function setCorpus(name: string): void {
  write("corpus", name === "own" || (name === CORPORA[0] && !ownCorpus.value) ? undefined : name);
}

export async function takeCorpus(file: File): Promise<void> {
  const read = await readText(file, CORPUS_LIMIT, "train");
  if (!read) return;
  ownCorpus.value = read;
  write("corpus", undefined);
}

/** What `train` asks for: the corpus and the configs as they stand now. */
export async function prepare(): Promise<{ corpus: Uint8Array; request: TrainRequest }> {
  const now = configs.value;
  if (!now) throw new Error("the defaults have not come yet");
  const name = corpusName.value;
  const corpus = await (name === "own" ? ownCorpus.value : name === "world" ? world() : builtIn(name));
  if (!corpus) throw new Error("the corpus is gone");
  const { tokenizer, model, train } = now;
  return { corpus: corpus.bytes, request: { corpusName: corpus.name, tokenizer, model, train } };
}

const ask = latest<Configs>(
  async ({ tokenizer, model, train }) => {
    const vocabSize = tokenizer.kind === "bpe" ? tokenizer.vocabSize : model.vocabSize;
    try {
      const weight = await client().call("estimate", { model: { ...model, vocabSize }, train });
      estimate.value = { ...weight, vocabSize };
    } catch {
      // A config that cannot be weighed is refused, with its reason, when the run is started.
      estimate.value = null;
    }
  },
  () => 150,
);

/** Keeps the estimate that of the configs; gives back what ends it. */
export function watch(): () => void {
  return effect(() => {
    if (phase.value === "ready" && configs.value) ask(configs.value);
  });
}
