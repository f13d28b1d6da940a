// The merge stepper: a slider over the merges a BPE learnt, in order, replayed on the reader's text, with the current merge and a list
// around it.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../../components/slider-field.ts";
import { chipAmong, tokenChip } from "../../components/token-chip.ts";
import { tokenName, tokensOf } from "../../components/token-pieces.ts";
import { fill, t, whole } from "../../i18n/index.ts";
import type { Merges } from "../../worker/protocol.ts";
import { back, list, mergeAt, onward, replay, replayed, used } from "./replay.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

/** Merges listed on each side of the current one. */
const AROUND = 4;
const PLAY_MS = 350;

const playing = signal<ReturnType<typeof setInterval> | null>(null);

const total = (): number => list.value?.merges.id.length ?? 0;
const at = (): number => replayed(total()) ?? total();

function go(to: number): void {
  const merges = Math.max(0, Math.min(total(), to));
  replay(merges === total() ? null : merges);
  if (merges === total()) pause();
}

/** Playback stops when nobody watches. */
export function pause(): void {
  if (playing.value !== null) clearInterval(playing.value);
  playing.value = null;
}

function toggle(): void {
  if (playing.value !== null) {
    pause();
    return;
  }
  if (at() === total()) go(0);
  playing.value = setInterval(() => {
    // A long text takes time: the next merge waits until this one is shown.
    if (!state.busy.value) go(onward(at(), total()));
  }, PLAY_MS);
}

export function mergesPart() {
  const mine = texts();
  const held = list.value;
  if (!held || held.info !== state.info(0) || total() === 0) return nothing;
  const button = (name: string, label: string, sign: string, act: () => void) =>
    html`<button class="icon" data-testid=${name} aria-label=${label} title=${label} @click=${act}>${sign}</button>`;
  return html`<section class="merges" aria-labelledby="merges">
    <h3 id="merges">${mine.merges}</h3>
    <div role="group" aria-label=${mine.merges}>
    <div class="row">
      ${button("merge-first", mine.mergesFirst, "⇤", () => go(0))} ${button("merge-prev", mine.mergesPrev, "←", () => go(back(at())))}
      ${button("merge-play", playing.value ? mine.mergesPause : mine.mergesPlay, playing.value ? "⏸" : "▶", toggle)}
      ${button("merge-next", mine.mergesNext, "→", () => go(onward(at(), total())))}
      ${button("merge-last", mine.mergesLast, "⇥", () => go(total()))}
    </div>
    <tp-slider
      .name=${"merges"}
      .label=${fill(mine.mergesOf, { n: whole(at()), total: whole(total()) })}
      .value=${at()}
      .min=${0}
      .max=${total()}
      .step=${1}
      @value=${(event: CustomEvent<number>) => go(Math.round(event.detail))}
    ></tp-slider>
    </div>
    <p class="hint" data-testid="merge-made">${said()}</p>
    ${table(held.merges, at())}
  </section>`;
}

/** The merge just made; if all are made, how many of them this text used. */
function said(): string {
  const mine = texts();
  const made = state.made.value;
  if (!made) return fill(mine.mergesHint, { n: whole(used.value.length), total: whole(total()) });
  const quoted = (parts: Uint8Array[], at = 0) => `“${tokenName(tokensOf(parts), at)}”`;
  const halves = [made.leftBytes, made.rightBytes];
  const parts = { left: quoted(halves), right: quoted(halves, 1), joined: quoted([made.bytes]) };
  return fill(mine.made, { ...parts, n: whole(made.places.count) });
}

function table(merges: Merges, at: number) {
  const mine = texts();
  const last = Math.min(total(), Math.max(at + AROUND, 2 * AROUND + 1));
  const first = Math.max(0, last - 2 * AROUND - 1);
  return html`<table class="merge-table" data-testid="merge-table">
    <caption>
      ${mine.mergesCaption}
    </caption>
    <thead>
      <tr>
        <th scope="col">#</th>
        <th scope="col">${mine.left}</th>
        <th scope="col">${mine.right}</th>
        <th scope="col">${t().tokens.joined}</th>
        <th scope="col">${mine.seen}</th>
      </tr>
    </thead>
    <tbody>
      ${Array.from({ length: last - first }, (_, index) => row(merges, first + index, at))}
    </tbody>
  </table>`;
}

function row(merges: Merges, index: number, at: number) {
  const { left, right, id, count, bytes, leftBytes, rightBytes } = mergeAt(merges, index);
  const number = index + 1;
  const halves = tokensOf([leftBytes, rightBytes]);
  return html`<tr class=${number > at ? "later" : ""} aria-current=${number === at ? "true" : nothing}>
    <td>${whole(number)}</td>
    <td>${chipAmong(left, halves, 0)}</td>
    <td>${chipAmong(right, halves, 1)}</td>
    <td>${tokenChip(id, bytes)} <small>${id}</small></td>
    <td>${count > 0 ? whole(count) : "–"}</td>
  </tr>`;
}
