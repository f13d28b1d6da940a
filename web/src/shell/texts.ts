// The file menu's own texts, which load with it, as those of the labs do.
import { inLanguage } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
