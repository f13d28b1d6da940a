// The dialog that makes a course: lessons, their order, the language, and the link that opens it.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { copy } from "../../clipboard.ts";
import { ask } from "../../components/dialog.ts";
import { choiceField, switchField } from "../../components/fields.ts";
import { View } from "../../components/view.ts";
import { fill, t, whole } from "../../i18n/index.ts";
import { LANGUAGES, type Lang, lang } from "../../settings.ts";
import { courseLink, isChosen, sequence } from "./course.ts";
import { type Group, LESSONS, type LessonId, lessonOf } from "./list.ts";
import { minutesOfAll } from "./minutes.ts";
import { texts } from "./texts.ts";

/** Each language in its own words. */
const NAMES: Readonly<Record<Lang, string>> = { en: "English", zh: "中文" };

class CourseParts extends View {
  #chosen = signal<readonly LessonId[]>(isChosen.peek() ? sequence.peek().map(({ id }) => id) : []);
  #language = signal<Lang | "">("");
  #said = signal("");
  /** The button to have the focus after a lesson has moved. */
  #focus: string | null = null;

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("input")?.focus();
  }

  protected override updated(): void {
    if (this.#focus !== null) this.querySelector<HTMLElement>(`[data-testid="${this.#focus}"]`)?.focus();
    this.#focus = null;
  }

  protected override render() {
    const mine = texts().makes;
    const chosen = this.#chosen.value;
    return html`<p>${mine.lead}</p>
      <div class="course-groups">${(Object.keys(texts().groups) as Group[]).map((group) => this.#group(group))}</div>
      ${chosen.length > 0 ? html`${this.#order()} ${this.#languages()} ${this.#link()}` : html`<p class="hint">${mine.none}</p>`}
      <p role="status" class="hint" data-testid="course-said">${this.#said.value}</p>`;
  }

  #group(group: Group) {
    const lessons = LESSONS.filter((lesson) => lesson.group === group);
    return html`<fieldset class="course-group">
      <legend>${texts().groups[group]}</legend>
      ${lessons.map(({ id }) =>
        switchField({
          name: `choose-${id}`,
          label: texts().lessonTexts[id].title,
          value: this.#chosen.value.includes(id),
          change: (isOn) => this.#choose(id, isOn),
        }),
      )}
    </fieldset>`;
  }

  #choose(id: LessonId, isOn: boolean): void {
    const others = this.#chosen.value.filter((other) => other !== id);
    this.#chosen.value = isOn ? [...others, id] : others;
    this.#said.value = "";
  }

  #order() {
    return html`<h3 id="course-order">${texts().makes.order}</h3>
      <p class="hint" id="course-keys">${texts().makes.keys}</p>
      <ol class="course-order" aria-labelledby="course-order" aria-describedby="course-keys" data-testid="course-order">
        ${repeat(
          this.#chosen.value,
          (id) => id,
          (id, at) => this.#row(id, at),
        )}
      </ol>`;
  }

  #row(id: LessonId, at: number) {
    const mine = texts().makes;
    const { title } = texts().lessonTexts[id];
    const last = this.#chosen.value.length - 1;
    const button = (name: "up" | "down", sign: string, able: boolean, by: number) =>
      html`<button
        type="button"
        class="icon quiet"
        data-testid="${name}-${id}"
        aria-label=${fill(mine[name], { title })}
        aria-disabled=${able ? nothing : "true"}
        @click=${able ? () => this.#move(id, by, name) : null}
      >
        ${sign}
      </button>`;
    return html`<li @keydown=${(event: KeyboardEvent) => this.#key(event, id)} data-lesson=${id}>
      <span>${title}</span>${button("up", "↑", at > 0, -1)}${button("down", "↓", at < last, 1)}
    </li>`;
  }

  /** The arrow keys move the lesson whose button has the focus; Home and End take it to the ends. */
  #key(event: KeyboardEvent, id: LessonId): void {
    const most = this.#chosen.value.length;
    const by = { ArrowUp: -1, ArrowDown: 1, Home: -most, End: most }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#move(id, by, by < 0 ? "up" : "down");
  }

  #move(id: LessonId, by: number, button: "up" | "down"): void {
    const rest = this.#chosen.value.filter((other) => other !== id);
    const at = Math.max(0, Math.min(rest.length, this.#chosen.value.indexOf(id) + by));
    this.#chosen.value = [...rest.slice(0, at), id, ...rest.slice(at)];
    const { title } = texts().lessonTexts[id];
    this.#said.value = fill(texts().makes.moved, { title, at: whole(at + 1), n: whole(rest.length + 1) });
    this.#focus = `${button}-${id}`;
  }

  #languages() {
    const mine = texts().makes;
    const languages = (Object.keys(LANGUAGES) as Lang[]).map((each) => [each, NAMES[each]] as const);
    return choiceField({
      name: "course-language",
      label: mine.language,
      value: this.#language.value,
      options: [["", mine.readers], ...languages],
      change: (value) => (this.#language.value = value as Lang | ""),
    });
  }

  #link() {
    const mine = texts().makes;
    const lessons = this.#chosen.value.map(lessonOf).filter((lesson) => lesson !== undefined);
    const minutes = minutesOfAll(lessons, texts(), this.#language.value || lang.value);
    const link = courseLink(this.#chosen.value, this.#language.value);
    const take = (event: Event) => (event.target as HTMLTextAreaElement).select();
    return html`<label class="field"
        ><span>${fill(mine.link, { n: whole(lessons.length), minutes: whole(minutes) })}</span>
        <textarea readonly rows="3" data-testid="course-link" .value=${link} @focus=${take}></textarea>
      </label>
      <div class="row">
        <button type="button" class="primary" data-testid="course-copy" @click=${() => void this.#copy(link)}>${mine.copy}</button>
        <a class="button" href=${link} data-testid="course-open" target="_blank" rel="noopener">${mine.open}</a>
      </div>`;
  }

  async #copy(link: string): Promise<void> {
    this.#said.value = (await copy(link)) ? texts().makes.copied : texts().makes.byHand;
  }
}
customElements.define("tp-course-parts", CourseParts);

export async function openCourseDialog(): Promise<void> {
  await ask(texts().makeCourse, html`<tp-course-parts></tp-course-parts>`, [{ value: "close", label: t().dismiss }]);
}
