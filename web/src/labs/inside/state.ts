// The Inside lab's state and its requests to the core: a text, the results of one forward pass, and what the person looks at.
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import type { Cell } from "../../components/heat-map.ts";
import { latest } from "../../components/latest.ts";
import { isSettled } from "../../models.ts";
import * as run from "../../run.ts";
import { client, fatal, model, modelVersion, phase, shippedAs } from "../../session.ts";
import { change, onBeginning, overlay, said } from "../../settings.ts";
import { coreError } from "../../worker/client.ts";
import type { CoreError, EmbeddingMap, Inside, Near } from "../../worker/protocol.ts";
import { isWorld } from "../../world-name.ts";
import { type Step, stepsOf } from "../way/numbers.ts";
import type { Ahead } from "../way/picture.ts";
import { complete } from "./completed.ts";
import { askOrders, reordered } from "./order.ts";
import { ownText, renewOwnText } from "./own-text.ts";
import { KINDS, type Kind } from "./position-encoding.ts";
import { type StepCell, type Sum, sumOf } from "./sum.ts";
import { texts } from "./texts.ts";
import { zoomed } from "./zoom.ts";

const GROUP = "inside";
export const VIEWS = ["model", "attention", "block", "lens", "map", "compare", "positions"] as const;
export type View = (typeof VIEWS)[number];

/** Candidates shown at each block. */
const TOP = 5;
const NEAREST = 10;
const RESTING_MS = 120;
const POINTING_MS = 30;
/** While the model learns, the core is asked at most this often, to leave it time. */
const LEARNING_MS = 700;
const NOWHERE: Cell = { row: -1, column: -1 };

export const error = signal<CoreError | null>(null);
export const inside = signal<Inside | null>(null);
/** Of the second text. */
export const other = signal<Inside | null>(null);
export const map = signal<EmbeddingMap | null>(null);
/** Null until they arrive, and if this model has no such token. */
export const near = signal<{ id: number; tokens: Near[] } | null>(null);
/** The cell under the pointer, a token in each direction. */
export const hovered = signal<Cell>(NOWHERE);
/** The part of the picture under the pointer; empty for none. */
export const pointedPart = signal("");
/** The cell whose sum is shown. */
export const summedCell = signal<StepCell | null>(null);
/** Undefined until it is computed; null where nothing is to be computed. */
export const sum = signal<Sum | null | undefined>(undefined);

// ---------- settings ----------

interface Settings extends Record<string, string | number | boolean> {
  text: string;
  other: string;
  view: string;
  /** Of positions; the model's own if it is none of the four. */
  kind: string;
  order: string;
  orderSeed: number;
  block: number;
  head: number;
  /** Which step of the block is open; empty for none. */
  step: string;
  token: number;
  otherToken: number;
  mask: boolean;
  /** The token whose neighbours are shown, by its id; -1 for none. */
  near: number;
}

const config = computed(() => model.value?.config ?? null);
const ofWorld = computed(() => isWorld(model.value?.request?.corpusName ?? ""));
/** Changes with the model, but not with its step. */
const identity = computed(() => {
  const { config: shape, request, corpus } = model.value ?? {};
  return JSON.stringify([shippedAs.value, shape, corpus?.fingerprint, request?.train.seed]);
});

const base = computed<Settings>(() => {
  const { story, otherStory } = texts().examples;
  const own = ofWorld.value ? null : ownText.value;
  const [text, second] = own === null ? [story, otherStory] : [own, own];
  return {
    text,
    other: second,
    view: "model",
    kind: config.value?.position ?? "none",
    order: "reversed",
    orderSeed: 1,
    block: config.value ? config.value.nLayer - 1 : 0,
    head: 0,
    step: "",
    token: -1,
    otherToken: -1,
    mask: true,
    near: -1,
  };
});
export const settings = computed(() => overlay(GROUP, base.value));
export const set = (key: keyof Settings & string, value: string | number | boolean): void => change(GROUP, base.value, key, value);

said.set("inside", () => ({ text: settings.value.text }));

export const view = computed<View>(() => VIEWS.find((each) => each === settings.value.view) ?? "model");

const within = (value: number, count: number): number => Math.min(Math.max(0, count - 1), Math.max(0, Math.round(value)));
export const kind = computed<Kind>(() => KINDS.find((each) => each === settings.value.kind) ?? config.value?.position ?? "none");
/** The cell under the pointer in a matrix of positions. */
export const pointed = signal<{ which: "vectors" | "alike"; cell: Cell } | null>(null);
/** The text with its words in another order; null if there is none. */
export const otherOrder = computed(() => reordered(settings.value.text, settings.value.order, settings.value.orderSeed));

export const block = computed(() => within(settings.value.block, config.value?.nLayer ?? 1));
export const head = computed(() => within(settings.value.head, config.value?.nHead ?? 1));

/** The step of the block that is open. */
export const step = computed<Step | null>(
  () => (config.value && stepsOf(config.value).find((each) => each === settings.value.step)) || null,
);

/** The picked token; the last one if none was picked. */
const picked = (index: number, of: Inside | null): number => (index < 0 ? (of?.ids.length ?? 1) - 1 : within(index, of?.ids.length ?? 1));
export const token = computed(() => picked(settings.value.token, inside.value));
/** In the other text the same token's last occurrence, if none was picked. */
export const otherToken = computed(() => {
  const same = other.value?.ids.lastIndexOf(inside.value?.ids[token.value] ?? 0) ?? -1;
  return picked(settings.value.otherToken < 0 ? same : settings.value.otherToken, other.value);
});

/** The current token: the one under the pointer, else the picked one. */
export const focus = computed(() => (hovered.value.row >= 0 ? within(hovered.value.row, inside.value?.ids.length ?? 1) : token.value));

/** Points at a token; -1 for none. */
export function hover(row: number): void {
  hovered.value = { row, column: -1 };
}

/** What the model would say after the current token, by depth; null until it is known. */
export const ahead = computed<Ahead | null>(() => {
  const [of, at] = [inside.value, focus.value];
  if (of?.token === at) return of;
  return seenAhead.value?.of === of && seenAhead.value.token === at ? seenAhead.value : null;
});
const seenAhead = signal<(Ahead & { of: Inside | null }) | null>(null);

// ---------- zooming ----------

/** From the model to a block, a head or a step, and back: each is an address. */
export function zoomToBlock(block: number, step: Step | "" = ""): void {
  zoomed(view.value === "model", () =>
    batch(() => {
      set("block", block);
      set("step", step);
      set("view", "block");
    }),
  );
}

export function zoomToHead(block: number, head: number): void {
  zoomed(true, () =>
    batch(() => {
      set("block", block);
      set("head", head);
      set("view", "attention");
    }),
  );
}

export const zoomToModel = (): void => zoomed(false, () => set("view", "model"));

export function openStep(step: Step): void {
  closeSum();
  set("step", step === settings.value.step ? "" : step);
}

/** One level back: from a number to its step, from that to the block, from there to the model. */
export function zoomOut(): void {
  if (summedCell.value) closeSum();
  else if (view.value === "attention") zoomToBlock(block.value, "weights");
  else if (view.value === "block" && step.value) set("step", "");
  else if (view.value !== "model") zoomToModel();
}

// ---------- asking ----------

interface Wanted {
  text: string;
  block: number;
  token: number;
}

type Question = "text" | "ahead" | "own" | "endings" | "other" | "order" | "map" | "near" | "sum";

/** A refusal is no longer shown once its question is answered. */
let refused: { question: Question; error: CoreError } | null = null;

async function attempt(question: Question, work: () => Promise<void>): Promise<void> {
  // The next question is asked when its model is loaded.
  if (!isSettled.peek()) return;
  try {
    await work();
    if (refused?.question === question && error.value === refused.error) error.value = null;
  } catch (thrown) {
    const failure = coreError(thrown);
    if (failure.code === "restarted" || fatal.value) return;
    refused = { question, error: failure };
    error.value = failure;
  }
}

/** A refusal in one view is not shown in another. */
function forget(): void {
  if (refused && refused.question !== "text" && error.peek() === refused.error) error.value = null;
}

const pace = () => (run.status.value === "running" ? LEARNING_MS : RESTING_MS);
const look = ({ text, block, token }: Wanted) =>
  client().call("inspect", { text, forced: [], block, token: token < 0 ? 2 ** 31 : token, top: TOP });

const ask = latest<Wanted>(
  (wanted) =>
    attempt("text", async () => {
      const answer = await look(wanted);
      batch(() => {
        inside.value = answer;
        hovered.value = NOWHERE;
      });
      await resolve();
    }),
  pace,
);
const askOther = latest<Wanted>(
  (wanted) =>
    attempt("other", async () => {
      other.value = await look(wanted);
    }),
  pace,
);

const askAhead = latest<{ of: Inside; text: string; token: number }>(
  ({ of, text, token }) =>
    attempt("ahead", async () => {
      const lens = await client().call("lens", { text, forced: [], token, top: TOP });
      seenAhead.value = { of, token, lens };
    }),
  () => POINTING_MS,
);

/** Where the pointer is, the picture shows what the model would say there. */
function followPointer(): void {
  const [of, at] = [inside.value, focus.value];
  if (view.value === "model" && of && of.token !== at && run.status.value !== "running")
    askAhead({ of, text: settings.value.text, token: at });
}

/** In the other text the prediction is after the compared token, which is known once both texts are read. */
function followOther(): void {
  const { other: text } = settings.value;
  const [there, at] = [other.value, otherToken.value];
  if (view.value === "compare" && there && inside.value && there.token !== at) askOther({ text, block: block.value, token: at });
}

/** Characters that candidates begin are completed where candidates are shown. */
function followEndings(): void {
  const { text, other: second } = settings.value;
  const [one, two] = [inside.value, other.value];
  const shown = view.value === "lens" || view.value === "compare";
  if (!shown || !one || !isSettled.value) return;
  const passes = [{ inside: one, text }, ...(view.value === "compare" && two ? [{ inside: two, text: second }] : [])];
  void untracked(() => attempt("endings", () => complete(passes)));
}

/** The person's own model begins with a text it writes. */
function followOwn(): void {
  const now = identity.value;
  const isOwn = isSettled.value && phase.value === "ready" && model.value !== null && !ofWorld.value;
  if (!isOwn || now === ownOf) return;
  ownOf = now;
  ownText.value = null;
  void untracked(() => attempt("own", renewOwnText));
}
let ownOf = "";

const askOrder = latest<{ text: string; other: string | null }>(({ text, other }) => attempt("order", () => askOrders(text, other)), pace);

let mapped = -1;
const askMap = latest<number>(
  (version) =>
    attempt("map", async () => {
      map.value = await client().call("embeddingMap", {});
      mapped = version;
      if (near.value) await readNear(near.value.id);
    }),
  pace,
);

const readNear = (id: number) =>
  attempt("near", async () => {
    near.value = { id, tokens: await client().call("nearest", { id, count: NEAREST }) };
  });

/** Keeps everything shown up to date with the text and the model, also while it learns; returns the function that ends it. */
export function watch(): () => void {
  let seen = view.peek();
  // A new text each time the lab is opened.
  ownOf = "";
  const ends = [effect(followOwn), effect(followOther), effect(followEndings), effect(followPointer), effect(follow)];
  return () => {
    for (const end of ends) end();
  };

  function follow(): void {
    const { text, other: second, token: index, otherToken: otherIndex } = settings.value;
    const version = modelVersion.value;
    if (phase.value !== "ready" || !model.value) {
      inside.value = null;
      return;
    }
    if (!isSettled.value) return;
    const [now, at] = [view.value, block.value];
    if (now !== seen) forget();
    seen = now;
    ask({ text, block: at, token: index });
    if (now === "positions") askOrder({ text, other: otherOrder.value });
    if (now === "compare") askOther({ text: second, block: at, token: otherIndex });
    if (now === "map" && mapped !== version) askMap(version);
    const id = settings.value.near;
    if (now !== "map" || id < 0 || id >= model.value.config.vocabSize) near.value = null;
    else if (near.peek()?.id !== id) void readNear(id);
  }
}

// ---------- the sum behind a number ----------

export const pickStepCell = (step: Step, cell: Cell): Promise<void> => {
  batch(() => {
    summedCell.value = { step, head: head.value, row: cell.row, column: cell.column };
    sum.value = undefined;
  });
  return attempt("sum", resolve);
};

export function closeSum(): void {
  summedCell.value = null;
  sum.value = undefined;
}

onBeginning(() => {
  batch(() => {
    closeSum();
    for (const shown of [inside, other, map, near]) shown.value = null;
    mapped = -1;
    hovered.value = NOWHERE;
    pointed.value = null;
    error.value = null;
  });
});

/** Recomputes the chosen number. */
async function resolve(): Promise<void> {
  const [of, at, shape] = [inside.value, summedCell.value, config.value];
  if (!of || !at || !shape || !stepsOf(shape).includes(at.step) || at.row >= of.ids.length) return closeSum();
  const read = async (name: string, column: number | null) => (await client().call("parameter", { name, row: null, column })).values;
  const answer = await sumOf(of, shape, at, read);
  if (summedCell.value === at && inside.value === of) sum.value = answer;
}
