// The Train lab: a corpus, a size, and a transport; curves, numbers and samples while the model learns.
import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { CORPUS_LIMIT } from "../../corpus.ts";
import { fill, fine, t, whole } from "../../i18n/index.ts";
import { readText } from "../../reading/read.ts";
import { mayReplace } from "../../replace.ts";
import * as run from "../../run.ts";
import type { Settings } from "../../run-settings.ts";
import { client, model, phase, setModel } from "../../session.ts";
import { shown } from "../../settings.ts";
import { LabView } from "../lab.ts";
import "./train.css";
import { comparedPart } from "./compared.ts";
import { isMissing, takeCorpus } from "./corpora.ts";
import { figure, figureToCome } from "./curves.ts";
import { allFields, browserPart } from "./fields.ts";
import { dropZone, form, obstacle } from "./form.ts";
import { keepEarlier } from "./kept-runs.ts";
import { forgetRates, ratePart } from "./rate.ts";
import { recipes } from "./recipes.ts";
import type { Configs } from "./request.ts";
import { followNewest, samplesPart, samplesToCome } from "./samples.ts";
import { slowPart } from "./slow.ts";
import * as state from "./state.ts";
import { keptPart, subjectName, subjectPart } from "./subject.ts";
import { texts } from "./texts.ts";

const ANNOUNCE_MS = 10_000;

class TrainLab extends LabView {
  protected override keys = {
    run: () => !under(this.#status()) && this.#main(),
    stop: () => state.isOfModel.value && run.stop(),
  };
  /** While a corpus is being fetched or generated. */
  #isPreparing = signal(false);
  #said = signal("");
  #saidAt = 0;

  protected override watches() {
    return [state.watch(), effect(() => keepEarlier(run.earlier.value)), effect(() => this.#announce(run.version.value))];
  }

  protected override render() {
    const configs = state.configs.value;
    return this.frame(
      { ...t().train, ...texts() },
      html`${subjectPart()}
        <div class="columns">
          <div>
            ${this.#transport()} ${this.notice()} ${this.notice(run.runError)} ${obstacle(this.#attachFile)}
          </div>
          <div class="canvas">
            ${configs && !state.isOfModel.value ? this.#toCome(configs) : this.#past()}
            <p class="visually-hidden" role="status" data-testid="announcement">${this.#said.value}</p>
            ${shown("slow") ? this.#slow() : nothing}
          </div>
          <div>
            ${configs ? form(configs, this.#take) : nothing} ${keptPart()}
            ${shown("more") && configs ? this.#more(configs) : nothing}
            ${shown("recipes") ? recipes(this.#canBegin(), this.#cook) : nothing}
          </div>
        </div>`,
    );
  }

  /** The curves and samples of the shown model. */
  #past() {
    const rate = shown("rate") && this.#isUnderWay() ? ratePart((work) => this.attempt(work)) : nothing;
    return html`${figure(subjectName(), rate)} ${shown("compared") ? comparedPart() : nothing} ${samplesPart()}`;
  }

  /** What a run that has not begun will show. */
  #toCome(configs: Configs) {
    const vocabulary = state.estimate.value?.vocabSize ?? configs.tokenizer.vocabSize;
    return html`${figureToCome(subjectName(), configs, vocabulary)} ${samplesToCome(configs.train)}`;
  }

  // ---------- parts ----------

  #transport() {
    const mine = texts();
    const now = this.#status();
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
        ${action({ name: "stop", label: mine.stop, able: run.isOpen() && now !== "stopped" && now !== "idle", act: run.stop })}
        ${now === "idle" ? nothing : action({ name: "start-over", label: mine.startOver, able: rests && this.#hasCorpus(), act: this.#begin })}
        <span class="status ${now}" role="status" data-testid="status" data-status=${now}>${mine.status[now]}</span>
      </div>
      <p class="hint keys" id="transport-keys">${mine.keys}</p>
      ${this.#progress()}`;
  }

  #slow() {
    return slowPart(state.isOfModel.value, !under(this.#status()) && this.#canGoOn(), (work) => this.attempt(work));
  }

  /** Pauses a working run, starts one if there is none, and continues otherwise. */
  #mainButton() {
    const mine = texts();
    const now = this.#status();
    const more = fill(mine.goOn, { n: whole(state.configs.value?.train.steps ?? 0) });
    const play = ["play", mine.play];
    const faces = { idle: ["start", mine.start], done: ["go-on", more], pausing: play, paused: play, stopped: play };
    const [name = "", label = ""] = under(now) ? ["pause", mine.pause] : faces[now];
    const can = now === "idle" ? this.#hasCorpus() : under(now) || this.#canGoOn();
    const able = phase.value === "ready" && !this.#isPreparing.value && can;
    return action({ name, label, able, act: this.#main, primary: true });
  }

  #progress() {
    const progress = run.progress.value;
    if (!progress || !under(this.#status())) return nothing;
    return html`<label class="progress"
      >${texts().stage[progress.stage]}
      <progress .value=${progress.done} .max=${Math.max(1, progress.total)}></progress
    ></label>`;
  }

  #more(configs: Configs) {
    return html`<details class="more">
      <summary>${t().more}</summary>
      ${dropZone(this.#take)} ${allFields(configs)}
      <p class="hint">${texts().nextRun}</p>
      ${browserPart(shown)}
    </details>`;
  }

  // ---------- acts ----------

  /** The current run's; a run that has not begun is idle, whatever another does. */
  #status(): run.RunStatus {
    return state.isOfModel.value ? run.status.value : "idle";
  }

  /** Whether the current run is shown and can continue. */
  #canGoOn(): boolean {
    return state.isOfModel.value && (run.isOpen() || (model.value?.resumable ?? false));
  }

  /** Whether a run with these settings has a corpus. */
  #hasCorpus(): boolean {
    return !isMissing.value;
  }

  /** Whether there is a run whose learning rate can be changed; after a reload it need not be open. */
  #isUnderWay(): boolean {
    const now = this.#status();
    return now !== "idle" && now !== "preparing" && this.#canGoOn();
  }

  #main = (): void => {
    const now = this.#status();
    if (under(now)) run.pause();
    else if (now === "idle") void this.#begin();
    else if (!this.#canGoOn()) return;
    else if (now === "done") run.goOn(state.configs.value?.train.steps ?? 0);
    else run.play();
  };

  /** Space and the full stop act only while the transport has the focus, so that Space scrolls the page elsewhere. */
  #transportKey = (event: KeyboardEvent): void => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const isSpace = event.key === " " && event.target === event.currentTarget;
    if (!isSpace && event.key !== ".") return;
    event.preventDefault();
    if (isSpace) this.#main();
    else if (!under(this.#status()) && this.#canGoOn()) run.step();
  };

  /** A working run pauses first: then all of it is on disk. */
  #begin = async (): Promise<void> => {
    if (!this.#hasCorpus() || this.#isPreparing.value) return;
    if (under(run.status.value)) run.pause();
    if (await mayReplace()) await this.#start();
  };

  #cook = async (settings: Settings): Promise<void> => {
    if (!this.#canBegin() || !(await mayReplace())) return;
    state.cook(settings);
    await this.#start();
  };

  /** Whether a recipe can start: the core runs, no run is working, and no corpus is being generated. */
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
    if (file) void this.attempt(() => takeCorpus(file));
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

/** Whether the run is working. */
function under(status: run.RunStatus): status is "running" | "preparing" {
  return status === "running" || status === "preparing";
}

customElements.define("tp-train-lab", TrainLab);
