// What each lesson's picture shows, computed by the live model: the lesson's own figure, or a smaller one of the same kind.
import { isStray, piecesOf, tokensOf } from "../../../components/token-pieces.ts";
import { tokenText, wholeText } from "../../../components/token-text.ts";
import { errorText, fill, fine, percent, whole } from "../../../i18n/index.ts";
import { SHIPPED } from "../../../models.ts";
import * as run from "../../../run.ts";
import { client, defaults } from "../../../session.ts";
import { lang } from "../../../settings.ts";
import { coreError } from "../../../worker/client.ts";
import type { Ask, Encoding, Inside, ModelInfo, NextTokens } from "../../../worker/protocol.ts";
import { ownText, renewOwnText } from "../../inside/own-text.ts";
import { encodingOf } from "../../inside/position-encoding.ts";
import { cosine, headWeights, stepMatrix, throughDepth } from "../../way/numbers.ts";
import type { LessonId } from "../list.ts";
import { texts } from "../texts.ts";
import type { Bar, Picture, Token } from "./picture.ts";

const CANDIDATES = 4;
/** Tokens that complete a word, at most. */
const LONGEST = 8;
const NEAREST = 4;
/** The lesson's word, and others that smaller vocabularies have as one token; the first that this model has is shown. */
const PICKED = [" red", "3", "e"];
const QUESTIONS = { labels: 16, wordProblem: 8 };
/** A model of more parameters is asked fewer questions, at least some. */
const QUICK = 1_000_000;
const FEWEST = 4;
const SHOTS = [0, 1, 4];
/** Beyond the last one: the core takes the last. */
const LAST = 2 ** 31;
/** Tokens and candidates named in words. */
const NAMED = 24;

/** `isWanted` is asked before each piece of work, so that what nobody waits for ends. */
type Maker = (info: ModelInfo, isWanted: () => boolean) => Promise<Picture>;

/** Nobody waits for the picture any more. */
export class Unwanted extends Error {}

function assertWanted(isWanted: () => boolean): void {
  if (!isWanted()) throw new Unwanted();
}

const mine = () => texts().pictures;
const starts = () => texts().starts;

/** A picture for every lesson: the compiler asks for a new one's. */
const makers: Record<LessonId, Maker> = {
  tokens: cutText,
  embedding: nearest,
  polysemy: twoSenses,
  attention: head,
  positions: places,
  block: activations,
  capital: (_, isWanted) => candidates(starts().capital, isWanted),
  hallucination: (_, isWanted) => candidates(starts().madeUp, isWanted),
  sampling: (_, isWanted) => sampled(starts().world, isWanted),
  fewShot: answersByExamples,
  chainOfThought: answersBySteps,
  nextToken: (_, isWanted) => candidates(starts().like, isWanted),
  training: () => Promise.resolve(lossCurve()),
  scale: (info) => Promise.resolve(sizeAndCurve(info)),
};

/** A refusal becomes a picture that says why; a core that is gone is thrown, and so is `Unwanted`. */
export async function pictureOf(id: LessonId, info: ModelInfo, isWanted: () => boolean): Promise<Picture> {
  try {
    return await makers[id](info, isWanted);
  } catch (thrown) {
    if (thrown instanceof Unwanted) throw thrown;
    const error = coreError(thrown);
    if (error.code === "restarted" || error.code === "panic") throw thrown;
    return nothingToShow(fill(mine().refused, { reason: errorText(error).message }));
  }
}

const nothingToShow = (caption: string): Picture => ({ shape: { kind: "none" }, caption, words: "" });

// ---------- text ----------

/** A lesson's text; if this model's tokenizer does not know its characters, one that the model writes. */
async function readable<T>(text: string, use: (text: string) => Promise<T>): Promise<{ text: string; answer: T }> {
  try {
    return { text, answer: await use(text) };
  } catch (thrown) {
    await renewOwnText();
    const own = ownText.peek();
    if (own === null) throw thrown;
    return { text: own, answer: await use(own) };
  }
}

const encode = (text: string): Promise<Encoding> => client().call("encode", { slot: "model", text });
const inspect = (text: string, block = 0): Promise<Inside> => client().call("inspect", { text, forced: [], block, token: LAST, top: 1 });
const named = ({ bytes }: Token): string => `“${tokenText(bytes).text}”`;
const list = (tokens: readonly Token[]): string => tokens.slice(0, NAMED).map(named).join(" ") + (tokens.length > NAMED ? " …" : "");
/** The end of a prompt, on one line. */
const quoted = (text: string): string => `“${text.replace(/\s+/g, " ")}”`;

function tokensIn(text: string, { ids, ends }: Encoding): Token[] {
  const bytes = new TextEncoder().encode(text);
  return Array.from(ids, (id, at) => ({ id, bytes: bytes.slice(ends[at - 1] ?? 0, ends[at]) }));
}

async function cutText(): Promise<Picture> {
  const cut = async (text: string) => Promise.all(text.split("\n").map(async (line) => tokensIn(line, await encode(line))));
  const { answer: lines } = await readable(starts().tokens, cut);
  const counts = lines.map(({ length }) => whole(length));
  const caption = fill(counts.length === 2 ? mine().twoLines : mine().tokens, { n: counts[0] ?? "0", m: counts[1] ?? "0" });
  return { shape: { kind: "tokens", lines }, caption, words: lines.map(list).join("; ") };
}

// ---------- vectors ----------

async function wordToken(): Promise<number | null> {
  for (const word of PICKED) {
    const { ids } = await encode(word);
    if (ids.length === 1 && ids[0] !== undefined) return ids[0];
  }
  return null;
}

async function nearest(): Promise<Picture> {
  const map = await client().call("embeddingMap", {});
  const id = (await wordToken().catch(() => null)) ?? map.ids.at(-1) ?? 0;
  const near = await client().call("nearest", { id, count: NEAREST });
  const at = map.ids.indexOf(id);
  const self = { id, bytes: map.bytes[at] ?? [] };
  const words = near.map((token) => `${named(token)} ${token.cosine.toFixed(2)}`).join(", ");
  return {
    shape: { kind: "map", points: map.points, marked: [at, ...near.map((token) => map.ids.indexOf(token.id))], tokens: [self, ...near] },
    caption: fill(mine().nearest, { token: named(self) }),
    words: fill(mine().nearestWords, { n: whole(map.ids.length), token: named(self), near: words }),
  };
}

async function twoSenses({ config }: ModelInfo): Promise<Picture> {
  const { answer: one } = await readable(starts().fruit, inspect);
  const { answer: two } = await readable(starts().company, inspect);
  const [first, second] = [one, two].map((inside) => throughDepth(inside, config, inside.ids.length - 1));
  const cosines = (first ?? []).map((vector, depth) => cosine(vector, second?.[depth] ?? vector));
  const caption = mine().cosines;
  return { shape: { kind: "depths", cosines }, caption, words: `${caption}: ${cosines.map((value) => value.toFixed(2)).join(", ")}` };
}

// ---------- blocks ----------

/** The block and head of the lesson, as far as this model has them. */
const HEAD = { block: 3, head: 1 };

async function head({ config }: ModelInfo): Promise<Picture> {
  const [block, at] = [Math.min(HEAD.block, config.nLayer - 1), Math.min(HEAD.head, config.nHead - 1)];
  const { answer: inside } = await readable(starts().story, (text) => inspect(text, block));
  const matrix = headWeights(inside, block, at);
  const last = matrix.rows - 1;
  const row = Array.from({ length: matrix.columns }, (_, column) => matrix.values[last * matrix.columns + column] ?? 0);
  const most = row.indexOf(Math.max(...row));
  const nameOf = (index: number) => named({ id: 0, bytes: inside.bytes[index] ?? [] });
  const where = { block: whole(block), head: whole(at), n: whole(matrix.rows) };
  const reads = { from: nameOf(last), to: nameOf(most), share: percent(row[most] ?? 0) };
  return {
    shape: { kind: "matrix", heat: "share", matrix },
    caption: fill(mine().head, where),
    words: fill(mine().headWords, { ...where, ...reads }),
  };
}

async function places({ config }: ModelInfo): Promise<Picture> {
  const { answer: inside } = await readable(starts().story, inspect);
  const matrix = encodingOf(inside, config, config.position).alike;
  if (!matrix) return nothingToShow(mine().noPositions);
  const at = (column: number) => fine(matrix.values[column] ?? 0);
  const last = matrix.columns - 1;
  return {
    shape: { kind: "matrix", heat: "signed", matrix },
    caption: mine().positions,
    words: fill(mine().positionsWords, { n: whole(matrix.rows), near: at(1), last: whole(last), far: at(last) }),
  };
}

async function activations({ config }: ModelInfo): Promise<Picture> {
  const { answer: inside } = await readable(starts().story, inspect);
  const matrix = stepMatrix(inside, config, "hidden", 0);
  const numbers = Array.from(matrix.values);
  const size = { rows: whole(matrix.rows), columns: whole(matrix.columns) };
  const range = { least: fine(Math.min(...numbers)), most: fine(Math.max(...numbers)) };
  return {
    shape: { kind: "matrix", heat: "signed", matrix },
    caption: fill(mine().block, size),
    words: fill(mine().blockWords, { ...size, ...range }),
  };
}

// ---------- the next token ----------

function nextTokens(prompt: string, forced: number[] = [], top = CANDIDATES): Promise<NextTokens> {
  const sampling = defaults.peek()?.sampling;
  if (!sampling) throw new Error("the core has no defaults");
  return client().call("nextTokens", { prompt, forced, sampling, top });
}

async function candidates(asked: string, isWanted: () => boolean): Promise<Picture> {
  const { text, answer } = await readable(asked, nextTokens);
  const bars = await completed(text, answer, isWanted, () => null);
  return { shape: { kind: "bars", bars }, caption: fill(mine().next, { prompt: quoted(text) }), words: inWords(bars) };
}

/** After all samplers, with what each token had before them. */
async function sampled(asked: string, isWanted: () => boolean): Promise<Picture> {
  const { text, answer } = await readable(asked, nextTokens);
  const bars = await completed(text, answer, isWanted, (probs) => probs.at(-1) ?? 0);
  return { shape: { kind: "bars", bars }, caption: fill(mine().sampled, { prompt: quoted(text) }), words: inWords(bars) };
}

/** The candidates, each with the word that the model makes of it. */
async function completed(
  prompt: string,
  next: NextTokens,
  isWanted: () => boolean,
  after: (probs: number[]) => number | null,
): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const { id, bytes, probs } of next.candidates) {
    assertWanted(isWanted);
    const [raw, last] = [probs[0] ?? 0, after(probs)];
    bars.push({ id, bytes, rest: await rest(prompt, id, bytes), share: last ?? raw, before: last === null ? null : raw });
  }
  return bars;
}

const ends = /^[\s\p{P}]/u;

/** The likeliest tokens after a candidate, up to the end of its word. */
async function rest(prompt: string, id: number, bytes: Uint8Array): Promise<Uint8Array[]> {
  const [forced, found]: [number[], Uint8Array[]] = [[id], []];
  const isOpen = () => piecesOf(tokensOf([bytes, ...found]), found.length).some(isStray);
  while (found.length < LONGEST) {
    const [next] = (await nextTokens(prompt, forced, 1)).candidates;
    if (!next || (!isOpen() && ends.test(wholeText(next.bytes) ?? ""))) break;
    forced.push(next.id);
    found.push(next.bytes);
  }
  return found;
}

/** The whole characters of a candidate and what completes it. */
export function wordOf({ bytes, rest }: Pick<Bar, "bytes" | "rest">): string {
  const all = [bytes, ...rest].flatMap((each) => Array.from(each));
  for (let length = all.length; length > 0; length -= 1) {
    const text = wholeText(all.slice(0, length));
    if (text !== null) return text.trim();
  }
  return tokenText(bytes).text;
}

const inWords = (bars: readonly Bar[]): string => bars.map((bar) => `“${wordOf(bar)}” ${percent(bar.share)}`).join(", ");

// ---------- questions ----------

interface Asked {
  count: number;
  isWanted: () => boolean;
}

const asked = (most: number, { parameters }: ModelInfo, isWanted: () => boolean): Asked => ({
  count: Math.max(FEWEST, Math.min(most, Math.round((most * QUICK) / parameters))),
  isWanted,
});

/** The share of right answers to questions that were never in training. */
async function shareRight(ask: Omit<Ask, "language">, { count, isWanted }: Asked): Promise<number> {
  const { cases, maxNewTokens } = await client().call("cases", { ask: { ...ask, language: lang.peek() }, count, seed: 1 });
  const stream = client().stream("grade", { cases, maxNewTokens });
  let share = 0;
  try {
    for await (const { score } of stream) {
      assertWanted(isWanted);
      share = score.accuracy;
    }
  } finally {
    stream.stop();
  }
  return share;
}

async function answersByExamples(info: ModelInfo, isWanted: () => boolean): Promise<Picture> {
  const questions = asked(QUESTIONS.labels, info, isWanted);
  const rows = [];
  for (const shots of SHOTS) {
    const share = await shareRight({ task: "labels", shots, style: "direct" }, questions);
    rows.push({ name: fill(mine().examples, { n: whole(shots) }), share });
  }
  return shares(rows, fill(mine().byExamples, { n: whole(questions.count) }));
}

async function answersBySteps(info: ModelInfo, isWanted: () => boolean): Promise<Picture> {
  const questions = asked(QUESTIONS.wordProblem, info, isWanted);
  const rows = [];
  for (const style of ["direct", "worked"] as const) {
    const share = await shareRight({ task: "wordProblem", shots: 2, style }, questions);
    rows.push({ name: mine()[style], share });
  }
  return shares(rows, fill(mine().bySteps, { n: whole(questions.count) }));
}

function shares(rows: readonly { name: string; share: number }[], caption: string): Picture {
  const words = rows.map(({ name, share }) => `${name} ${percent(share)}`).join(", ");
  return { shape: { kind: "shares", rows }, caption, words };
}

// ---------- training ----------

type Points = (readonly [step: number, value: number])[];

/** The steps that have this number. */
function measured(column: "trainLoss" | "valLoss" | "bitsPerByte"): Points {
  const { steps, [column]: values } = run.columns.peek();
  return steps.flatMap((step, at) => (values[at] === null || values[at] === undefined ? [] : [[step, values[at]] as const]));
}

function lossCurve(): Picture {
  const train = measured("trainLoss");
  const points = train.length > 1 ? train : measured("valLoss");
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return nothingToShow(mine().noHistory);
  const values = { first: fine(first[1]), from: whole(first[0]), last: fine(last[1]), to: whole(last[0]) };
  const curve = { kind: "curve" as const, points, ends: [values.first, values.last] as const, sizes: [] };
  return { shape: curve, caption: mine().loss, words: fill(mine().lossWords, values) };
}

/** Bits per byte by the logarithm of the step, beside the sizes of the models that come with the page. */
function sizeAndCurve({ parameters }: ModelInfo): Picture {
  const points = measured("bitsPerByte");
  const [first, last] = [points[0], points.at(-1)];
  const others = SHIPPED.filter((each) => each.parameters !== parameters);
  const sizes = [...others.map((each) => ({ parameters: each.parameters, isCurrent: false })), { parameters, isCurrent: true }];
  sizes.sort((one, other) => one.parameters - other.parameters);
  const size = fill(mine().sizes, { n: whole(parameters), others: others.map((each) => whole(each.parameters)).join(", ") });
  const isLong = first !== undefined && last !== undefined && points.length > 1;
  const values = isLong ? { first: fine(first[1]), from: whole(first[0]), last: fine(last[1]), to: whole(last[0]) } : null;
  return {
    shape: {
      kind: "curve",
      points: isLong ? points.map(([step, value]) => [Math.log(step + 1), value] as const) : [],
      ends: values ? [values.first, values.last] : ["", ""],
      sizes,
    },
    caption: values ? mine().bits : mine().sizesOnly,
    words: values ? `${size}; ${fill(mine().bitsWords, values)}` : size,
  };
}
