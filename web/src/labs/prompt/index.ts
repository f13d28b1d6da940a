// The Prompt lab: a task, examples before the question, a way to answer; rows of questions that the model never met, its
// answers, and how sure their share of right ones is.
import { html, nothing } from "lit";
import "./prompt.css";
import { action } from "../../components/action.ts";
import { choiceField, numberField } from "../../components/fields.ts";
import "../../components/slider-field.ts";
import { fill, percent, short, t, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { shown } from "../../settings.ts";
import type { Ask, Score } from "../../worker/protocol.ts";
import { LabView } from "../lab.ts";
import { TASKS, texts as worldTexts } from "../world/texts.ts";
import * as state from "./state.ts";
import { table } from "./table.ts";
import { texts } from "./texts.ts";

class PromptLab extends LabView {
  protected override readonly error = state.error;
  protected override keys = { run: () => void state.start(), stop: state.stop };

  protected override watches() {
    return [state.watch(), state.watchTokens()];
  }

  protected override render() {
    const mine = { ...t().prompt, ...texts() };
    if (!model.value) return this.frame(mine, this.noModel(mine.noModel));
    return this.frame(
      mine,
      html`<div class="columns">
        <div>${this.#controls()} ${this.#transport()} ${this.notice()} ${this.#said()} ${this.#history()}</div>
        <div class="canvas">${this.#score()} ${table()}</div>
      </div>`,
    );
  }

  // ---------- parts ----------

  #controls() {
    const [mine, world] = [texts(), worldTexts()];
    const { task, language, shots, style } = state.ask.value;
    const options = (names: Record<string, string>) => Object.entries(names);
    return html`<div class="prompt-controls">
      ${choiceField({
        name: "ask-task",
        label: mine.task,
        value: task,
        options: TASKS.map((each) => [each, world.tasks[each]] as const),
        change: (value) => state.set("task", value),
      })}
      <tp-slider
        .name=${"ask-shots"}
        .label=${mine.shots}
        .value=${shots}
        .max=${state.MAX_SHOTS}
        .step=${1}
        @value=${(event: CustomEvent<number>) => state.set("shots", Math.round(event.detail))}
      ></tp-slider>
      ${
        state.hasStyles.value
          ? choiceField({
              name: "ask-style",
              label: mine.style,
              value: style,
              options: options(world.styles),
              change: (value) => state.set("style", value),
            })
          : nothing
      }
      <div class="grid">
        ${numberField({ name: "ask-rows", label: mine.rows, value: state.count.value, change: (value) => state.set("rows", value) })}
        ${choiceField({
          name: "ask-language",
          label: mine.language,
          value: language,
          options: options(world.languages),
          change: (value) => state.set("language", value),
        })}
      </div>
      <p class="hint">${task === "facts" ? mine.seen : mine.unseen}</p>
    </div>`;
  }

  #transport() {
    const mine = texts();
    const asks = state.isAsking.value;
    return html`<div class="row">
      ${action({ name: "ask-run", label: mine.run, able: state.able.value, act: () => void state.start(), primary: true })}
      ${action({ name: "ask-stop", label: mine.stop, able: asks, act: state.stop })}
      ${shown("seed") ? action({ name: "ask-fresh", label: mine.fresh, able: !asks, act: () => state.set("seed", state.seed.value + 1) }) : nothing}
    </div>`;
  }

  /** The score for those who hear it: once, when all answers are there. */
  #said() {
    const now = state.isAsking.value ? null : state.result.value;
    return html`<p class="visually-hidden" role="status">${now ? share(now.score) : nothing}</p>`;
  }

  #score() {
    const mine = texts();
    const now = state.result.value;
    if (!now) return nothing;
    const { n, accuracy, low, high } = now.score;
    const took = fill(mine.took, { n: whole(n), time: now.seconds.toFixed(1), step: whole(now.step) });
    return html`<figure class="prompt-score" data-testid="score" data-n=${n} data-score=${JSON.stringify({ n, accuracy, low, high })}>
      <figcaption><strong>${share(now.score)}</strong> ${fill(mine.interval, { low: percent(low), high: percent(high) })}</figcaption>
      ${interval(accuracy, low, high)}
      <p class="hint" data-testid="ask-status">
        ${state.isAsking.value ? fill(mine.asking, { done: whole(n), n: whole(state.rows.value.length) }) : took}
      </p>
    </figure>`;
  }

  #history() {
    const all = state.results.value;
    if (all.length === 0) return nothing;
    const mine = texts();
    return html`<h3>${mine.history}</h3>
      <ol class="prompt-history" data-testid="prompt-history">
        ${all.map(measured)}
      </ol>`;
  }
}

function share({ n, correct, accuracy }: Score): string {
  return fill(texts().score, { correct: whole(correct), n: whole(n), accuracy: percent(accuracy) });
}

function measured({ ask, changed, score: { n, accuracy, low, high }, step, parameters }: state.Result) {
  const mine = texts();
  const values = { n: whole(n), low: percent(low), high: percent(high), step: whole(step), parameters: short(parameters) };
  const rewritten = changed > 0 ? ` · ${fill(mine.changed, { n: whole(changed) })}` : "";
  return html`<li>
    <span>${conditionName(ask)}${rewritten}</span> <strong>${percent(accuracy)}</strong>
    ${interval(accuracy, low, high)}
    <span class="hint">${fill(mine.historyNote, values)}</span>
  </li>`;
}

function conditionName({ task, language, shots, style }: Ask): string {
  const world = worldTexts();
  const parts = [world.tasks[task], world.languages[language], fill(texts().shotsShort, { n: whole(shots) })];
  return [...parts, ...(style === "direct" ? [] : [world.styles[style]])].join(" · ");
}

/** A bar of the share with its interval as a line across it; the caption says the same in words. */
function interval(accuracy: number, low: number, high: number) {
  return html`<svg class="interval" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="4"></rect>
    <rect class="prob" width=${100 * accuracy} height="4"></rect>
    <rect class="within" x=${100 * low} y="1.6" width=${Math.max(0.3, 100 * (high - low))} height="0.8"></rect>
  </svg>`;
}

customElements.define("tp-prompt-lab", PromptLab);
