// What a picture says of where it comes from: the text, the model and its step, the settings that matter, the page's name.
import { corpusTitle, fieldLabel, fill, fine, short, t, whole } from "../i18n/index.ts";
import { atHand, liveName } from "../models.ts";
import { defaults, model } from "../session.ts";
import { type Lab, lab, said } from "../settings.ts";
import { aboutTexts } from "./caption-texts.ts";

const MOST_TEXT = 160;
/** Labs whose figures show the model. */
const OF_MODEL: readonly Lab[] = ["train", "inside", "sample", "prompt", "lessons"];

/** One line each; a lab without a model says nothing of one. */
export function captionLines(): string[] {
  const mine = aboutTexts();
  const { text, settings = {} } = said.get(lab.value)?.() ?? {};
  const lines = [
    text ? fill(mine.text, { text: cut(text) }) : "",
    OF_MODEL.includes(lab.value) ? modelLine() : "",
    settingsLine(settings),
    fill(mine.page, { lab: t()[lab.value].title, name: t().name, address: `${location.host}${location.pathname}` }),
  ];
  return lines.filter((line) => line !== "");
}

function modelLine(): string {
  const info = model.value;
  if (!info) return "";
  const { config } = info;
  const words = {
    name: atHand.value?.name ?? liveName(),
    n: short(info.parameters),
    layers: whole(config.nLayer),
    heads: whole(config.nHead),
    width: whole(config.dModel),
    step: whole(info.step),
  };
  const corpus = atHand.value || lab.value !== "train" ? "" : (info.request?.corpusName ?? "");
  return fill(aboutTexts().model, words) + (corpus ? fill(aboutTexts().corpus, { name: corpusTitle(corpus) }) : "");
}

/** Of the samplers only those that do something beyond their defaults, and the four that people ask for. */
const ALWAYS = ["temperature", "topK", "topP", "minP", "seed", "steps", "batchSize", "learningRate", "cases"];

function settingsLine(settings: Readonly<Record<string, unknown>>): string {
  const usual: Record<string, unknown> = { ...defaults.value?.sampling };
  const told = Object.entries(settings).filter(
    ([key, value]) => ALWAYS.includes(key) || (typeof value === "number" && value !== usual[key]),
  );
  return told
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      fill(aboutTexts().setting, { name: fieldLabel(key), value: typeof value === "number" ? fine(value) : String(value) }),
    )
    .join(aboutTexts().and);
}

function cut(text: string): string {
  const letters = [...text.replace(/\s+/g, " ").trim()];
  return letters.length > MOST_TEXT ? `${letters.slice(0, MOST_TEXT).join("")}…` : letters.join("");
}
