// A run's training loss around a step, from the losses that it noted.

export interface Row {
  step: number;
  loss: number;
}

/** One batch's loss is chance: the mean over this share of the steps before is not. */
const RECENT = 0.1;

/** A step's loss is measured before its update: the first step's is the loss at birth. Null if nothing was noted near the step. */
export function lossAt(rows: readonly Row[], step: number): number | null {
  const isNear = (row: Row) => (step === 0 ? row.step === 1 : row.step <= step && row.step > step * (1 - RECENT));
  const near = rows.filter(isNear);
  return near.length === 0 ? null : near.reduce((sum, { loss }) => sum + loss, 0) / near.length;
}
