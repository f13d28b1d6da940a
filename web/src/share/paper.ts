// Paper: before the page is printed its folded parts open, and it puts on the light theme, in which canvases are drawn again; afterwards all
// is as it was.
import { effect } from "@preact/signals-core";
import { html, nothing, render } from "lit";
import { captionLines } from "../figures/caption.ts";
import { theme } from "../settings.ts";
import "../style/print.css";

const caption = document.createElement("footer");
caption.className = "paper-caption";

/** Folded, but part of what is shown: the guide's text, and a figure's numbers. */
const FOLDED = ".guide details, details.table";

let folded: HTMLDetailsElement[] = [];
let isOnPaper = false;

function before(): void {
  if (isOnPaper) return;
  isOnPaper = true;
  folded = [...document.querySelectorAll<HTMLDetailsElement>(FOLDED)].filter(({ open }) => !open);
  for (const each of folded) each.open = true;
  document.documentElement.dataset.theme = "light";
  redraw("light");
  const lines = captionLines();
  render(lines.length > 0 ? html`${lines.map((line) => html`<p>${line}</p>`)}` : nothing, caption);
  document.getElementById("app")?.append(caption);
}

function after(): void {
  if (!isOnPaper) return;
  isOnPaper = false;
  for (const each of folded) each.open = false;
  document.documentElement.dataset.theme = theme.value;
  redraw(theme.value);
  caption.remove();
}

/** Everything drawn in the theme's colours: our elements that are told the theme. */
function redraw(name: string): void {
  for (const each of document.querySelectorAll<HTMLElement & { theme?: string }>("tp-heat-map, tp-loss-chart, tp-scatter-map"))
    if (each.theme !== undefined) each.theme = `${name}${isOnPaper ? " on paper" : ""}`;
}

addEventListener("beforeprint", before);
addEventListener("afterprint", after);
// Where a page is made into a file, or looked at as paper.
matchMedia("print").addEventListener("change", ({ matches }) => (matches ? before() : after()));
effect(() => {
  void theme.value;
  if (isOnPaper) document.documentElement.dataset.theme = "light";
});
