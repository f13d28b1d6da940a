// The Inside lab: one forward pass of the live model over a text, with every number: what tokens read from each other, what a block
// computes, what would come next at each depth, where the tokens lie, and what two texts make of one token.
import { html, nothing } from "lit";
import "./inside.css";
import { choiceField, proseField } from "../../components/fields.ts";
import "../../components/token-strip.ts";
import { fill, glossed, t, whole } from "../../i18n/index.ts";
import { model, shippedAs } from "../../session.ts";
import { read, shown } from "../../settings.ts";
import type { Inside, ModelConfig } from "../../worker/protocol.ts";
import { LabView } from "../lab.ts";
import { attention, chosenWeights } from "./attention.ts";
import { block } from "./block.ts";
import { compare } from "./compare.ts";
import { lens } from "./lens.ts";
import { map } from "./map.ts";
import { opened } from "./opened.ts";
import { overview } from "./overview.ts";
import { positions } from "./positions.ts";
import * as state from "./state.ts";
import { stripSource } from "./strip.ts";
import { texts } from "./texts.ts";

/** The hint is about the example text, and about a slider in the page's bar. */
const isOfExample = (): boolean =>
  shippedAs.value !== null && read("inside.text") === undefined && document.documentElement.dataset.page !== "embed";

class InsideLab extends LabView {
  protected override readonly error = state.error;
  protected override keys = { stop: state.zoomOut };

  #shown = "";
  #summed: unknown = null;

  /** After a step inwards or back the keyboard goes on in the new picture; a sum that opens comes into view. */
  protected override updated(): void {
    const [view, sum] = [state.view.value, state.sum.value];
    const wasHere = this.#shown !== "" && this.#shown !== view;
    this.#shown = view;
    if (wasHere && (document.activeElement === document.body || document.activeElement === null))
      this.querySelector<HTMLElement>(".zooms :is(.way-door[tabindex='0'], .thumb[aria-pressed='true'])")?.focus();
    if (sum && sum !== this.#summed) this.querySelector('[data-testid="sum"]')?.scrollIntoView({ block: "nearest" });
    this.#summed = sum ?? null;
  }

  protected override watches() {
    return [state.watch()];
  }

  protected override render() {
    const mine = { ...t().inside, ...texts(), ...(isOfExample() ? {} : { tryThis: "" }) };
    if (!model.value) return this.frame(mine, this.noModel(mine.noModel));
    // What is below the figure appears together with it, so that it does not move.
    const waits = !state.inside.value && !state.error.value;
    if (waits) return this.frame({ ...mine, tryThis: "" }, this.#text());
    return this.frame(mine, html`${this.#text()} ${this.notice()} ${this.#views()} ${this.#trail()} ${this.#view()} ${this.#below()}`);
  }

  /** The picture has the tokens itself; the other views have them above. */
  #text() {
    const inside = state.inside.value;
    return html`<div class="inside-text" aria-busy=${inside || state.error.value ? "false" : "true"}>
      ${shown("text") ? this.#field() : nothing} ${inside && !this.#isPicture() ? this.#strip(inside) : nothing}
    </div>`;
  }

  #isPicture(): boolean {
    return state.view.value === "model" || state.view.value === "block";
  }

  #below() {
    const mine = texts();
    const inside = state.inside.value;
    return html`<p class="hint inside-hint">${glossed(mine.viewHints[state.view.value])}</p>
      ${inside ? this.#read(inside) : nothing}`;
  }

  #read({ ids, unread, step }: Inside) {
    const mine = texts();
    return html`<p class="hint" data-testid="inside-status">
      ${fill(unread > 0 ? mine.readEnd : mine.read, { n: whole(ids.length), unread: whole(unread), step: whole(step) })}
    </p>`;
  }

  /** Where in the model one is, with the way back. */
  #trail() {
    const mine = texts();
    const [view, block, head] = [state.view.value, whole(state.block.value), whole(state.head.value)];
    if (view !== "block" && view !== "attention") return nothing;
    const up = (name: string, label: string, act: () => void) =>
      html`<li><button class="link" data-testid="trail-${name}" @click=${act}>${label}</button></li>`;
    const here = (label: string) => html`<li aria-current="location">${label}</li>`;
    const toBlock = fill(mine.trail.block, { block });
    const step = state.step.value;
    const inBlock = step
      ? [up("block", toBlock, () => state.zoomToBlock(state.block.value)), here(mine.steps[step].name)]
      : [here(toBlock)];
    const inHead = [up("block", toBlock, () => state.zoomToBlock(state.block.value)), here(fill(mine.trail.head, { head }))];
    return html`<nav class="trail" aria-label=${mine.trail.label} data-testid="trail">
      <ol>${up("model", mine.trail.model, state.zoomToModel)}${view === "block" ? inBlock : inHead}</ol>
      ${view === "block" && model.value ? this.#which(model.value.config) : nothing}
    </nav>`;
  }

  #field() {
    return proseField({
      name: "inside-text",
      label: texts().text,
      rows: 1,
      value: state.settings.value.text,
      change: (text) => state.set("text", text),
    });
  }

  #strip(inside: Inside) {
    const mine = texts();
    const { config } = model.value ?? {};
    const weights = state.view.value === "attention" && config ? chosenWeights(inside, config) : null;
    const row = state.focus.value;
    // A square root makes small shares visible too.
    const shade = weights ? (index: number) => Math.sqrt(weights.values[row * weights.columns + index] ?? 0) : null;
    return html`<tp-token-strip
        .source=${stripSource(inside)}
        .shade=${shade}
        .label=${mine.tokens}
        .current=${row}
        @hover-token=${(event: CustomEvent<number>) => (state.hovered.value = { row: event.detail, column: -1 })}
        @pick-token=${(event: CustomEvent<number>) => pick(event.detail)}
        @pointerleave=${() => (state.hovered.value = { row: -1, column: -1 })}
      ></tp-token-strip>`;
  }

  #views() {
    const mine = texts();
    return html`<fieldset class="segments inside-views">
        <legend class="visually-hidden">${mine.view}</legend>
        ${state.VIEWS.filter((view) => shown(`view-${view}`)).map(
          (view) =>
            html`<label
              ><input
                type="radio"
                name="inside-view"
                data-testid="view-${view}"
                .checked=${view === state.view.value}
                @change=${() => state.set("view", view)}
              /><span>${mine.views[view]}</span></label
            >`,
        )}
      </fieldset>`;
  }

  #view() {
    const inside = state.inside.value;
    const { config } = model.value ?? {};
    if (!inside || !config) return nothing;
    switch (state.view.value) {
      case "model":
        return overview(inside, config);
      case "attention":
        return html`${attention(inside, config)} ${state.summedCell.value?.step === "weights" ? opened(inside) : nothing}`;
      case "block":
        return block(inside, config);
      case "lens":
        return lens(inside);
      case "map":
        return map(inside);
      case "compare":
        return compare(inside, config);
      case "positions":
        return positions(inside, config);
    }
  }

  /** The chosen block and head. */
  #which(config: ModelConfig) {
    const mine = texts();
    const choices = (count: number) => Array.from({ length: count }, (_, index) => [String(index), whole(index)] as const);
    return html`<div class="row">
      ${choiceField({
        name: "inside-block",
        label: mine.block,
        value: String(state.block.value),
        options: choices(config.nLayer),
        change: (value) => state.set("block", Number(value)),
      })}
      ${choiceField({
        name: "inside-head",
        label: mine.head,
        value: String(state.head.value),
        options: choices(config.nHead),
        change: (value) => state.set("head", Number(value)),
      })}
    </div>`;
  }
}

function pick(token: number): void {
  state.set("token", token);
}

customElements.define("tp-inside-lab", InsideLab);
