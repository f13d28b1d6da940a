// The page's language: its texts, number formats and error texts. One catalogue is loaded at a time.
import { computed, signal } from "@preact/signals-core";
import { LANGUAGES, type Lang, lang } from "../settings.ts";
import type { CoreError } from "../worker/protocol.ts";
import type { Catalogue, ErrorTexts, Texts } from "./catalogue.ts";
import { corpusName, describe, fieldName } from "./error-text.ts";
import { glossed, mark } from "./glossed.ts";
import { fill } from "./text.ts";

export type { Catalogue, ErrorTexts, Texts };
export { fill, glossed, mark };

/** Where each language's texts come from. English sets the shape. */
const catalogues: Record<Lang, () => Promise<Catalogue>> = {
  en: async () => (await import("./en.ts")).en as Catalogue,
  zh: async () => (await import("./zh.ts")).zh,
};
const errorCatalogues: Record<Lang, () => Promise<ErrorTexts>> = {
  en: async () => (await import("./en-errors.ts")) as unknown as ErrorTexts,
  zh: () => import("./zh-errors.ts"),
};

const catalogue = signal<Catalogue | null>(null);
const errorTexts = signal<{ of: string; texts: ErrorTexts } | null>(null);

/** Loads the catalogue of the chosen language. */
export async function loadLanguage(): Promise<void> {
  const wanted = lang.value;
  const loaded = await catalogues[wanted]();
  if (wanted !== lang.value) return;
  catalogue.value = loaded;
  document.documentElement.lang = LANGUAGES[wanted];
}

/** The texts. Only after `loadLanguage`. */
export function t(): Catalogue {
  if (!catalogue.value) throw new Error("no language is loaded");
  return catalogue.value;
}

export async function loadErrors(): Promise<void> {
  const of = lang.value;
  if (errorTexts.peek()?.of === of) return;
  const texts = await errorCatalogues[of]();
  errorTexts.value = { of, texts };
}

/** An error in the reader's language; in the core's English until its texts have loaded. */
export function errorText(error: CoreError): { message: string; remedy: string } {
  const words = errorTexts.value;
  if (words?.of === lang.value) return describe(error, { ...t(), ...words.texts }, size);
  void loadErrors().catch(() => {});
  return { message: error.message, remedy: error.remedy };
}

/** A setting's label: its name, and a note on its value where one is needed. */
export function fieldLabel(key: string): string {
  const name = fieldName(key, t());
  const note = (t().fieldNotes as Record<string, string>)[key];
  return note === undefined ? name : fill(t().noted, { name, note });
}

/** What a corpus is called in the reader's language. */
export function corpusTitle(name: string): string {
  return corpusName(name, t());
}

const locale = computed(() => LANGUAGES[lang.value]);
const formats = computed(() => ({
  whole: new Intl.NumberFormat(locale.value, { maximumFractionDigits: 0 }),
  short: new Intl.NumberFormat(locale.value, { notation: "compact", maximumSignificantDigits: 3 }),
  three: new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 3 }),
  fine: new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 4 }),
  percent: new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 1 }),
}));

export const whole = (value: number) => formats.value.whole.format(value);
export const short = (value: number) => formats.value.short.format(value);

/** The smallest share not written as 0. */
const LEAST = 0.001;

/** A share with one decimal; values near 0 or 1 are never rounded to them. */
export function percent(value: number): string {
  const { format } = formats.value.percent;
  if (value > 0 && value < LEAST / 2) return `<${format(LEAST)}`;
  if (value < 1 && value >= 1 - LEAST / 2) return `>${format(1 - LEAST)}`;
  return format(value);
}

/** Four significant digits; very small numbers as powers of ten. */
export function fine(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : formats.value.fine.format(value);
}

export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${formats.value.three.format(bytes / 1024 ** power)} ${units[power]}`;
}

export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}
