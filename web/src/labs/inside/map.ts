// The embedding map: every token's vector on the two axes along which they differ most, and the tokens nearest to one.
import { html } from "lit";
import "../../components/scatter-map.ts";
import { tokenChip } from "../../components/token-chip.ts";
import { TOKEN_CLASSES, tokenClass } from "../../components/token-class.ts";
import { tokenText } from "../../components/token-text.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, percent, whole } from "../../i18n/index.ts";
import { lang, theme } from "../../settings.ts";
import type { EmbeddingMap, Inside } from "../../worker/protocol.ts";
import { mapFigure, nearFigure } from "./figures.ts";
import { mapTexts } from "./map-texts.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

export function map(inside: Inside) {
  const mine = texts();
  const all = state.map.value;
  if (!all) return html`<p class="hint" role="status">${mine.mapping}</p>`;
  const near = state.near.value;
  const marked = near ? [near.id, ...near.tokens.map(({ id }) => id)] : [...new Set(inside.ids)];
  const place = (id: number) => all.ids.indexOf(id);
  const { groups, group } = classesOf(all);
  const words = mapTexts();
  return html`<div class="inside-map" data-testid="map" data-step=${all.step}>
    <figure>
      <figcaption class="hint">
        ${fill(mine.mapOf, { n: whole(all.bytes.length), first: percent(all.explained[0]), second: percent(all.explained[1]) })}
      </figcaption>
      <tp-scatter-map
        .points=${all.points}
        .group=${group}
        .groups=${groups}
        .name=${(index: number) => tokenText(all.bytes[index] ?? []).text}
        .marked=${marked.map(place)}
        .picked=${near ? place(near.id) : -1}
        .words=${{ ...words, classes: words.of }}
        .label=${mine.views.map}
        .theme=${theme.value}
        @pick-point=${(event: CustomEvent<number>) => state.set("near", all.ids[event.detail] ?? -1)}
      ></tp-scatter-map>
      ${figureMenu(mine.views.map, () => mapFigure(all, { marked: marked.map(place), picked: near ? place(near.id) : -1, groups, group }))}
    </figure>
    ${nearest(all)}
  </div>`;
}

export interface Classes {
  groups: { name: string; count: number }[];
  /** A point's class, as an index of these. */
  group: (index: number) => number;
}

const known = new WeakMap<EmbeddingMap, { language: string; classes: Classes }>();

/** The kinds of the map's tokens; the same object for the same map, so that nothing is drawn again. */
function classesOf(all: EmbeddingMap): Classes {
  const before = known.get(all);
  if (before?.language === lang.value) return before.classes;
  const of = all.bytes.map((bytes) => TOKEN_CLASSES.indexOf(tokenClass(bytes)));
  const names = mapTexts().classes;
  const groups = TOKEN_CLASSES.map((name, at) => ({ name: names[name], count: of.filter((each) => each === at).length }));
  const classes = { groups, group: (index: number) => of[index] ?? 0 };
  known.set(all, { language: lang.value, classes });
  return classes;
}

function nearest(all: EmbeddingMap) {
  const mine = texts();
  const near = state.near.value;
  if (!near) return html`<p class="hint">${mine.pickPoint}</p>`;
  return html`<figure class="inside-near" data-testid="near" data-id=${near.id}>
    <figcaption>${mine.nearest} ${tokenChip(near.id, all.bytes[all.ids.indexOf(near.id)] ?? [])}</figcaption>
    <table>
      <thead>
        <tr>
          <th scope="col">${mine.token}</th>
          <th scope="col">${mine.cosine}</th>
        </tr>
      </thead>
      <tbody>
        ${near.tokens.map(
          ({ id, bytes: own, cosine }) =>
            html`<tr>
              <th scope="row"><button class="plain" @click=${() => state.set("near", id)}>${tokenChip(id, own)}</button></th>
              <td>${cosine.toFixed(3)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${near.tokens.length === 0 ? html`<p class="hint">–</p>` : figureMenu(mine.nearest, () => nearFigure(all, near))}
  </figure>`;
}
