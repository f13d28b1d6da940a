// How long a lesson takes: reading its texts, trying what they say, and the runs that it starts.
import type { Lang } from "../../settings.ts";
import type { Lesson, Texts } from "./list.ts";

/** What somebody who learns reads in a minute: words, or Chinese characters. */
const PACE: Readonly<Record<Lang, number>> = { en: 130, zh: 240 };
/** Looking at the figure, and doing what the last sentence says. */
const TRY = 2;
/** Finding one's way in another lab. */
const WAY = 0.5;
/** Tokens that a run of the lessons' size trains on in a minute: the fruit recipe of labs/train/measured.json, 500 batches of 32 x 32 in 11 s. */
const TRAINED = (60 * 500 * 32 * 32) / 11;

export function minutesOf(lesson: Lesson, texts: Texts, language: Lang): number {
  const ways = lesson.ways ?? [];
  const said = [...texts.lessonTexts[lesson.id].say, ...ways.map(({ id }) => texts.ways[id].say)];
  const reading = said.reduce((sum, text) => sum + lengthOf(text, language), 0) / PACE[language];
  const runs = [lesson.address(texts), ...ways.map(({ to }) => to)].reduce((sum, address) => sum + runOf(address), 0);
  return Math.max(1, Math.round(reading + TRY + ways.length * WAY + runs));
}

export const minutesOfAll = (lessons: readonly Lesson[], texts: Texts, language: Lang): number =>
  lessons.reduce((sum, lesson) => sum + minutesOf(lesson, texts, language), 0);

function lengthOf(text: string, language: Lang): number {
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return language === "zh" ? characters : text.split(/\s+/).filter((word) => word !== "").length;
}

/** Minutes of a run whose length the address sets; others are stopped when the reader likes. */
function runOf(address: Readonly<Record<string, string>>): number {
  const of = (key: string) => Number(address[key] ?? 0);
  return (of("train.steps") * of("train.batchSize") * of("model.contextLength")) / TRAINED;
}
