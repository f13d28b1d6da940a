// One tokenizer's view of the text: its counts, its strips, and the details of the current token, here or in the other panel.
import { html, nothing } from "lit";
import { chipAmong } from "../../components/token-chip.ts";
import "../../components/token-strip.ts";
import { sharedBy } from "../../components/token-pieces.ts";
import type { StripMode, TokenSource, TokenStrip } from "../../components/token-strip.ts";
import { hex, wholeText } from "../../components/token-text.ts";
import { fill, fine, size, t, whole } from "../../i18n/index.ts";
import type { TokenizerInfo } from "../../worker/protocol.ts";
import type { Encoded } from "./encoded.ts";
import { training } from "./learn.ts";
import { coming, rankSize } from "./ranks.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

/** From this many characters on, encoding takes long enough to say so. */
const LONG_TEXT = 100_000;
/** At most this many tokens of the other tokenizer are named. */
const NAMED = 6;

const EMPTY: TokenSource = { length: 0, id: () => 0, bytes: () => [] };
/** Prefixes of the panels' test ids. */
const PREFIX = ["", "other-"] as const;

/** A single panel with everything, or one of two with what is compared. */
export function panel(side: state.Side, modes: readonly StripMode[], alone: boolean) {
  const choice = state.choice(side);
  if (choice === null) return nothing;
  const shown = state.answer(side);
  return html`<div class="panel" data-testid="panel-${side}">
    ${alone ? nothing : html`<h3>${texts().choices[choice]}</h3>`} ${counts(side, shown)} ${waiting(side)}
    <p class="detail" data-testid="${PREFIX[side]}detail" aria-live="polite">${detail(side, shown)}</p>
    ${modes.map((mode) => strip(side, shown, mode, alone))}
  </div>`;
}

function counts(side: state.Side, shown: Encoded | null) {
  const mine = texts();
  const perToken = shown && shown.length > 0 ? shown.characters / shown.length : null;
  const count = (name: string, label: string, value: number | null, show = whole) =>
    html`<div>
      <dt>${label}</dt>
      <dd data-testid="${PREFIX[side]}${name}">${value === null ? "–" : show(value)}</dd>
    </div>`;
  return html`<dl class="counts">
      ${count("token-count", counted("count", shown?.length), shown?.length ?? null)} ${count("chars-per-token", mine.perToken, perToken, fine)}
      ${count("vocab-size", mine.vocab, shown?.info.vocabSize ?? null)}
    </dl>
    ${shown && shown.info.specialTokens.length > 0 ? specials(side, shown.info) : nothing}`;
}

/** What a vocabulary holds besides the tokens of text. */
function specials(side: state.Side, { vocabSize, textTokens, specialTokens, specialIds }: TokenizerInfo) {
  const mine = texts();
  const unused = vocabSize - textTokens - specialTokens.length;
  const named = specialTokens.map((name, at) => `${name} ${specialIds[at]}`);
  const said = mine.vocabSpecial + (unused > 0 ? mine.vocabUnused : "");
  const values = { n: whole(textTokens), specials: named.join(", "), unused: whole(unused) };
  return html`<p class="hint" data-testid="${PREFIX[side]}vocab-note">${fill(said, values)}</p>`;
}

/** The noun for a count. */
function counted(what: "characters" | "bytes" | "count", value: number | undefined): string {
  return fill(texts()[what], { n: whole(value ?? 0) });
}

/** The length of the text, the same for all tokenizers. */
export function lengthOfText() {
  const shown = state.answer(0) ?? state.answer(1);
  const count = (name: string, value: number | undefined) =>
    html`<span data-testid=${name}>${value === undefined ? "–" : whole(value)}</span>`;
  const [characters, bytes] = [shown?.characters, shown?.bytesOfText.length];
  return html`<p class="hint">
    ${count("char-count", characters)} ${counted("characters", characters)} · ${count("byte-count", bytes)} ${counted("bytes", bytes)}
  </p>`;
}

/** The progress of a tokenizer that is loading. */
function waiting(side: state.Side) {
  const mine = texts();
  const choice = state.choice(side);
  if (state.info(side) || !choice) return nothing;
  const name = mine.choices[choice];
  const fetching = coming.value?.name === choice ? coming.value : null;
  if (!fetching) return choice === "lab" ? nothing : html`<p class="hint">${fill(mine.reading, { name })}</p>`;
  const all = rankSize(fetching.name);
  return html`<label class="progress" data-testid="fetching"
    >${fill(mine.fetching, { name, done: size(fetching.done), size: size(all) })}
    <progress .value=${fetching.done} .max=${Math.max(1, all)}></progress
  ></label>`;
}

function detail(side: state.Side, shown: Encoded | null) {
  const mine = texts();
  const { side: at, index } = state.current.value;
  const same = shown ? state.marked(side) : null;
  if (shown && same) return counterpart(shown, same);
  if (!shown || at !== side || index < 0 || index >= shown.length) return side === 0 ? rest(shown) : nothing;
  const bytes = shown.bytes(index);
  const words = fill(mine.detail, { n: whole(index + 1), id: String(shown.id(index)), bytes: hex(bytes) });
  const shared = sharedBy(shown, index);
  const part = shared.length > 0 ? fill(mine.partOf, { character: shared.join(" ") }) : mine.part;
  return html`${chipAmong(shown.id(index), shown, index)} ${words}${wholeText(bytes) === null ? html` · ${part}` : nothing}`;
}

/** This tokenizer's tokens for the bytes of a token in the other panel. */
function counterpart(shown: Encoded, [from, to]: [number, number]) {
  const mine = texts();
  const count = to - from + 1;
  const named = Array.from({ length: Math.min(count, NAMED) }, (_, at) => from + at);
  return html`${fill(mine.same, { n: whole(count) })} ${named.map((index) => html`${chipAmong(shown.id(index), shown, index)} `)}
  ${count > NAMED ? fill(mine.sameMore, { n: whole(count - NAMED) }) : nothing}`;
}

/** The text while no token is picked. */
function rest(shown: Encoded | null): string {
  if (training.value && !shown) return texts().training;
  return state.busy.value && state.text.value.length > LONG_TEXT ? texts().slow : t().tokens.none;
}

function strip(side: state.Side, shown: Encoded | null, mode: StripMode, alone: boolean) {
  const mine = texts();
  const label = { text: mine.tokensOf, ids: mine.idsOf, bytes: mine.bytesOf }[mode];
  const { side: at, index } = state.current.value;
  const choice = state.choice(side) ?? "lab";
  return html`${alone ? html`<h3>${label}</h3>` : nothing}
    <tp-token-strip
      data-side=${side}
      .source=${shown ?? EMPTY}
      .mode=${mode}
      .name=${`${PREFIX[side]}strip-${mode}`}
      .label=${alone ? label : `${label}: ${mine.choices[choice]}`}
      .current=${at === side ? index : -1}
      .marked=${state.marked(side)}
      .made=${side === 0 ? (state.made.value?.id ?? -1) : -1}
      @hover-token=${(event: CustomEvent<number>) => (state.current.value = { side, index: event.detail })}
      @pick-token=${(event: CustomEvent<number>) => pick(event.currentTarget as TokenStrip, side, event.detail)}
    ></tp-token-strip>`;
}

/** Brings the token into view in every strip, and its counterpart in the other panel. */
function pick(from: TokenStrip, side: state.Side, index: number): void {
  state.current.value = { side, index };
  for (const strip of from.closest("figure")?.querySelectorAll<TokenStrip>("tp-token-strip") ?? []) {
    const there = strip.dataset.side === String(side) ? index : state.marked(side === 0 ? 1 : 0)?.[0];
    if (there !== undefined) strip.reveal(there);
  }
}
