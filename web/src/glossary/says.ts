// What a word says, beside it: a native popover, which a press elsewhere or Escape closes, with a link to the place that shows it.
import { html, render } from "lit";
import { newId } from "../components/view.ts";
import { fill, t } from "../i18n/index.ts";
import { hashWith, inLanguage, type Lab } from "../settings.ts";
import "./glossary.css";
import type { Entry, Place } from "./places.ts";

const texts = () =>
  inLanguage({
    en: { see: "See it in the {lab} lab" },
    zh: { see: "在“{lab}”实验室里看" },
  });

/** Between the word and its sentence, and from the window's edge. */
const [AWAY, EDGE] = [6, 8];

let popover: HTMLElement | null = null;
let anchor: HTMLElement | null = null;
/** Whether the pressed word's sentence was open: the press itself closes it. */
let wasOpen = false;

const isOpen = (): boolean => popover?.matches(":popover-open") ?? false;

export function press(event: Event): void {
  wasOpen = isOpen() && anchor === event.currentTarget;
}

/** The lab around must not hear it. */
export function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape" || !isOpen()) return;
  event.preventDefault();
  event.stopPropagation();
  popover?.hidePopover();
}

export function open(button: HTMLElement, entry: Entry): void {
  const again = wasOpen || (isOpen() && anchor === button);
  wasOpen = false;
  if (isOpen()) popover?.hidePopover();
  // Safari does not focus a pressed button, and the focus returns to what had it.
  button.focus({ preventScroll: true });
  if (again) return;
  popover ??= made();
  anchor = button;
  fillIn(popover, entry);
  popover.showPopover();
  button.setAttribute("aria-expanded", "true");
  place();
  popover.querySelector("a")?.focus({ preventScroll: true });
}

function made(): HTMLElement {
  const element = document.createElement("div");
  element.popover = "auto";
  element.className = "gloss-says";
  element.dataset.testid = "gloss";
  element.setAttribute("role", "dialog");
  document.body.append(element);
  element.addEventListener("toggle", () => {
    if (!isOpen()) anchor?.setAttribute("aria-expanded", "false");
  });
  addEventListener("resize", place);
  addEventListener("hashchange", () => isOpen() && popover?.hidePopover());
  return element;
}

function fillIn(element: HTMLElement, { word, says, at }: Entry): void {
  const [name, sentence] = [newId(), newId()];
  element.setAttribute("aria-labelledby", name);
  element.setAttribute("aria-describedby", sentence);
  render(
    html`<strong id=${name}>${word}</strong>
      <p id=${sentence}>${says}</p>
      ${link(at)}`,
    element,
  );
}

/** From another site's page to the whole page. */
function link(at: Place) {
  const words = fill(texts().see, { lab: t()[at.lab as Lab].title });
  const address = hashWith(at);
  return document.documentElement.dataset.page === "embed"
    ? html`<a href="./${address}" target="_blank" rel="noopener">${words} ↗</a>`
    : html`<a href=${address}>${words}</a>`;
}

/** Below the word, or above it where there is no room; it scrolls with the page. */
function place(): void {
  if (!popover || !anchor || !isOpen()) return;
  const [word, box] = [anchor.getBoundingClientRect(), popover.getBoundingClientRect()];
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const left = Math.max(EDGE, Math.min(word.left, width - box.width - EDGE));
  const isBelow = word.bottom + AWAY + box.height <= height || word.top - AWAY - box.height < 0;
  const top = isBelow ? word.bottom + AWAY : word.top - AWAY - box.height;
  popover.style.left = `${left + scrollX}px`;
  popover.style.top = `${top + scrollY}px`;
}
