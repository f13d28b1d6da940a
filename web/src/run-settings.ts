// The run settings in the address. They belong to a model from when its run begins or its settings are shown, until the person changes
// them: then they belong to a run that has not begun, and are set aside while a model's settings are shown.
import { signal } from "@preact/signals-core";
import { flush, pick, writeAll } from "./settings.ts";
import { keep, kept } from "./tab.ts";

export type Settings = Readonly<Record<string, string>>;

const OF_RUN = /^(?:corpus|preset|(?:tokenizer|model|train|mix|world)\..+)$/;
const OWN = "run-settings";
const ASIDE = "run-settings.aside";

const isOfRun = (key: string): boolean => OF_RUN.test(key);

/** Those of a run that has not begun. */
export const aside = signal<Settings | null>(JSON.parse(kept(ASIDE) ?? "null"));

const text = (settings: Settings): string => JSON.stringify(Object.entries(settings).sort());

export const runSettings = (): Settings => pick(isOfRun);

export const hasRunSettings = (): boolean => Object.keys(runSettings()).length > 0;

/** The settings last known to belong to a model. */
let own = kept(OWN);

/** Whether they still do. */
export const areOwn = (): boolean => own === text(runSettings());

/** The settings belong to a model from now on. */
export function markOwn(): void {
  own = text(runSettings());
  keep(OWN, own);
}

function setAside(settings: Settings | null): void {
  aside.value = settings;
  keep(ASIDE, settings ? JSON.stringify(settings) : undefined);
}

/** Replaces all settings at once; those of a run that has not begun are set aside. */
export function replaceSettings(next: Settings): void {
  if (!areOwn()) setAside(runSettings());
  put(next);
}

/** Written to the address at once: a reload that follows must find them. */
function put(next: Settings): void {
  writeAll(isOfRun, next);
  flush();
}

/** Restores the settings of the run that has not begun, or the defaults; nothing is set aside then. */
export function bringBack(): void {
  const next = aside.value ?? {};
  setAside(null);
  put(next);
}

/** Makes room for the settings of a run that the person opened. */
export function clearSettings(): void {
  if (areOwn() || !hasRunSettings()) return;
  replaceSettings({});
  markOwn();
}
