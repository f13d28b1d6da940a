// Texts about a file's encoding; they load with the first file.
import { inLanguage } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
