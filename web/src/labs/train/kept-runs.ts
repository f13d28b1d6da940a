// Earlier runs across a reload, in this tab only: each run's request, and enough rows of its numbers for a background curve. The rows are
// original ones, and always include the newest.
import type { Columns } from "../../history.ts";
import * as run from "../../run.ts";
import { keep, kept } from "../../tab.ts";

const KEY = "earlier-runs";
const MOST_ROWS = 400;

/** Appends this tab's earlier runs to those of this visit. */
function recallEarlier(): void {
  const here = run.earlier.peek();
  const before: run.EarlierRun[] = JSON.parse(kept(KEY) ?? "[]");
  const others = before.filter(({ request }) => !here.some((each) => run.isSameRun(each.request, request)));
  if (others.length > 0) run.earlier.value = [...here, ...others];
}

export function keepEarlier(runs: readonly run.EarlierRun[]): void {
  keep(KEY, runs.length > 0 ? JSON.stringify(runs.map(({ request, columns }) => ({ request, columns: few(columns) }))) : undefined);
}

/** The validation losses, and every nth row. */
function few(columns: Columns): Columns {
  const newest = columns.steps.length - 1;
  const every = Math.ceil(columns.steps.length / MOST_ROWS);
  const evals = columns.valLoss.filter((value) => value !== null).length;
  const everyEval = Math.ceil(evals / MOST_ROWS);
  let seen = 0;
  const stays = columns.steps.map((_, at) => {
    const isEval = columns.valLoss[at] !== null && (evals - ++seen) % everyEval === 0;
    return isEval || (newest - at) % every === 0;
  });
  const rows = Object.entries(columns).map(([name, column]) => [name, column.filter((_: unknown, at: number) => stays[at])]);
  return Object.fromEntries(rows) as Columns;
}

recallEarlier();
