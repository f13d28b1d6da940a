// A course: the lessons that an address names, in its order (`course=tokens,attention`). Without one, the course is all lessons.
import { computed } from "@preact/signals-core";
import { hashOf, LANGUAGES, type Lang, read } from "../../settings.ts";
import { type Address, LESSONS, type Lesson, type LessonId, lessonOf } from "./list.ts";

const KEY = "course";
/** Of a name that is no lesson, this many characters are shown, and of many such names the first. */
const SHOWN = 40;
const NAMED = 5;

export interface Course {
  lessons: readonly Lesson[];
  /** Names that are no lesson's. */
  unknown: readonly string[];
}

function courseIn(text: string): Course {
  const names = [...new Set(text.split(/[\s,，]+/).filter((name) => name !== ""))];
  const unknown = names.filter((name) => !lessonOf(name)).map((name) => (name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name));
  return { lessons: names.flatMap((name) => lessonOf(name) ?? []), unknown: unknown.slice(0, NAMED) };
}

/** Null if the address names none. */
export const course = computed<Course | null>(() => {
  const text = read(KEY);
  return text === undefined || text === "" ? null : courseIn(text);
});

/** Whether the address chooses lessons; one that names only unknown ones does not. */
export const isChosen = computed(() => (course.value?.lessons.length ?? 0) > 0);

/** The lessons to take, in order. */
export const sequence = computed<readonly Lesson[]>(() => (isChosen.value ? (course.value?.lessons ?? []) : LESSONS));

/** Where a lesson stands: in the course, or among all lessons if the course has not got it. */
export function placeOf(lesson: Lesson): { lessons: readonly Lesson[]; at: number } {
  const lessons = sequence.value.includes(lesson) ? sequence.value : LESSONS;
  return { lessons, at: lessons.indexOf(lesson) };
}

/** The hash of an address, within the course. */
export function hashIn(address: Address): string {
  const text = read(KEY);
  return hashOf(text === undefined ? address : { ...address, [KEY]: text });
}

/** The link to hand out; without a language the reader's own is used. */
export function courseLink(ids: readonly LessonId[], language: Lang | ""): string {
  const { origin, pathname } = location;
  return `${origin}${pathname}#${KEY}=${ids.join(",")}${language in LANGUAGES ? `&lang=${language}` : ""}`;
}
