// What is said of a file's encoding; it loads with the first file.
import { inLanguage } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
