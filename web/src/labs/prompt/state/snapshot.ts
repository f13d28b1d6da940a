// All settings of this lab at once, kept and brought back where a file took their place.
import { batch } from "@preact/signals-core";
import { read, writeAll } from "../../../settings.ts";
import { editedColumn } from "./columns.ts";
import { GROUP } from "./settings.ts";

const KEYS = ["task", "language", "rows", "seed", "columns", "view", "points", "curve", "open", "edits", "set", "shots", "style"] as const;
export type Kept = Partial<Record<(typeof KEYS)[number], string>>;

/** The settings as they are, to be brought back. */
export function kept(): Kept {
  const entries = KEYS.map((key) => [key, read(`${GROUP}.${key}`)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

export function bring(settings: Kept): void {
  const entries = Object.entries(settings).filter(([, value]) => value !== "{}");
  const own = (key: string) => key.startsWith(`${GROUP}.`) && (KEYS as readonly string[]).includes(key.slice(GROUP.length + 1));
  batch(() => {
    writeAll(own, Object.fromEntries(entries.map(([key, value]) => [`${GROUP}.${key}`, value])));
    editedColumn.value = -1;
  });
}
