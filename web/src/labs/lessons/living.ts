// The living thing on the first page: the model at hand writes a few words, token by token, as soon as it is there.
import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { tokenHue, tokenText, wholeText } from "../../components/token-text.ts";
import { fill, whole } from "../../i18n/index.ts";
import { atHand, hasBegun, isSettled } from "../../models.ts";
import { client, defaults, model, shippedAs } from "../../session.ts";
import { hashWith, lang } from "../../settings.ts";
import { coreError, type StreamHandle } from "../../worker/client.ts";
import type { CoreError, GenerateEvent } from "../../worker/protocol.ts";
import { texts } from "./texts.ts";

const TOKENS = 48;
/** Bytes of the longest character; more than that will never be one. */
const LONGEST = 4;

export const error = signal<CoreError | null>(null);
const written = signal<readonly { id: number; bytes: number[] }[]>([]);
const writes = signal(false);
const start = signal("");
const seed = signal(1);
let stream: StreamHandle<GenerateEvent> | null = null;

/** A model of the person's own goes on from what its run was asked to. */
function prompt(): string {
  return atHand.value ? texts().starts.world : (model.value?.request?.train.samplePrompts[0] ?? "\n");
}

/** Writes when the page opens, and again when another model or language comes; gives back what ends it. */
export function watch(): () => void {
  const end = effect(() => {
    const isThere = isSettled.value && model.value?.parameters;
    void [shippedAs.value, lang.value];
    if (isThere) void write();
  });
  return () => {
    end();
    stream?.stop();
  };
}

async function write(): Promise<void> {
  const sampling = defaults.peek()?.sampling;
  if (!sampling) return;
  stream?.stop();
  const mine = client().stream("generate", {
    prompt: prompt(),
    sampling: { ...sampling, seed: seed.peek() },
    maxNewTokens: TOKENS,
    stop: [],
    topLogprobs: 0,
    truncatePrompt: true,
  });
  stream = mine;
  start.value = prompt();
  written.value = [];
  writes.value = true;
  try {
    for (let events = await mine.take(); events.length > 0 && stream === mine; events = await mine.take()) {
      const tokens = events.filter((event) => event.kind === "token");
      written.value = [...written.value, ...tokens.map(({ id, bytes }) => ({ id, bytes }))];
    }
  } catch (thrown) {
    const failure = coreError(thrown);
    if (stream === mine && failure.code !== "restarted") error.value = failure;
  }
  if (stream === mine) writes.value = false;
}

function writeAnother(): void {
  seed.value += 1;
  void write();
}

export function living() {
  const mine = texts();
  const info = model.value;
  if (!info) return hasBegun.value ? nothing : html`<figure class="living"><p class="hint">${mine.waiting}</p></figure>`;
  const parameters = whole(info.parameters);
  const said = atHand.value ? fill(mine.living, { name: atHand.value.name, parameters }) : fill(mine.livingOwn, { parameters });
  return html`<figure class="living" data-testid="living" data-tokens=${written.value.length}>
    <figcaption>${said}</figcaption>
    <p class="living-text" aria-busy=${writes.value ? "true" : "false"}
      ><span class="given">${start.value}</span>${readable(written.value).map(chip)}</p
    >
    <div class="row">
      ${action({ name: "write-another", label: mine.again, able: !writes.value, act: writeAnother })}
      <a href=${hashWith({ lab: "sample", prompt: start.value, "sampling.seed": String(seed.value) })} data-testid="why">${mine.why}</a>
    </div>
  </figure>`;
}

type Token = (typeof written.value)[number];

/** Tokens that are only together a text, such as those of a character; what is not whole yet waits. */
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

/** As many stripes as it has tokens, each in its token's colour. */
function chip({ text, ids }: { text: string; ids: number[] }) {
  const colour = (id: number) => `oklch(var(--token-light) var(--token-chroma) ${tokenHue(id)})`;
  const stripe = (id: number, at: number) => `${colour(id)} ${(100 * at) / ids.length}% ${(100 * (at + 1)) / ids.length}%`;
  // A line may end between two tokens.
  return html`<wbr><span class="tok" .style=${`background:linear-gradient(90deg, ${ids.map(stripe).join(", ")})`}>${text}</span>`;
}
