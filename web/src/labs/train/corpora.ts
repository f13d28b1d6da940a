// The form's corpus: a text beside the page, the made world, or a file of the person's, each known by a name from which it can be
// recovered.
import { computed, signal } from "@preact/signals-core";
import { BUILT_IN, type BuiltIn, builtIn, CORPUS_LIMIT, CORPUS_MIB, type Corpus } from "../../corpus.ts";
import { readText } from "../../reading/read.ts";
import { client, defaults, model } from "../../session.ts";
import { change, differing, keepApart, lab, overlay, read, write } from "../../settings.ts";
import type { CorpusInfo, Defaults, Mix } from "../../worker/protocol.ts";
import { isWorld, worldName, worldSettings } from "../../world-name.ts";

/** Choices of corpus: texts beside the page, and the made world, which the core generates. */
export const CORPORA = [...BUILT_IN, "world"] as const;
/** Marks a file's name in the address. */
const OWN = "own:";

/** A corpus that the person dropped, and whether no run has begun with it yet. */
export const ownCorpus = signal<Corpus | null>(null);
const isFresh = signal(false);

/** The file that the form names; null for another corpus. */
export const ownName = computed(() => {
  const chosen = read("corpus");
  return chosen?.startsWith(OWN) ? chosen.slice(OWN.length) : null;
});

export const corpusName = computed(() => {
  if (ownName.value !== null) return "own";
  return CORPORA.find((name) => name === read("corpus")) ?? CORPORA[0];
});

keepApart(() => lab.value === "train" && corpusName.value === "own");

/** Whether the live model's corpus is in the core and has this name. */
const isInCore = (name: string): boolean => (model.value?.corpus?.attached ?? false) && model.value?.corpus?.name === name;

const isDropped = (name: string): boolean => ownCorpus.value?.name === name;

/** Whether the form names a file that the page does not have. */
export const isMissing = computed(() => ownName.value !== null && !isDropped(ownName.value) && !isInCore(ownName.value));

/** Whether the form's file was dropped since the last run began: it may differ under the same name. */
export const isNewFile = computed(() => isFresh.value && ownName.value !== null && isDropped(ownName.value));

/** Call when a run has begun with it. */
export function wear(corpus: CorpusInfo | null): void {
  if (corpus?.name === ownCorpus.peek()?.name) isFresh.value = false;
}

export function setCorpus(name: string): void {
  const own = ownName.value ?? ownCorpus.value?.name ?? "";
  write("corpus", name === CORPORA[0] ? undefined : name === "own" ? OWN + own : name);
}

export function giveCorpus(corpus: Corpus): void {
  ownCorpus.value = corpus;
  isFresh.value = true;
  write("corpus", OWN + corpus.name);
}

export async function takeCorpus(file: File): Promise<void> {
  const read = await readText(file, CORPUS_LIMIT, "train");
  if (read) giveCorpus(read);
}

// ---------- the made world ----------

const EXTENT = { mib: 4, seed: 1 };

type At = (key: string) => string | undefined;

/** The parameters that the made world is generated from. */
interface Drawing {
  mix: Mix;
  mib: number;
  seed: number;
}

function drawingOf(all: Defaults, at: At): Drawing {
  const { mib, seed } = overlay("world", EXTENT, at);
  return { mix: overlay("mix", all.mix, at), mib: Math.min(CORPUS_MIB, mib), seed };
}

export const drawing = computed<Drawing | null>(() => defaults.value && drawingOf(defaults.value, read));

export function setMix(key: keyof Mix, value: unknown): void {
  if (defaults.value) change("mix", defaults.value.mix, key, value);
}

export function setExtent(key: keyof typeof EXTENT, value: number): void {
  change("world", EXTENT, key, value);
}

function nameOf(all: Defaults, { mix, mib, seed }: Drawing): string {
  return worldName({ "world.mib": String(mib), "world.seed": String(seed), ...differing("mix", all.mix, mix) });
}

function draw({ mix, mib, seed }: Drawing): Promise<Uint8Array> {
  return client().call("world", { mix, seed, bytes: Math.ceil(mib * 2 ** 20) });
}

// ---------- names ----------

/** The name of the form's corpus in a request. */
export const requestName = computed(() => {
  const [all, own] = [defaults.value, ownName.value];
  if (own !== null) return own;
  return corpusName.value === "world" && all && drawing.value ? nameOf(all, drawing.value) : corpusName.value;
});

/** The settings that name a request's corpus. */
export function corpusSettings(name: string, all: Defaults): Record<string, string> {
  if (isWorld(name)) {
    const settings = worldSettings(name);
    const { mix, ...extent } = drawingOf(all, (key) => settings?.[key]);
    return { corpus: "world", ...differing("mix", all.mix, mix), ...differing("world", EXTENT, extent) };
  }
  if (name === CORPORA[0]) return {};
  return { corpus: isBuiltIn(name) ? name : OWN + name };
}

const isBuiltIn = (name: string): name is BuiltIn => BUILT_IN.some((each) => each === name);

/** A corpus recovered from its name alone; null for a file, and for a world whose name lacks its parameters. */
export async function byName(name: string): Promise<Uint8Array | null> {
  const settings = worldSettings(name);
  if (settings && defaults.value) return draw(drawingOf(defaults.value, (key) => settings[key]));
  return isBuiltIn(name) ? (await builtIn(name)).bytes : null;
}

/** The form's corpus; `isOfModel` if it is the live model's own, which the worker has. */
export async function corpusNow(isOfModel: boolean): Promise<Corpus> {
  const name = requestName.value;
  const own = ownName.value !== null;
  const inCore = isOfModel || (own && !isNewFile.value && isInCore(name)) ? await client().upkeep("corpus", {}) : null;
  const bytes = inCore ?? (own && isDropped(name) ? ownCorpus.value?.bytes : await byName(name));
  if (!bytes) throw new Error("the corpus is gone");
  return { name, bytes };
}
