// Asks before replacing a model that is kept nowhere else.
import { html } from "lit";
import { ask } from "./components/dialog.ts";
import { fill, t, whole } from "./i18n/index.ts";
import { client, model, storedStep } from "./session.ts";

/** The text for pages that cannot save anything. */
let said: (() => string) | null = null;

export function sayWhatIsLost(text: () => string): void {
  said = text;
}

/**
 * True if nothing would be lost: this browser keeps the run, or the model has no optimizer state, so that it came unchanged from a file.
 */
export async function mayReplace(): Promise<boolean> {
  if (!model.value?.hasOptimizer) return true;
  const { step } = model.value;
  await client().upkeep("store", {});
  if ((storedStep.value ?? -1) >= step) return true;
  const texts = t().replace;
  const body = html`<p>${said?.() ?? fill(texts.ask, { n: whole(model.value.step) })}</p>`;
  const answer = await ask(texts.title, body, [
    { value: "keep", label: texts.no },
    { value: "replace", label: texts.yes },
  ]);
  return answer === "replace";
}
