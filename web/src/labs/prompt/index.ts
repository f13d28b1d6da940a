// The Prompt lab: the same questions asked in several ways, side by side; how often each way is right and how certain that is; the curve of
// accuracy by examples; and the gain from answering in steps.
import { html, nothing } from "lit";
import "./prompt.css";
import { action } from "../../components/action.ts";
import { choiceField, numberField } from "../../components/fields.ts";
import { fill, glossed, percent, t, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { shown } from "../../settings.ts";
import { LabView } from "../lab.ts";
import { TASKS, texts as worldTexts } from "../world/texts.ts";
import * as asking from "./asking.ts";
import { columnChoice } from "./choose.ts";
import { curve } from "./curve.ts";
import { gains } from "./gain.ts";
import { columnName } from "./names.ts";
import { fileNote, files, history, ownSetUp } from "./panels.ts";
import * as state from "./state/index.ts";
import { table } from "./table.ts";
import { texts } from "./texts.ts";
import { watchLengths, watchTokens } from "./tokens.ts";

class PromptLab extends LabView {
  protected override readonly error = state.error;
  protected override keys = { run: () => void asking.start(), stop: asking.stop };

  protected override watches() {
    return [state.watch(), asking.watch(), watchTokens(), watchLengths()];
  }

  protected override render() {
    const mine = { ...t().prompt, ...texts() };
    if (!model.value) return this.frame(mine, this.noModel(mine.noModel));
    return this.frame(
      mine,
      html`${this.#controls()} ${this.notice()} ${this.#said()} ${fileNote()} ${columnChoice()} ${ownSetUp()} ${this.#view()} ${this.#about()}
      ${this.#more()} ${history()}`,
    );
  }

  #controls() {
    const [mine, world] = [texts(), worldTexts()];
    return html`<div class="prompt-controls">
        ${
          shown("task")
            ? choiceField({
                name: "ask-task",
                label: mine.task,
                value: state.task.value,
                options: [...TASKS.map((each) => [each, world.tasks[each]] as const), [state.OWN, mine.own] as const],
                change: state.setTask,
              })
            : nothing
        }
        ${shown("view") ? this.#views() : nothing} ${this.#transport()}
      </div>`;
  }

  /** What the view compares, and whether training could know the answers. */
  #about() {
    const mine = texts();
    const known: Record<string, string> = { facts: mine.seen, [state.OWN]: "" };
    return html`<p class="hint prompt-about">${glossed(mine.viewHints[state.view.value])} ${known[state.task.value] ?? mine.unseen}</p>`;
  }

  #views() {
    const mine = texts();
    return html`<fieldset class="segments">
      <legend>${mine.view}</legend>
      ${state.VIEWS.map(
        (view) =>
          html`<label
            ><input
              type="radio"
              name="prompt-view"
              data-testid="view-${view}"
              .checked=${view === state.view.value}
              @change=${() => state.set("view", view)}
            /><span>${mine.views[view]}</span></label
          >`,
      )}
    </fieldset>`;
  }

  #transport() {
    const mine = texts();
    const asks = asking.isAsking.value;
    const own = state.task.value === state.OWN;
    return html`<div class="row">
      ${action({ name: "ask-run", label: mine.run, able: asking.able.value, act: () => void asking.start(), primary: true })}
      ${action({ name: "ask-stop", label: mine.stop, able: asks, act: asking.stop })}
      ${shown("seed") && !own ? action({ name: "ask-fresh", label: mine.fresh, able: !asks, act: () => state.set("seed", state.seed.value + 1) }) : nothing}
      ${this.#status()}
    </div>`;
  }

  #status() {
    const mine = texts();
    const { done, total, seconds } = asking.progress.value;
    if (asking.isAsking.value) {
      const left = done > 0 ? ((total - done) * seconds) / done : 0;
      const words = fill(mine.asking, { done: whole(done), total: whole(total), time: left.toFixed(left < 10 ? 1 : 0) });
      return html`<span class="progress" data-testid="ask-status" data-asking="true"
        >${words}<progress aria-label=${words} max=${total} value=${done}></progress
      ></span>`;
    }
    const missing = asking.waiting.value;
    const answered = state.cells.value.length - missing;
    const step = whole(asking.answeredAt.value);
    const took = asking.isNewest.value ? fill(mine.took, { n: whole(done), time: seconds.toFixed(1), step }) : fill(mine.byStep, { step });
    return html`<span class="hint" data-testid="ask-status" data-asking="false" data-answered=${answered} data-missing=${missing}
      >${answered > 0 ? took : nothing} ${missing > 0 ? fill(mine.waiting, { n: whole(missing) }) : nothing}</span
    >`;
  }

  /** The scores for screen readers: once, when all answers have arrived. */
  #said() {
    const all = asking.isAsking.value || !asking.isComplete.value ? [] : asking.scores.value;
    const said = all.map((of, index) => {
      const column = state.columns.value[index];
      return column ? `${columnName(column)}: ${percent(of.accuracy)}` : "";
    });
    return html`<p class="visually-hidden" role="status">${said.join("; ")}</p>`;
  }

  #view() {
    switch (state.view.value) {
      case "table":
        return table();
      case "curve":
        return html`${state.hasSteps.value ? this.#curveStyle() : nothing} ${curve()}`;
      case "gain":
        return gains();
    }
  }

  #curveStyle() {
    const mine = texts();
    const styles = ["direct", "worked", "triggered"] as const;
    return html`<div class="prompt-narrow">
      ${choiceField({
        name: "ask-curve",
        label: mine.style,
        value: state.curveStyle.value,
        options: styles.map((style) => [style, fill(mine.styleChoices[style], { trigger: state.trigger.value })] as const),
        change: (style) => state.set("curve", style),
      })}
    </div>`;
  }

  #more() {
    const [mine, world] = [texts(), worldTexts()];
    const own = state.task.value === state.OWN;
    const { value: key } = state.countKey;
    return html`<details class="more">
      <summary data-testid="prompt-more">${mine.more}</summary>
      <div class="grid">
        ${
          own
            ? nothing
            : numberField({ name: "ask-rows", label: mine[key], value: state.count.value, change: (value) => state.set(key, value) })
        }
        ${choiceField({
          name: "ask-language",
          label: mine.language,
          value: state.language.value,
          options: Object.entries(world.languages),
          change: (value) => state.set("language", value),
        })}
      </div>
      ${files()}
    </details>`;
  }
}

customElements.define("tp-prompt-lab", PromptLab);
