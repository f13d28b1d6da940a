// The Tokens lab's state and its requests to the core: the text, the one or two tokenizers, their encodings, and what the person looks at.
// Module-wide, so that it survives closing the lab.
import { batch, computed, effect, signal } from "@preact/signals-core";
import { latest } from "../../components/latest.ts";
import * as run from "../../run.ts";
import { client, model, phase } from "../../session.ts";
import { keepApart, lab, onBeginning, read, said, write } from "../../settings.ts";
import type { CoreError, TokenizerInfo, TokenizerSlot } from "../../worker/protocol.ts";
import { type Encoded, encoded, overlap, placesOf } from "./encoded.ts";
import { counted, forgetTrained, hasFile, isTrainedBy, keepFile } from "./kept-tokenizers.ts";
import { asked as askedTraining, corpusName, defaults, error, fail, learn, readDefaults, stopTraining } from "./learn.ts";
import { KNOWN } from "./ranks.ts";
import { list, mergeAt, replay, replayed, whole } from "./replay.ts";
import { type Choice, held, hold, inTurn, release, type Slot, want } from "./slots.ts";
import { texts } from "./texts.ts";

/** The chosen tokenizer, and the one beside it. */
export type Side = 0 | 1;
export const SIDES: readonly Side[] = [0, 1];
const KEYS = ["tokenizer", "tokens.compare"] as const;
const SLOTS: readonly Slot[] = ["lab", "other"];

const RESTING_MS = 120;
/** The least time between requests while the model learns, to leave the core time. */
const LEARNING_MS = 400;

export const busy = signal(false);
export const current = signal<{ side: Side; index: number }>({ side: 0, index: -1 });
const answers = signal<readonly (Encoded | null)[]>([null, null]);

// ---------- what is chosen ----------

export const text = computed(() => read("text") ?? texts().example);
said.set("tokens", () => ({ text: text.value }));

export function setText(next: string): void {
  write("text", next === texts().example ? undefined : next);
}

/** The tokenizers available now. */
export const offered = computed<Choice[]>(() => [
  "lab",
  ...(model.value ? ["model" as const] : []),
  ...KNOWN,
  ...(hasFile() ? ["file" as const] : []),
]);

const asked = (side: Side): Choice | undefined => offered.value.find((each) => each === read(KEYS[side]));
const first = computed<Choice>(() => asked(0) ?? "lab");
const second = computed<Choice | null>(() => (asked(1) === first.value ? null : (asked(1) ?? null)));
export const choice = (side: Side): Choice | null => (side === 0 ? first.value : second.value);

const isApart = (side: Side): boolean => choice(side) === "file" || (choice(side) === "lab" && corpusName.value === "own");
keepApart(() => lab.value === "tokens" && SIDES.some(isApart));

export function choose(side: Side, wanted: Choice | null): void {
  batch(() => {
    write(KEYS[side], wanted === (side === 0 ? "lab" : null) ? undefined : (wanted ?? undefined));
    if (side === 0) replay(null);
  });
}

export const slotOf = (side: Side): TokenizerSlot => (choice(side) === "model" ? "model" : (SLOTS[side] ?? "lab"));

const ofModel = computed(() => (phase.value === "ready" ? (model.value?.tokenizer ?? null) : null));
const infos = [0, 1].map((side) =>
  computed<TokenizerInfo | null>(() => {
    const wanted = choice(side as Side);
    if (wanted === "model") return ofModel.value;
    const there = held.value[SLOTS[side] ?? "lab"];
    return there?.choice === wanted ? there.info : null;
  }),
);
/** Null until it is loaded. */
export const info = (side: Side): TokenizerInfo | null => infos[side]?.value ?? null;

// ---------- what they make of the text ----------

interface Ready {
  slot: TokenizerSlot;
  info: TokenizerInfo;
  merges: number | null;
}

interface Wanted {
  text: string;
  sides: (Ready | null)[];
}

let newest: Wanted | null = null;
let refused: CoreError | null = null;

const ask = latest<Wanted>(
  async (wanted) => {
    try {
      const { text, sides } = wanted;
      const bytes = new TextEncoder().encode(text);
      const made = await Promise.all(sides.map((side) => (side ? cut(side, text, bytes) : null)));
      // A superseded answer is not shown: the next one is under way.
      if (wanted === newest) show(made);
    } catch (thrown) {
      if (wanted === newest) refuse(thrown);
    }
  },
  () => (run.status.value === "running" ? LEARNING_MS : RESTING_MS),
);

async function cut({ slot, info, merges }: Ready, text: string, bytes: Uint8Array): Promise<Encoded> {
  const all =
    whole.value?.text === text && whole.value.info === info ? whole.value.encoding : await client().call("encode", { slot, text });
  const encoding = merges === null ? all : await client().call("encodeReplay", { slot, text, merges });
  if (slot === slotOf(0) && info === infos[0]?.value) whole.value = { info, text, encoding: all };
  return encoded(text, bytes, encoding, info, merges);
}

function show(made: (Encoded | null)[]): void {
  batch(() => {
    answers.value = made;
    if (current.value.index >= (made[current.value.side]?.length ?? 0)) current.value = { side: 0, index: -1 };
    // The reason why training or a file was refused stays visible.
    if (error.value === refused) error.value = null;
    busy.value = false;
  });
}

function refuse(thrown: unknown): void {
  batch(() => {
    answers.value = [null, null];
    busy.value = false;
    fail(thrown);
    refused = error.value;
  });
}

/** Null until the current tokenizer has encoded a text. */
export function answer(side: Side): Encoded | null {
  const made = answers.value[side] ?? null;
  return made?.info === info(side) ? made : null;
}

/** The tokens that share bytes with the picked one on the other side. */
export function marked(side: Side): [from: number, to: number] | null {
  const [mine, other] = [answer(side), answer(side === 0 ? 1 : 0)];
  const { side: at, index } = current.value;
  return mine && other && at !== side && index >= 0 && mine.text === other.text ? overlap(mine, other, index) : null;
}

/** The last merge during a replay, and where it occurs in the text. */
export const made = computed(() => {
  const shown = answer(0);
  const merges = list.value?.info === shown?.info ? list.value?.merges : null;
  if (!shown || !merges || !shown.merges) return null;
  const merge = mergeAt(merges, shown.merges - 1);
  return { ...merge, places: placesOf(shown.encoding, merge.id) };
});

// ---------- following ----------

/** Keeps the tokenizers up to date with the choices, and the encodings with the text; returns the function that ends it. */
export function watch(): () => void {
  const ends = [effect(askDefaults), effect(bringBoth), effect(encodeBoth), effect(readMerges)];
  return () => {
    for (const end of ends) end();
  };
}

function askDefaults(): void {
  if (phase.value === "ready") void readDefaults();
}

function bringBoth(): void {
  if (phase.value !== "ready" || !defaults.value) return;
  for (const side of SIDES) {
    const wanted = choice(side);
    if (wanted && wanted !== "model") void bring(side, wanted);
  }
}

async function bring(side: Side, wanted: Choice): Promise<void> {
  try {
    const there = await want(SLOTS[side] ?? "lab", wanted, learn);
    // An unavailable choice is undone, so that it can be chosen again.
    if (!there && choice(side) === wanted) choose(side, side === 0 ? "lab" : null);
  } catch (thrown) {
    fail(thrown);
  }
}

function encodeBoth(): void {
  const sides = SIDES.map((side) => {
    const there = info(side);
    return there && { slot: slotOf(side), info: there, merges: side === 0 ? replayed(there.merges) : null };
  });
  const wanted = { text: text.value, sides };
  if (!sides.some((side) => side)) return;
  busy.value = true;
  newest = wanted;
  ask(wanted);
}

function readMerges(): void {
  const there = info(0);
  if (there?.kind !== "bpe") list.value = null;
  else if (list.value?.info !== there) void readList(there, slotOf(0), first.value === "lab");
}

async function readList(there: TokenizerInfo, slot: TokenizerSlot, trained: boolean): Promise<void> {
  try {
    const merges = await client().call("mergeColumns", { slot });
    if (info(0) === there) list.value = { info: there, merges: trained ? counted(merges) : merges };
  } catch (thrown) {
    fail(thrown);
  }
}

/** A lesson is about the tokenizer in its address, not one trained earlier with other settings. */
onBeginning(() => {
  batch(() => {
    current.value = { side: 0, index: -1 };
    error.value = null;
  });
  const isAsked = () => isTrainedBy(askedTraining());
  if (lab.value !== "tokens" || phase.value !== "ready" || !defaults.value || isAsked()) return;
  stopTraining();
  forgetTrained();
  release();
  void inTurn(async () => {
    if (!isAsked() && SIDES.some((side) => choice(side) === "lab")) await learn();
  });
});

// ---------- what the person does ----------

export async function loadTokenizer(file: Uint8Array, pattern?: string): Promise<void> {
  await inTurn(async () => {
    const request = { slot: "lab" as const, file };
    const there = await client().call("loadTokenizer", pattern === undefined ? request : { ...request, pattern });
    await keepFile();
    hold("lab", "file", there);
    choose(0, "file");
  });
}

/** Trains on the person's request, and shows the result. */
export async function train(): Promise<void> {
  error.value = null;
  await inTurn(async () => {
    if (await learn()) choose(0, "lab");
  });
}
