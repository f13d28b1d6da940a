// The models that come with the page: the list (models.json, written by `npm run raise`), and opening one, fully trained or at an earlier
// step. While one is current the address names it (`model=tadpole-base@3000`), and a new address opens another.
import { computed, effect, signal } from "@preact/signals-core";
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
  /** Size of the final file. */
  bytes: number;
  /** The kept steps, the final one last. */
  steps: number[];
}

export const SHIPPED: readonly Shipped[] = index;

/** The current one, if it is unchanged. */
export const atHand = computed<Shipped | null>(() => find(shippedAs.value ?? "")?.of ?? null);

/** The live model's name for the person: its own, its file's, or its corpus'. */
export function liveName(): string {
  if (atHand.value) return atHand.value.name;
  const name = model.value?.corpus?.name ?? model.value?.request?.corpusName;
  return liveFile() ?? (name ? corpusTitle(name) : t().bar.foreign);
}

/** The live model, as named in a sentence. */
export const liveModel = (): string => (atHand.value ? liveName() : fill(t().bar.own, { name: liveName() }));

/** Whether one is being opened. */
export const isOpening = signal(false);
/** Whether the page has its first model, or needs none. */
export const hasBegun = signal(false);
/** Whether the page is still starting: what it will show is known in a moment, and nothing should move then. */
export const isBeginning = signal(false);
/** Whether nothing is loading: the core's answers come from the model that the page shows next. */
export const isSettled = computed(() => hasBegun.value && phase.value === "ready" && !isOpening.value);

const addressOf = ({ name, steps }: Shipped, step: number): string => (step === steps.at(-1) ? name : `${name}@${step}`);

/** The model in an address; an unknown step means the final one. */
function find(address: string): { of: Shipped; step: number } | null {
  const [name, step] = address.split("@");
  const of = SHIPPED.find((each) => each.name === name);
  if (!of) return null;
  return { of, step: of.steps.find((each) => String(each) === step) ?? of.steps.at(-1) ?? 0 };
}

/** The file of a kept step, beside the page. */
export const pathOf = ({ name }: Shipped, step: number): string => `models/${name}/${String(step).padStart(6, "0")}.safetensors`;

/** Opens a model at one of its steps; false if the person chose to keep the current one. */
export async function openShipped(of: Shipped, step: number): Promise<boolean> {
  isOpening.value = true;
  const asked = read("model");
  try {
    const file = await beside(pathOf(of, step), "modelUnavailable");
    if (!(await mayReplace())) return false;
    giveWay();
    const name = addressOf(of, step);
    const info = await client().call("load", { file, keep: false, as: name });
    setModel(info, name);
    // The address changed meanwhile and asks for another.
    if (read("model") === asked) write("model", name);
    await resetToOpened();
    return true;
  } finally {
    isOpening.value = false;
  }
}

async function tried(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    trouble.value = coreError(thrown);
  }
}

/** Starts the core with the model in the address, else the last run, else the smallest model that comes with the page. */
export async function begin(): Promise<void> {
  isBeginning.value = true;
  const asked = namedModel();
  await startCore();
  await openFirst(asked);
  isBeginning.value = false;
  follow();
}

/** A fresh core, on the currently chosen device, with the same model. */
export async function beginAgain(): Promise<void> {
  hasBegun.value = false;
  shippedAs.value = null;
  await restartCore();
  await openFirst(namedModel());
}

/**
 * Opens the model in the address, or the first one if the address names none and there is none. `asked` is the address's model before the
 * core started: a link followed meanwhile asks for another.
 */
export async function openFirst(asked: string | undefined): Promise<void> {
  const [first] = SHIPPED;
  // An address must not replace what another page on this core has trained.
  if (phase.value === "ready" && model.value && shippedAs.value === null && namedModel() === asked) write("model", undefined);
  const isFirst = read("model") === undefined && !model.value;
  const wanted = isFirst ? first?.name : namedModel();
  if (wanted && wanted !== shippedAs.value && phase.value === "ready") await goTo(wanted);
  hasBegun.value = true;
}

/** A new address opens the model it names; one that names none gets the current model's name. */
function follow(): void {
  effect(() => {
    const wanted = namedModel();
    if (!isSettled.value || wanted === shippedAs.value) return;
    if (wanted !== undefined) void goTo(wanted);
    else if (shippedAs.value !== null && read("model") === undefined) write("model", shippedAs.value);
  });
  onBeginning(() => {
    runError.value = null;
    // A run still without a model may get one at any moment.
    if (status.value === "preparing" && namedModel() !== undefined) shippedAs.value = null;
  });
}

/** If the model is unavailable, the address names the current one, or none. */
export async function goTo(wanted: string): Promise<void> {
  await tried(async () => {
    const found = find(wanted);
    if (!found) throw failure("modelUnknown", { name: wanted, known: SHIPPED.map(({ name }) => name).join(", ") });
    await openShipped(found.of, found.step);
  });
  if (read("model") === wanted) write("model", shippedAs.value ?? undefined);
}
