// The guide beside a lab, or on a narrow screen in a sheet at the bottom: the text of the lesson or tour step in the address, and the links
// onward. The subject is marked on the figure. This tab remembers the tour's position, so that it can be resumed.
import { computed, effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { View } from "../../components/view.ts";
import { fill, glossed, t, whole } from "../../i18n/index.ts";
import { liveModel, liveName } from "../../models.ts";
import { model } from "../../session.ts";
import { hashWith, lab, read } from "../../settings.ts";
import { keep } from "../../tab.ts";
import { hashIn, placeOf } from "./course.ts";
import "./guide.css";
import { guideTexts } from "./guide-texts.ts";
import { type Lesson, lessonOf, openLesson, openStep, TOUR, type Way } from "./list.ts";
import { finished, followRun } from "./progress.ts";
import { drag, fold, folded, grow, height, isSheet, onKey } from "./sheet.ts";
import { texts } from "./texts.ts";

export const TOUR_KEY = "tour";
const MARK = "data-toured";
/** Pixels around a subject that is scrolled into view. */
const GAP = 16;

interface Page {
  name: string;
  kicker: string;
  title: string;
  say: readonly string[];
  /** What a lesson says in a lab other than its own; null in its own. */
  elsewhere: string | null;
  /** Where the lesson leads. */
  ways: readonly Link[];
  back: string | null;
  on: string | null;
}

interface Link {
  name: string;
  label: string;
  href: string;
}

const tourStep = (): number => {
  const at = Number(read("tour"));
  return Number.isInteger(at) && at >= 1 && at <= TOUR.length ? at - 1 : -1;
};

function tourPage(at: number): Page {
  const mine = texts();
  const to = (step: number) => (TOUR[step] ? hashIn(openStep(step, mine)) : null);
  return {
    name: `tour-${at + 1}`,
    kicker: fill(mine.tourOf, { at: whole(at + 1), n: whole(TOUR.length) }),
    title: "",
    say: [mine.tourTexts[at] ?? ""],
    elsewhere: null,
    ways: [],
    back: to(at - 1),
    on: to(at + 1),
  };
}

function lessonPage(): Page | null {
  const mine = texts();
  const lesson = lessonOf(read("lesson"));
  if (!lesson) return null;
  const { lessons, at } = placeOf(lesson);
  const to = (index: number) => {
    const other = lessons[index];
    return other ? hashIn(openLesson(other, mine)) : null;
  };
  const { title, say } = mine.lessonTexts[lesson.id];
  const kicker = fill(mine.lessonOf, { at: whole(at + 1), n: whole(lessons.length) });
  return {
    name: lesson.id,
    kicker: `${kicker} · ${mine.groups[lesson.group]}`,
    title,
    say,
    elsewhere: isAway(lesson) ? saidElsewhere(lesson) : null,
    ways: waysFrom(lesson),
    back: to(at - 1),
    on: to(at + 1),
  };
}

const isAway = (lesson: Lesson): boolean => lab.value !== lesson.address(texts()).lab;

const isHere = ({ to }: Way): boolean => Object.entries(to).every(([key, value]) => read(key) === value);

/** The model that a link opens. */
function modelOf({ to }: Way): string {
  if (to.lab === "train") return liveName();
  if (to.model === undefined) return liveModel();
  const [name = "", step] = to.model.split("@");
  return step === undefined ? name : fill(texts().atStep, { name, n: whole(Number(step)) });
}

function saidElsewhere({ ways = [] }: Lesson): string {
  const here = ways.find(isHere);
  return here ? fill(texts().ways[here.id].say, { model: modelOf(here) }) : "";
}

/** The links to elsewhere, and the one back. */
function waysFrom(lesson: Lesson): Link[] {
  const mine = texts();
  const link = (way: Way) => ({ name: way.id, label: fill(mine.ways[way.id].go, { model: modelOf(way) }), href: hashWith(way.to) });
  const there = (lesson.ways ?? []).filter((way) => !isHere(way) && (model.value !== null || way.to.model !== undefined)).map(link);
  return isAway(lesson) ? [homeOf(lesson), ...there] : there;
}

/** To the lesson's own lab, keeping what the reader trained there. */
function homeOf(lesson: Lesson): Link {
  const mine = texts();
  const { model: named, ...address } = lesson.address(mine);
  const title = t()[address.lab as "train"].title;
  const its = lesson.group === "training" || named === undefined ? address : { ...address, model: named };
  return { name: "home", label: fill(mine.home, { lab: title }), href: hashWith(its) };
}

/** What is marked: the subject of the tour's step, or of a lesson in its own lab. */
const about = computed(() => {
  const at = tourStep();
  if (at >= 0) return TOUR[at]?.about;
  const lesson = lessonOf(read("lesson"));
  return lesson && !isAway(lesson) ? lesson.about : undefined;
});

class Guide extends View {
  #ends: (() => void)[] = [];
  #shown = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ends = [
      effect(() => {
        const at = tourStep();
        if (at >= 0) keep(TOUR_KEY, String(at + 1));
      }),
      effect(() => mark(about.value)),
      followRun(),
    ];
  }

  /** A new page is shown from its beginning, wherever the previous one was scrolled. */
  protected override updated(): void {
    const guide = this.querySelector<HTMLElement>(".guide");
    const page = guide?.dataset.page ?? "";
    if (page === this.#shown) return;
    this.#shown = page;
    scrollTo({ top: 0 });
    guide?.querySelector(".guide-body")?.scrollTo({ top: 0 });
    guide?.focus({ preventScroll: true });
    if (height.peek() === "full") height.value = "half";
    bringIntoView(document.querySelector<HTMLElement>(`[${MARK}]`));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    mark(undefined);
  }

  protected override render() {
    const at = tourStep();
    const page = at >= 0 ? tourPage(at) : lessonPage();
    if (!page) return nothing;
    const mine = texts();
    const away = hashWith({ lesson: undefined, tour: undefined });
    const home = hashIn({});
    return html`<section
      class="guide"
      tabindex="-1"
      aria-label=${mine.guide}
      data-testid="guide"
      data-page=${page.name}
      data-height=${height.value}
      ?data-folded=${folded.value}
      @pointerdown=${drag}
    >
      ${handles(page)}
      <div class="guide-title">
        <p class="kicker">${page.kicker}</p>
        ${page.title ? html`<h2>${page.title}</h2>` : nothing}
      </div>
      <div class="guide-body" id="guide-body">
        ${says(page)} ${page.ways.length > 0 ? html`<p class="row">${page.ways.map(wayLink)}</p>` : nothing}
        <p class="row guide-links">
          <a data-testid="guide-all" href=${home}>${mine.all}</a>
          <a data-testid="guide-close" href=${away}>${mine.close}</a>
        </p>
      </div>
      <div class="guide-steps">
        ${page.back ? html`<a class="button" data-testid="guide-back" href=${page.back}>${mine.previous}</a>` : nothing}
        ${
          page.on
            ? html`<a class="button primary" data-testid="guide-on" href=${page.on} @click=${finishLesson}>${tourStep() < 0 ? mine.nextLesson : mine.next}</a>`
            : html`<a class="button primary" data-testid="guide-done" href=${home} @click=${finish}>${mine.done}</a>`
        }
      </div>
    </section>`;
  }
}

/** The sheet's height, and the strip. */
function handles({ kicker, title }: Page) {
  const mine = guideTexts();
  const [isFull, isFolded] = [height.value === "full", folded.value];
  const [label, name] = [isFolded ? mine.unfold : mine.fold, title || kicker];
  return html`<button
      class="guide-grip"
      data-testid="guide-height"
      aria-label=${isFull ? mine.less : mine.more}
      aria-expanded=${!isFolded && height.value !== "peek"}
      aria-controls="guide-body"
      @click=${grow}
      @keydown=${onKey}
    ></button>
    <button
      class="guide-fold quiet"
      data-testid="guide-fold"
      aria-label=${isFolded ? `${label}: ${name}` : label}
      title=${label}
      aria-expanded=${!isFolded}
      @click=${() => fold(!isFolded)}
    >
      <span aria-hidden="true">${name}</span>
    </button>`;
}

/** In another lab the lesson's own text is folded. */
function says({ say, elsewhere }: Page) {
  const all = html`<div class="guide-say">${say.map((sentences) => html`<p>${glossed(sentences)}</p>`)}</div>`;
  if (elsewhere === null) return all;
  return html`${elsewhere ? html`<p>${elsewhere}</p>` : nothing}
    <details>
      <summary>${texts().lessonSays}</summary>
      ${all}
    </details>`;
}

const wayLink = ({ name, label, href }: Link) => html`<a class="button" data-testid="way-${name}" href=${href}>${label}</a>`;

/** The lesson that is left for the next one is done. */
function finishLesson(): void {
  const lesson = lessonOf(read("lesson"));
  if (tourStep() < 0 && lesson) finished(lesson.id);
}

function finish(): void {
  if (tourStep() < 0) finishLesson();
  else keep(TOUR_KEY, undefined);
}

/** Only a step of the tour scrolls: what a lesson is about is in sight when it opens. */
function bringIntoView(element: HTMLElement | null): void {
  if (!element || tourStep() < 0) return;
  const guide = document.querySelector<HTMLElement>(".guide");
  const covered = guide && isSheet(guide) ? guide.offsetHeight : 0;
  element.style.scrollMarginBlock = `${GAP}px ${covered + GAP}px`;
  element.scrollIntoView({ block: "nearest" });
}

let watcher: MutationObserver | null = null;
/** Until then a subject that the growing page moves is brought back into view, unless the person scrolls. */
let settles = 0;
const SETTLES_MS = 2_000;
for (const act of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(act, () => (settles = 0), { passive: true });

/** Marks a step's subject as soon as it exists, also when another element replaces it. */
function mark(about: string | undefined): void {
  watcher?.disconnect();
  for (const old of document.querySelectorAll(`[${MARK}]`)) old.removeAttribute(MARK);
  if (about === undefined) return;
  let marked: HTMLElement | null = null;
  settles = performance.now() + SETTLES_MS;
  const find = () => {
    if (marked?.isConnected && performance.now() > settles) return;
    if (!marked?.isConnected) marked = document.querySelector<HTMLElement>(about);
    marked?.setAttribute(MARK, "");
    bringIntoView(marked);
  };
  find();
  watcher = new MutationObserver(find);
  watcher.observe(document.body, { childList: true, subtree: true });
}

customElements.define("tp-guide", Guide);
