// The merge stepper: a slider over the merges a BPE learnt, in order, replayed on the reader's text, and a list around it.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../../components/slider-field.ts";
import { tokenChip } from "../../components/token-chip.ts";
import { fill, t, whole } from "../../i18n/index.ts";
import type { Merge } from "../../worker/protocol.ts";
import * as state from "./state.ts";

/** Merges listed on each side of the current one. */
const AROUND = 4;
const PLAY_MS = 350;

const playing = signal<ReturnType<typeof setInterval> | null>(null);

function go(to: number): void {
  const total = state.merges.value.length;
  const merges = Math.max(0, Math.min(total, to));
  state.replayed.value = merges === total ? null : merges;
  if (merges === total) pause();
}

/** Nothing plays on where nobody watches. */
export function pause(): void {
  if (playing.value !== null) clearInterval(playing.value);
  playing.value = null;
}

function toggle(): void {
  if (playing.value !== null) {
    pause();
    return;
  }
  if (state.replayed.value === null) state.replayed.value = 0;
  playing.value = setInterval(() => go((state.replayed.value ?? state.merges.value.length) + 1), PLAY_MS);
}

export function mergesPart() {
  const texts = t().tokens;
  const total = state.merges.value.length;
  if (total === 0) return nothing;
  const at = state.replayed.value ?? total;
  const button = (name: string, label: string, sign: string, act: () => void) =>
    html`<button class="icon" data-testid=${name} aria-label=${label} title=${label} @click=${act}>${sign}</button>`;
  return html`<section class="merges" aria-label=${texts.merges}>
    <h3>${texts.merges}</h3>
    <div class="row">
      ${button("merge-first", texts.mergesFirst, "⇤", () => go(0))} ${button("merge-prev", texts.mergesPrev, "←", () => go(at - 1))}
      ${button("merge-play", playing.value ? texts.mergesPause : texts.mergesPlay, playing.value ? "⏸" : "▶", toggle)}
      ${button("merge-next", texts.mergesNext, "→", () => go(at + 1))} ${button("merge-last", texts.mergesLast, "⇥", () => go(total))}
    </div>
    <tp-slider
      .name=${"merges"}
      .label=${fill(texts.mergesOf, { n: whole(at), total: whole(total) })}
      .value=${at}
      .min=${0}
      .max=${total}
      .step=${1}
      @value=${(event: CustomEvent<number>) => go(Math.round(event.detail))}
    ></tp-slider>
    ${table(at)}
  </section>`;
}

function table(at: number) {
  const texts = t().tokens;
  const first = Math.max(0, Math.min(at - 1 - AROUND, state.merges.value.length - 2 * AROUND - 1));
  const rows = state.merges.value.slice(first, first + 2 * AROUND + 1);
  return html`<table class="merge-table" data-testid="merge-table">
    <caption>
      ${texts.mergesCaption}
    </caption>
    <thead>
      <tr>
        <th scope="col">#</th>
        <th scope="col">${texts.left}</th>
        <th scope="col">${texts.right}</th>
        <th scope="col">${texts.joined}</th>
        <th scope="col">${texts.seen}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((merge) => row(merge, at))}
    </tbody>
  </table>`;
}

function row(merge: Merge, at: number) {
  const number = merge.index + 1;
  const { left, right } = parts(merge);
  return html`<tr class=${number > at ? "later" : ""} aria-current=${number === at ? "true" : nothing}>
    <td>${whole(number)}</td>
    <td>${tokenChip(merge.left, left)}</td>
    <td>${tokenChip(merge.right, right)}</td>
    <td>${tokenChip(merge.id, merge.bytes)} <small>${merge.id}</small></td>
    <td>${merge.count > 0 ? whole(merge.count) : "–"}</td>
  </tr>`;
}

/** Where the bytes of a merge divide, from the merge that made its left part; the first 256 ids are single bytes. */
function parts(merge: Merge): { left: Uint8Array; right: Uint8Array } {
  const made = lengths().get(merge.left) ?? 1;
  return { left: merge.bytes.subarray(0, made), right: merge.bytes.subarray(made) };
}

let known: { merges: Merge[]; lengths: Map<number, number> } | null = null;

function lengths(): Map<number, number> {
  const merges = state.merges.value;
  if (known?.merges !== merges) known = { merges, lengths: new Map(merges.map((merge) => [merge.id, merge.bytes.length])) };
  return known.lengths;
}
