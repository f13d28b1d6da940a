// The models that come with the page: which there are (models.json, written by `npm run raise`), and opening one, at its end or
// at a step of its youth.
import { computed, signal } from "@preact/signals-core";
import { latest } from "./components/latest.ts";
import { beside } from "./corpus.ts";
import index from "./models.json" with { type: "json" };
import { mayReplace } from "./replace.ts";
import { pause, recall, status } from "./run.ts";
import { client, model, setModel, trouble } from "./session.ts";
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
export const atHand = computed<Shipped | null>(() => {
  const info = model.value;
  if (!info || info.hasOptimizer) return null;
  return SHIPPED.find(({ parameters, steps }) => parameters === info.parameters && steps.includes(info.step)) ?? null;
});

/** Whether one is on its way. */
export const isOpening = signal(false);

/** Opens a model at one of its steps; false where the person would rather keep what is there. */
export async function openShipped(name: string, step: number): Promise<boolean> {
  isOpening.value = true;
  try {
    const file = await beside(`models/${name}/${String(step).padStart(6, "0")}.safetensors`, "modelUnavailable");
    if (!(await mayReplace())) return false;
    if (status.value === "running") pause();
    setModel(await client().call("load", { file }));
    await recall();
    return true;
  } finally {
    isOpening.value = false;
  }
}

const SCRUB_MS = 30;

/** The model at hand at another step of its youth; while a slider is dragged the newest step alone matters. */
export const grow = latest<{ name: string; step: number }>(
  async ({ name, step }) => {
    try {
      await openShipped(name, step);
    } catch (thrown) {
      trouble.value = coreError(thrown);
    }
  },
  () => SCRUB_MS,
);
