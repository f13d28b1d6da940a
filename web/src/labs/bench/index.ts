// The Bench lab: how fast the reader's own device trains and decodes, compared with its own matrix product. All figures are measured when
// Run is pressed; none is stored or shipped.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "./bench.css";
import { copy } from "../../clipboard.ts";
import { action } from "../../components/action.ts";
import { switchField } from "../../components/fields.ts";
import { download } from "../../corpus.ts";
import { figureMenu } from "../../figures/menu.ts";
import { duration, fill, short, t } from "../../i18n/index.ts";
import { hashWith } from "../../settings.ts";
import type { Shape } from "../../worker/protocol.ts";
import { LabView } from "../lab.ts";
import { csv, json } from "./files.ts";
import * as state from "./state.ts";
import { asFigure, markdown, peakText, table } from "./table.ts";
import { texts } from "./texts.ts";
import { tiles } from "./tiles.ts";

class BenchLab extends LabView {
  protected override readonly error = state.error;
  protected override keys = { run: () => void state.start(), stop: state.stop };
  #said = signal("");
  /** Whether copying failed, so that the person has to do it. */
  #isManual = signal(false);

  protected override watches() {
    return [state.watch()];
  }

  protected override render() {
    return this.frame(
      { ...t().bench, ...texts() },
      html`${this.#transport()} ${this.#choices()} ${this.notice()} ${this.#results()}
        <h3>${texts().aboutTitle}</h3>
        <p class="bench-about">${fill(texts().about, { blocks: String(state.BLOCKS) })}</p>`,
    );
  }

  // ---------- parts ----------

  #choices() {
    const { cases, shapes, caseOf } = texts();
    const box = (name: string, label: string) =>
      switchField({ name: `bench-${name}`, label, value: state.isChosen(name), change: (value) => state.choose(name, value) });
    return html`<div class="bench-choices">
      <fieldset>
        <legend>${cases}</legend>
        ${state.CASES.map((name) => box(name, caseOf[name]))}
      </fieldset>
      <fieldset>
        <legend>${shapes}</legend>
        ${state.allShapes().map((shape) => box(shape.name, shapeLabel(shape)))}
      </fieldset>
    </div>`;
  }

  #transport() {
    const words = texts();
    const now = state.status.value;
    const measures = state.isMeasuring.value;
    return html`<div class="row">
        ${action({ name: "bench-run", label: words.run, able: state.isAble.value, act: () => void state.start(), primary: true })}
        ${action({ name: "bench-stop", label: words.stop, able: measures, act: state.stop })}
        <span class="status ${measures ? "running" : ""}" role="status" data-testid="bench-status" data-status=${now}
          >${statusText()}</span
        >
        ${measures ? html`<span class="status">${fill(words.elapsed, { time: duration(state.seconds.value) })}</span>` : nothing}
      </div>
      ${
        measures
          ? html`<progress class="bench-progress" aria-label=${words.progress} .value=${state.at.value} .max=${state.plan.value.length}></progress>`
          : this.#hindrance()
      }`;
  }

  /** Why Run cannot do anything. */
  #hindrance() {
    const words = texts();
    if (state.isTraining.value) {
      return html`<p class="hint" data-testid="bench-hindered">
        ${words.training} <a href=${hashWith({ lab: "train" })}>${t().bar.toTrain}</a>
      </p>`;
    }
    const isEmpty = state.allShapes().length > 0 && state.wanted.value.length === 0;
    return isEmpty ? html`<p class="hint" data-testid="bench-hindered">${words.nothingChosen}</p>` : nothing;
  }

  #results() {
    const [lines, peaks] = [state.lines.value, state.peaks.value];
    if (peaks.length === 0) return html`<p class="empty">${texts().empty}</p>`;
    const rows = state.measuredRows();
    return html`<figure aria-label=${t().bench.title}>
      ${peaks.map((peak) => html`<p data-testid="bench-peak">${peakText(peak)}</p>`)} ${lines.length > 0 ? html`${table(lines)} ${figureMenu(t().bench.title, () => asFigure(lines), false)}` : nothing}
      <div class="row">
        ${action({ name: "bench-copy", label: texts().copy, able: lines.length > 0, act: () => void this.#copy() })}
        ${action({ name: "bench-json", label: texts().saveJson, able: rows.length > 0, act: () => save("json", json(rows)) })}
        ${action({ name: "bench-csv", label: texts().saveCsv, able: rows.length > 0, act: () => save("csv", csv(rows)) })}
        <span role="status" data-testid="bench-said">${this.#said.value}</span>
      </div>
      ${tiles()} ${this.#isManual.value ? this.#manual(markdown(peaks, lines)) : nothing}
    </figure>`;
  }

  #manual(text: string) {
    return html`<label class="field"
      ><span>${texts().copyManual}</span
      ><textarea
        rows="8"
        readonly
        data-testid="bench-manual"
        .value=${text}
        @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}
      ></textarea>
    </label>`;
  }

  async #copy(): Promise<void> {
    const isCopied = await copy(markdown(state.peaks.value, state.lines.value));
    this.#isManual.value = !isCopied;
    this.#said.value = isCopied ? texts().copied : "";
    setTimeout(() => {
      this.#said.value = "";
    }, 4_000);
  }
}

function shapeLabel({ name, model, decodeOnly }: Shape): string {
  const words = texts();
  const parameters = state.parameters.value.get(name);
  const values = { name, layers: String(model.nLayer), width: String(model.dModel) };
  const label = parameters === undefined ? fill(words.shape, values) : fill(words.shapeWeighed, { ...values, n: short(parameters) });
  return decodeOnly ? fill(words.decodeOnly, { shape: label }) : label;
}

function statusText(): string {
  const { status, caseOf } = texts();
  const now = state.status.value;
  const row = state.plan.value[state.at.value];
  if (now !== "row" || !row) return status[now];
  const [place, of] = [String(state.at.value + 1), String(state.plan.value.length)];
  return fill(status.row, { at: place, of, case: caseOf[row.case], shape: row.shape.name });
}

function save(kind: "json" | "csv", text: string): void {
  download(`tadpole-bench.${kind}`, new TextEncoder().encode(text));
}

customElements.define("tp-bench-lab", BenchLab);
