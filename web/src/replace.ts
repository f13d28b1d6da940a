// The question before anything takes the place of a model that nothing else keeps.
import { html } from "lit";
import { ask } from "./components/dialog.ts";
import { fill, t, whole } from "./i18n/index.ts";
import { client, model, storedStep } from "./session.ts";

/** What is said in its place where nothing can be saved. */
let said: (() => string) | null = null;

export function sayWhatIsLost(text: () => string): void {
  said = text;
}

/**
 * Yes where there is nothing to lose: this browser keeps the run, or the model has no optimizer's state, so that it came from a file
 * and is as it was there.
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
