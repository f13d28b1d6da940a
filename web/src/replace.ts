// The question before anything takes the place of the model that the person has.
import { html } from "lit";
import { ask } from "./components/dialog.ts";
import { fill, t, whole } from "./i18n/index.ts";
import { model } from "./session.ts";

/** Yes where there is nothing to lose: a model without an optimizer's state came from a file and is as it was there. */
export async function mayReplace(): Promise<boolean> {
  if (!model.value?.hasOptimizer) return true;
  const texts = t().replace;
  const body = html`<p>${fill(texts.ask, { n: whole(model.value.step) })}</p>`;
  const answer = await ask(texts.title, body, [
    { value: "keep", label: texts.no },
    { value: "replace", label: texts.yes },
  ]);
  return answer === "replace";
}
