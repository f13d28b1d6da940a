// What a blogger pastes: the lab that is on screen, as our element or as an iframe.
import { NEED_MODEL } from "./messages.ts";

/** Of the address what becomes attributes of their own, or is the blogger's and not the lab's. */
const APART = ["lab", "model", "lang", "theme", "device", "hide", "lesson", "tour"];

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
  /** Pixels that are kept for it. */
  height: number;
  /** Whether it waits for a press. */
  waits: boolean;
  /** The element's file and its hash, as the build wrote them. */
  element: { file: string; integrity: string };
}

export function elementSnippet({ base, hash, lab, model, lang, height, waits, element }: Wanted): string {
  const settings = new URLSearchParams(hash.replace(/^#/, ""));
  const hide = settings.get("hide");
  for (const key of APART) settings.delete(key);
  const attributes = { lab, model, lang, state: String(settings), hide, reveal: waits ? "manual" : null, height: String(height) };
  const written = Object.entries(attributes).filter(([, value]) => value);
  const script = `<script type="module" src="${escaped(base + element.file)}" integrity="${element.integrity}" crossorigin="anonymous"></script>`;
  return `${script}\n<tadpole-lab ${written.map(([name, value]) => `${name}="${escaped(value ?? "")}"`).join(" ")}></tadpole-lab>`;
}

export function frameSnippet({ base, hash, lab, model, lang, title, height }: Wanted): string {
  const settings = new URLSearchParams(hash.replace(/^#/, ""));
  for (const key of ["theme", "device", "lesson", "tour"]) settings.delete(key);
  settings.delete("model");
  const named = model ?? (NEED_MODEL.includes(lab) ? null : "none");
  for (const [name, value] of Object.entries({ lab, lang, model: named })) if (value !== null) settings.set(name, value);
  const address = escaped(`${base}embed.html#${settings}`);
  return `<iframe src="${address}" title="${escaped(title)}" width="100%" height="${height}" loading="lazy" allow="clipboard-write" frameborder="0"></iframe>`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
