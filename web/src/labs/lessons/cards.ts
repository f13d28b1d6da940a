// The lessons as cards, by group or in a course's order: each with its number, a picture, the time it takes, and whether it is done; above them
// how far the reader has come.
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { action } from "../../components/action.ts";
import { fill, whole } from "../../i18n/index.ts";
import { hashOf, lang } from "../../settings.ts";
import "./cards.css";
import { course, hashIn, isChosen, sequence } from "./course.ts";
import { type Group, LESSONS, type Lesson, openLesson } from "./list.ts";
import { minutesOf, minutesOfAll } from "./minutes.ts";
import { forgetDone, isDone, nextOf } from "./progress.ts";
import { texts } from "./texts.ts";

export function cards(makeCourse: () => void) {
  const mine = texts();
  const lessons = sequence.value;
  const title = isChosen.value ? fill(mine.courseOf, { n: whole(lessons.length) }) : mine.lessons;
  return html`<div class="course">
    <div class="course-head">
      <h3 class="lessons-title" id="lessons-title" tabindex="-1" data-testid="lessons-title">${title}</h3>
      ${action({ name: "make-course", label: mine.makeCourse, act: makeCourse })}
    </div>
    ${unknown()} ${progress(lessons)}
    <p class="hint">${isChosen.value ? html`<a href=${hashOf({})} data-testid="leave-course">${fill(mine.allLessons, { n: whole(LESSONS.length) })}</a>` : mine.lessonsLead}</p>
    ${isChosen.value ? list(lessons) : html`<div class="groups">${(Object.keys(mine.groups) as Group[]).map(group)}</div>`}
  </div>`;
}

/** To the lesson that comes next. */
export function goOn(isPrimary: boolean) {
  const lessons = sequence.value;
  const next = nextOf(lessons);
  if (!next) return nothing;
  const mine = texts();
  const begun = lessons.some(isDone);
  const label = fill(begun ? mine.goOn : mine.beginWith, { at: whole(lessons.indexOf(next) + 1) });
  return html`<a class=${isPrimary ? "button primary" : "button"} data-testid="go-on" data-lesson=${next.id} href=${hashIn(openLesson(next, mine))}
    >${label}</a
  >`;
}

/** Names in the address that are no lesson's. */
function unknown() {
  const names = course.value?.unknown ?? [];
  if (names.length === 0) return nothing;
  const quoted = names.map((name) => `“${name}”`).join(", ");
  return html`<p class="hint" role="status" data-testid="course-unknown">${fill(texts().courseUnknown, { names: quoted, n: whole(names.length) })}</p>`;
}

function progress(lessons: readonly Lesson[]) {
  const mine = texts();
  const count = lessons.filter(isDone).length;
  const values = { n: whole(count), total: whole(lessons.length) };
  const minutes = fill(mine.minutesInAll, { n: whole(minutesOfAll(lessons, mine, lang.value)) });
  return html`<div class="course-progress">
    <progress max=${lessons.length} .value=${count} aria-labelledby="lessons-done" data-testid="progress"></progress>
    <p>
      <span id="lessons-done" data-testid="lessons-done">${fill(count === lessons.length ? mine.allDone : mine.someDone, values)}</span>
      <span class="hint">· ${minutes}</span>
      ${count > 0 ? html`<button class="quiet" data-testid="forget-done" @click=${forget}>${mine.forgetDone}</button>` : nothing}
    </p>
  </div>`;
}

/** The button goes; the focus stays near it. */
function forget(): void {
  forgetDone();
  document.getElementById("lessons-title")?.focus();
}

function group(name: Group) {
  const lessons = LESSONS.filter((lesson) => lesson.group === name);
  return html`<div class="group" .style=${`--cards:${lessons.length}`}>
    <h4>${texts().groups[name]}</h4>
    ${list(lessons)}
  </div>`;
}

const list = (lessons: readonly Lesson[]) => html`<ol class="cards">
  ${repeat(lessons, ({ id }) => id, card)}
</ol>`;

function card(lesson: Lesson) {
  const mine = texts();
  const { title, short } = mine.lessonTexts[lesson.id];
  const number = whole(sequence.value.indexOf(lesson) + 1);
  return html`<li class=${isDone(lesson) ? "card done" : "card"}>
    <a href=${hashIn(openLesson(lesson, mine))} data-testid="lesson-${lesson.id}"><span class="card-number">${number}</span> ${title}</a>
    <p class="card-short">${short}</p>
    <tp-card-picture .lesson=${lesson.id}></tp-card-picture>
    <p class="card-meta">
      <span data-testid="minutes-${lesson.id}">${fill(mine.minutes, { n: whole(minutesOf(lesson, mine, lang.value)) })}</span>
      ${isDone(lesson) ? html`<span class="card-done" data-testid="done-${lesson.id}">✓ ${mine.isDone}</span>` : nothing}
    </p>
  </li>`;
}
