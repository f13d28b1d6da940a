// The models that come with the page: which there are (models.json, written by `npm run raise`), and opening one, at its end or
// at a step of its youth.
import { signal } from "@preact/signals-core";
import { beside } from "./corpus.ts";
import index from "./models.json" with { type: "json" };
import { mayReplace } from "./replace.ts";
import { pause, recall, status } from "./run.ts";
import { client, setModel } from "./session.ts";

export interface Shipped {
  name: string;
  parameters: number;
  /** Of the file at its end. */
  bytes: number;
  /** Steps that were kept, the last one its end. */
  steps: number[];
}

export const SHIPPED: readonly Shipped[] = index;

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
