// Two settings of the sampler side by side, from the same prompt and seed: where the two texts diverge, and how surprising each is.
import { computed, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import "../../components/token-strip.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { fill, fine, glossed, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { change, onBeginning, overlay, read, write as writeSetting } from "../../settings.ts";
import type { StreamHandle } from "../../worker/client.ts";
import type { GenerateEvent, SamplingConfig } from "../../worker/protocol.ts";
import { surpriseScale } from "../scales.ts";
import { samplers } from "./sampling.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";
import { DEEPEST, parting, surpriseMean, surpriseOf, textOf, type Written, write } from "./writer.ts";

const GROUP = "compare";
/** The second writer's default: more random than the first. */
const HOTTER = { temperature: 1.2 };

const base = computed<SamplingConfig | null>(() => state.sampling.value && { ...state.sampling.value, ...HOTTER });
const second = computed<SamplingConfig | null>(() => base.value && { ...overlay(GROUP, base.value), seed: base.value.seed });

function set(key: keyof SamplingConfig, value: number): void {
  if (base.value) change(GROUP, base.value, key, value);
}

const sides = [signal<readonly Written[]>([]), signal<readonly Written[]>([])];
const after = signal("");
const isWriting = signal(false);
let streams: StreamHandle<GenerateEvent>[] = [];

async function writeBoth(): Promise<void> {
  const settings = [state.sampling.value, second.value];
  stopBoth();
  const mine: StreamHandle<GenerateEvent>[] = [];
  streams = mine;
  after.value = state.prompt.value;
  isWriting.value = true;
  for (const side of sides) side.value = [];
  const { maxNewTokens, stop } = state.settings.value;
  const one = async (sampling: SamplingConfig | null | undefined, side: number) => {
    if (!sampling) return;
    const request = { prompt: after.value, sampling, maxNewTokens, stop: stop.slice(0, 4), topLogprobs: 0, truncatePrompt: true };
    await write(
      request,
      (tokens) => {
        if (streams === mine && sides[side]) sides[side].value = tokens;
      },
      (stream) => mine.push(stream),
    );
  };
  try {
    await Promise.all(settings.map(one));
  } finally {
    if (streams === mine) isWriting.value = false;
  }
}

export function stopBoth(): void {
  for (const stream of streams) stream.stop();
  streams = [];
  isWriting.value = false;
}

onBeginning(() => {
  stopBoth();
  for (const side of sides) side.value = [];
});

type Attempt = (work: () => Promise<void>) => Promise<void>;

export function bothPart(attempt: Attempt) {
  const isOpen = read("both") === "open";
  return html`<details
    class="part both"
    data-testid="both"
    ?open=${isOpen}
    @toggle=${(event: Event) => writeSetting("both", (event.target as HTMLDetailsElement).open ? "open" : undefined)}
  >
    <summary>${texts().both.title}</summary>
    ${isOpen ? opened(attempt) : nothing}
  </details>`;
}

function opened(attempt: Attempt) {
  const mine = texts().both;
  const [one, two] = sides.map((side) => side.value);
  return html`<p class="hint">${glossed(mine.lead)}</p>
    <div class="both-settings">${samplers(["temperature", "topK", "topP", "minP"], { now: second.value, set, prefix: "compare-" })}</div>
    <div class="row">
      ${action({ name: "write-both", label: mine.write, able: !isWriting.value && model.value !== null, act: () => void attempt(writeBoth), primary: true })}
      ${action({ name: "stop-both", label: texts().stop, able: isWriting.value, act: stopBoth })}
    </div>
    ${one && two && one.length + two.length > 0 ? results(one, two) : nothing}`;
}

function results(one: readonly Written[], two: readonly Written[]) {
  const mine = texts().both;
  const at = parting(one, two);
  const words = at < 0 ? (isWriting.value ? "" : mine.alike) : fill(mine.parts, { n: whole(at + 1) });
  return html`<p role="status" data-testid="parting" data-at=${at}>${words}</p>
    ${surpriseScale(DEEPEST)}
    <div class="both-texts">${side(mine.first, one, at)} ${side(mine.second, two, at)}</div>`;
}

const sources = new WeakMap<readonly Written[], TokenSource>();

/** The same source for the same tokens, so that a strip is laid out only once. */
function sourceOf(tokens: readonly Written[]): TokenSource {
  const source = sources.get(tokens) ?? {
    length: tokens.length,
    id: (index) => tokens[index]?.id ?? 0,
    bytes: (index) => tokens[index]?.bytes ?? [],
  };
  sources.set(tokens, source);
  return source;
}

function side(name: string, tokens: readonly Written[], at: number) {
  const mean = surpriseMean(tokens);
  return html`<figure data-testid="both-text" data-nats=${mean?.nats ?? nothing}>
    <figcaption>${name}</figcaption>
    <p class="written"><span class="given">${after.value}</span>${textOf(tokens)}</p>
    <tp-token-strip class="of-surprise" .source=${sourceOf(tokens)} .shade=${(index: number) => surpriseOf(tokens[index])} .label=${name} .current=${at}></tp-token-strip>
    ${mean ? html`<p class="hint">${fill(texts().mean, { nats: fine(mean.nats), perplexity: fine(mean.perplexity) })}</p>` : nothing}
  </figure>`;
}
