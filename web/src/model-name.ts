// What the live model is called.
import { corpusTitle, t } from "./i18n/index.ts";
import { atHand } from "./models.ts";
import { model } from "./session.ts";

/** What the person calls the corpus names the checkpoint. */
export function checkpointName(): string {
  if (atHand.value) return atHand.value.name;
  const name = model.value?.corpus?.name ?? model.value?.request?.corpusName;
  return name ? corpusTitle(name) : t().bar.foreign;
}
