// The next-token figure: candidates as bars after a chosen stage of the sampler, and all stages in a table behind it.
import { html, nothing, svg } from "lit";
import "../../components/probability-bars.ts";
import type { Bar } from "../../components/probability-bars.ts";
import { tokenChip } from "../../components/token-chip.ts";
import { tokenText, wholeText } from "../../components/token-text.ts";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { titled } from "../../figures/texts.ts";
import { fill, fine, percent, t, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { read, write } from "../../settings.ts";
import type { NextTokens, SamplingStage } from "../../worker/protocol.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";

export function nextFigure() {
  const all = state.next.value;
  const mine = texts();
  if (!all) return nothing;
  const count = state.settings.value.candidates;
  const next = { ...all, candidates: all.candidates.slice(0, count) };
  const last = next.stages.length - 1;
  const wanted = next.stages.indexOf(read("stage") as SamplingStage);
  const at = wanted >= 0 ? wanted : last;
  const bars = next.candidates.map(({ id, bytes, probs }): Bar => ({ id, bytes, prob: probs[at] ?? 0, raw: probs[0] ?? 0 }));
  return html`<figure class="next" aria-label=${mine.next}>
    <h3>${mine.next}</h3>
    <p class="hint" data-testid="survivors"
      >${fill(mine.survivors, { n: whole(next.survivors[at] ?? 0) })}${unshown(next, all.candidates.slice(count), at)}</p
    >
    ${stages(next, at)}
    <tp-probability-bars
      .bars=${bars}
      .label=${mine.next}
      .percent=${percent}
      .names=${at === 0 ? [mine.stages.raw] : [mine.stages[next.stages[at] ?? "raw"], mine.stages.raw]}
      @append=${(event: CustomEvent<Bar>) => append(event.detail)}
    ></tp-probability-bars>
    <p class="hint">${mine.append}</p>
    ${figureMenu(mine.next, () => asFigure(next, at, bars))} ${table(next)}
  </figure>`;
}

/** Tokens still possible after a stage that have no bar, as far as known. */
function unshown({ survivors, candidates }: NextTokens, others: NextTokens["candidates"], at: number) {
  const isPossible = ({ probs }: NextTokens["candidates"][number]) => (probs[at] ?? 0) > 0;
  const missing = (survivors[at] ?? 0) - candidates.filter(isPossible).length;
  if (missing <= 0) return nothing;
  const mine = texts();
  const found = others.filter(isPossible);
  const isAll = found.length === missing;
  const words = fill(isAll ? mine.leftNamed : mine.left, { missing: whole(missing) });
  return html`${words} ${isAll ? found.map(({ id, bytes }) => html`${tokenChip(id, bytes)} `) : nothing}`;
}

/** The bars as a figure, with every stage's probabilities. */
function asFigure(next: NextTokens, at: number, bars: readonly Bar[]): Figure {
  const mine = texts();
  const stage = next.stages[at] ?? "raw";
  const shown = bars.map(({ bytes, prob, raw }) => ({ name: tokenText(bytes).text, value: prob, behind: raw, text: percent(prob) }));
  return {
    file: ["sample", "next", stage, "step", model.value?.step ?? 0],
    title: titled(mine.next, mine.stages[stage]),
    plot: { kind: "bars", scale: "probability", x: mine.stages[stage], ...(at === 0 ? {} : { behind: mine.stages.raw }), bars: shown },
    data: {
      columns: ["id", "token", "logit", ...next.stages],
      rows: () => next.candidates.map(({ id, bytes, logit, probs }) => [id, tokenText(bytes).text, logit, ...probs]),
    },
  };
}

function append(bar: Bar): void {
  const text = wholeText(bar.bytes);
  if (text !== null) state.setPrompt(state.prompt.value + text);
}

function stages(next: NextTokens, at: number) {
  const names = texts().stages;
  const choose = (stage: SamplingStage) => write("stage", stage === next.stages.at(-1) ? undefined : stage);
  return html`<fieldset class="segments">
    <legend>${texts().stage}</legend>
    ${next.stages.map(
      (stage, index) =>
        html`<label class=${isIdle(next, index) ? "idle" : nothing} title=${isIdle(next, index) ? texts().idle : nothing}
          ><input
            type="radio"
            name="stage"
            data-testid="stage-${stage}"
            value=${stage}
            .checked=${index === at}
            @change=${() => choose(stage)}
          /><span>${names[stage]}${stagePicture(next, index)}<small>${whole(next.survivors[index] ?? 0)}</small></span></label
        >`,
    )}
  </fieldset>`;
}

/** Whether a stage changes nothing. */
function isIdle({ candidates, survivors }: NextTokens, stage: number): boolean {
  if (stage === 0 || survivors[stage] !== survivors[stage - 1]) return false;
  return candidates.every(({ probs }) => Math.abs((probs[stage] ?? 0) - (probs[stage - 1] ?? 0)) < 1e-6);
}

/** A small picture of the candidates after a stage. */
function stagePicture({ candidates }: NextTokens, stage: number) {
  const most = Math.max(1e-9, ...candidates.map(({ probs }) => probs[stage] ?? 0));
  const width = 100 / Math.max(1, candidates.length);
  return html`<svg class="stage-picture" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
    ${candidates.map(({ probs }, at) => {
      const height = (24 * (probs[stage] ?? 0)) / most;
      return svg`<rect x=${at * width} y=${24 - height} width=${width * 0.8} height=${height}></rect>`;
    })}
  </svg>`;
}

function table(next: NextTokens) {
  const names = texts().stages;
  return html`<details class="table">
    <summary>${t().table}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label=${t().table}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t().tokens.joined}</th>
            <th scope="col">id</th>
            <th scope="col">logit</th>
            ${next.stages.map((stage) => html`<th scope="col">${names[stage]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${next.candidates.map(
            ({ id, bytes, logit, probs }) =>
              html`<tr>
                <th scope="row">${tokenText(bytes).text}</th>
                <td>${id}</td>
                <td>${fine(logit)}</td>
                ${probs.map((prob) => html`<td>${prob === 0 ? "–" : percent(prob)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
