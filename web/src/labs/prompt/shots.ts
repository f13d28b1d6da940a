// Examples as an editable list: added, removed, and reordered by dragging a handle or with buttons.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { proseField } from "../../components/fields.ts";
import { fill, whole } from "../../i18n/index.ts";
import { MAX_SHOTS, type Shot } from "./prompts.ts";
import { texts } from "./texts.ts";

interface Shots {
  /** The list's name, so that no example is dragged into another list. */
  name: string;
  shots: readonly Shot[];
  withSteps: boolean;
  change(shots: Shot[]): void;
}

/** The dragged example, and the position it is over. */
const dragged = signal<{ name: string; from: number; over: number } | null>(null);
const told = signal("");

export function shotsEditor(list: Shots) {
  const mine = texts();
  const { name, shots, change } = list;
  const empty = { question: "", answer: "", steps: "" };
  return html`<p class="hint">${mine.shotsOf}</p>
    <ol class="prompt-shots" data-testid="${name}s">
      ${shots.map((shot, index) => item(list, shot, index))}
    </ol>
    ${action({ name: `${name}-add`, label: mine.addShot, able: shots.length < MAX_SHOTS, act: () => change([...shots, empty]) })}
    <p class="visually-hidden" role="status">${told.value}</p>`;
}

function item(list: Shots, shot: Shot, index: number) {
  const { name, shots, change } = list;
  const drag = dragged.value?.name === name ? dragged.value : null;
  const marks = [drag?.from === index ? "dragged" : "", drag && drag.over === index && drag.from !== index ? "over" : ""].join(" ");
  const edit = (changes: Partial<Shot>) => change(shots.map((each, at) => (at === index ? { ...each, ...changes } : each)));
  return html`<li
    class=${marks}
    data-testid="${name}-${index}"
    @dragover=${(event: DragEvent) => hover(event, list, index)}
    @drop=${(event: DragEvent) => drop(event, list, index)}
  >
    ${handle(list, index)}
    <div class="prompt-pair">${fields(list, shot, index, edit)}</div>
    ${buttons(list, index)}
  </li>`;
}

function fields({ name, withSteps }: Shots, shot: Shot, index: number, edit: (changes: Partial<Shot>) => void) {
  const mine = texts();
  const n = whole(index + 1);
  const lines = (text: string) => Math.min(6, text.split("\n").length);
  return html`${proseField({
    name: `${name}-${index}-question`,
    label: fill(mine.shotQuestion, { n }),
    rows: lines(shot.question),
    value: shot.question,
    change: (question) => edit({ question }),
  })}
  ${proseField({ name: `${name}-${index}-answer`, label: fill(mine.shotAnswer, { n }), rows: 1, value: shot.answer, change: (answer) => edit({ answer }) })}
  ${withSteps ? proseField({ name: `${name}-${index}-steps`, label: fill(mine.shotSteps, { n }), rows: 2, value: shot.steps, change: (steps) => edit({ steps }) }) : nothing}`;
}

function buttons(list: Shots, index: number) {
  const mine = texts();
  const { name, shots, change } = list;
  const n = whole(index + 1);
  const button = (kind: string, sign: string, label: string, able: boolean, act: () => void) => html`<button
    class="icon"
    aria-label=${label}
    title=${label}
    aria-disabled=${able ? nothing : "true"}
    data-testid="${name}-${index}-${kind}"
    @click=${able ? act : null}
  >
    ${sign}
  </button>`;
  return html`<div class="prompt-buttons">
    ${button("up", "↑", fill(mine.up, { n }), index > 0, () => shift(list, index, index - 1, "up"))}
    ${button("down", "↓", fill(mine.down, { n }), index < shots.length - 1, () => shift(list, index, index + 1, "down"))}
    ${button("remove", "✕", fill(mine.removeShot, { n }), true, () => change(shots.filter((_, at) => at !== index)))}
  </div>`;
}

/** The focus follows the example, so that a key can move it repeatedly. */
function shift(list: Shots, from: number, to: number, button: string): void {
  move(list, from, to);
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-testid="${list.name}-${to}-${button}"]`)?.focus());
}

function move({ shots, change }: Shots, from: number, to: number): void {
  const next = [...shots];
  const [moved] = next.splice(from, 1);
  if (!moved) return;
  next.splice(to, 0, moved);
  told.value = fill(texts().moved, { n: whole(to + 1), all: whole(shots.length) });
  change(next);
}

// ---------- dragging ----------

/** Only the handle is dragged: in the fields a drag selects text. */
function handle({ name }: Shots, index: number) {
  return html`<span
    class="handle"
    draggable="true"
    aria-hidden="true"
    title=${texts().drag}
    data-testid="${name}-${index}-handle"
    @dragstart=${(event: DragEvent) => {
      const item = (event.target as HTMLElement).closest("li");
      if (item) event.dataTransfer?.setDragImage(item, 0, 0);
      event.dataTransfer?.setData("text/plain", String(index + 1));
      dragged.value = { name, from: index, over: index };
    }}
    @dragend=${() => (dragged.value = null)}
    >⠿</span
  >`;
}

function hover(event: DragEvent, { name }: Shots, index: number): void {
  const drag = dragged.value;
  if (drag?.name !== name) return;
  event.preventDefault();
  if (drag.over !== index) dragged.value = { ...drag, over: index };
}

function drop(event: DragEvent, list: Shots, index: number): void {
  const drag = dragged.value;
  if (drag?.name !== list.name) return;
  event.preventDefault();
  dragged.value = null;
  if (drag.from !== index) move(list, drag.from, index);
}
