// Settings <-> URL hash. The hash holds only what differs from the defaults, as `group.key=value` pairs; values stay text here and are
// parsed against the defaults (which come from the core), so that an invalid value means the default, never an error.
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import { keep, keptUnder } from "./tab.ts";

export type Lab = "lessons" | "tokens" | "inside" | "train" | "sample" | "prompt" | "bench";
export const LABS: readonly Lab[] = ["lessons", "tokens", "train", "inside", "sample", "prompt", "bench"];

/** Longer text stays out of the URL and is kept in this tab only. */
const MAX_HASH_VALUE = 2_000;
const WRITE_DELAY_MS = 150;
const LONG = "long.";
const ASIDE = "aside.";
/** Marks history entries shown here: going back to one differs from following a new address. */
const SHOWN = { shown: true };

let keptLong: ReadonlyMap<string, string> = keptUnder(LONG);
let keptAside: ReadonlyMap<string, string> = keptUnder(ASIDE);
/** Long texts from before the current lesson or tour. */
let aside = keptAside;
const entries = signal<ReadonlyMap<string, string>>(new Map([...keptLong, ...parse(location.hash)]));
let timer: ReturnType<typeof setTimeout> | undefined;
/** The hash as last read or written here. */
let known = location.hash;

function parse(hash: string): Map<string, string> {
  return new Map(new URLSearchParams(hash.replace(/^#/, "")));
}

const isLong = ([, value]: [string, string]): boolean => value.length > MAX_HASH_VALUE;

/** The hash for these settings with changes (undefined: back to the default). */
export function hashWith(changes: Record<string, string | undefined> = {}): string {
  const next = new Map(entries.value);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return `#${new URLSearchParams([...next].filter((entry) => !isLong(entry)))}`;
}

/** The person's own settings, independent of what is on screen. */
const PERSONAL: readonly string[] = ["lang", "theme", "device"];

/** The hash for exactly these settings, and the person's own. */
export function hashOf(settings: Readonly<Record<string, string>>): string {
  const own = [...entries.value].filter(([key]) => PERSONAL.includes(key));
  return `#${new URLSearchParams([...own, ...Object.entries(settings)])}`;
}

export function read(key: string): string | undefined {
  return entries.value.get(key);
}

/** Undefined removes the setting, which restores its default. */
export function write(key: string, value: string | undefined): void {
  writeAll((other) => other === key, value === undefined ? {} : { [key]: value });
}

/** Removes some settings and sets others, at once. */
export function writeAll(gone: (key: string) => boolean, settings: Readonly<Record<string, string>>): void {
  entries.value = new Map([...[...entries.value].filter(([key]) => !gone(key)), ...Object.entries(settings)]);
  clearTimeout(timer);
  timer = setTimeout(flush, WRITE_DELAY_MS);
}

/** Writes the settings to the address bar now, and long values to this tab's storage. */
export function flush(): void {
  clearTimeout(timer);
  keepLong();
  // A link was followed and its event is still pending: writing now would undo the click.
  if (location.hash !== known) return;
  const hash = hashWith();
  if (hash === location.hash && isShown()) return;
  try {
    history.replaceState(SHOWN, "", hash === "#" ? location.pathname + location.search : hash);
    known = location.hash;
  } catch {
    // Safari refuses the hundredth change within half a minute; the next flush updates the address.
  }
}

/** State that does not fit in an address (a corpus, a tokenizer): each function says whether there is any now. */
const apart: (() => boolean)[] = [];

export function keepApart(isThere: () => boolean): void {
  apart.push(isThere);
}

/** Texts that a link leaves out, by their keys. */
export const longTexts = (): [string, string][] => [...entries.value].filter(isLong);
/** Whether it leaves out state of another kind. */
export const staysApart = (): boolean => apart.some((isThere) => isThere());

/** Whether a shared link would miss something on screen. */
export const outgrowsAddress = (): boolean => longTexts().length > 0 || staysApart();

function keepLong(): void {
  keptLong = keepUnder(LONG, new Map([...entries.value].filter(isLong)), keptLong);
  keptAside = keepUnder(ASIDE, aside, keptAside);
}

/** Replaces the texts that this tab keeps under a prefix. */
function keepUnder(start: string, texts: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const key of before.keys()) if (!texts.has(key)) keep(start + key, undefined);
  for (const [key, value] of texts) if (before.get(key) !== value) keep(start + key, value);
  return texts;
}

const isShown = (): boolean => (history.state as typeof SHOWN | null)?.shown === true;

/** The settings of the guide: a lesson, or a step of the tour. */
const GUIDED: readonly string[] = ["lesson", "tour"];
const guideIn = (settings: ReadonlyMap<string, string>) => GUIDED.map((key) => settings.get(key) ?? "").join(" ");
/** The tour counts as one, whatever its step. */
const whichGuide = (settings: ReadonlyMap<string, string>) => (settings.has("tour") ? "tour" : (settings.get("lesson") ?? ""));

/** Grows when a lesson or the tour begins, and when the reader returns to what was before it. */
export const begun = signal(0);

/** For state outside the address: `forget` runs when a lesson or the tour begins. */
export function onBeginning(forget: () => void): void {
  const first = begun.peek();
  effect(() => {
    if (begun.value !== first) untracked(forget);
  });
}

/**
 * A new address sets all its settings. Back and forward change only the lab and the course, and later input stays, unless they lead to another
 * lesson or out of one.
 */
function arrive(): void {
  known = location.hash;
  const [asked, before] = [parse(location.hash), entries.value];
  const [from, to] = [whichGuide(before), whichGuide(asked)];
  batch(() => {
    if (!isShown()) entries.value = new Map([...longFor(from, to), ...asked]);
    else if (guideIn(asked) === guideIn(before)) entries.value = withOthers(asked, ["lab", "course"]);
    else entries.value = withOthers(before, PERSONAL, new Map([...longFor(from, to), ...asked]));
    if (from !== to && (to !== "" || isShown())) begun.value += 1;
  });
  flush();
}

/** Long values stay; those from before a lesson or the tour are set aside until it is over. */
function longFor(from: string, to: string): [string, string][] {
  const long = [...entries.value].filter(isLong);
  if (from === to) return long;
  const back = to === "" ? [...aside, ...long] : [];
  if (from === "") aside = new Map(long);
  else if (to === "") aside = new Map();
  return back;
}

/** These settings, with some keys taken from others. */
function withOthers(others: ReadonlyMap<string, string>, keys: readonly string[], these = entries.value): Map<string, string> {
  return new Map([...[...these].filter(([key]) => !keys.includes(key)), ...[...others].filter(([key]) => keys.includes(key))]);
}

/** The settings of an address that came another way than the address bar: all of them, or only these keys. */
export function adopt(hash: string, only: readonly string[] | null): void {
  const asked = parse(hash);
  entries.value = only ? withOthers(asked, only) : asked;
  flush();
}

addEventListener("hashchange", arrive);
addEventListener("pagehide", flush);
flush();

/** The page's languages, with their tags for formatting and screen readers. */
export const LANGUAGES = { en: "en", zh: "zh-CN" } as const;
export type Lang = keyof typeof LANGUAGES;

export const lab = computed<Lab>(() => LABS.find((name) => name === read("lab")) ?? "lessons");
export const lang = computed<Lang>(() => {
  // Some browsers report none.
  const chosen = read("lang") ?? navigator.language ?? "";
  return chosen.toLowerCase().startsWith("zh") ? "zh" : "en";
});

/** The value for the page's language. */
export const inLanguage = <T>(of: Readonly<Record<Lang, T>>): T => of[lang.value];
export const device = computed(() => {
  const chosen = read("device");
  return chosen === "cpu" || chosen === "webgpu" ? chosen : "auto";
});
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const system = signal(systemDark.matches);
systemDark.addEventListener("change", () => {
  system.value = systemDark.matches;
});
export const theme = computed<"light" | "dark">(() => {
  const chosen = read("theme");
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.value ? "dark" : "light";
});

const hidden = computed(() => new Set((read("hide") ?? "").split(",").filter((name) => name)));

/** Whether a control is visible; `hide=temperature,seed` adapts a page for a lesson. */
export function shown(control: string): boolean {
  return !hidden.value.has(control);
}

/** What a lab shows now, for a link's dialog and a picture's caption: its text, and the settings behind its figure. */
export interface Said {
  text?: string;
  settings?: Readonly<Record<string, unknown>>;
}
export const said = new Map<Lab, () => Said>();

/** The wanted keys that are set. */
export function pick(wanted: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries([...entries.value].filter(([key]) => wanted(key)));
}

/** A group's defaults with the settings' changes, from the address or from `at`. */
export function overlay<T extends object>(group: string, defaults: T, at: (key: string) => string | undefined = read): T {
  const changed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(defaults)) {
    const text = at(`${group}.${key}`);
    if (text !== undefined) changed[key] = coerce(text, value);
  }
  return { ...defaults, ...changed };
}

/** The settings that turn a group's defaults into these values; the inverse of `overlay`. */
export function differing<T extends object>(group: string, defaults: T, values: T): Record<string, string> {
  const changed = Object.entries(values).filter(([key, value]) => asText(value) !== asText(defaults[key as keyof T]));
  return Object.fromEntries(changed.map(([key, value]) => [`${group}.${key}`, asText(value)]));
}

/** Sets one value of a group; a value equal to the default leaves the hash. */
export function change<T extends object>(group: string, defaults: T, key: keyof T & string, value: unknown): void {
  const text = asText(value);
  write(`${group}.${key}`, text === asText(defaults[key]) ? undefined : text);
}

function asText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function coerce(text: string, like: unknown): unknown {
  if (typeof like === "number") return Number.isFinite(Number(text)) && text.trim() !== "" ? Number(text) : like;
  if (typeof like === "boolean") return text === "true";
  if (Array.isArray(like)) return stringList(text) ?? like;
  if (like === null) return text === "null" ? null : text;
  return text;
}

function stringList(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : null;
  } catch {
    return null;
  }
}
