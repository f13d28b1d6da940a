// This lab's own texts. They are not in the page's catalogues because the shell loads those whole; both languages come with
// the lab, so that a change of language waits for nothing.
import { inLanguage } from "../../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
