// The Sample lab: a prompt, the sampler, the next token stage by stage, and a text that streams in, shaded by surprise.
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import { proseField, switchField } from "../../components/fields.ts";
import { chipAmong } from "../../components/token-chip.ts";
import { tokenName, tokensOf } from "../../components/token-pieces.ts";
import "../../components/token-strip.ts";
import { fill, fine, percent, t, whole } from "../../i18n/index.ts";
import { model } from "../../session.ts";
import { read, shown, write } from "../../settings.ts";
import type { TokenLogprob } from "../../worker/protocol.ts";
import { LabView } from "../lab.ts";
import { promptHint } from "../prompt-hint.ts";
import { surpriseScale } from "../scales.ts";
import { bothPart, stopBoth } from "./both.ts";
import { nextFigure } from "./next.ts";
import "./sample.css";
import { rest, samplers } from "./sampling.ts";
import * as state from "./state.ts";
import { texts } from "./texts.ts";
import { treePart, watchTree } from "./tree.ts";
import { DEEPEST, surpriseMean } from "./writer.ts";

class SampleLab extends LabView {
  protected override readonly error = state.error;
  protected override keys = {
    run: () => void state.generate(),
    stop: () => {
      state.stop();
      stopBoth();
    },
  };

  /** The stage last brought into view. */
  #stage = "";

  protected override watches() {
    return [state.watch(), watchTree(), stopBoth];
  }

  /** In a narrow lab the stages scroll sideways. */
  protected override updated(): void {
    const stage = this.querySelector<HTMLElement>(".next .segments :checked + span");
    if (!stage || stage.textContent === this.#stage) return;
    this.#stage = stage.textContent;
    const row = stage.closest("fieldset");
    if (row) row.scrollLeft += stage.getBoundingClientRect().right - row.getBoundingClientRect().right + 8;
  }

  protected override render() {
    const mine = { ...t().sample, ...texts() };
    if (!model.value) return this.frame(mine, this.noModel(mine.noModel));
    return this.frame(
      mine,
      html`<div class="columns">
        <div>${this.#prompt()} ${this.notice()} ${this.#output()}</div>
        <div class="canvas">
          <div class="samplers">${samplers(["temperature", "topK", "topP", "minP"])}</div>
          ${nextFigure()}
        </div>
        ${
          shown("more")
            ? html`<details class="more">
                <summary>${t().more}</summary>
                ${rest()}
              </details>`
            : nothing
        }
        <div class="wide-parts">
          ${shown("tree") ? treePart() : nothing} ${shown("both") ? bothPart((work) => this.attempt(work)) : nothing}
        </div>
      </div>`,
    );
  }

  #prompt() {
    const mine = texts();
    const writes = state.writing.value;
    return html`${proseField({ name: "prompt", label: mine.prompt, rows: 2, value: state.prompt.value, change: state.setPrompt })}
      ${promptHint(state.prompt.value)}
      <div class="row">
        ${action({ name: "generate", label: mine.run, able: !writes, act: () => void state.generate(), primary: true })}
        ${action({ name: "stop-generate", label: mine.stop, able: writes, act: state.stop })}
        ${action({ name: "continue", label: mine.goOn, able: state.finished.value !== null, act: state.continueFrom })}
      </div>`;
  }

  #output() {
    const mine = texts();
    const shaded = read("shade") !== "false";
    if (state.written.value.length === 0 && !state.finished.value) return html`<p class="hint output-none">${mine.nothing}</p>`;
    return html`<figure class="output" aria-label=${mine.output}>
      <h3>${mine.output}</h3>
      ${switchField({
        name: "shade",
        label: mine.shade,
        value: shaded,
        change: (value) => write("shade", value ? undefined : "false"),
      })}
      <p class="written" data-testid="written"><span class="given">${state.writtenPrompt.value}</span>${state.writtenText.value}</p>
      <tp-token-strip
        class="of-surprise"
        .source=${state.source.value}
        .shade=${shaded ? state.surprise : null}
        .label=${mine.output}
        .current=${state.current.value}
        @hover-token=${this.#look}
        @pick-token=${this.#pick}
      ></tp-token-strip>
      ${shaded ? surpriseScale(DEEPEST) : nothing} ${this.#mean()} ${this.#detail()} ${this.#branches()}
      <p class="hint" role="status" data-testid="finished">${state.finished.value ? mine.finished[state.finished.value] : nothing}</p>
    </figure>`;
  }

  /** An alternative token; a press puts it there. */
  #alternative(other: TokenLogprob, id: number) {
    const at = state.current.value;
    const before = state.written.value.slice(Math.max(0, at - 3), at).map(({ bytes }) => bytes);
    const tokens = tokensOf([...before, other.bytes]);
    const chip = html`${chipAmong(other.id, tokens, before.length)} ${percent(Math.exp(other.logprob))}`;
    if (other.id === id) return html`<span class="alternative">${chip}</span> `;
    const label = fill(texts().force, { token: `“${tokenName(tokens, before.length)}”` });
    const force = () => state.force(at, other);
    return html`<button class="alternative plain-button" title=${label} data-testid="force" @click=${force}>${chip}</button> `;
  }

  #branches() {
    const n = state.branches.value.length;
    return n === 0 ? nothing : action({ name: "branch-back", label: fill(texts().back, { n: whole(n) }), act: state.back });
  }

  #mean() {
    const mean = surpriseMean(state.written.value);
    if (!mean) return nothing;
    const words = fill(texts().mean, { nats: fine(mean.nats), perplexity: fine(mean.perplexity) });
    return html`<p class="hint" data-testid="mean" data-nats=${mean.nats} data-perplexity=${mean.perplexity}>${words}</p>`;
  }

  #look = (event: CustomEvent<number>): void => {
    if (!state.isPicked.value) state.current.value = event.detail;
  };

  /** A picked token stays until it is clicked again. */
  #pick = (event: CustomEvent<number>): void => {
    state.isPicked.value = !(state.isPicked.value && state.current.value === event.detail);
    state.current.value = event.detail;
  };

  /** The token under the pointer, and its alternatives. */
  #detail() {
    const mine = texts();
    const token = state.written.value[state.current.value];
    if (!token) return html`<p class="detail">${t().tokens.none}</p>`;
    const words = fill(mine.tokenDetail, {
      token: `“${tokenName(state.source.value, state.current.value)}”`,
      prob: percent(Math.exp(token.logprob)),
      logprob: fine(token.logprob),
    });
    return html`<div class="detail" aria-live="polite" data-testid="token-detail">
      <p>${words}</p>
      ${
        token.top.length > 0
          ? html`<p>
              ${mine.alternatives}
              ${token.top.map((other) => this.#alternative(other, token.id))}
            </p>`
          : nothing
      }
    </div>`;
  }
}

customElements.define("tp-sample-lab", SampleLab);
