// The same sentences in seven languages: the tokens per character for each chosen tokenizer, as bars with their numbers.
import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, whole } from "../../i18n/index.ts";
import { client } from "../../session.ts";
import type { TokenizerInfo, TokenizerSlot } from "../../worker/protocol.ts";
import { fail } from "./learn.ts";
import { LANGUAGES, type Language, SENTENCES } from "./sentences.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

interface Counted {
  info: TokenizerInfo;
  tokens: Record<Language, number>;
}

const counted = state.SIDES.map(() => signal<Counted | null>(null));
const characters = (language: Language): number => [...SENTENCES[language]].length;

/** Recounts for each chosen tokenizer; returns the function that ends it. */
export function watchLanguages(): () => void {
  const ends = state.SIDES.map((side) =>
    effect(() => {
      const info = state.info(side);
      if (info && counted[side]?.peek()?.info !== info) void count(side, info, state.slotOf(side));
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}

async function count(side: state.Side, info: TokenizerInfo, slot: TokenizerSlot): Promise<void> {
  const mine = counted[side];
  if (!mine) return;
  try {
    const lengths: [Language, number][] = [];
    for (const language of LANGUAGES) {
      const { ids } = await client().call("encode", { slot, text: SENTENCES[language] });
      if (state.info(side) !== info) return;
      lengths.push([language, ids.length]);
    }
    mine.value = { info, tokens: Object.fromEntries(lengths) as Record<Language, number> };
  } catch (thrown) {
    fail(thrown);
  }
}

export function languagesPart() {
  const mine = texts();
  const sides = state.SIDES.filter((side) => state.choice(side) !== null);
  const shares = sides.map((side) => {
    const there = counted[side]?.value;
    return there && there.info === state.info(side) ? there.tokens : null;
  });
  if (shares.every((each) => each === null)) return nothing;
  const widest = Math.max(...shares.flatMap((tokens) => (tokens ? LANGUAGES.map((each) => tokens[each] / characters(each)) : [])));
  return html`<figure class="by-language">
    <h3>${mine.languages}</h3>
    <table data-testid="languages">
      <caption>
        ${mine.languagesHint}
      </caption>
      <thead>
        <tr>
          <th scope="col">${mine.language}</th>
          <th scope="col">${fill(mine.characters, { n: "" })}</th>
          ${sides.map((side) => html`<th scope="col">${mine.perCharacter}${sides.length > 1 ? html`<br /><strong>${nameOf(side)}</strong>` : nothing}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${LANGUAGES.map((language) => row(language, shares, widest))}
      </tbody>
    </table>
    ${figureMenu(mine.languages, () => asFigure(sides, shares))}
  </figure>`;
}

/** A bar for each language and tokenizer. */
function asFigure(sides: readonly state.Side[], shares: readonly (Record<Language, number> | null)[]): Figure {
  const mine = texts();
  const all = LANGUAGES.flatMap((language) =>
    sides.flatMap((side, at) => {
      const tokens = shares[at]?.[language];
      return tokens === undefined ? [] : [{ language, side, tokens, share: tokens / characters(language) }];
    }),
  );
  const named = (language: Language, side: state.Side) =>
    sides.length > 1 ? `${mine.names[language]}, ${nameOf(side)}` : mine.names[language];
  return {
    file: ["tokens", "languages"],
    title: mine.languages,
    plot: {
      kind: "bars",
      x: mine.perCharacter,
      bars: all.map(({ language, side, share }) => ({ name: named(language, side), value: share, text: share.toFixed(2) })),
    },
    data: {
      columns: ["language", "tokenizer", "characters", "tokens", "tokensPerCharacter"],
      rows: () => all.map(({ language, side, tokens, share }) => [language, state.choice(side) ?? "", characters(language), tokens, share]),
    },
  };
}

const nameOf = (side: state.Side): string => texts().choices[state.choice(side) ?? "lab"];

function row(language: Language, shares: (Record<Language, number> | null)[], widest: number) {
  const mine = texts();
  const name = mine.names[language];
  const take = fill(mine.take, { language: name });
  return html`<tr data-testid="language-${language}">
    <th scope="row">
      <button class="quiet" aria-label=${take} title=${take} @click=${() => state.setText(SENTENCES[language])}>${name}</button>
    </th>
    <td>${whole(characters(language))}</td>
    ${shares.map((tokens) => (tokens ? cell(tokens[language], characters(language), widest) : html`<td>–</td>`))}
  </tr>`;
}

function cell(tokens: number, characters: number, widest: number) {
  const share = tokens / characters;
  return html`<td>
    ${share.toFixed(2)} <small class="hint">${fill(texts().tokensIn, { n: whole(tokens) })}</small>
    <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="prob" width=${(100 * share) / widest} height="6"></rect>
    </svg>
  </td>`;
}
