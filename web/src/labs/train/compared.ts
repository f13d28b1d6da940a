// Earlier runs beside the live one: how their settings differ, their results, and their curves behind the live one's.
import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { action } from "../../components/action.ts";
import type { Curve } from "../../components/loss-chart.ts";
import type { Columns } from "../../history.ts";
import { corpusTitle, fieldLabel, fill, fine, t, whole } from "../../i18n/index.ts";
import * as run from "../../run.ts";
import { model } from "../../session.ts";
import type { TrainRequest } from "../../worker/protocol.ts";
import { worldSettings } from "../../world-name.ts";
import { texts as worldTexts } from "../world/texts.ts";
import { texts } from "./texts.ts";

/** The most points of a background curve. */
const MOST_POINTS = 400;
const MOST_NAMED = 3;

const hidden = signal<ReadonlySet<run.EarlierRun>>(new Set());

/** The request of the shown run. */
const liveRequest = (): TrainRequest | null => run.pending.value ?? model.value?.request ?? null;

/** The live run may be among the earlier ones, and is listed only once. */
function others(): readonly run.EarlierRun[] {
  const live = liveRequest();
  return run.earlier.value.filter(({ request }) => !live || !run.isSameRun(request, live));
}

const shown = (): readonly run.EarlierRun[] => others().filter((each) => !hidden.value.has(each));

// ---------- curves ----------

/** The live columns with the earlier runs' curves, over all steps of either. */
export function beside(columns: Columns, curves: Curve[]): { steps: number[]; curves: Curve[] } {
  const all = shown();
  if (all.length === 0) return { steps: columns.steps, curves };
  const thinned = all.map(({ columns: of }) => thin(of));
  const steps = [...new Set([...columns.steps, ...thinned.flatMap(({ steps: own }) => own)])].sort((one, other) => one - other);
  const spread = (own: readonly number[], values: readonly (number | null)[]) => {
    const at = new Map(own.map((step, index) => [step, values[index] ?? null]));
    return steps.map((step) => at.get(step) ?? null);
  };
  const behind = thinned.map(({ steps: own, values }, index): Curve => {
    return { label: `${letter(index)} ${texts().trainLoss}`, values: spread(own, values), dashed: false, behind: index + 1 };
  });
  return { steps, curves: [...curves.map((curve) => ({ ...curve, values: spread(columns.steps, curve.values) })), ...behind] };
}

const letter = (index: number): string => String.fromCharCode(65 + index);

const thinnings = new WeakMap<Columns, { steps: number[]; values: number[] }>();

/** The mean loss over groups of steps, so that few points remain; cached for a finished run. */
function thin(columns: Columns): { steps: number[]; values: number[] } {
  const known = thinnings.get(columns);
  if (known) return known;
  const found = columns.steps.flatMap((step, at) => {
    const loss = columns.trainLoss[at];
    return typeof loss === "number" ? [[step, loss] as const] : [];
  });
  const every = Math.ceil(found.length / MOST_POINTS);
  const groups = Array.from({ length: Math.ceil(found.length / every) }, (_, index) => found.slice(index * every, (index + 1) * every));
  const made = {
    steps: groups.map((group) => group[group.length >> 1]?.[0] ?? 0),
    values: groups.map((group) => group.reduce((sum, [, loss]) => sum + loss, 0) / group.length),
  };
  thinnings.set(columns, made);
  return made;
}

// ---------- differences ----------

type Flat = Record<string, string>;

function flat({ corpusName, tokenizer, model: shape, train }: TrainRequest): Flat {
  const told = (value: unknown): string =>
    typeof value === "number" ? fine(value) : typeof value === "string" ? value : JSON.stringify(value);
  const { steps: _steps, ...rest } = train;
  // The vocabulary of a run in preparation is not known yet; it follows from the tokenizer's.
  const { vocabSize: _found, ...form } = shape;
  const all = { ...worldSettings(corpusName), ...tokenizer, ...form, ...rest };
  return { corpus: corpusTitle(corpusName), ...Object.fromEntries(Object.entries(all).map(([key, value]) => [key, told(value)])) };
}

function label(key: string): string {
  const mine = texts();
  const own: Record<string, string> = { corpus: mine.corpus, "world.mib": mine.mib, "mix.only": mine.only };
  if (key === "world.seed") return fill(t().noted, { name: fieldLabel("seed"), note: corpusTitle("world") });
  return own[key] ?? fieldLabel(key.replace(/^mix\./, ""));
}

const value = (key: string, text: string | undefined): string =>
  (key === "mix.only" && (worldTexts().tasks as Record<string, string>)[text ?? ""]) || text || "–";

/** The settings in which two runs differ, in words. */
function differences(one: TrainRequest, other: TrainRequest): string[] {
  const mine = texts();
  const [first, second] = [flat(one), flat(other)];
  return Object.keys({ ...first, ...second })
    .filter((key) => first[key] !== second[key])
    .map((key) => fill(mine.runs.differs, { name: label(key), value: value(key, first[key]), other: value(key, second[key]) }));
}

const last = (column: readonly (number | null)[]): string => {
  const value = column.findLast((each) => each !== null);
  return typeof value === "number" ? fine(value) : "–";
};

/** Null without an earlier run. */
export function comparedPart() {
  const all = others();
  const live = liveRequest();
  if (all.length === 0 || !live) return nothing;
  const mine = texts().runs;
  return html`<section class="compared" aria-label=${mine.title}>
    <h3>${mine.title}</h3>
    <div class="scroll" tabindex="0" role="group" aria-label=${mine.title}>
      <table data-testid="runs-compared">
        <thead>
          <tr>
            <th scope="col">${mine.shown}</th>
            <th scope="col">${mine.differences}</th>
            <th scope="col">${mine.steps}</th>
            <th scope="col">${texts().trainLoss}</th>
            <th scope="col">${texts().valLoss}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          <tr data-testid="run-live">
            <td></td>
            <th scope="row">${mine.live}</th>
            ${numbers(run.columns.value)}
            <td></td>
          </tr>
          ${all.map((each) => row(each, live))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function numbers({ steps, trainLoss, valLoss }: Columns) {
  return html`<td>${whole(steps.at(-1) ?? 0)}</td>
    <td>${last(trainLoss)}</td>
    <td>${last(valLoss)}</td>`;
}

function row(each: run.EarlierRun, live: TrainRequest) {
  const mine = texts().runs;
  const found = differences(each.request, live);
  const words = found.length === 0 ? mine.same : found.slice(0, MOST_NAMED).join(mine.joint);
  const name = found.length > MOST_NAMED ? `${words}${fill(mine.andMore, { n: whole(found.length - MOST_NAMED) })}` : words;
  const at = shown().indexOf(each);
  const toggle = (event: Event) => {
    const next = new Set(hidden.value);
    if ((event.target as HTMLInputElement).checked) next.delete(each);
    else next.add(each);
    hidden.value = next;
  };
  return html`<tr data-testid="run-earlier">
    <td>
      <label
        ><input type="checkbox" aria-label="${mine.shown}: ${name}" .checked=${at >= 0} @change=${toggle} /> ${at >= 0 ? letter(at) : nothing}</label
      >
    </td>
    <th scope="row" title=${found.join(mine.joint)}>${name}</th>
    ${numbers(each.columns)}
    <td>${action({ name: "run-forget", label: mine.forget, act: () => forget(each) })}</td>
  </tr>`;
}

function forget(each: run.EarlierRun): void {
  run.earlier.value = run.earlier.value.filter((other) => other !== each);
}
