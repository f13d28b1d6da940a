// What the page keeps of a run: numbers for the curves, and samples. Only the core thins; where this has grown long, the core's takes its place.
import type { StepMetrics, TrainEvent } from "./worker/protocol.ts";

type EvalMetrics = Extract<TrainEvent, { kind: "eval" }>;
type SampleText = Extract<TrainEvent, { kind: "sample" }>;

/** The texts written at a step, one for each prompt. */
export interface Samples {
  step: number;
  texts: SampleText[];
}

/** Row i belongs to step steps[i]; null if that step has no such number. */
export interface Columns {
  steps: number[];
  trainLoss: (number | null)[];
  gradNorm: (number | null)[];
  learningRate: (number | null)[];
  valLoss: (number | null)[];
  perplexity: (number | null)[];
  bitsPerByte: (number | null)[];
}

/** Items in the order of their steps. */
class Series<T extends { step: number }> {
  readonly items: T[] = [];

  /** Forgets this step and later ones, because the run went back. */
  rewind(step: number): void {
    while ((this.items.at(-1)?.step ?? Number.NEGATIVE_INFINITY) >= step) this.items.pop();
  }

  add(item: T): void {
    this.rewind(item.step);
    this.items.push(item);
  }
}

/** More than the core keeps of steps, evaluations, and steps with samples (crates/session/src/history.rs). */
const MOST = [6_000, 3_000, 300] as const;

export class History {
  readonly #steps = new Series<StepMetrics>();
  readonly #evals = new Series<EvalMetrics>();
  readonly #samples = new Series<Samples>();

  /** Whether the core's history of the same run is shorter by now. */
  get isLong(): boolean {
    const [steps, evals, samples] = MOST;
    return this.#steps.items.length > steps || this.#evals.items.length > evals || this.#samples.items.length > samples;
  }

  get samples(): readonly Samples[] {
    return this.#samples.items;
  }

  add(event: TrainEvent): void {
    if (event.kind === "step") this.#addSteps(event.steps);
    else if (event.kind === "eval") this.#evals.add(event);
    else if (event.kind === "sample") this.#addSample(event);
  }

  #addSteps(steps: StepMetrics[]): void {
    const first = steps[0]?.step ?? Number.POSITIVE_INFINITY;
    this.#evals.rewind(first);
    this.#samples.rewind(first);
    for (const metrics of steps) this.#steps.add(metrics);
  }

  #addSample(sample: SampleText): void {
    const newest = this.#samples.items.at(-1);
    if (newest?.step === sample.step) newest.texts.push(sample);
    else this.#samples.add({ step: sample.step, texts: [sample] });
  }

  columns(): Columns {
    const rows = new Map<number, Partial<StepMetrics & EvalMetrics>>(this.#steps.items.map((metrics) => [metrics.step, metrics]));
    for (const metrics of this.#evals.items) rows.set(metrics.step, { ...rows.get(metrics.step), ...metrics });
    const steps = [...rows.keys()].sort((one, other) => one - other);
    const column = (name: Exclude<keyof Columns, "steps">) => steps.map((step) => rows.get(step)?.[name] ?? null);
    return {
      steps,
      trainLoss: column("trainLoss"),
      gradNorm: column("gradNorm"),
      learningRate: column("learningRate"),
      valLoss: column("valLoss"),
      perplexity: column("perplexity"),
      bitsPerByte: column("bitsPerByte"),
    };
  }
}
