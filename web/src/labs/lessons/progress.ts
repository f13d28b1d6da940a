// Which lessons are done: this browser remembers them across visits, in the order in which they were done.
import { effect, signal, untracked } from "@preact/signals-core";
import { remember, remembered } from "../../remember.ts";
import * as run from "../../run.ts";
import { read } from "../../settings.ts";
import { type Lesson, type LessonId, lessonOf } from "./list.ts";

const NAME = "lessons.done";

const known = (): LessonId[] => (remembered(NAME) ?? "").split(" ").flatMap((id) => lessonOf(id)?.id ?? []);

export const done = signal<readonly LessonId[]>(known());

/** Another tab of this browser may have done some meanwhile. */
addEventListener("storage", () => (done.value = known()));

export const isDone = ({ id }: Lesson): boolean => done.value.includes(id);

/** Its last part was reached, the reader went on to the next lesson, or a run in it finished. */
export function finished(id: LessonId): void {
  done.value = [...known().filter((other) => other !== id), id];
  remember(NAME, done.value.join(" "));
}

export function forgetDone(): void {
  done.value = [];
  remember(NAME, undefined);
}

/** The lesson to go on with: the first after the one done last that is not done, else the first; null if all are done. */
export function nextOf(lessons: readonly Lesson[]): Lesson | null {
  const last = done.value.findLast((id) => lessons.some((lesson) => lesson.id === id));
  const at = lessons.findIndex(({ id }) => id === last) + 1;
  return [...lessons.slice(at), ...lessons.slice(0, at)].find((lesson) => !isDone(lesson)) ?? null;
}

/** A run that finishes while a lesson is open has done it; returns the function that ends this. */
export function followRun(): () => void {
  let before = run.status.peek();
  return effect(() => {
    const now = run.status.value;
    const lesson = untracked(() => lessonOf(read("lesson")));
    if (now === "done" && before === "running" && lesson) untracked(() => finished(lesson.id));
    before = now;
  });
}
