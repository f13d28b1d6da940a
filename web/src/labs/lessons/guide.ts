// The guide above a lab: what the lesson or the step of the tour says that the address names, and the ways on. What a step of the
// tour is about is marked. The tour's place is kept for this tab, so that it can be taken up again.
import { effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { View } from "../../components/view.ts";
import { fill, whole } from "../../i18n/index.ts";
import { hashOf, hashWith, read } from "../../settings.ts";
import { keep } from "../../tab.ts";
import "./lessons.css";
import { LESSONS, lessonOf, openLesson, openStep, TOUR } from "./list.ts";
import { texts } from "./texts.ts";

export const TOUR_KEY = "tour";
const MARK = "data-toured";
/** Pixels between the guide and what it is about. */
const GAP = 16;

interface Page {
  name: string;
  kicker: string;
  title: string;
  say: readonly string[];
  back: string | null;
  on: string | null;
}

const tourStep = (): number => {
  const at = Number(read("tour"));
  return Number.isInteger(at) && at >= 1 && at <= TOUR.length ? at - 1 : -1;
};

function tourPage(at: number): Page {
  const mine = texts();
  const to = (step: number) => (TOUR[step] ? hashOf(openStep(step, mine)) : null);
  return {
    name: `tour-${at + 1}`,
    kicker: fill(mine.tourOf, { at: whole(at + 1), n: whole(TOUR.length) }),
    title: "",
    say: [mine.tourTexts[at] ?? ""],
    back: to(at - 1),
    on: to(at + 1),
  };
}

function lessonPage(): Page | null {
  const mine = texts();
  const lesson = lessonOf(read("lesson"));
  if (!lesson) return null;
  const at = LESSONS.indexOf(lesson);
  const to = (index: number) => {
    const other = LESSONS[index];
    return other ? hashOf(openLesson(other, mine)) : null;
  };
  const { title, say } = mine.lessonTexts[lesson.id];
  const kicker = fill(mine.lessonOf, { at: whole(at + 1), n: whole(LESSONS.length) });
  return { name: lesson.id, kicker: `${kicker} · ${mine.groups[lesson.group]}`, title, say, back: to(at - 1), on: to(at + 1) };
}

class Guide extends View {
  #end: (() => void) | null = null;
  #shown = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = effect(() => {
      const at = tourStep();
      if (at >= 0) keep(TOUR_KEY, String(at + 1));
      mark(TOUR[at]?.about);
    });
  }

  /** Another page is read from its beginning, wherever the one before was left. */
  protected override updated(): void {
    const guide = this.querySelector<HTMLElement>(".guide");
    const page = guide?.dataset.page ?? "";
    if (page === this.#shown) return;
    this.#shown = page;
    scrollTo({ top: 0 });
    guide?.focus({ preventScroll: true });
    bringIntoView(document.querySelector<HTMLElement>(`[${MARK}]`));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    mark(undefined);
  }

  protected override render() {
    const at = tourStep();
    const page = at >= 0 ? tourPage(at) : lessonPage();
    if (!page) return nothing;
    const mine = texts();
    const away = hashWith({ lesson: undefined, tour: undefined });
    const home = hashOf({});
    return html`<section class="guide" tabindex="-1" aria-label=${mine.guide} data-testid="guide" data-page=${page.name}>
      <p class="kicker">${page.kicker}</p>
      ${page.title ? html`<h2>${page.title}</h2>` : nothing}
      <div class="guide-say">${page.say.map((sentences) => html`<p>${sentences}</p>`)}</div>
      <div class="row">
        ${page.back ? html`<a class="button" data-testid="guide-back" href=${page.back}>${mine.previous}</a>` : nothing}
        ${
          page.on
            ? html`<a class="button primary" data-testid="guide-on" href=${page.on}>${mine.next}</a>`
            : html`<a class="button primary" data-testid="guide-done" href=${home} @click=${finish}>${mine.done}</a>`
        }
        <a data-testid="guide-all" href=${home}>${mine.all}</a>
        <a data-testid="guide-close" href=${away}>${mine.close}</a>
      </div>
    </section>`;
  }
}

function finish(): void {
  keep(TOUR_KEY, undefined);
}

/** Below the guide, which stays where it is while the page scrolls. */
function bringIntoView(element: HTMLElement | null): void {
  if (!element) return;
  const guide = document.querySelector<HTMLElement>(".guide");
  element.style.scrollMarginTop = `${(guide?.offsetHeight ?? 0) + GAP}px`;
  element.scrollIntoView({ block: "nearest" });
}

let watcher: MutationObserver | null = null;

/** Marks what a step is about as soon as it is there, and nothing else. */
function mark(about: string | undefined): void {
  watcher?.disconnect();
  for (const old of document.querySelectorAll(`[${MARK}]`)) old.removeAttribute(MARK);
  const found = () => {
    const element = about === undefined ? null : document.querySelector<HTMLElement>(about);
    element?.setAttribute(MARK, "");
    bringIntoView(element);
    return element !== null;
  };
  if (about === undefined || found()) return;
  watcher = new MutationObserver(() => found() && watcher?.disconnect());
  watcher.observe(document.body, { childList: true, subtree: true });
}

customElements.define("tp-guide", Guide);
