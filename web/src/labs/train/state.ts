// The Train lab's form: the core's defaults with the person's changes, the estimate for such a run, and whether they belong to the current
// model or to a run that has not begun.
import { computed, effect, signal, untracked } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import * as run from "../../run.ts";
import { areOwn, aside, bringBack, hasRunSettings, markOwn, replaceSettings, type Settings } from "../../run-settings.ts";
import { client, defaults, model, phase, setModel } from "../../session.ts";
import { change, overlay, read, said, write } from "../../settings.ts";
import type { Defaults, Estimate, TrainRequest } from "../../worker/protocol.ts";
import { isWorld, worldSettings } from "../../world-name.ts";
import { byName, corpusName, corpusNow, isNewFile, requestName, wear } from "./corpora.ts";
import { asksTheSame, baseOf, type Configs, settingsOf } from "./request.ts";

function preset(all: Defaults): Defaults["presets"][number] | undefined {
  return all.presets.find((each) => each.name === read("preset")) ?? all.presets[0];
}

/** The configs without the person's changes. */
const base = computed<Configs | null>(() => {
  const all = defaults.value;
  const chosen = all && preset(all);
  return all && chosen ? baseOf(all, chosen, corpusName.value === "world") : null;
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

said.set("train", () => {
  const { steps, batchSize, learningRate, seed } = configs.value?.train ?? {};
  return { settings: { steps, batchSize, learningRate, seed } };
});

export type Group = "tokenizer" | "model" | "train";

export function set(group: Group, key: string, value: unknown): void {
  const own = base.value;
  if (own) change<object>(group, own[group], key as never, value);
}

/** Another preset: changes to the old one's numbers are dropped. */
export function setPreset(name: string): void {
  const all = defaults.value;
  for (const key of Object.keys(all?.presets[0]?.config ?? {})) write(`model.${key}`, undefined);
  write("preset", name === all?.presets[0]?.name ? undefined : name);
}

// ---------- whose settings they are ----------

/** What the form asks for. */
const asked = computed<TrainRequest | null>(() => {
  const now = configs.value;
  return now && { corpusName: requestName.value, tokenizer: now.tokenizer, model: now.model, train: now.train };
});

/** The request of the run in preparation, or of the live model's run; null if unknown. */
const known = computed(() => run.pending.value ?? model.value?.request ?? null);

/** Whether the form belongs to the current model, or to the run in preparation; else it belongs to a run that has not begun. */
export const isOfModel = computed(() => {
  const [all, mine, its] = [defaults.value, asked.value, known.value];
  return all !== null && mine !== null && its !== null && !isNewFile.value && asksTheSame(mine, its, all);
});

/** Whether the shown model learnt from a made world without known parameters. */
export const isWorldUntold = computed(() => {
  const name = isOfModel.value ? (known.value?.corpusName ?? "") : "";
  return isWorld(name) && worldSettings(name) === null;
});

/** Whether there is a model whose settings the form can show. */
export const canShowModel = computed(() => defaults.value !== null && model.value?.request != null);

export function showModel(): void {
  const [all, request] = [defaults.value, model.value?.request];
  if (!all || !request) return;
  replaceSettings(settingsOf(request, all));
  markOwn();
}

/** Whether the settings of a run that has not begun differ from the model's. */
export const hasOther = computed(() => {
  const [all, request] = [defaults.value, model.value?.request];
  return !all || !request || JSON.stringify(aside.value ?? {}) !== JSON.stringify(settingsOf(request, all));
});

export const showNew = bringBack;

let followed: run.Arrival | null = null;

/**
 * The form follows the model: without settings in the address it shows those of a run that can continue, and if it showed the previous
 * model it shows the new one.
 */
function follow(): void {
  const arrival = run.arrival.value;
  if (!defaults.value || arrival === followed) return;
  followed = arrival;
  untracked(() => {
    if (arrival.isBegun) wear(model.value?.corpus ?? null);
    const isFree = hasRunSettings() ? areOwn() : (model.value?.hasOptimizer ?? false);
    if (isOfModel.value) markOwn();
    else if (isFree) showModel();
    void attach();
  });
}

// ---------- its corpus ----------

/** Whether the missing corpus of a model is being fetched or generated. */
export const isAttaching = signal(false);

/** A corpus that can be recovered from its name is not asked for. */
async function attach(): Promise<void> {
  const info = model.value;
  const { corpus } = info ?? {};
  if (!info?.hasOptimizer || !corpus || corpus.attached || isAttaching.value) return;
  isAttaching.value = true;
  try {
    const bytes = await byName(corpus.name);
    if (bytes && model.value?.corpus?.fingerprint === corpus.fingerprint) setModel(await client().call("attachCorpus", { corpus: bytes }));
  } catch {
    // It cannot be fetched, or has changed since: the person is asked for it.
  }
  isAttaching.value = false;
}

/** The arguments of `train`: the current corpus and configs. */
export async function prepare(): Promise<{ corpus: Uint8Array; request: TrainRequest }> {
  const now = asked.value;
  if (!now) throw new Error("the defaults have not come yet");
  const corpus = await corpusNow(isOfModel.value && (model.value?.corpus?.attached ?? false));
  return { corpus: corpus.bytes, request: { ...now, corpusName: corpus.name } };
}

/** Sets every setting of a run as in a recipe. */
export function cook(recipe: Settings): void {
  replaceSettings(recipe);
}

// ---------- what it would weigh ----------

/** For this vocabulary size, and whether a run has confirmed that size. */
export const estimate = signal<(Estimate & { vocabSize: number; isKnown: boolean }) | null>(null);

/** The vocabulary size that the same tokenizer learnt from the same corpus. */
function learntVocabulary(): number | null {
  const [mine, its, info] = [asked.value, model.value?.request, model.value];
  if (!mine || !its || !info || isNewFile.value || run.pending.value) return null;
  if (isOfModel.value) return info.config.vocabSize;
  if (mine.corpusName !== its.corpusName) return null;
  return JSON.stringify(mine.tokenizer) === JSON.stringify(its.tokenizer) ? info.config.vocabSize : null;
}

const weigh = latest<Configs>(
  async ({ tokenizer, model, train }) => {
    const learnt = learntVocabulary();
    const vocabSize = learnt ?? (tokenizer.kind === "bpe" ? tokenizer.vocabSize : model.vocabSize);
    try {
      const weight = await client().call("estimate", { model: { ...model, vocabSize }, train });
      estimate.value = { ...weight, vocabSize, isKnown: learnt !== null };
    } catch {
      // An invalid config is refused, with its reason, when the run is started.
      estimate.value = null;
    }
  },
  () => 150,
);

const vocabulary = computed(() => model.value?.config.vocabSize);

/** Keeps the form up to date with the model, and the estimate with the configs; returns the function that ends it. */
export function watch(): () => void {
  const ends = [
    effect(follow),
    effect(() => {
      // Once the vocabulary is learnt the number changes.
      void [vocabulary.value, run.pending.value, isOfModel.value];
      void requestName.value;
      if (phase.value === "ready" && configs.value) weigh(configs.value);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
