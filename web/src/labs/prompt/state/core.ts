// How this lab speaks with the core: how often it asks, and what is told of a failure.
import { signal } from "@preact/signals-core";
import * as run from "../../../run.ts";
import { fatal } from "../../../session.ts";
import { onBeginning } from "../../../settings.ts";
import { coreError } from "../../../worker/client.ts";
import type { CoreError } from "../../../worker/protocol.ts";

const RESTING_MS = 100;
/** While the model learns, the core has better to do. */
const LEARNING_MS = 700;

export const error = signal<CoreError | null>(null);
export const pace = () => (run.status.value === "running" ? LEARNING_MS : RESTING_MS);

export function fail(thrown: unknown): void {
  const failure = coreError(thrown);
  if (failure.code !== "restarted" && !fatal.value) error.value = failure;
}

onBeginning(() => (error.value = null));
