// What a blogger pastes: the lab on screen, as our element or as an iframe.
import { NEED_MODEL } from "./messages.ts";

/** Keys of the address that become attributes, or belong to the blogger and not to the lab. */
const APART = ["lab", "model", "lang", "theme", "device", "hide", "lesson", "tour"];

/** Which lab each key of the address belongs to: docs/ADDRESS.md. */
const OF_LAB: Record<string, RegExp> = {
  tokens: /^(?:text|tokenizer|tokens\..*|bpe\..*)$/,
  train: /^(?:corpus|preset|(?:tokenizer|model|train|mix|world)\..*|curve|slow|keepEvery|whenHidden)$/,
  inside: /^inside\./,
  sample: /^(?:prompt|(?:sampling|write|tree|compare)\..*|stage|shade|tree|both)$/,
  prompt: /^ask\./,
  bench: /^bench\./,
};

/** The settings without those of other labs. */
function settingsOf(hash: string, lab: string): URLSearchParams {
  const settings = new URLSearchParams(hash.replace(/^#/, ""));
  const others = Object.entries(OF_LAB).filter(([name]) => name !== lab);
  for (const key of [...settings.keys()])
    if (!OF_LAB[lab]?.test(key) && others.some(([, pattern]) => pattern.test(key))) settings.delete(key);
  return settings;
}

/** The model the lab needs. Without one the Tokens lab is a twentieth of the size, and a new run is not mistaken for the model. */
function modelFor({ lab, model }: Wanted, settings: URLSearchParams): string | null {
  const isOfModel = [settings.get("tokenizer"), settings.get("tokens.compare")].includes("model");
  return NEED_MODEL.includes(lab) || lab === "lessons" || isOfModel ? model : "none";
}

export interface Wanted {
  /** The folder that the page is served from. */
  base: string;
  /** The address's hash. */
  hash: string;
  lab: string;
  model: string | null;
  lang: string;
  /** Of the frame. */
  title: string;
  /** Pixels reserved for it. */
  height: number;
  /** Whether it waits for a press. */
  waits: boolean;
  /** The element's file and its hash, as the build wrote them. */
  element: { file: string; integrity: string };
}

export function elementSnippet(wanted: Wanted): string {
  const { base, hash, lab, lang, height, waits, element } = wanted;
  const settings = settingsOf(hash, lab);
  const named = modelFor(wanted, settings);
  const model = named === "none" ? null : named;
  const hide = settings.get("hide");
  for (const key of APART) settings.delete(key);
  const attributes = { lab, model, lang, state: String(settings), hide, reveal: waits ? "manual" : null, height: String(height) };
  const written = Object.entries(attributes).filter(([, value]) => value);
  const script = `<script type="module" src="${escaped(base + element.file)}" integrity="${element.integrity}" crossorigin="anonymous"></script>`;
  return `${script}\n<tadpole-lab ${written.map(([name, value]) => `${name}="${escaped(value ?? "")}"`).join(" ")}></tadpole-lab>`;
}

export function frameSnippet(wanted: Wanted): string {
  const { base, hash, lab, lang, title, height } = wanted;
  const settings = settingsOf(hash, lab);
  for (const key of ["theme", "device", "lesson", "tour"]) settings.delete(key);
  settings.delete("model");
  for (const [name, value] of Object.entries({ lab, lang, model: modelFor(wanted, settings) }))
    if (value !== null) settings.set(name, value);
  const address = escaped(`${base}embed.html#${settings}`);
  return `<iframe src="${address}" title="${escaped(title)}" width="100%" height="${height}" loading="lazy" allow="clipboard-write" frameborder="0"></iframe>`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
