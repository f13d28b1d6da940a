// The columns: ways of asking, chosen by the person for the table and given for the curve and the gain; and the cell that is open among them.
import { batch, computed, signal } from "@preact/signals-core";
import { onBeginning } from "../../../settings.ts";
import { type Column, columnsOf, columnsText, MAX_COLUMNS, MAX_SHOTS } from "../prompts.ts";
import { ownMost } from "./questions.ts";
import { base, curveStyle, hasSteps, OWN, open, set, settings, task, view, whole } from "./settings.ts";

const CURVE_SHOTS = [0, 1, 2, 4, 8];
/** Steps against none after two examples, and the sentence against none without examples. */
const GAIN_COLUMNS = "direct:2,worked:2,direct:0,triggered:0";

// Texts, so that what is made of them stays the same while other settings change.
const columnsChosen = computed(() => settings.value.columns);
const columnsOffered = computed(() => base.value.columns);

/** The person's own, in the table. */
export const tableColumns = computed<Column[]>(() => {
  const chosen = columnsOf(columnsChosen.value);
  const plain = (column: Column): Column => (hasSteps.value || column.style === "own" ? column : { ...column, style: "direct" });
  return (chosen.length > 0 ? chosen : columnsOf(columnsOffered.value)).map(plain);
});

export const columns = computed<Column[]>(() => {
  if (view.value === "table") return tableColumns.value;
  if (view.value === "gain") return hasSteps.value ? columnsOf(GAIN_COLUMNS) : [];
  const most = task.value === OWN ? ownMost.value : MAX_SHOTS;
  return CURVE_SHOTS.filter((shots) => shots <= most).map((shots) => ({
    style: hasSteps.value ? curveStyle.value : "direct",
    shots,
    template: "",
  }));
});

/** The column whose style is being changed, -1 for none. */
export const editedColumn = signal(-1);

export function setColumns(next: readonly Column[]): void {
  if (next.length > 0) set("columns", columnsText(next));
}

export function changeColumn(index: number, changes: Partial<Column>): void {
  setColumns(tableColumns.value.map((column, at) => (at === index ? { ...column, ...changes } : column)));
}

/** One more like the last, with twice the examples. */
export function addColumn(): void {
  const all = tableColumns.value;
  const last = all.at(-1);
  if (!last || all.length >= MAX_COLUMNS) return;
  setColumns([...all, { ...last, shots: Math.min(MAX_SHOTS, Math.max(1, 2 * last.shots)) }]);
  editedColumn.value = all.length;
}

export function removeColumn(index: number): void {
  if (tableColumns.value.length === 1) return;
  batch(() => {
    setColumns(tableColumns.value.filter((_, at) => at !== index));
    editedColumn.value = -1;
    if (opened.value?.column === index) open(null);
  });
}

onBeginning(() => (editedColumn.value = -1));

/** The cell whose prompt is shown. */
export const opened = computed(() => {
  const [, row, column] = /^(\d+):(\d+)$/.exec(settings.value.open) ?? [];
  if (row === undefined || view.value !== "table") return null;
  return { row: Number(row), column: whole(Number(column), 0, tableColumns.value.length - 1) };
});
