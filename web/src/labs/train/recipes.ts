// One-click starts: settings under which a small model learns one skill within minutes. `npm run recipes` measures their results in a
// browser and writes measured.json.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { duration, fill, percent, whole } from "../../i18n/index.ts";
import { liveModel } from "../../models.ts";
import type { Settings } from "../../run-settings.ts";
import { model } from "../../session.ts";
import { hashWith } from "../../settings.ts";
import figures from "./measured.json" with { type: "json" };
import { texts } from "./texts.ts";

type Name = "fruit" | "copy" | "addition" | "facts";

interface Recipe {
  /** Of the run. */
  run: Settings;
  /** Of the lab that shows the result. */
  after: Settings;
}

interface RecipeResult {
  steps: number;
  seconds: number;
  /** Questions; for fruit, the tokens examined. */
  n: number;
  accuracy: number;
  low: number;
  high: number;
}

const measured: Partial<Record<Name, RecipeResult>> = figures;

const QUICK: Settings = { "train.batchSize": "8", "train.learningRate": "0.003", "train.beta2": "0.98", "train.sampleInterval": "200" };

const RECIPES: Record<Name, Recipe> = {
  fruit: {
    run: {
      corpus: "fruit",
      "tokenizer.vocabSize": "280",
      "model.contextLength": "32",
      "train.batchSize": "32",
      "train.steps": "500",
      "train.minLearningRate": "0",
      "train.sampleInterval": "100",
      "train.samplePrompts": '["I like"]',
    },
    after: {
      lab: "sample",
      prompt: "I like",
      "sampling.temperature": "1",
      "sampling.topK": "0",
      "sampling.topP": "1",
      "sampling.minP": "0",
    },
  },
  copy: {
    run: {
      ...QUICK,
      corpus: "world",
      "mix.only": "frame",
      "mix.chinese": "0",
      "world.mib": "1",
      "tokenizer.vocabSize": "384",
      "model.nLayer": "3",
      "train.steps": "800",
      "train.samplePrompts": String.raw`["dog -> zib dog\nhorse ->"]`,
    },
    after: { lab: "prompt", "ask.task": "frame", "ask.language": "en", "ask.shots": "4" },
  },
  addition: {
    run: {
      ...QUICK,
      corpus: "world",
      "mix.only": "sum",
      "mix.chinese": "0",
      "world.mib": "2",
      "tokenizer.vocabSize": "320",
      "model.nLayer": "3",
      "train.steps": "1200",
      "train.samplePrompts": String.raw`["Q: What is 3+8+5+2+9+4?\nA: Let's think step by step."]`,
    },
    after: { lab: "prompt", "ask.task": "sum", "ask.language": "en", "ask.shots": "0", "ask.style": "triggered" },
  },
  facts: {
    run: {
      ...QUICK,
      corpus: "world",
      "mix.only": "facts",
      "world.mib": "1",
      "tokenizer.vocabSize": "768",
      "train.steps": "1000",
      "train.samplePrompts": String.raw`["Q: What is the capital of France?\nA:", "问：湖南的省会城市是哪里？\n答："]`,
    },
    after: { lab: "prompt", "ask.task": "facts", "ask.shots": "0" },
  },
};

export function recipes(able: boolean, cook: (settings: Settings) => Promise<void>) {
  const mine = texts();
  const item = ([name, { run, after }]: [Name, Recipe]) => html`<li>
    ${action({ name: `recipe-${name}`, label: mine.recipe[name], able, act: () => void cook(run) })}
    ${measured[name] ? html`<p class="hint">${words(name, measured[name])}</p>` : nothing}
    ${
      model.value
        ? html`<a href=${hashWith(after)} data-testid="after-${name}"
            >${fill(name === "fruit" ? mine.tryRecipe.fruit : mine.tryRecipe.other, { model: liveModel() })}</a
          >`
        : nothing
    }
  </li>`;
  return html`<section class="recipes" aria-label=${mine.recipes}>
    <h3>${mine.recipes}</h3>
    <ul>
      ${(Object.entries(RECIPES) as [Name, Recipe][]).map(item)}
    </ul>
  </section>`;
}

function words(name: Name, { steps, seconds, n, accuracy, low, high }: RecipeResult): string {
  return fill(name === "fruit" ? texts().measuredFruit : texts().measured, {
    steps: whole(steps),
    time: duration(seconds),
    n: whole(n),
    score: percent(accuracy),
    low: percent(low),
    high: percent(high),
  });
}
