// The figures of this lab as files: what the pictures show and the full numbers.
import type { Matrix } from "../../components/heat-map.ts";
import { isFar, placed } from "../../components/scatter-map.ts";
import { tokenText } from "../../components/token-text.ts";
import { type Figure, matricesData, matrixData, type PointPlot, type Side } from "../../figures/figure.ts";
import { titled } from "../../figures/texts.ts";
import { fill, percent, whole } from "../../i18n/index.ts";
import type { EmbeddingMap, Inside, ModelConfig, Near, NextTokens } from "../../worker/protocol.ts";
import { headWeights, isOfHead, isOfPairs, type Step, stepMatrix } from "../way/numbers.ts";
import type { Kind } from "./position-encoding.ts";
import { candidateName, nameOf, quoted } from "./strip.ts";
import { texts } from "./texts.ts";

const tokens = (inside: Inside): string[] => inside.bytes.map((_, index) => nameOf(inside, index));

const file = (inside: { step: number }, ...words: (string | number)[]) => ["inside", ...words, "step", inside.step];

export function gridFigure(inside: Inside, config: ModelConfig): Figure {
  const mine = texts();
  const heads = Array.from({ length: config.nLayer * config.nHead }, (_, at) => {
    const [block, head] = [Math.floor(at / config.nHead), at % config.nHead];
    const title = fill(mine.headName, { block: whole(block), head: whole(head) });
    return { title, matrix: headWeights(inside, block, head), own: [block, head] };
  });
  const side = (label: string): Side => ({ label, names: tokens(inside) });
  const [rows, columns] = [side(mine.axes.reads), side(mine.axes.read)];
  return {
    file: file(inside, "attention", "all"),
    title: titled(mine.views.attention, mine.matrix),
    plot: { kind: "heat", panels: heads, across: config.nHead, heat: "share", rows, columns },
    data: matricesData(heads, ["block", "head"], side("token"), columns),
  };
}

/** One head: the weights on screen, masked or not. */
export function headFigure(inside: Inside, head: number, matrix: Matrix): Figure {
  const mine = texts();
  const names = tokens(inside);
  const title = titled(fill(mine.headName, { block: whole(inside.block), head: whole(head) }), mine.matrix);
  const [rows, columns] = [
    { label: mine.axes.reads, names },
    { label: mine.axes.read, names },
  ];
  return {
    file: file(inside, "attention", "block", inside.block, "head", head),
    title,
    plot: { kind: "heat", panels: [{ title, matrix }], across: 1, heat: "share", rows, columns },
    data: matrixData(matrix, { label: "token", names }, columns),
  };
}

export function stepFigure(inside: Inside, config: ModelConfig, step: Step, head: number): Figure {
  const mine = texts();
  const names = tokens(inside);
  const matrix = stepMatrix(inside, config, step, head);
  const place = isOfHead(step)
    ? fill(mine.headName, { block: whole(inside.block), head: whole(head) })
    : `${mine.block} ${whole(inside.block)}`;
  const title = titled(place, mine.steps[step].name);
  const [rows, columns]: Side[] = [
    { label: mine.token, names },
    isOfPairs(step) ? { label: mine.axes.read, names } : { label: mine.positions.column },
  ];
  if (!rows || !columns) throw new Error("a matrix has two sides");
  return {
    file: file(inside, "block", inside.block, ...(isOfHead(step) ? ["head", head] : []), step),
    title,
    plot: { kind: "heat", panels: [{ title, matrix }], across: 1, heat: step === "weights" ? "share" : "signed", rows, columns },
    data: matrixData(matrix, { label: "token", names }, columns),
  };
}

export const depthName = (depth: number): string =>
  depth === 0 ? texts().beforeBlocks : fill(texts().afterBlock, { block: whole(depth - 1) });

export function lensFigure(inside: Inside): Figure {
  const mine = texts();
  const token = quoted(inside, inside.token);
  return {
    file: file(inside, "lens", "token", inside.token),
    title: titled(mine.views.lens, fill(mine.lensOf, { token })),
    plot: {
      kind: "table",
      header: [],
      rows: inside.lens.map((expected, depth) => [
        { text: depthName(depth) },
        ...expected.map((next) => ({ text: `${candidateName(inside, next)}  ${percent(next.prob)}`, share: next.prob })),
      ]),
    },
    data: {
      columns: ["depth", "rank", "id", "token", "logit", "probability"],
      rows: () =>
        inside.lens.flatMap((expected, depth) =>
          expected.map((next, rank) => [depth, rank + 1, next.id, candidateName(inside, next), next.logit, next.prob]),
        ),
    },
  };
}

export function mapFigure(all: EmbeddingMap, drawn: Pick<PointPlot, "marked" | "picked" | "groups" | "group">): Figure {
  const mine = texts();
  const places = placed(all.points);
  const axis = (at: 0 | 1) => fill(mine.axes.component, { n: whole(at + 1), share: percent(all.explained[at]) });
  return {
    file: file(all, "embeddings"),
    title: mine.views.map,
    plot: {
      kind: "points",
      x: axis(0),
      y: axis(1),
      places,
      isFar: (index) => isFar(places[2 * index] ?? 0, places[2 * index + 1] ?? 0),
      name: (index) => tokenText(all.bytes[index] ?? []).text,
      ...drawn,
    },
    data: {
      columns: ["id", "token", "first component", "second component"],
      rows: () =>
        Array.from(all.ids, (id, at) => [id, tokenText(all.bytes[at] ?? []).text, all.points[2 * at] ?? 0, all.points[2 * at + 1] ?? 0]),
    },
  };
}

export function nearFigure(all: EmbeddingMap, near: { id: number; tokens: Near[] }): Figure {
  const mine = texts();
  const own = tokenText(all.bytes[all.ids.indexOf(near.id)] ?? []).text;
  return {
    file: file(all, "nearest", near.id),
    title: `${mine.nearest} “${own}”`,
    plot: {
      kind: "bars",
      x: mine.cosine,
      bars: near.tokens.map(({ bytes, cosine }) => ({ name: tokenText(bytes).text, value: cosine, text: cosine.toFixed(3) })),
    },
    data: {
      columns: ["id", "token", "cosine"],
      rows: () => near.tokens.map(({ id, bytes, cosine }) => [id, tokenText(bytes).text, cosine]),
    },
  };
}

/** Beside the cosines: the likeliest next token of each text at each depth. */
export function alikeFigure(both: readonly [Inside, Inside], title: string, cosines: readonly number[]): Figure {
  const next = (depth: number) =>
    both.flatMap((inside) => {
      const [first] = inside.lens[depth] ?? [];
      return first ? [candidateName(inside, first), first.prob] : [null, null];
    });
  return {
    file: file(both[0], "two", "texts"),
    title,
    plot: {
      kind: "bars",
      x: texts().cosine,
      bars: cosines.map((value, depth) => ({ name: depthName(depth), value, text: value.toFixed(3) })),
    },
    data: {
      columns: ["depth", "cosine", "next in the first", "its probability", "next in the second", "probability of that"],
      rows: () => cosines.map((value, depth) => [depth, value, ...next(depth)]),
    },
  };
}

export function placesFigure(inside: Inside, kind: Kind, which: "vectors" | "alike", title: string, matrix: Matrix): Figure {
  const mine = texts().positions;
  const [rows, columns] = [{ label: mine.place }, { label: which === "alike" ? mine.place : mine.column }];
  return {
    file: file(inside, "positions", kind, which),
    title: titled(mine.kinds[kind], title),
    plot: { kind: "heat", panels: [{ title, matrix }], across: 1, heat: "signed", rows, columns },
    data: matrixData(matrix, { label: "place" }, columns),
  };
}

export function orderFigure(
  step: number,
  both: { written: NextTokens; changed: NextTokens },
  title: string,
  names: [string, string],
): Figure {
  const lines = [both.written, both.changed].map((next, at) => ({ name: names[at] ?? "", order: at === 0 ? "written" : "changed", next }));
  return {
    file: file({ step }, "order"),
    title: titled(texts().positions.order, title),
    plot: {
      kind: "table",
      header: [],
      rows: lines.map(({ name, next }) => [
        { text: name },
        ...next.candidates
          .slice(0, 5)
          .map(({ bytes, probs: [share = 0] }) => ({ text: `${tokenText(bytes).text}  ${percent(share)}`, share })),
      ]),
    },
    data: {
      columns: ["order", "id", "token", "logit", "probability"],
      rows: () =>
        lines.flatMap(({ order, next }) =>
          next.candidates.map(({ id, bytes, logit, probs: [share = 0] }) => [order, id, tokenText(bytes).text, logit, share]),
        ),
    },
  };
}
