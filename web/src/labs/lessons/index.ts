// The first page: one sentence on what this is, a model that writes, the entries to the tour and to the next lesson, and the lessons.
import { html, nothing } from "lit";
import { fill, glossed, t, whole } from "../../i18n/index.ts";
import { growLine } from "../../life/line.ts";
import { kept } from "../../tab.ts";
import { LabView } from "../lab.ts";
import "./lessons.css";
import { cards, goOn } from "./cards.ts";
import { hashIn, isChosen } from "./course.ts";
import { TOUR_KEY } from "./guide.ts";
import { openStep, TOUR } from "./list.ts";
import { error, living, watch } from "./living.ts";
import { texts } from "./texts.ts";

/** Milliseconds after which a page that is never idle loads the cards' pictures all the same. */
const IDLE_MS = 3_000;

class LessonsLab extends LabView {
  protected override readonly error = error;

  protected override watches() {
    return [watch(), followPictures()];
  }

  protected override render() {
    const mine = texts();
    const all = cards(() => void this.attempt(async () => (await import("./course-dialog.ts")).openCourseDialog()));
    // Who was handed a course came for its lessons.
    const isCourse = isChosen.value;
    return html`<section class="lab lessons" tabindex="-1" aria-label=${t().lessons.title}>
      ${isCourse ? all : nothing}
      <div class="hero">
        <header>
          <h2>${mine.heading}</h2>
          <p class="lead">${glossed(mine.lead)}</p>
          ${this.#tour()}
        </header>
        ${living()}
      </div>
      ${growLine()}
      ${this.notice()}
      ${isCourse ? nothing : all}
    </section>`;
  }

  #tour() {
    const mine = texts();
    const at = Number(kept(TOUR_KEY) ?? 0);
    const isOn = at > 1 && at <= TOUR.length;
    const n = whole(TOUR.length);
    const isLesson = isChosen.value;
    const tour = html`<a
      class=${isLesson ? "button" : "button primary"}
      data-testid="tour"
      href=${hashIn(openStep(isOn ? at - 1 : 0, mine))}
      >${isOn ? mine.tourOn : mine.tour}</a
    >`;
    return html`<p class="tour-start">
      ${isLesson ? html`${goOn(true)} ${tour}` : html`${tour} ${goOn(false)}`}
      <span class="hint">${fill(isOn ? mine.tourOnLead : mine.tourLead, { n, at: whole(at) })}</span>
    </p>`;
  }
}

/** The pictures of the cards load when the page is idle; returns the function that ends them. */
function followPictures(): () => void {
  let end: (() => void) | null = null;
  let isOver = false;
  const load = async () => {
    if (isOver) return;
    const { follow } = await import("./pictures/index.ts");
    if (!isOver) end = follow();
  };
  // A page without pictures is whole without them: a file that does not come is not reported.
  const start = () => void load().catch(() => {});
  if (typeof requestIdleCallback === "function") requestIdleCallback(start, { timeout: IDLE_MS });
  else setTimeout(start, IDLE_MS);
  return () => {
    isOver = true;
    end?.();
  };
}

customElements.define("tp-lessons-lab", LessonsLab);
