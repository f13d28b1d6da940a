// The file menu's own texts, loaded with it, as in the labs.
import { inLanguage } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
