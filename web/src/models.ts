// The models that come with the page: which there are (models.json, written by `npm run raise`), and opening one, at its end or
// at a step of its youth. While one is at hand the address names it (`model=tadpole-base@3000`), and a new address opens another.
import { computed, effect, signal } from "@preact/signals-core";
import { latest } from "./components/latest.ts";
import { beside, failure } from "./corpus.ts";
import { corpusTitle, fill, t } from "./i18n/index.ts";
import { liveFile } from "./loaded.ts";
import index from "./models.json" with { type: "json" };
import { mayReplace } from "./replace.ts";
import { giveWay, resetToOpened, restartCore, runError, startCore, status } from "./run.ts";
import { client, model, namedModel, phase, setModel, shippedAs, trouble } from "./session.ts";
import { onBeginning, read, write } from "./settings.ts";
import { coreError } from "./worker/client.ts";

export interface Shipped {
  name: string;
  parameters: number;
  /** Of the file at its end. */
  bytes: number;
  /** Steps that were kept, the last one its end. */
  steps: number[];
}

export const SHIPPED: readonly Shipped[] = index;

/** The one that is at hand, as it came. */
export const atHand = computed<Shipped | null>(() => find(shippedAs.value ?? "")?.of ?? null);

/** What the person calls the live model: the name that it came with, its file's, or that of its corpus. */
export function liveName(): string {
  if (atHand.value) return atHand.value.name;
  const name = model.value?.corpus?.name ?? model.value?.request?.corpusName;
  return liveFile() ?? (name ? corpusTitle(name) : t().bar.foreign);
}

/** The live model, as a sentence names it. */
export const liveModel = (): string => (atHand.value ? liveName() : fill(t().bar.own, { name: liveName() }));

/** Whether one is on its way. */
export const isOpening = signal(false);
/** Whether the page has the model that it begins with, or none to begin with. */
export const hasBegun = signal(false);
/** Whether the page is at its first beginning: what it will show is known in a moment, and nothing should move when it comes. */
export const isBeginning = signal(false);
/** Whether nothing is on its way: what is asked of the core is answered by the model that the page shows next. */
export const isSettled = computed(() => hasBegun.value && phase.value === "ready" && !isOpening.value);

const addressOf = ({ name, steps }: Shipped, step: number): string => (step === steps.at(-1) ? name : `${name}@${step}`);

/** What an address asks for; a step that was not kept stands for the end. */
function find(address: string): { of: Shipped; step: number } | null {
  const [name, step] = address.split("@");
  const of = SHIPPED.find((each) => each.name === name);
  if (!of) return null;
  return { of, step: of.steps.find((each) => String(each) === step) ?? of.steps.at(-1) ?? 0 };
}

/** Opens a model at one of its steps; false where the person would rather keep what is there. */
export async function openShipped(of: Shipped, step: number): Promise<boolean> {
  isOpening.value = true;
  const asked = read("model");
  try {
    const file = await beside(`models/${of.name}/${String(step).padStart(6, "0")}.safetensors`, "modelUnavailable");
    if (!(await mayReplace())) return false;
    giveWay();
    const name = addressOf(of, step);
    const info = await client().call("load", { file, keep: false, as: name });
    setModel(info, name);
    // An address that came meanwhile asks for another.
    if (read("model") === asked) write("model", name);
    await resetToOpened();
    return true;
  } finally {
    isOpening.value = false;
  }
}

const SCRUB_MS = 30;

/** The model at hand at another step of its youth; while a slider is dragged the newest step alone matters. */
export const grow = latest<{ of: Shipped; step: number }>(
  async ({ of, step }) => {
    await tried(() => openShipped(of, step));
  },
  () => SCRUB_MS,
);

async function tried(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    trouble.value = coreError(thrown);
  }
}

/** Starts the core with the model that the address asks for, else the last run, else the smallest that comes with the page. */
export async function begin(): Promise<void> {
  isBeginning.value = true;
  const asked = namedModel();
  await startCore();
  await openFirst(asked);
  isBeginning.value = false;
  follow();
}

/** A fresh core, on the device chosen now, with the same model. */
export async function beginAgain(): Promise<void> {
  hasBegun.value = false;
  shippedAs.value = null;
  await restartCore();
  await openFirst(namedModel());
}

/**
 * Opens the model that the address asks for, or the first where it asks for none and there is none. `asked` is what it asked for before the
 * core started: a link that was followed meanwhile asks for another.
 */
export async function openFirst(asked: string | undefined): Promise<void> {
  const [first] = SHIPPED;
  // What somebody else who speaks with the core trained is no address's to replace.
  if (phase.value === "ready" && model.value && shippedAs.value === null && namedModel() === asked) write("model", undefined);
  const isFirst = read("model") === undefined && !model.value;
  const wanted = isFirst ? first?.name : namedModel();
  if (wanted && wanted !== shippedAs.value && phase.value === "ready") await goTo(wanted);
  hasBegun.value = true;
}

/** A new address opens the model that it names; one that names none is told which is at hand. */
function follow(): void {
  effect(() => {
    const wanted = namedModel();
    if (!isSettled.value || wanted === shippedAs.value) return;
    if (wanted !== undefined) void goTo(wanted);
    else if (shippedAs.value !== null && read("model") === undefined) write("model", shippedAs.value);
  });
  onBeginning(() => {
    runError.value = null;
    // A run that has not come to a model yet may do so any moment.
    if (status.value === "preparing" && namedModel() !== undefined) shippedAs.value = null;
  });
}

/** Where the model is not to be had the address names the one at hand, or none. */
export async function goTo(wanted: string): Promise<void> {
  await tried(async () => {
    const found = find(wanted);
    if (!found) throw failure("modelUnknown", { name: wanted, known: SHIPPED.map(({ name }) => name).join(", ") });
    await openShipped(found.of, found.step);
  });
  if (read("model") === wanted) write("model", shippedAs.value ?? undefined);
}
