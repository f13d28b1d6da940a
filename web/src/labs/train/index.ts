// The Train lab: a corpus, a size, and a transport; curves, numbers and samples while the model learns.
import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import "../../components/drop-zone.ts";
import { choiceField, numberField } from "../../components/fields.ts";
import { CORPUS_LIMIT } from "../../corpus.ts";
import { corpusTitle, fill, fine, size, t, whole } from "../../i18n/index.ts";
import { encodingNote, readText } from "../../reading/read.ts";
import { mayReplace } from "../../replace.ts";
import * as run from "../../run.ts";
import { client, defaults, model, phase, setModel } from "../../session.ts";
import { shown } from "../../settings.ts";
import { LabView } from "../lab.ts";
import "./train.css";
import { comparedPart } from "./compared.ts";
import { figure } from "./curves.ts";
import { allFields, browserPart } from "./fields.ts";
import { keepEarlier } from "./kept-runs.ts";
import { forgetRates, ratePart } from "./rate.ts";
import { recipes, type Settings } from "./recipes.ts";
import { followNewest, samplesPart } from "./samples.ts";
import { slowPart } from "./slow.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";
import { worldPart } from "./world.ts";

const ANNOUNCE_MS = 10_000;

class TrainLab extends LabView {
  protected override keys = {
    run: () => !under(run.status.value) && this.#main(),
    stop: run.stop,
  };
  /** While a corpus is fetched or made. */
  #isPreparing = signal(false);
  #said = signal("");
  #saidAt = 0;

  protected override watches() {
    return [state.watch(), effect(() => keepEarlier(run.earlier.value)), effect(() => this.#announce(run.version.value))];
  }

  protected override render() {
    return this.frame(
      { ...t().train, ...texts() },
      html`<div class="columns">
          <div>
            ${this.#controls()} ${this.notice()} ${this.notice(run.runError)} ${this.#attach()} ${this.#transport()}
            ${shown("rate") && this.#isUnderWay() ? ratePart((work) => this.attempt(work)) : nothing}
            ${shown("recipes") ? recipes(this.#canBegin(), this.#cook) : nothing}
          </div>
          <div class="canvas">
            ${figure()}
            <p class="visually-hidden" role="status" data-testid="announcement">${this.#said.value}</p>
            ${shown("compared") ? comparedPart() : nothing} ${samplesPart()} ${shown("slow") ? this.#slow() : nothing}
          </div>
          ${shown("more") ? this.#more() : nothing}
        </div>`,
    );
  }

  // ---------- parts ----------

  #controls() {
    const mine = texts();
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
      ${shown("corpus") && name === "world" ? worldPart() : nothing}
      ${
        shown("corpus")
          ? html`<tp-drop-zone
              .name=${"corpus-file"}
              .label=${own ? fill(t().yours, { name: `${own.name} (${size(own.bytes.length)})` }) : mine.dropCorpus}
              .accept=${".txt,.md,.csv,.json,text/*"}
              @files=${this.#take}
            ></tp-drop-zone>
            ${encodingNote("train")}`
          : nothing
      }
      ${this.#estimate()}`;
  }

  #corpusField(value: string) {
    const own = state.ownCorpus.value;
    return choiceField({
      name: "corpus",
      label: texts().corpus,
      value,
      options: [
        ...state.CORPORA.map((name) => [name, t().corpora[name].name] as const),
        ...(own ? [["own", fill(t().yours, { name: own.name })] as const] : []),
      ],
      change: state.setCorpus,
    });
  }

  /** A size tells its shape, not its parameters: those depend on the vocabulary too, and stand in the estimate. */
  #presetField(value: string) {
    const presets = defaults.value?.presets ?? [];
    return choiceField({
      name: "preset",
      label: texts().preset,
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
    const mine = texts();
    const words = fill(mine.estimate, {
      parameters: whole(weight.parameters),
      vocabSize: whole(weight.vocabSize),
      training: size(weight.trainingBytes),
      limit: size(weight.limitBytes),
    });
    const over = weight.trainingBytes > weight.limitBytes;
    return html`<p class="estimate ${over ? "over" : ""}" data-testid="estimate">${words}${over ? ` ${mine.estimateOver}` : ""}</p>`;
  }

  #transport() {
    const mine = texts();
    const now = run.status.value;
    const rests = !under(now);
    return html`<div
        class="row transport"
        role="group"
        tabindex="0"
        aria-label=${mine.region}
        aria-describedby="transport-keys"
        data-testid="transport"
        @keydown=${this.#transportKey}
      >
        ${this.#mainButton()}
        ${action({ name: "step", label: mine.step, able: rests && this.#canGoOn(), act: run.step })}
        ${action({ name: "stop", label: mine.stop, able: run.isOpen() && now !== "stopped", act: run.stop })}
        ${now === "idle" ? nothing : action({ name: "start-over", label: mine.startOver, able: rests, act: this.#begin })}
        <span class="status ${now}" role="status" data-testid="status" data-status=${now}>${mine.status[now]}</span>
      </div>
      <p class="hint keys" id="transport-keys">${mine.keys}</p>
      ${this.#progress()}`;
  }

  #slow() {
    return slowPart(!under(run.status.value) && this.#canGoOn(), (work) => this.attempt(work));
  }

  /** Pauses while the run works, starts it where there is none, and goes on otherwise. */
  #mainButton() {
    const mine = texts();
    const now = run.status.value;
    const more = fill(mine.goOn, { n: whole(state.configs.value?.train.steps ?? 0) });
    const play = ["play", mine.play];
    const faces = { idle: ["start", mine.start], done: ["go-on", more], pausing: play, paused: play, stopped: play };
    const [name = "", label = ""] = under(now) ? ["pause", mine.pause] : faces[now];
    const able = phase.value === "ready" && !this.#isPreparing.value && (now === "idle" || under(now) || this.#canGoOn());
    return action({ name, label, able, act: this.#main, primary: true });
  }

  #progress() {
    const progress = run.progress.value;
    if (!progress || !under(run.status.value)) return nothing;
    return html`<label class="progress"
      >${texts().stage[progress.stage]}
      <progress .value=${progress.done} .max=${Math.max(1, progress.total)}></progress
    ></label>`;
  }

  /** For a checkpoint that came without the corpus it learns from. */
  #attach() {
    const { corpus = null, hasOptimizer = true } = model.value ?? {};
    if (!hasOptimizer) return html`<p class="hint">${texts().noOptimizer}</p>`;
    if (!corpus || corpus.attached) return nothing;
    return html`<tp-drop-zone
      .name=${"attach-file"}
      .label=${fill(texts().attach, { name: corpusTitle(corpus.name) })}
      .accept=${"text/*"}
      @files=${this.#attachFile}
    ></tp-drop-zone>`;
  }

  #more() {
    const configs = state.configs.value;
    if (!configs) return nothing;
    return html`<details class="more">
      <summary>${t().more}</summary>
      ${allFields(configs)}
      <p class="hint">${texts().nextRun}</p>
      ${browserPart(shown)}
    </details>`;
  }

  // ---------- acts ----------

  #canGoOn(): boolean {
    return run.isOpen() || (model.value?.resumable ?? false);
  }

  /** Whether there is a run whose learning rate can be changed; one that came back after a reload need not be open. */
  #isUnderWay(): boolean {
    const now = run.status.value;
    return now !== "idle" && now !== "preparing" && this.#canGoOn();
  }

  #main = (): void => {
    const now = run.status.value;
    if (under(now)) run.pause();
    else if (now === "idle") void this.#begin();
    else if (!this.#canGoOn()) return;
    else if (now === "done") run.goOn(state.configs.value?.train.steps ?? 0);
    else run.play();
  };

  /** Space and the full stop act where the transport itself has the focus, so that Space scrolls the page elsewhere. */
  #transportKey = (event: KeyboardEvent): void => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const isSpace = event.key === " " && event.target === event.currentTarget;
    if (!isSpace && event.key !== ".") return;
    event.preventDefault();
    if (isSpace) this.#main();
    else if (!under(run.status.value) && this.#canGoOn()) run.step();
  };

  #begin = async (): Promise<void> => {
    if (await mayReplace()) await this.#start();
  };

  #cook = async (settings: Settings): Promise<void> => {
    if (!this.#canBegin() || !(await mayReplace())) return;
    state.follow(settings);
    await this.#start();
  };

  /** Whether a recipe can start: the core lives, and neither a run works nor a corpus is being made. */
  #canBegin(): boolean {
    return phase.value === "ready" && !under(run.status.value) && !this.#isPreparing.value;
  }

  async #start(): Promise<void> {
    this.#isPreparing.value = true;
    await this.attempt(async () => {
      this.error.value = null;
      const { corpus, request } = await state.prepare();
      forgetRates();
      followNewest();
      run.startRun(corpus, request);
    });
    this.#isPreparing.value = false;
  }

  #take = (event: CustomEvent<File[]>): void => {
    const file = event.detail[0];
    if (file) void this.attempt(() => state.takeCorpus(file));
  };

  #attachFile = (event: CustomEvent<File[]>): void => {
    const file = event.detail[0];
    if (!file) return;
    void this.attempt(async () => {
      const read = await readText(file, CORPUS_LIMIT, "train");
      if (read) setModel(await client().call("attachCorpus", { corpus: read.bytes }));
    });
  };

  #announce(_version: number): void {
    if (run.status.peek() !== "running" || Date.now() - this.#saidAt < ANNOUNCE_MS) return;
    const columns = run.columns.peek();
    const loss = columns.trainLoss.findLast((value) => value !== null) ?? null;
    if (loss === null) return;
    this.#saidAt = Date.now();
    this.#said.value = fill(texts().announce, {
      step: whole(columns.steps.at(-1) ?? 0),
      total: whole(run.totalSteps.peek()),
      loss: fine(loss),
    });
  }
}

/** Whether the run is at work. */
function under(status: run.RunStatus): status is "running" | "preparing" {
  return status === "running" || status === "preparing";
}

customElements.define("tp-train-lab", TrainLab);
