// What the page keeps of a run: numbers for the curves, and samples. Both are thinned as the run grows, like the core's own
// (crates/session/src/history.rs), so that they stay small however long the run is.
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

/** Items in order of their steps: at most `most`, evenly spread, and always the newest. */
class Thinned<T extends { step: number }> {
  items: T[] = [];
  readonly #most: number;
  /** The least number of steps between two items; only the newest may be nearer. */
  #gap = 1;

  constructor(most: number) {
    this.#most = most;
  }

  /** Forgets this step and later ones, because the run went back. */
  rewind(step: number): void {
    while ((this.items.at(-1)?.step ?? Number.NEGATIVE_INFINITY) >= step) this.items.pop();
  }

  add(item: T): void {
    this.rewind(item.step);
    const [before, newest] = this.items.slice(-2);
    if (before && newest && newest.step - before.step < this.#gap) this.items.pop();
    this.items.push(item);
    while (this.items.length > this.#most) this.#thin();
  }

  #thin(): void {
    this.#gap *= 2;
    let last = Number.NEGATIVE_INFINITY;
    this.items = this.items.filter(({ step }, at) => {
      const stays = step - last >= this.#gap || at === this.items.length - 1;
      if (stays) last = step;
      return stays;
    });
  }
}

export class History {
  readonly #steps = new Thinned<StepMetrics>(4_000);
  readonly #evals = new Thinned<EvalMetrics>(1_000);
  readonly #samples = new Thinned<Samples>(500);

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
