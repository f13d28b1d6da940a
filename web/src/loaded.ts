// Which file a model was loaded from: the name that the person knows it by. A run that this browser keeps has it by its id; a model
// that is kept nowhere has it as long as it is the live one.
import { signal } from "@preact/signals-core";
import { remember, remembered } from "./remember.ts";
import { keptRun, model } from "./session.ts";

const NAMES = "file names";
/** Of the newest runs. */
const MOST = 100;

type Names = Record<string, string>;

const names = signal<Names>(read());
/** Of a live model that is not kept (yet): what it was asked to learn tells it from the next. */
const unkept = signal<{ name: string; of: string } | null>(null);

function read(): Names {
  try {
    const found: unknown = JSON.parse(remembered(NAMES) ?? "{}");
    return typeof found === "object" && found !== null ? (found as Names) : {};
  } catch {
    return {};
  }
}

function change(next: [string, string][]): void {
  names.value = Object.fromEntries(next.slice(-MOST));
  remember(NAMES, JSON.stringify(names.value));
}

const identity = (): string => JSON.stringify([model.value?.config, model.value?.request?.train.seed, model.value?.request?.corpusName]);

/** The live model came from this file. */
export function cameFrom(name: string): void {
  unkept.value = { name, of: identity() };
  const run = keptRun.value;
  if (run !== null) change([...Object.entries(names.value).filter(([id]) => id !== run), [run, name]]);
}

export const fileOfRun = (id: string): string | undefined => names.value[id];

/** The file of the live model; undefined where it came from none. */
export function liveFile(): string | undefined {
  const run = keptRun.value;
  if (run !== null) return names.value[run];
  return unkept.value?.of === identity() ? unkept.value.name : undefined;
}

/** A run that is no more needs no name. */
export const forgetFile = (id: string): void => change(Object.entries(names.value).filter(([other]) => other !== id));
