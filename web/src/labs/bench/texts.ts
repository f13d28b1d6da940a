// This lab's own texts. They are not in the page's catalogues because the shell loads those completely; both languages come with the lab,
// so that changing the language is instant.
import { inLanguage } from "../../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
