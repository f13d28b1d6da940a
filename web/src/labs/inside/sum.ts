// Where a number comes from: the sum over the previous numbers and the model's parameters, recomputed here beside the model's own result.
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { headWidth, kvHead, numbers, row, type Step, stepMatrix } from "../way/numbers.ts";
import { angleOf } from "./position-encoding.ts";

/** A parameter, or one column of a matrix. */
export type ReadParameter = (name: string, column: number | null) => Promise<ArrayLike<number>>;

export interface StepCell {
  step: Step;
  head: number;
  row: number;
  column: number;
}

/** A summand: `a`, or `a` times `b`. */
export interface Term {
  /** A column's number, or the token it belongs to. */
  index: number;
  a: number;
  b: number | null;
}

/** What a factor is: a step's number, an exponential, cosine and sine of a position's angle, or a parameter by its name. */
export type Factor = Step | "exp" | "turn" | { parameter: string };

/** An operation on a sum: its operand and its result. */
export interface Operation {
  name: "mean" | "deviation" | "weight" | "bias" | "root" | "share" | "gelu" | "gate";
  by: number;
  value: number;
}

export interface Sum {
  a: Factor;
  b: Factor | null;
  /** Whether terms are numbered by token. */
  byToken: boolean;
  terms: Term[];
  /** In the order of execution. */
  after: Operation[];
  /** The result of the last operation, or the sum. */
  found: number;
  /** The model's own number. */
  computed: number;
}

const NORM_EPSILON = 1e-5;

type Context = { inside: Inside; config: ModelConfig; read: ReadParameter; cell: StepCell };

export async function sumOf(inside: Inside, config: ModelConfig, cell: StepCell, read: ReadParameter): Promise<Sum | null> {
  const context: Context = { inside, config, cell, read };
  const made = await make(context);
  if (!made) return null;
  const matrix = stepMatrix(inside, config, cell.step, cell.head);
  const computed = matrix.values[cell.row * matrix.columns + cell.column] ?? 0;
  return { ...made, found: made.after.at(-1)?.value ?? total(made.terms), computed };
}

type Made = Omit<Sum, "found" | "computed">;

function make(context: Context): Promise<Made> | Made | null {
  const { cell } = context;
  switch (cell.step) {
    case "input":
      return addEmbedding(context);
    case "ln_1":
      return normalise(context, "input", "ln_1");
    case "ln_2":
      return normalise(context, "residual_mid", "ln_2");
    case "q":
    case "k":
      return context.config.position === "rotary" ? turn(context, cell.step) : project(context);
    case "q_raw":
    case "k_raw":
    case "v":
      return project(context);
    case "scores":
      return score(context);
    case "weights":
      return softmax(context);
    case "mixed":
      return mix(context);
    case "attention":
      return linear(context, "mixed", "attn.c_proj", cell.column);
    case "residual_mid":
      return add(context, "input", "attention");
    case "hidden":
      return activate(context);
    case "mlp":
      return linear(context, "hidden", "mlp.c_proj", cell.column);
    case "residual":
      return add(context, "residual_mid", "mlp");
  }
}

export const total = (terms: readonly Term[]): number => terms.reduce((sum, { a, b }) => sum + a * (b ?? 1), 0);

/** The token's row of a step, over all heads. */
function rowOf({ inside, config, cell }: Context, step: Step): ArrayLike<number> {
  if (step !== "mixed") return row(stepMatrix(inside, config, step, cell.head), cell.row);
  const mixed = numbers(inside, `h.${inside.block}.mixed`);
  return row({ rows: 0, columns: config.dModel, values: mixed.values }, cell.row);
}

function addEmbedding({ inside, config, cell }: Context): Made | null {
  const { position } = inside.activations;
  if (inside.block > 0 || !position) return null;
  const at = cell.row * config.dModel + cell.column;
  const terms = [numbers(inside, "embedding"), position].map(({ values }, index) => ({ index, a: values[at] ?? 0, b: null }));
  return { a: "input", b: null, byToken: false, terms, after: [] };
}

function add(context: Context, one: Step, other: Step): Made {
  const { column } = context.cell;
  const terms = [one, other].map((step, index) => ({ index, a: rowOf(context, step)[column] ?? 0, b: null }));
  return { a: "residual", b: null, byToken: false, terms, after: [] };
}

async function normalise(context: Context, from: Step, name: "ln_1" | "ln_2"): Promise<Made> {
  const { config, inside, cell, read } = context;
  const x = Array.from(rowOf(context, from));
  const mean = config.norm === "layerNorm" ? x.reduce((sum, value) => sum + value, 0) / x.length : 0;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const deviation = Math.sqrt(variance + NORM_EPSILON);
  const weight = (await read(`h.${inside.block}.${name}.weight`, null))[cell.column] ?? 1;
  const own = x[cell.column] ?? 0;
  const centred = config.norm === "layerNorm";
  const after: Operation[] = [
    ...(centred ? [{ name: "mean" as const, by: mean, value: own - mean }] : []),
    { name: "deviation", by: deviation, value: (own - mean) / deviation },
    { name: "weight", by: weight, value: ((own - mean) / deviation) * weight },
  ];
  if (centred && config.bias) await bias(after, read, `h.${inside.block}.${name}.bias`, cell.column);
  return { a: from, b: null, byToken: false, terms: [{ index: cell.column, a: own, b: null }], after };
}

async function bias(after: Operation[], read: ReadParameter, name: string, column: number, sum = after.at(-1)?.value ?? 0): Promise<void> {
  const by = (await read(name, null))[column] ?? 0;
  after.push({ name: "bias", by, value: sum + by });
}

async function linear(context: Context, from: Step, name: string, column: number): Promise<Made> {
  const { config, inside, read } = context;
  const x = rowOf(context, from);
  const weights = await read(`h.${inside.block}.${name}.weight`, column);
  const terms = Array.from(x, (a, index) => ({ index, a, b: weights[index] ?? 0 }));
  const after: Operation[] = [];
  if (config.bias) await bias(after, read, `h.${inside.block}.${name}.bias`, column, total(terms));
  return { a: from, b: { parameter: `${name}.weight` }, byToken: false, terms, after };
}

const result = ({ terms, after }: Made): number => after.at(-1)?.value ?? total(terms);

/** A number of a query, key or value: one product computes all three. */
function project(context: Context): Promise<Made> {
  const { config, cell } = context;
  const isQuery = cell.step === "q" || cell.step === "q_raw";
  const head = isQuery ? cell.head : kvHead(config, cell.head);
  const first = isQuery ? 0 : cell.step === "v" ? config.nHead + config.nKvHead : config.nHead;
  return linear(context, "ln_1", "attn.c_attn", (first + head) * headWidth(config) + cell.column);
}

/** Rotary positions turn a number together with its partner half a head away, by the angle of their position. */
function turn(context: Context, step: "q" | "k"): Made {
  const { config, cell } = context;
  const width = headWidth(config);
  const half = width / 2;
  const isFirst = cell.column < half;
  const partner = isFirst ? cell.column + half : cell.column - half;
  const raw = rowOf(context, `${step}_raw`);
  const angle = angleOf(cell.row, cell.column % half, width);
  const terms = [
    { index: cell.column, a: raw[cell.column] ?? 0, b: Math.cos(angle) },
    { index: partner, a: raw[partner] ?? 0, b: (isFirst ? -1 : 1) * Math.sin(angle) },
  ];
  return { a: `${step}_raw`, b: "turn", byToken: false, terms, after: [] };
}

function score({ inside, config, cell }: Context): Made {
  const [q, k] = (["q", "k"] as const).map((step) => stepMatrix(inside, config, step, cell.head));
  if (!q || !k) throw new Error("a block has queries and keys");
  const [query, key] = [row(q, cell.row), row(k, cell.column)];
  const terms = Array.from(query, (a, index) => ({ index, a, b: key[index] ?? 0 }));
  const root = Math.sqrt(q.columns);
  return { a: "q", b: "k", byToken: false, terms, after: [{ name: "root", by: root, value: total(terms) / root }] };
}

/** Of all that the token sees, each score's exponential; its own share of them. */
function softmax({ inside, config, cell }: Context): Made {
  const scores = stepMatrix(inside, config, "scores", cell.head);
  const seen = Array.from(row(scores, cell.row)).slice(0, cell.row + 1);
  const most = Math.max(...seen);
  const terms = seen.map((value, index) => ({ index, a: Math.exp(value - most), b: null }));
  const own = terms[cell.column]?.a ?? 0;
  return { a: "exp", b: null, byToken: true, terms, after: [{ name: "share", by: own, value: own / total(terms) }] };
}

function mix({ inside, config, cell }: Context): Made {
  const weights = row(stepMatrix(inside, config, "weights", cell.head), cell.row);
  const values = stepMatrix(inside, config, "v", cell.head);
  const term = (_: unknown, index: number) => ({
    index,
    a: weights[index] ?? 0,
    b: values.values[index * values.columns + cell.column] ?? 0,
  });
  return { a: "weights", b: "v", byToken: true, terms: Array.from({ length: cell.row + 1 }, term), after: [] };
}

async function activate(context: Context): Promise<Made> {
  const { config, cell } = context;
  const up = await linear(context, "ln_2", "mlp.c_fc", cell.column);
  const x = result(up);
  if (config.mlp === "gelu") return { ...up, after: [...up.after, { name: "gelu", by: x, value: gelu(x) }] };
  const gate = result(await linear(context, "ln_2", "mlp.c_gate", cell.column));
  const silu = gate / (1 + Math.exp(-gate));
  return { ...up, after: [...up.after, { name: "gate", by: silu, value: x * silu }] };
}

/** The tanh form. */
function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}
