// How the text on the first page came about, in slow motion: token by token the picture shows the way through the model that chose the next.
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import { isSettled } from "../../models.ts";
import * as run from "../../run.ts";
import { client, model } from "../../session.ts";
import type { Inside } from "../../worker/protocol.ts";
import type { Ahead } from "../way/picture.ts";

/** Candidates shown after a token. */
const TOP = 5;
/** From one token to the next: it travels, and is looked at. */
const STEP_MS = 2_200;
/** Of a text that still grows, at most this often. */
const GROWING_MS = 250;

/** One pass over the text; null until there is one. */
export const pass = signal<Inside | null>(null);
/** The token whose way is shown. */
export const at = signal(0);
export const isPlaying = signal(false);
const seen = signal<(Ahead & { of: Inside }) | null>(null);
/** What the model would say after that token; null until it is known. */
export const ahead = computed(() => (seen.value?.of === pass.value && seen.value?.token === at.value ? seen.value : null));
/** The token after which the model began to write. */
const first = signal(0);
export const isLast = computed(() => at.value >= (pass.value?.ids.length ?? 1) - 1);

/** What was read: the beginning, and the tokens that the model wrote. */
interface Written {
  start: string;
  ids: readonly number[];
}
let newest: Written = { start: "", ids: [] };
/** So many tokens as text, without the beginning of a character that is not whole. */
function textOf(count: number): string {
  const bytes = (pass.value?.bytes ?? []).slice(0, count).flatMap((each) => [...each]);
  return new TextDecoder().decode(Uint8Array.from(bytes), { stream: true });
}
/** The whole text, and that up to the token shown. */
export const whole = computed(() => textOf(Number.POSITIVE_INFINITY));
export const shown = computed(() => textOf(at.value + 1));

async function quietly(work: () => Promise<void>): Promise<void> {
  if (!isSettled.peek()) return;
  try {
    await work();
  } catch {
    // The text beside the picture tells what is wrong with the core.
  }
}

const askPass = latest<{ wanted: Written; isWhole: boolean }>(
  ({ wanted, isWhole }) =>
    quietly(async () => {
      const inside = await client().call("inspect", { text: wanted.start, forced: [...wanted.ids], block: 0, token: 0, top: 1 });
      if (wanted !== newest) return;
      const given = inside.ids.length - wanted.ids.length;
      batch(() => {
        if (pass.value === null || isWhole || at.value >= inside.ids.length) at.value = Math.max(0, given - 1);
        pass.value = inside;
        first.value = Math.max(0, given - 1);
      });
      if (isWhole) begin();
    }),
  () => GROWING_MS,
);

const askAhead = latest<{ of: Inside; token: number; from: Written }>(
  ({ of, token, from }) =>
    quietly(async () => {
      const lens = await client().call("lens", { text: from.start, forced: [...from.ids], token, top: TOP });
      seen.value = { of, token, lens };
    }),
  () => 0,
);

/** A text of the model as far as it is written. */
export function read(start: string, ids: readonly number[], isWhole: boolean): void {
  newest = { start, ids };
  isPlaying.value = false;
  askPass({ wanted: newest, isWhole });
}

/** Plays where motion is welcome and the model has time. */
function begin(): void {
  isPlaying.value = run.status.value !== "running" && !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function play(): void {
  if (isLast.value) at.value = first.value;
  isPlaying.value = !isPlaying.value;
}

export function step(): void {
  pick(at.value + 1);
}

export function back(): void {
  pick(at.value - 1);
}

/** Shows the way of one token. */
export function go(token: number): void {
  at.value = Math.max(0, Math.min((pass.value?.ids.length ?? 1) - 1, token));
}

/** Shows the way of a token that was chosen, and stays there. */
export function pick(token: number): void {
  isPlaying.value = false;
  go(token);
}

/** Follows the text and plays; returns the function that ends it. */
export function watch(): () => void {
  const timer = setInterval(() => {
    if (!isPlaying.value || document.hidden || ahead.value === null) return;
    if (isLast.value) isPlaying.value = false;
    else go(at.value + 1);
  }, STEP_MS);
  const end = effect(() => {
    const [of, token] = [pass.value, at.value];
    if (of && model.value && token < of.ids.length) untracked(() => askAhead({ of, token, from: newest }));
  });
  return () => {
    clearInterval(timer);
    end();
    isPlaying.value = false;
    pass.value = null;
  };
}
