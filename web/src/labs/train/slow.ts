// One update taken slowly: the next batch with the loss of each token, the gradient of every part of the model, and, after the step, how
// far each part moved. Computed by the core, only on request, while the run is paused.
import { batch, effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import "../../components/token-strip.ts";
import type { TokenSource } from "../../components/token-strip.ts";
import { tokenText } from "../../components/token-text.ts";
import type { Figure } from "../../figures/figure.ts";
import { figureMenu } from "../../figures/menu.ts";
import { fill, fine, glossed, percent, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";
import { client, model } from "../../session.ts";
import { read } from "../../settings.ts";
import type { Moved, NextUpdate } from "../../worker/protocol.ts";
import { surpriseScale } from "../scales.ts";
import { norms, type Part, partName } from "./parts.ts";
import { texts } from "./texts.ts";

/** Nats that get the strongest shade. */
const DEEPEST = 6;
const FIRST_ROWS = 2;

const peek = signal<NextUpdate | null>(null);
/** What the previewed step measured, and how far each part moved. */
const made = signal<{ trainLoss: number; gradNorm: number; moved: Moved[] } | null>(null);
const busy = signal(false);
const rows = signal(FIRST_ROWS);
const pointed = signal<{ row: number; token: number } | null>(null);

async function look(): Promise<void> {
  const next = await client().call("nextUpdate", {});
  forget();
  peek.value = next;
}

/** The preview no longer holds: the next update is another one. */
export function forget(): void {
  batch(() => {
    peek.value = null;
    made.value = null;
    pointed.value = null;
    rows.value = FIRST_ROWS;
  });
}

// Another run may reach the same step number.
effect(() => {
  if (["idle", "preparing", "stopped"].includes(run.status.value)) forget();
});

/** Takes the previewed step, and no other. */
async function take(): Promise<void> {
  const before = peek.value?.step ?? 0;
  run.step();
  while (run.isOpen() && (run.columns.value.steps.at(-1) ?? 0) <= before) await new Promise((later) => setTimeout(later, 20));
  const { steps, trainLoss, gradNorm } = run.columns.value;
  const at = steps.indexOf(before + 1);
  const [loss, norm] = [trainLoss[at], gradNorm[at]];
  const moved = run.isOpen() ? await client().call("updateMade", {}) : null;
  if (moved && typeof loss === "number" && typeof norm === "number") made.value = { trainLoss: loss, gradNorm: norm, moved };
}

type Attempt = (work: () => Promise<void>) => Promise<void>;

/** `isShown`: whether the page shows the current run; `rests`: whether that run can take a step now. */
export function slowPart(isShown: boolean, rests: boolean, attempt: Attempt) {
  const mine = texts().slow;
  const act = (work: () => Promise<void>) => () => {
    busy.value = true;
    void attempt(work).finally(() => {
      busy.value = false;
    });
  };
  const next = peek.value;
  const step = model.value?.step ?? 0;
  const isNext = next !== null && next.step === step;
  const isOpen = isShown && run.isOpen();
  const isOver = isOpen && step >= run.totalSteps.value;
  const able = rests && !busy.value && !isOver;
  return html`<details class="part slow" data-testid="slow" ?open=${read("slow") === "open"}>
    <summary>${mine.title}</summary>
    <p class="hint">${glossed(mine.lead)}</p>
    <div class="row">
      ${action({ name: "slow-look", label: mine.look, able: able && isOpen, act: act(look), primary: !isNext })}
      ${action({ name: "slow-take", label: mine.take, able: able && isNext, act: act(take), primary: isNext })}
    </div>
    ${isOpen && !isOver ? nothing : html`<p class="hint">${isOver ? mine.over : mine.closed}</p>`}
    ${next && isShown && (isNext || made.value) ? stages(next) : nothing}
  </details>`;
}

function stages(next: NextUpdate) {
  const mine = texts().slow;
  const t = next.losses.length / next.rows;
  const loss = fine(next.trainLoss);
  const stage = (name: string, words: string, body: unknown = nothing) =>
    html`<li>
      <h4>${name}</h4>
      <p>${glossed(words)}</p>
      ${body}
    </li>`;
  return html`<ol class="slow-stages" data-testid="slow-stages" data-step=${next.step} data-loss=${next.trainLoss} data-norm=${next.gradNorm}>
    ${stage(mine.batch, fill(next.batches > 1 ? mine.batchesSaid : mine.batchSaid, { rows: whole(next.rows), tokens: whole(t), batches: whole(next.batches) }))}
    ${stage(mine.forward, mine.forwardSaid, strips(next, t))}
    ${stage(mine.loss, fill(mine.lossSaid, { loss, share: percent(Math.exp(-next.trainLoss)) }))}
    ${stage(mine.backward, fill(mine.backwardSaid, { norm: fine(next.gradNorm) }), gradients(next))}
    ${stage(mine.update, updateSaid(next), made.value ? afterwards(made.value, next) : nothing)}
  </ol>`;
}

function updateSaid({ gradNorm, learningRate }: NextUpdate): string {
  const mine = texts().slow;
  const limit = model.value?.request?.train.gradClip ?? 0;
  const said = fill(mine.updateSaid, { rate: fine(learningRate) });
  if (limit === 0 || gradNorm <= limit) return said;
  return `${said} ${fill(mine.clipped, { limit: fine(limit), share: percent(limit / gradNorm) })}`;
}

function afterwards({ trainLoss, gradNorm }: { trainLoss: number; gradNorm: number }, told: NextUpdate) {
  const numbers = { loss: fine(trainLoss), norm: fine(gradNorm), toldLoss: fine(told.trainLoss), toldNorm: fine(told.gradNorm) };
  const words = fill(texts().slow.made, numbers);
  return html`<p data-testid="slow-made" data-loss=${trainLoss} data-norm=${gradNorm}><strong>${words}</strong></p>`;
}

// ---------- the batch ----------

const sources = new WeakMap<NextUpdate, TokenSource[]>();

/** The same sources for the same batch, so that a strip lays each out only once. */
function sourcesOf(next: NextUpdate, t: number): TokenSource[] {
  const known = sources.get(next);
  if (known) return known;
  const row = (index: number): TokenSource => ({
    length: t + 1,
    id: (at) => next.ids[index * (t + 1) + at] ?? 0,
    bytes: (at) => next.bytes[index * (t + 1) + at] ?? [],
  });
  const all = Array.from({ length: next.rows }, (_, index) => row(index));
  sources.set(next, all);
  return all;
}

/** The first token of a row is not guessed. */
const lossOf = (next: NextUpdate, t: number, row: number, token: number): number | null =>
  token === 0 ? null : (next.losses[row * t + token - 1] ?? null);

function strips(next: NextUpdate, t: number) {
  const mine = texts().slow;
  const shown = Math.min(rows.value, next.rows);
  const strip = (source: TokenSource, row: number) => html`<tp-token-strip
    class="of-surprise"
    .source=${source}
    .shade=${(token: number) => (lossOf(next, t, row, token) ?? 0) / DEEPEST}
    .label=${fill(mine.row, { n: whole(row + 1) })}
    .current=${pointed.value?.row === row ? pointed.value.token : -1}
    @hover-token=${(event: CustomEvent<number>) => (pointed.value = { row, token: event.detail })}
    @pick-token=${(event: CustomEvent<number>) => (pointed.value = { row, token: event.detail })}
  ></tp-token-strip>`;
  return html`${sourcesOf(next, t).slice(0, shown).map(strip)} ${surpriseScale(DEEPEST)}
    <p class="detail" aria-live="polite" data-testid="slow-token">${pointedWords(next, t)}</p>
    ${
      shown < next.rows
        ? action({ name: "slow-rows", label: fill(mine.more, { n: whole(next.rows - shown) }), act: () => (rows.value = next.rows) })
        : nothing
    }`;
}

function pointedWords(next: NextUpdate, t: number): string {
  const mine = texts().slow;
  const at = pointed.value;
  if (!at) return mine.shade;
  const loss = lossOf(next, t, at.row, at.token);
  const token = `“${tokenText(next.bytes[at.row * (t + 1) + at.token] ?? []).text}”`;
  return loss === null ? fill(mine.first, { token }) : fill(mine.token, { token, loss: fine(loss), share: percent(Math.exp(-loss)) });
}

// ---------- gradients ----------

function gradients(next: NextUpdate) {
  const mine = texts().slow;
  const parts = norms(next.parameters);
  const moved = made.value ? norms(made.value.moved) : null;
  const powers = parts.map(({ change }) => Math.log10(Math.max(change, 1e-12)));
  const [least, most] = [Math.min(...powers) - 0.3, Math.max(...powers)];
  const width = (at: number) => (100 * ((powers[at] ?? least) - least)) / Math.max(1e-9, most - least);
  const row = (part: Part, at: number) => html`<tr>
    <th scope="row">${partName(part)}</th>
    <td>
      <svg class="slow-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="prob" width=${width(at)} height="8"></rect>
      </svg>
    </td>
    <td>${fine(part.change)}</td>
    <td>${moved?.[at] ? fine(moved[at].change) : "–"}</td>
    <td>${moved?.[at] ? `${fine((100 * moved[at].change) / Math.max(1e-12, moved[at].weight))}%` : "–"}</td>
  </tr>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${mine.backward}>
      <table class="slow-parts" data-testid="slow-parts">
        <thead>
          <tr>
            <th scope="col">${mine.part}</th>
            <th scope="col" colspan="2">${mine.gradient}</th>
            <th scope="col">${mine.moved}</th>
            <th scope="col">${mine.ofWeight}</th>
          </tr>
        </thead>
        <tbody>
          ${parts.map(row)}
        </tbody>
      </table>
    </div>
    <p class="hint">${mine.logarithm}</p>
    ${figureMenu(mine.gradient, () => asFigure(next))}`;
}

/** All parameters in the data, the parts as bars. */
function asFigure(next: NextUpdate): Figure {
  const mine = texts().slow;
  return {
    file: ["train", "gradients", "step", next.step],
    title: mine.gradient,
    plot: {
      kind: "bars",
      x: mine.gradient,
      bars: norms(next.parameters).map((part) => ({ name: partName(part), value: part.change, text: fine(part.change) })),
    },
    data: {
      columns: ["parameter", "shape", "gradientNorm", "norm"],
      rows: () => next.parameters.map(({ name, shape, change, weight }) => [name, shape.join("x"), change, weight]),
    },
  };
}
