// An age in words.
import { fill, whole } from "../i18n/index.ts";
import { stageOf } from "./draw.ts";
import { words } from "./words.ts";

export const lossText = (loss: number): string => loss.toFixed(2);

export function saidAt(age: number, step: number, loss: number | null): string {
  const texts = words();
  const parts = { stage: texts.stages[stageOf(age)], n: whole(step) };
  return loss === null ? fill(texts.at, parts) : fill(texts.atLoss, { ...parts, loss: lossText(loss) });
}

/** On a card, under the stage. */
export function stepAndLoss(step: number, loss: number | null): string {
  const [texts, n] = [words(), whole(step)];
  return loss === null ? fill(texts.step, { n }) : fill(texts.stepLoss, { n, loss: lossText(loss) });
}
