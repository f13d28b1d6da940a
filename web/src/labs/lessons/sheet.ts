// How much of the guide shows: whether it is folded to a strip, which this tab remembers; and on a narrow screen, where it is a sheet at the
// bottom, which of three heights it has, by drag, button or key.
import { signal } from "@preact/signals-core";
import { keep, kept } from "../../tab.ts";

type Height = "peek" | "half" | "full";
const HEIGHTS: readonly Height[] = ["peek", "half", "full"];
const KEY = "guide";
/** Pixels from which a press is a drag. */
const MOVED = 6;
/** Pixels of a folded sheet, and of one that peeks, as in guide.css. */
const [STRIP, PEEK] = [32, 68];
/** The most pixels of a sheet at half height. */
const HALF = 416;
/** What a sheet at its full height leaves of the page. */
const LEFT = 96;

export const folded = signal(kept(KEY) === "folded");
export const height = signal<Height>("peek");

export function fold(is: boolean): void {
  folded.value = is;
  keep(KEY, is ? "folded" : undefined);
}

/** Below the lowest height it is folded. */
function settleAt(at: number): void {
  fold(at < 0);
  height.value = HEIGHTS[Math.min(HEIGHTS.length - 1, Math.max(0, at))] ?? "peek";
}

const now = (): number => (folded.value ? -1 : HEIGHTS.indexOf(height.value));

/** The next height; after the last one the first. */
export function grow(): void {
  settleAt((now() + 1) % HEIGHTS.length);
}

export function onKey(event: KeyboardEvent): void {
  const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  settleAt(now() + by);
}

export const isSheet = (guide: HTMLElement): boolean => getComputedStyle(guide).position === "fixed";

/** Drags a sheet by its head; where it is let go, the nearest height takes it. */
export function drag(event: PointerEvent): void {
  const guide = event.currentTarget as HTMLElement;
  const pressed = event.target as Element;
  if (!isSheet(guide) || pressed.closest(".guide-body, a, button:not(.guide-grip, .guide-fold)")) return;
  const [from, before] = [event.clientY, guide.offsetHeight];
  const at = ({ clientY }: PointerEvent) => Math.max(STRIP, Math.min(innerHeight - LEFT, before + from - clientY));
  let isDragged = false;
  const end = new AbortController();
  const { signal } = end;
  const move = (event: PointerEvent) => {
    if (!isDragged && Math.abs(event.clientY - from) < MOVED) return;
    // Not before: the press may be a click on the button below the pointer.
    if (!isDragged) guide.setPointerCapture(event.pointerId);
    isDragged = true;
    guide.dataset.dragged = "";
    guide.style.height = `${at(event)}px`;
  };
  const stop = (event: PointerEvent) => {
    end.abort();
    delete guide.dataset.dragged;
    guide.style.height = "";
    if (isDragged && event.type === "pointerup") settleAt(nearest(at(event)));
  };
  addEventListener("pointermove", move, { signal });
  addEventListener("pointerup", stop, { signal });
  addEventListener("pointercancel", stop, { signal });
}

/** From -1 (folded). */
function nearest(pixels: number): number {
  const stops = [STRIP, PEEK, Math.min(HALF, innerHeight / 2), innerHeight - LEFT];
  const distances = stops.map((stop) => Math.abs(stop - pixels));
  return distances.indexOf(Math.min(...distances)) - 1;
}
