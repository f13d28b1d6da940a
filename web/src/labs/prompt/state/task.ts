// Another task: what of the settings goes with it.
import { writeAll } from "../../../settings.ts";
import type { PromptSet } from "../prompts.ts";
import { editedColumn } from "./columns.ts";
import { ownSet, pages, prompts } from "./questions.ts";
import { GROUP, kindOf, OWN, task } from "./settings.ts";

/** Another kind of task has columns of its own; a person's own rows begin with those that are there. */
export function setTask(next: string): void {
  const [from, to] = [task.value, next].map((each) => (each === OWN ? OWN : kindOf(each)));
  const settings: Record<string, string> = { [`${GROUP}.task`]: next };
  if (next === OWN && !ownSet.value && prompts.value) settings[`${GROUP}.set`] = JSON.stringify(asOwn(prompts.value));
  const gone = ["open", ...(from === to ? [] : ["columns", "shots", "style"])].map((key) => `${GROUP}.${key}`);
  editedColumn.value = -1;
  pages.value = 1;
  writeAll((key) => gone.includes(key) || key in settings, settings);
}

/** Rows that a person can change at will, beginning with those that are there. */
function asOwn({ template, shots, rows }: PromptSet): PromptSet {
  if (kindOf(task.value) === "rule") return { template, shots, rows };
  const questions = new Set(rows.map(({ question }) => question));
  const common = rows[0]?.shots?.filter(({ question }) => !questions.has(question)) ?? shots;
  return { template, shots: common, rows: rows.map((row) => ({ ...row, shots: null })) };
}
