// Which controls an address may hide (docs/ADDRESS.md), of the page and of each lab, and what the dialog calls them.
import { fieldLabel, fill, t } from "../i18n/index.ts";
import { LABS, type Lab } from "../settings.ts";
import { texts } from "./texts.ts";

const PAGE: readonly string[] = ["device", "file", "share", "lead", "try", "embed", "save"];
const OF_LAB: Record<Lab, readonly string[]> = {
  lessons: [],
  tokens: ["tokenizer", "compare", "merges", "languages", "more"],
  train: ["corpus", "preset", "steps", "learningRate", "rate", "recipes", "compared", "slow", "keepEvery", "whenHidden", "more"],
  inside: ["text", "view-attention", "view-block", "view-lens", "view-map", "view-compare", "view-positions"],
  sample: ["temperature", "topK", "topP", "minP", "repetitionPenalty", "seed", "tree", "both", "more"],
  prompt: ["task", "view", "seed", "columns"],
  bench: [],
};

export interface Group {
  title: string;
  names: readonly string[];
}

/** The controls that the shown lab has, and the links to the others. */
export function groups(lab: Lab): Group[] {
  const links = LABS.filter((each) => each !== lab).map((each) => `lab-${each}`);
  const mine = texts();
  const own = { title: fill(mine.ofLab, { name: t()[lab].title }), names: OF_LAB[lab] };
  return [...(own.names.length > 0 ? [own] : []), { title: mine.ofPage, names: [...PAGE, ...links] }];
}

export function controlName(name: string): string {
  const mine = texts();
  const lab = LABS.find((each) => name === `lab-${each}`);
  if (lab) return fill(mine.controls.link, { name: t()[lab].title });
  if (name === "text") return mine.text;
  return (mine.controls as Record<string, string>)[name] ?? fieldLabel(name);
}
