// The live model's own picture: the parts that its configuration gives it, filled with the activations of one pass. The whole model here; one
// block in block-picture.ts.
import { tokenName, tokensOf } from "../../components/token-pieces.ts";
import { tokenHue } from "../../components/token-text.ts";
import { fill, percent, whole } from "../../i18n/index.ts";
import type { Candidate, MatrixPart, Part, Picture, ReadsPart, Token } from "../../way/part.ts";
import type { Expected, Inside, ModelConfig } from "../../worker/protocol.ts";
import { headWeights, matrixOf } from "./numbers.ts";
import { texts } from "./texts.ts";

/** What the model would say after one token of a pass, by depth. */
export interface Ahead {
  token: number;
  lens: readonly (readonly Expected[])[];
}

/** What is open, and which head's lines are drawn. */
export interface Open {
  block: number | null;
  head: number | null;
}

export const doors = {
  embedding: "embedding",
  position: "position",
  next: "next",
  reads: (block: number) => `reads-${block}`,
  head: (block: number, head: number) => `head-${block}-${head}`,
  attention: (block: number) => `attention-${block}`,
  mlp: (block: number) => `mlp-${block}`,
  residual: (block: number) => `residual-${block}`,
};

export function modelPicture(inside: Inside, config: ModelConfig, ahead: Ahead | null, open: Open): Picture {
  const mine = texts();
  const blocks = Array.from({ length: config.nLayer }, (_, block) => partsOf(inside, config, block, ahead, open));
  return {
    tokens: tokensIn(inside),
    parts: [tokensPart(), ...embeddings(inside, config), ...blocks.flat(), nextPart(inside, ahead)],
    folded,
    back: mine.back,
  };
}

export function folded(from: number, to: number) {
  const { label, short, title } = texts().folded;
  return { label: fill(label, { n: whole(to - from + 1) }), short, title: fill(title, { from: whole(from), to: whole(to) }) };
}

export const tokensPart = (): Part => ({
  kind: "tokens",
  id: "tokens",
  label: texts().tokens,
  title: texts().tokens,
  frame: null,
  opens: false,
});

const named = new WeakMap<Inside, readonly Token[]>();

/** The tokens of a pass, named once. */
export function tokensIn(inside: Inside): readonly Token[] {
  const known = named.get(inside);
  if (known) return known;
  const all = tokensOf(inside.bytes);
  const tokens = Array.from(inside.ids, (id, at) => ({ text: tokenName(all, at), hue: tokenHue(id) }));
  named.set(inside, tokens);
  return tokens;
}

function embeddings(inside: Inside, config: ModelConfig): Part[] {
  const { embedding, position } = texts();
  const common = { frame: null, opens: true };
  const vectors: MatrixPart = {
    ...common,
    ...embedding,
    kind: "matrix",
    id: doors.embedding,
    title: fill(embedding.title, { n: whole(config.dModel) }),
    matrix: matrixOf(inside, "embedding"),
  };
  if (!inside.activations.position) return [vectors];
  return [vectors, { ...common, ...position, kind: "matrix", id: doors.position, isAdded: true, matrix: matrixOf(inside, "position") }];
}

/** The name of a block's frame. */
export const frameOf = (block: number): string => fill(texts().block, { n: whole(block) });

function partsOf(inside: Inside, config: ModelConfig, block: number, ahead: Ahead | null, open: Open): Part[] {
  const mine = texts();
  const n = whole(block);
  const common = { frame: frameOf(block), frameShort: fill(mine.blockShort, { n }), opens: true };
  const titled = <T extends { title: string }>(text: T): T => ({ ...text, title: fill(text.title, { n }) });
  const added = { ...common, kind: "matrix" as const, isAdded: true, isSpare: true };
  const [expected] = ahead?.lens[block + 1] ?? [];
  return [
    { ...common, ...titled(mine.reads), ...readsOf(inside, config, block, open) },
    { ...added, ...titled(mine.attention), id: doors.attention(block), matrix: matrixOf(inside, `h.${block}.attention`) },
    { ...added, ...titled(mine.mlp), id: doors.mlp(block), matrix: matrixOf(inside, `h.${block}.mlp`) },
    {
      ...common,
      ...titled(mine.residual),
      kind: "matrix",
      id: doors.residual(block),
      matrix: matrixOf(inside, `h.${block}.residual`),
      note: expected && ahead ? { ...candidateOf(inside, ahead.token, expected), share: expected.prob } : null,
    },
  ];
}

/** The heads of a block; the lines are those of the chosen head, if it is in this block. */
export function readsOf(inside: Inside, config: ModelConfig, block: number, open: Open): Pick<ReadsPart, "kind" | "id" | "heads" | "head"> {
  const isHere = open.block === block && open.head !== null;
  const heads = Array.from({ length: config.nHead }, (_, head) => ({
    id: doors.head(block, head),
    title: fill(texts().head, { block: whole(block), head: whole(head) }),
    matrix: headWeights(inside, block, head),
    isOpen: isHere && open.head === head,
  }));
  return { kind: "reads", id: doors.reads(block), heads, head: isHere ? open.head : null };
}

/** A candidate after a token, by the characters that it makes there. */
function candidateOf(inside: Inside, after: number, { id, bytes }: Expected): Token {
  const before = inside.bytes.slice(Math.max(0, after - 2), after + 1);
  return { text: tokenName(tokensOf([...before, bytes]), before.length), hue: tokenHue(id) };
}

function nextPart(inside: Inside, ahead: Ahead | null): Part {
  const following = ahead ? inside.ids[ahead.token + 1] : undefined;
  const candidates: Candidate[] = (ahead?.lens.at(-1) ?? []).map((expected) => ({
    ...candidateOf(inside, ahead?.token ?? 0, expected),
    share: expected.prob,
    isNext: expected.id === following,
  }));
  return { kind: "next", id: doors.next, ...texts().next, frame: null, opens: true, candidates };
}

// ---------- in words ----------

/** The picture in sentences: which token, what it reads in each block, what the model would say there, what may come next. */
export function wordsOf(inside: Inside, config: ModelConfig, ahead: Ahead | null, focus: number): string[] {
  const mine = texts().words;
  const name = (at: number) => `“${tokensIn(inside)[at]?.text ?? ""}”`;
  const lines = [fill(mine.text, { n: whole(inside.ids.length), at: whole(focus + 1), token: name(focus) })];
  for (let block = 0; block < config.nLayer; block += 1) {
    const { from, head, share } = mostRead(inside, config, block, focus);
    lines.push(fill(mine.reads, { block: whole(block), token: name(focus), from: name(from), head: whole(head), share: percent(share) }));
    const [next] = ahead?.token === focus ? (ahead.lens[block + 1] ?? []) : [];
    if (next)
      lines.push(fill(mine.says, { block: whole(block), next: `“${candidateOf(inside, focus, next).text}”`, share: percent(next.prob) }));
  }
  if (ahead?.token === focus) {
    const one = (each: Expected) => fill(mine.one, { next: `“${candidateOf(inside, focus, each).text}”`, share: percent(each.prob) });
    lines.push(fill(mine.next, { all: (ahead.lens.at(-1) ?? []).map(one).join(", ") }));
  }
  return lines;
}

function mostRead(inside: Inside, config: ModelConfig, block: number, focus: number): { from: number; head: number; share: number } {
  let most = { from: 0, head: 0, share: -1 };
  for (let head = 0; head < config.nHead; head += 1) {
    const { columns, values } = headWeights(inside, block, head);
    for (let from = 0; from <= focus; from += 1) {
      const share = values[focus * columns + from] ?? 0;
      if (share > most.share) most = { from, head, share };
    }
  }
  return most;
}
