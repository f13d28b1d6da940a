// The Train lab: a corpus, a size, and a transport; curves, numbers and samples while the model learns.
import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../../components/drop-zone.ts";
import { choiceField, numberField } from "../../components/fields.ts";
import { BUILT_IN, CORPUS_LIMIT, readFile } from "../../corpus.ts";
import { corpusTitle, fill, fine, size, t, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";
import { client, defaults, model, phase, setModel } from "../../session.ts";
import { shown } from "../../settings.ts";
import { LabView } from "../lab.ts";
import { figure } from "./curves.ts";
import { allFields } from "./fields.ts";
import { samplesPart } from "./samples.ts";
import * as state from "./state.ts";

const ANNOUNCE_MS = 10_000;

class TrainLab extends LabView {
  protected override keys = {
    run: () => this.#main(),
    stop: run.stop,
    toggle: () => this.#main(),
    step: () => this.#canGoOn() && run.step(),
  };
  #ends: (() => void)[] = [];
  #asking = signal(false);
  /** The rate that its box shows while the person is in it. */
  #heldRate = signal<number | null>(null);
  #said = signal("");
  #saidAt = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ends = [state.watch(), effect(() => this.#announce(run.version.value))];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
  }

  protected override render() {
    const texts = t().train;
    return this.frame(
      texts,
      html`<div class="columns">
          <div>
            ${this.#controls()} ${this.notice()} ${this.notice(run.runError)} ${this.#attach()} ${this.#transport()}
          </div>
          <div class="canvas">
            ${figure()}
            <p class="visually-hidden" role="status" data-testid="announcement">${this.#said.value}</p>
            ${samplesPart()}
          </div>
          ${shown("more") ? this.#more() : nothing}
        </div>`,
    );
  }

  // ---------- parts ----------

  #controls() {
    const texts = t().train;
    const configs = state.configs.value;
    if (!configs) return nothing;
    const own = state.ownCorpus.value;
    const name = state.corpusName.value;
    return html`<div class="grid">
        ${shown("corpus") ? this.#corpusField(name) : nothing} ${shown("preset") ? this.#presetField(configs.preset) : nothing}
        ${shown("steps") ? this.#number("steps", configs.train.steps) : nothing}
        ${shown("learningRate") ? this.#number("learningRate", configs.train.learningRate) : nothing}
      </div>
      ${name === "own" ? nothing : html`<p class="licence">${t().corpora[name].licence}</p>`}
      ${
        shown("corpus")
          ? html`<tp-drop-zone
              .name=${"corpus-file"}
              .label=${own ? fill(texts.yours, { name: `${own.name} (${size(own.bytes.length)})` }) : texts.dropCorpus}
              .accept=${".txt,.md,.csv,.json,text/*"}
              @files=${this.#take}
            ></tp-drop-zone>`
          : nothing
      }
      ${this.#estimate()}`;
  }

  #corpusField(value: string) {
    const own = state.ownCorpus.value;
    return choiceField({
      name: "corpus",
      label: t().train.corpus,
      value,
      options: [
        ...BUILT_IN.map((name) => [name, t().corpora[name].name] as const),
        ...(own ? [["own", fill(t().train.yours, { name: own.name })] as const] : []),
      ],
      change: state.setCorpus,
    });
  }

  /** A size tells its shape, not its parameters: those depend on the vocabulary too, and stand in the estimate. */
  #presetField(value: string) {
    const presets = defaults.value?.presets ?? [];
    return choiceField({
      name: "preset",
      label: t().train.preset,
      value,
      options: presets.map(({ name, config }) => [name, `${name} · ${config.nLayer} × ${config.dModel}`] as const),
      change: state.setPreset,
    });
  }

  #number(key: "steps" | "learningRate", value: number) {
    const change = (next: number) => state.set("train", key, next);
    return numberField({ name: `train-${key}`, label: t().fields[key], value, change });
  }

  #estimate() {
    const weight = state.estimate.value;
    if (!weight) return nothing;
    const texts = t().train;
    const words = fill(texts.estimate, {
      parameters: whole(weight.parameters),
      training: size(weight.trainingBytes),
      limit: size(weight.limitBytes),
    });
    const over = weight.trainingBytes > weight.limitBytes;
    return html`<p class="estimate ${over ? "over" : ""}" data-testid="estimate">${words}${over ? ` ${texts.estimateOver}` : ""}</p>`;
  }

  #transport() {
    const texts = t().train;
    const now = run.status.value;
    const under = now === "running" || now === "preparing";
    return html`${this.#asking.value ? this.#confirm() : nothing}
      <div class="row transport" role="group" aria-label=${texts.region}>
        ${this.#mainButton()}
        <button data-testid="step" ?disabled=${under || !this.#canGoOn()} @click=${run.step}>${texts.step}</button>
        <button data-testid="stop" ?disabled=${!(under || now === "paused")} @click=${run.stop}>${texts.stop}</button>
        ${
          now !== "idle" && !under
            ? html`<button data-testid="start-over" @click=${() => (this.#asking.value = true)}>${texts.startOver}</button>`
            : nothing
        }
        <span class="status ${now}" data-testid="status" data-status=${now}>${texts.status[now]}</span>
      </div>
      ${this.#progress()}`;
  }

  #mainButton() {
    const texts = t().train;
    const now = run.status.value;
    const more = fill(texts.goOn, { n: whole(state.configs.value?.train.steps ?? 0) });
    const [name, label] =
      now === "running" || now === "preparing"
        ? ["pause", texts.pause]
        : now === "idle"
          ? ["start", texts.start]
          : now === "done"
            ? ["go-on", more]
            : ["play", texts.play];
    const disabled = phase.value !== "ready" || (now !== "idle" && !under(now) && !this.#canGoOn());
    return html`<button class="primary" data-testid=${name} ?disabled=${disabled} @click=${this.#main}>${label}</button>`;
  }

  #progress() {
    const progress = run.progress.value;
    if (!progress || !under(run.status.value)) return nothing;
    return html`<label class="progress"
      >${t().train.stage[progress.stage]}
      <progress .value=${progress.done} .max=${Math.max(1, progress.total)}></progress
    ></label>`;
  }

  #confirm() {
    const texts = t().train;
    const answer = (yes: boolean) => () => {
      this.#asking.value = false;
      if (yes) void this.#start();
    };
    return html`<div class="notice info" role="alertdialog" aria-label=${texts.startOver}>
      <p>${fill(texts.replaceAsk, { n: whole(model.value?.step ?? 0) })}</p>
      <button data-testid="replace" @click=${answer(true)}>${texts.replace}</button>
      <button data-testid="keep" @click=${answer(false)}>${texts.cancel}</button>
    </div>`;
  }

  /** For a checkpoint that came without the corpus it learns from. */
  #attach() {
    const corpus = model.value?.corpus;
    if (!corpus || corpus.attached) return nothing;
    return html`<tp-drop-zone
      .name=${"attach-file"}
      .label=${fill(t().train.attach, { name: corpusTitle(corpus.name) })}
      .accept=${"text/*"}
      @files=${this.#attachFile}
    ></tp-drop-zone>`;
  }

  #more() {
    const configs = state.configs.value;
    if (!configs) return nothing;
    return html`<details class="more">
      <summary>${t().more}</summary>
      ${run.status.value === "idle" ? nothing : this.#rate()} ${allFields(configs)}
      <p class="hint">${t().train.nextRun}</p>
    </details>`;
  }

  /** The learning rate of the run under way. */
  #rate() {
    const texts = t().train;
    const now = run.columns.value.learningRate.findLast((value) => value !== null) ?? 0;
    const set = (learningRate: number | null) =>
      void this.attempt(async () => void (await client().call("setLearningRate", { learningRate })));
    const hold = (value: number | null) => () => {
      this.#heldRate.value = value;
    };
    // While the person types, the schedule must not write into the box.
    return html`<div class="row" @focusin=${hold(now)} @focusout=${hold(null)}>
      ${numberField({ name: "rate-now", label: texts.rateNow, value: this.#heldRate.value ?? now, change: set })}
      <button data-testid="rate-schedule" @click=${() => set(null)}>${texts.rateSchedule}</button>
    </div>`;
  }

  // ---------- acts ----------

  #canGoOn(): boolean {
    return run.isOpen() || (model.value?.resumable ?? false);
  }

  #main = (): void => {
    const now = run.status.value;
    if (under(now)) run.pause();
    else if (now === "idle") this.#begin();
    else if (!this.#canGoOn()) return;
    else if (now === "done") run.goOn(state.configs.value?.train.steps ?? 0);
    else run.play();
  };

  /** A model that came from elsewhere is replaced only when the person says so. */
  #begin(): void {
    if (model.value) this.#asking.value = true;
    else void this.#start();
  }

  #start(): Promise<void> {
    return this.attempt(async () => {
      this.error.value = null;
      const { corpus, request } = await state.prepare();
      run.startRun(corpus, request);
    });
  }

  #take = (event: CustomEvent<File[]>): void => {
    const file = event.detail[0];
    if (file) void this.attempt(() => state.takeCorpus(file));
  };

  #attachFile = (event: CustomEvent<File[]>): void => {
    const file = event.detail[0];
    if (!file) return;
    void this.attempt(async () => {
      const corpus = await readFile(file, CORPUS_LIMIT);
      setModel(await client().call("attachCorpus", { corpus }));
    });
  };

  #announce(_version: number): void {
    const columns = run.columns.peek();
    const loss = columns.trainLoss.findLast((value) => value !== null);
    if (loss === undefined || loss === null || Date.now() - this.#saidAt < ANNOUNCE_MS) return;
    this.#saidAt = Date.now();
    this.#said.value = fill(t().train.announce, {
      step: whole(columns.steps.at(-1) ?? 0),
      total: whole(run.totalSteps.peek()),
      loss: fine(loss),
    });
  }
}

function under(status: run.RunStatus): boolean {
  return status === "running" || status === "preparing";
}

customElements.define("tp-train-lab", TrainLab);
