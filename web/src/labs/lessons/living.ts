// The live text on the first page: the model writes a few words, token by token, as soon as it is loaded; while it learns it continues the
// same beginning again and again, so that its progress shows.
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { tokenHue, tokenText, wholeText } from "../../components/token-text.ts";
import { fill, whole } from "../../i18n/index.ts";
import { atHand, hasBegun, isSettled } from "../../models.ts";
import * as run from "../../run.ts";
import { client, defaults, model, modelVersion } from "../../session.ts";
import { hashWith, lang } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { CoreError, GenerateEvent } from "../../worker/protocol.ts";
import { controls, hero } from "./hero.ts";
import { texts } from "./texts.ts";
import * as walk from "./walk.ts";

const TOKENS = 48;
/** Bytes of the longest character; more cannot be one. */
const LONGEST = 4;
/** Milliseconds between two texts of a learning model, to leave the core time. */
const LEARNING_MS = 2_500;

export const error = signal<CoreError | null>(null);
interface Token {
  id: number;
  bytes: number[];
}

const written = signal<readonly Token[]>([]);
const writes = signal(false);
const start = signal("");
const seed = signal(1);
let stream: StreamHandle<GenerateEvent> | null = null;
/** Grows with each text that was begun for any reason other than the age of the previous one. */
let turn = 0;

const isThere = computed(() => isSettled.value && model.value !== null);
const learns = computed(() => run.status.value === "running");

/** The person's own model continues its run's sample prompt. */
function prompt(): string {
  return atHand.value ? texts().starts.world : (model.value?.request?.train.samplePrompts[0] ?? model.value?.opening ?? "");
}

/** Writes when the page opens, and again when the model or language changes and when training begins; returns the function that ends it. */
export function watch(): () => void {
  const end = effect(() => {
    void [modelVersion.value, lang.value, learns.value];
    if (isThere.value) void untracked(write);
  });
  const endWalk = walk.watch();
  return () => {
    end();
    endWalk();
    turn += 1;
    stream?.stop();
  };
}

async function write(): Promise<void> {
  turn += 1;
  const mine = turn;
  const isNewest = () => mine === turn;
  await writeOnce(isNewest);
  while (isNewest() && learns.value) {
    await new Promise((rested) => setTimeout(rested, LEARNING_MS));
    if (isNewest()) await writeOnce(isNewest);
  }
}

/** The previous text stays until the first new token arrives. */
async function writeOnce(isNewest: () => boolean): Promise<void> {
  const sampling = defaults.value?.sampling;
  if (!sampling) return;
  stream?.stop();
  const from = prompt();
  const request = { prompt: from, sampling: { ...sampling, seed: seed.value }, maxNewTokens: TOKENS, stop: [], topLogprobs: 0 };
  const mine = client().stream("generate", { ...request, truncatePrompt: true });
  stream = mine;
  writes.value = true;
  let tokens: Token[] = [];
  try {
    for (let events = await mine.take(); events.length > 0 && isNewest(); events = await mine.take()) {
      const more = events.filter((event) => event.kind === "token").map(({ id, bytes }) => ({ id, bytes }));
      tokens = [...tokens, ...more];
      show(from, tokens);
    }
    if (isNewest())
      walk.read(
        from,
        tokens.map(({ id }) => id),
        true,
      );
  } catch (thrown) {
    const failure = coreError(thrown);
    if (isNewest() && failure.code !== "restarted") error.value = failure;
  }
  if (stream === mine) writes.value = false;
}

function show(from: string, tokens: readonly Token[]): void {
  batch(() => {
    start.value = from;
    written.value = tokens;
    error.value = null;
  });
}

function writeAnother(): void {
  seed.value += 1;
  void write();
}

export function living() {
  const mine = texts();
  const info = model.value;
  // As high as with a model, so that nothing moves when it comes.
  if (!info)
    return hasBegun.value
      ? nothing
      : html`<figure class="living"><figcaption>${mine.waiting}</figcaption><p class="living-text"></p>${hero()}<div class="row"></div></figure>`;
  const parameters = whole(info.parameters);
  const own = fill(learns.value ? mine.livingLearns : mine.livingOwn, { parameters });
  const said = atHand.value ? fill(mine.living, { name: atHand.value.name, parameters }) : own;
  return html`<figure class="living" data-testid="living" data-tokens=${written.value.length}>
    <figcaption>${said}</figcaption>
    <p class="living-text" tabindex="0" aria-busy=${writes.value ? "true" : "false"}
      ><span class="given">${start.value}</span>${chips()}</p
    >
    ${hero()}
    <div class="row">
      ${controls()} ${action({ name: "write-another", label: mine.again, able: !writes.value, act: writeAnother })}
      <a href=${hashWith({ lab: "sample", prompt: start.value, "sampling.seed": String(seed.value) })} data-testid="why">${mine.why}</a>
    </div>
  </figure>`;
}

/** Groups tokens that only form text together, as parts of a character do; an incomplete group waits. */
function readable(tokens: readonly Token[]): { text: string; ids: number[] }[] {
  const found: { text: string; ids: number[] }[] = [];
  let held: Token[] = [];
  for (const token of tokens) {
    held.push(token);
    const bytes = Uint8Array.from(held.flatMap((each) => each.bytes));
    if (wholeText(bytes) === null && bytes.length < LONGEST) continue;
    found.push({ text: tokenText(bytes).text, ids: held.map(({ id }) => id) });
    held = [];
  }
  return found;
}

/** The text in chips; a click shows the way of a chip's first token in the picture. */
function chips() {
  let next = (walk.pass.value?.ids.length ?? 0) - written.value.length;
  return readable(written.value).map(({ text, ids }) => {
    const from = next;
    next += ids.length;
    return chip(text, ids, from);
  });
}

/** One stripe per token, each in its token's colour. */
function chip(text: string, ids: number[], from: number) {
  const colour = (id: number) => `oklch(var(--token-light) var(--token-chroma) ${tokenHue(id)})`;
  const stripe = (id: number, at: number) => `${colour(id)} ${(100 * at) / ids.length}% ${(100 * (at + 1)) / ids.length}%`;
  const isShown = walk.at.value >= from && walk.at.value < from + ids.length;
  // A line may break between two tokens.
  return html`<wbr><span class="tok ${isShown ? "current" : ""}" @click=${() => walk.pick(from)} .style=${`background:linear-gradient(90deg, ${ids.map(stripe).join(", ")})`}>${text}</span>`;
}
