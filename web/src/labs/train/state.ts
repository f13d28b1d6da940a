// The Train lab's settings: corpus, preset, and the three configs as the defaults of the core with the person's changes,
// and what a run with them would weigh.
import { computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import { BUILT_IN, builtIn, CORPUS_LIMIT, type Corpus, readFile } from "../../corpus.ts";
import { client, defaults, phase } from "../../session.ts";
import { change, overlay, read, write } from "../../settings.ts";
import type { Defaults, Estimate, ModelConfig, TokenizerConfig, TrainConfig, TrainRequest } from "../../worker/protocol.ts";

/** A corpus that the person dropped. */
export const ownCorpus = signal<Corpus | null>(null);
/** For this many tokens: the tokenizer may find fewer, and one of characters finds its own number. */
export const estimate = signal<(Estimate & { vocabSize: number }) | null>(null);

export const corpusName = computed(() => {
  const chosen = read("corpus");
  if (ownCorpus.value && chosen === undefined) return "own";
  return BUILT_IN.find((name) => name === chosen) ?? BUILT_IN[0];
});

function preset(all: Defaults): Defaults["presets"][number] | undefined {
  return all.presets.find((each) => each.name === read("preset")) ?? all.presets[0];
}

export interface Configs {
  preset: string;
  tokenizer: TokenizerConfig;
  model: ModelConfig;
  train: TrainConfig;
}

export const configs = computed<Configs | null>(() => {
  const all = defaults.value;
  const chosen = all && preset(all);
  if (!all || !chosen) return null;
  return {
    preset: chosen.name,
    tokenizer: overlay("tokenizer", all.tokenizer),
    model: overlay("model", chosen.config),
    train: overlay("train", all.train),
  };
});

export type Group = "tokenizer" | "model" | "train";

export function set(group: Group, key: string, value: unknown): void {
  const all = defaults.value;
  const chosen = all && preset(all);
  if (!all || !chosen) return;
  const own: Record<Group, object> = { tokenizer: all.tokenizer, model: chosen.config, train: all.train };
  change(group, own[group], key as never, value);
}

/** Another preset: the changes made to the old one's numbers do not carry over. */
export function setPreset(name: string): void {
  const all = defaults.value;
  for (const key of Object.keys(all?.presets[0]?.config ?? {})) write(`model.${key}`, undefined);
  write("preset", name === all?.presets[0]?.name ? undefined : name);
}

export function setCorpus(name: string): void {
  write("corpus", name === "own" || (name === BUILT_IN[0] && !ownCorpus.value) ? undefined : name);
}

export async function takeCorpus(file: File): Promise<void> {
  ownCorpus.value = { name: file.name, bytes: await readFile(file, CORPUS_LIMIT) };
  write("corpus", undefined);
}

/** What `train` asks for: the corpus and the configs as they stand now. */
export async function prepare(): Promise<{ corpus: Uint8Array; request: TrainRequest }> {
  const now = configs.value;
  if (!now) throw new Error("the defaults have not come yet");
  const name = corpusName.value;
  const corpus = name === "own" && ownCorpus.value ? ownCorpus.value : await builtIn(name === "own" ? BUILT_IN[0] : name);
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
