// The file that a model was loaded from: the name the person knows it by. It is stored under the run's id if this browser keeps the run,
// else only while the model is live.
import { signal } from "@preact/signals-core";
import { remember, remembered } from "./remember.ts";
import { keptRun, model } from "./session.ts";

const NAMES = "file names";
/** The number of runs remembered. */
const MOST = 100;

type Names = Record<string, string>;

const names = signal<Names>(read());
/** For a live model that is not kept (yet): its request tells it from the next one. */
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

/** The file of the live model; undefined if it came from none. */
export function liveFile(): string | undefined {
  const run = keptRun.value;
  if (run !== null) return names.value[run];
  return unkept.value?.of === identity() ? unkept.value.name : undefined;
}

/** A deleted run needs no name. */
export const forgetFile = (id: string): void => change(Object.entries(names.value).filter(([other]) => other !== id));
