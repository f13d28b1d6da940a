// The first page: one sentence on what this is, a model that writes, the entry to the tour, and the lessons.
import { html } from "lit";
import { fill, t, whole } from "../../i18n/index.ts";
import { growLine } from "../../life/line.ts";
import { hashOf } from "../../settings.ts";
import { kept } from "../../tab.ts";
import { LabView } from "../lab.ts";
import "./lessons.css";
import { TOUR_KEY } from "./guide.ts";
import { type Group, LESSONS, openLesson, openStep, TOUR } from "./list.ts";
import { error, living, watch } from "./living.ts";
import { texts } from "./texts.ts";

class LessonsLab extends LabView {
  protected override readonly error = error;

  protected override watches() {
    return [watch()];
  }

  protected override render() {
    const mine = texts();
    return html`<section class="lab lessons" tabindex="-1" aria-label=${t().lessons.title}>
      <div class="hero">
        <header>
          <h2>${mine.heading}</h2>
          <p class="lead">${mine.lead}</p>
          ${this.#tour()}
        </header>
        ${living()}
      </div>
      ${growLine()}
      ${this.notice()}
      <h3 class="lessons-title">${mine.lessons}</h3>
      <p class="hint">${mine.lessonsLead}</p>
      ${(Object.keys(mine.groups) as Group[]).map((group) => this.#group(group))}
    </section>`;
  }

  #tour() {
    const mine = texts();
    const at = Number(kept(TOUR_KEY) ?? 0);
    const isOn = at > 1 && at <= TOUR.length;
    const n = whole(TOUR.length);
    return html`<p class="tour-start">
      <a class="button primary" data-testid="tour" href=${hashOf(openStep(isOn ? at - 1 : 0, mine))}>${isOn ? mine.tourOn : mine.tour}</a>
      <span class="hint">${fill(isOn ? mine.tourOnLead : mine.tourLead, { n, at: whole(at) })}</span>
    </p>`;
  }

  #group(group: Group) {
    const mine = texts();
    const card = (lesson: (typeof LESSONS)[number]) => {
      const { title, short } = mine.lessonTexts[lesson.id];
      return html`<li>
        <a class="card" href=${hashOf(openLesson(lesson, mine))} data-testid="lesson-${lesson.id}"
          ><strong>${title}</strong><span>${short}</span></a
        >
      </li>`;
    };
    return html`<h4>${mine.groups[group]}</h4>
      <ul class="cards">
        ${LESSONS.filter((lesson) => lesson.group === group).map(card)}
      </ul>`;
  }
}

customElements.define("tp-lessons-lab", LessonsLab);
