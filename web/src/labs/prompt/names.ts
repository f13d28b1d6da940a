// Names of columns and questions, and the bar of a share with its interval, for all of this lab.
import { html } from "lit";
import { fill, whole } from "../../i18n/index.ts";
import { texts as worldTexts } from "../world/texts.ts";
import type { Column } from "./prompts.ts";
import * as state from "./state/index.ts";
import type { Share } from "./stats.ts";
import { texts } from "./texts.ts";

export function examplesName(shots: number): string {
  const { none, some } = texts().examples;
  return shots === 0 ? none : fill(some, { n: whole(shots) });
}

/** The style is included if there are several. */
export function columnName({ style, shots }: Column, withStyle = state.hasSteps.value): string {
  const told = withStyle || style === "own" ? [texts().styles[style]] : [];
  return [...told, examplesName(shots)].join(" · ");
}

/** A task's name in the reader's language. */
export function taskName(task: string): string {
  const { tasks } = worldTexts();
  return task === state.OWN ? texts().own : tasks[task as keyof typeof tasks];
}

/** A bar of the share, with its interval as a line below; a text beside it says the same. */
export function interval({ accuracy, low, high }: Share) {
  return html`<svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="6"></rect>
    <rect class="prob" width=${100 * accuracy} height="6"></rect>
    <rect class="within" x=${100 * low} y="8" width=${Math.max(0.3, 100 * (high - low))} height="2"></rect>
  </svg>`;
}

/** Percentage points, with a sign. */
export function signed(share: number): string {
  const points = (100 * Math.abs(share)).toFixed(1);
  return `${share < 0 && points !== "0.0" ? "−" : "+"}${points}`;
}

/** Whether an answer is right, in words; if it is not judged, why. */
export function verdictText(verdict: "right" | "wrong" | "unjudged" | "pending", answer = ""): string {
  return verdict === "unjudged" && answer.trim() !== "" ? texts().unjudgedLines : texts()[verdict];
}
