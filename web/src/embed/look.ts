// The look that the host page sets: its own properties, each of which must be a colour or a family of fonts.
import { type Look, PROPERTIES } from "./messages.ts";

const FONTS = { font: "--sans", mono: "--mono" } as const;

const isFonts = (value: string): boolean => /^[\p{L}\p{N}_\s,'"-]+$/u.test(value) && CSS.supports("font-family", value);

/** Properties it omits stay as on our own page. */
export function wear(look: Look): void {
  const { style } = document.documentElement;
  for (const name of PROPERTIES) {
    const value = look[name] ?? "";
    const font = FONTS[name as keyof typeof FONTS];
    const is = font ? isFonts(value) : CSS.supports("color", value);
    const property = font ?? `--${name}`;
    if (value.trim() !== "" && is) style.setProperty(property, value.trim());
    else style.removeProperty(property);
  }
  if (["--accent", "--paper"].some((name) => style.getPropertyValue(name) !== ""))
    style.setProperty("--accent-soft", "color-mix(in oklab, var(--accent) 14%, var(--paper))");
  else style.removeProperty("--accent-soft");
}
