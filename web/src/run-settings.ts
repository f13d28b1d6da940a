// The settings of a run that stand in the address. They are a model's own, from when its run begins or its settings are shown, until
// the person changes them: then they are those of a run that has not begun, which are put aside while a model's stand in their place.
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

/** The settings that were last known to be a model's own. */
let own = kept(OWN);

/** Whether they still are. */
export const areOwn = (): boolean => own === text(runSettings());

/** The settings are a model's own from now on. */
export function markOwn(): void {
  own = text(runSettings());
  keep(OWN, own);
}

function setAside(settings: Settings | null): void {
  aside.value = settings;
  keep(ASIDE, settings ? JSON.stringify(settings) : undefined);
}

/** Puts other settings in the place of all, at once; those of a run that has not begun are put aside. */
export function replaceSettings(next: Settings): void {
  if (!areOwn()) setAside(runSettings());
  put(next);
}

/** In the address at once: a reload that follows must find them there. */
function put(next: Settings): void {
  writeAll(isOfRun, next);
  flush();
}

/** The settings of the run that has not begun, or the defaults; nothing is aside then. */
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
