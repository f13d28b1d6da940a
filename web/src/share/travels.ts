// What a link carries and what it leaves behind, from the page's state as it is; and the link itself.
import { fieldLabel, fill, t, whole } from "../i18n/index.ts";
import { atHand, liveName } from "../models.ts";
import { model, shippedAs } from "../session.ts";
import { hashWith, lab, lang, longTexts, pick, read, said, staysApart } from "../settings.ts";
import { controlName } from "./controls.ts";
import { texts } from "./texts.ts";

/** What the dialog adds to the address. */
export interface Choices {
  hide: readonly string[];
  projector: boolean;
  /** The model's weights as a link carries them. */
  packed: string | null;
}

export const isOwn = (): boolean => model.value !== null && shippedAs.value === null;

export function linkFor({ hide, projector, packed }: Choices): string {
  const [path = ""] = location.href.split("#");
  const hash = hashWith({
    lang: lang.value,
    theme: undefined,
    device: undefined,
    hide: hide.length > 0 ? hide.join(",") : undefined,
    projector: projector ? "1" : undefined,
    ...(packed ? { model: "none", m: undefined } : {}),
  });
  return `${path}${hash}${packed ? `&m=${packed}` : ""}`;
}

export interface Told {
  name: string;
  label: string;
  value: string;
}

const MOST_TEXT = 60;
const MOST_SETTINGS = 8;
/** Keys told apart from the settings. */
const APART = /^(?:lab|lang|theme|device|hide|projector|m|model|lesson|tour)$|(?:^|\.)(?:text|other|prompt|seed)$/;
const LANGUAGE_NAMES = { en: "English", zh: "中文" };

export function travels({ hide, packed }: Choices): Told[] {
  const mine = texts();
  const now = said.get(lab.value)?.() ?? {};
  const all: (Told | null)[] = [
    { name: "lab", label: mine.lab, value: t()[lab.value].title },
    guide(),
    modelTold(packed),
    now.text && !isLong(now.text) ? { name: "text", label: mine.text, value: cut(now.text) } : null,
    { name: "settings", label: mine.settings, value: settingsTold() },
    seed(now.settings?.seed),
    { name: "language", label: mine.language, value: LANGUAGE_NAMES[lang.value] },
    hide.length > 0 ? { name: "hidden", label: mine.hidden, value: hide.map(controlName).join(", ") } : null,
  ];
  return all.filter((each) => each !== null);
}

function guide(): Told | null {
  const value = read("lesson") ?? read("tour");
  return value === undefined ? null : { name: "lesson", label: texts().lesson, value };
}

function modelTold(packed: string | null): Told | null {
  const info = model.value;
  if (!info || (isOwn() && !packed)) return null;
  const words = packed ? texts().modelInLink : texts().modelAt;
  return { name: "model", label: texts().model, value: fill(words, { name: atHand.value?.name ?? liveName(), n: whole(info.step) }) };
}

const seed = (value: unknown): Told | null => (value === undefined ? null : { name: "seed", label: texts().seed, value: String(value) });

function settingsTold(): string {
  const mine = texts();
  const changed = Object.entries(pick((key) => !APART.test(key))).filter(([, value]) => !isLong(value));
  if (changed.length === 0) return mine.none;
  const words = changed.slice(0, MOST_SETTINGS).map(([key, value]) => `${fieldLabel(key.split(".").at(-1) ?? key)} ${cut(value)}`);
  const rest = changed.length - words.length;
  return [...words, ...(rest > 0 ? [fill(mine.more, { n: whole(rest) })] : [])].join(" · ");
}

const MOST_LINK_TEXT = 2_000;
const isLong = (text: string): boolean => text.length > MOST_LINK_TEXT;

function cut(text: string): string {
  const letters = [...text];
  return letters.length > MOST_TEXT ? `${letters.slice(0, MOST_TEXT).join("")}…` : text;
}

export function stays(packed: string | null): Told[] {
  const mine = texts();
  const long = longTexts().map(([key, value]) => ({
    name: "outgrown",
    label: "",
    value: fill(mine.longText, { n: whole(value.length), name: key }),
  }));
  const all: (Told | null)[] = [
    isOwn() && !packed ? { name: "own-model", label: "", value: fill(mine.ownModel, { name: liveName() }) } : null,
    ...long,
    staysApart() ? { name: "outgrown", label: "", value: mine.apart } : null,
    { name: "files", label: "", value: mine.files },
    { name: "personal", label: "", value: mine.personal },
  ];
  return all.filter((each) => each !== null);
}
