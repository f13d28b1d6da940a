// The numbers of one forward pass by name, for every lab that shows some: rows of activations, matrices of heads, the scores behind a head's weights.
import type { Matrix } from "../../components/heat-map.ts";
import type { Inside, ModelConfig, Numbers } from "../../worker/protocol.ts";

/**
 * What one block does to the tokens, in order; the first and the last are the residual stream. The page's one list of it: the names by which the
 * core tells its activations (crates/gpt/src/model/block.rs), and `input` and `scores`, which are made here. Texts and sums go by it, so that the
 * compiler asks for those of a new step.
 */
export const STEPS = [
  "input",
  "ln_1",
  "q_raw",
  "k_raw",
  "q",
  "k",
  "v",
  "scores",
  "weights",
  "mixed",
  "attention",
  "residual_mid",
  "ln_2",
  "hidden",
  "mlp",
  "residual",
] as const;
export type Step = (typeof STEPS)[number];

/** The steps of this model: with rotary positions, also queries and keys before rotation. */
export const stepsOf = (config: ModelConfig): readonly Step[] =>
  config.position === "rotary" ? STEPS : STEPS.filter((step) => step !== "q_raw" && step !== "k_raw");

/** Steps that differ by head. */
export const isOfHead = (step: Step): boolean => ["q_raw", "k_raw", "q", "k", "v", "scores", "weights", "mixed"].includes(step);

/** Steps whose columns are tokens. */
export const isOfPairs = (step: Step): boolean => step === "scores" || step === "weights";

export const headWidth = (config: ModelConfig): number => config.dModel / config.nHead;

/** The key/value head that a query head shares with its neighbours. */
export const kvHead = (config: ModelConfig, head: number): number => Math.floor((head * config.nKvHead) / config.nHead);

const NONE: Numbers = { shape: [0], values: new Float32Array() };

export function numbers(inside: Inside, name: string): Numbers {
  return inside.activations[name] ?? NONE;
}

const ofBlock = (inside: Inside, part: string): Numbers => numbers(inside, `h.${inside.block}.${part}`);

/** [rows, columns] of the last two dimensions, for one of the matrices before them. */
function slice({ shape, values }: Numbers, index = 0): Matrix {
  const [rows = 0, columns = 0] = shape.slice(-2);
  return { rows, columns, values: values.subarray(index * rows * columns, (index + 1) * rows * columns) };
}

const made = new WeakMap<Inside, Map<string, Matrix>>();

/** Makes a matrix of a pass only once, so that views can tell that it is the same. */
function once(inside: Inside, name: string, make: () => Matrix): Matrix {
  const all = made.get(inside) ?? new Map<string, Matrix>();
  made.set(inside, all);
  const matrix = all.get(name) ?? make();
  all.set(name, matrix);
  return matrix;
}

/** A head's weights: row i holds what token i reads from each token. */
export function headWeights(inside: Inside, block: number, head: number): Matrix {
  return once(inside, `${block}.${head}`, () => slice(numbers(inside, `h.${block}.weights`), head));
}

/** An activation of a row for each token, by its name in the pass. */
export function matrixOf(inside: Inside, name: string): Matrix {
  return once(inside, name, () => slice(numbers(inside, name)));
}

export function row({ columns, values }: Matrix, index: number): ArrayLike<number> {
  return Array.prototype.slice.call(values, index * columns, (index + 1) * columns);
}

/** One step of the block, for one head if heads differ: a row for each token. */
export function stepMatrix(inside: Inside, config: ModelConfig, step: Step, head: number): Matrix {
  return once(inside, `${step}.${isOfHead(step) ? head : ""}`, () => makeStep(inside, config, step, head));
}

function makeStep(inside: Inside, config: ModelConfig, step: Step, head: number): Matrix {
  switch (step) {
    case "input":
      return input(inside);
    case "q_raw":
    case "q":
    case "weights":
      return slice(ofBlock(inside, step), head);
    case "k_raw":
    case "k":
    case "v":
      return slice(ofBlock(inside, step), kvHead(config, head));
    case "scores":
      return scores(inside, config, head);
    case "mixed":
      return columns(slice(ofBlock(inside, step)), head * headWidth(config), headWidth(config));
    default:
      return slice(ofBlock(inside, step));
  }
}

/** The residual stream that the block receives. */
function input(inside: Inside): Matrix {
  if (inside.block > 0) return slice(numbers(inside, `h.${inside.block - 1}.residual`));
  const embedding = slice(numbers(inside, "embedding"));
  const position = inside.activations.position;
  if (!position) return embedding;
  return { ...embedding, values: Float32Array.from(embedding.values, (value, at) => value + (position.values[at] ?? 0)) };
}

function columns({ rows, columns: width, values }: Matrix, from: number, count: number): Matrix {
  const part = new Float32Array(rows * count);
  for (let at = 0; at < rows; at += 1)
    for (let column = 0; column < count; column += 1) part[at * count + column] = values[at * width + from + column] ?? 0;
  return { rows, columns: count, values: part };
}

/** How well each query matches each key, before the mask: q · k / √d. */
function scores(inside: Inside, config: ModelConfig, head: number): Matrix {
  const [q, k] = [stepMatrix(inside, config, "q", head), stepMatrix(inside, config, "k", head)];
  const scale = 1 / Math.sqrt(q.columns);
  const values = new Float32Array(q.rows * k.rows);
  for (let query = 0; query < q.rows; query += 1)
    for (let key = 0; key < k.rows; key += 1) {
      let sum = 0;
      for (let at = 0; at < q.columns; at += 1) sum += (q.values[query * q.columns + at] ?? 0) * (k.values[key * q.columns + at] ?? 0);
      values[query * k.rows + key] = sum * scale;
    }
  return { rows: q.rows, columns: k.rows, values };
}

/** The head's weights if nothing were masked. */
export function unmaskedWeights(inside: Inside, config: ModelConfig, head: number): Matrix {
  return once(inside, `unmasked.${head}`, () => softmax(stepMatrix(inside, config, "scores", head)));
}

/** For each row. */
function softmax({ rows, columns: width, values }: Matrix): Matrix {
  const weights = new Float32Array(rows * width);
  for (let at = 0; at < rows; at += 1) {
    const scores = Array.from({ length: width }, (_, key) => values[at * width + key] ?? 0);
    const most = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - most));
    const sum = shares.reduce((total, share) => total + share, 0);
    weights.set(
      shares.map((share) => share / sum),
      at * width,
    );
  }
  return { rows, columns: width, values: weights };
}

/** The similarity of two directions: 1 the same, 0 at right angles, -1 opposite. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) => {
    let sum = 0;
    for (let at = 0; at < x.length; at += 1) sum += (x[at] ?? 0) * (y[at] ?? 0);
    return sum;
  };
  return dot(a, b) / Math.max(Number.MIN_VALUE, Math.sqrt(dot(a, a) * dot(b, b)));
}

/** A token's vector at every depth: before the first block, and after each. */
export function throughDepth(inside: Inside, config: ModelConfig, token: number): ArrayLike<number>[] {
  const ends = Array.from({ length: config.nLayer }, (_, block) => row(slice(numbers(inside, `h.${block}.residual`)), token));
  return [row(input({ ...inside, block: 0 }), token), ...ends];
}
