// How old the live model is. A model that comes with the page goes from its first kept step to its last; a run of one's own from its first
// step to the last one planned. A model from elsewhere has no known age.
import { computed } from "@preact/signals-core";
import { latest } from "../components/latest.ts";
import { atHand, openShipped, type Shipped } from "../models.ts";
import { arrival, columns, totalSteps } from "../run.ts";
import { model, trouble } from "../session.ts";
import { coreError } from "../worker/client.ts";
import { birthLoss } from "./birth.ts";
import { lossAt, type Row } from "./loss.ts";

/** The steps are those that the page can go back to; none for a run, which goes only forward. */
export interface Life {
  of: Shipped | null;
  steps: readonly number[];
  /** From 0 to 1. */
  age(step: number): number;
}

/** Whether the live model came with what was asked of its run. */
const isRun = computed(() => model.value?.request != null);

export const life = computed<Life | null>(() => {
  const of = atHand.value;
  if (of) return { of, steps: of.steps, age: (step) => placeAmong(of.steps, step) };
  const total = totalSteps.value;
  return isRun.value && total > 0 ? { of: null, steps: [], age: (step) => Math.min(1, step / total) } : null;
});

/** Its place among the kept steps, which lie ever further apart, as learning slows. */
function placeAmong(steps: readonly number[], step: number): number {
  const next = steps.findIndex((each) => each >= step);
  if (next <= 0) return next < 0 ? 1 : 0;
  const [from = 0, to = 1] = [steps[next - 1], steps[next]];
  return (next - 1 + (step - from) / (to - from)) / (steps.length - 1);
}

/** The live run's rows. */
export function noted(): Row[] {
  const { steps, trainLoss } = columns.peek();
  return steps.flatMap((step, at) => (trainLoss[at] == null ? [] : [{ step, loss: trainLoss[at] }]));
}

/** The live model's loss as of the last arrival of a model or run. */
export function liveLoss(): number | null {
  void arrival.value;
  const of = life.value?.of;
  const step = model.value?.step ?? 0;
  return of && step === 0 ? birthLoss(of) : lossAt(noted(), step);
}

const SCRUB_MS = 30;

/** The current model at another step; while a slider is dragged only the newest step matters. */
export const grow = latest<{ of: Shipped; step: number }>(
  async ({ of, step }) => {
    try {
      await openShipped(of, step);
    } catch (thrown) {
      trouble.value = coreError(thrown);
    }
  },
  () => SCRUB_MS,
);
