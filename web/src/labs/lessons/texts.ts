// This lab's own texts, which load with it, as those of the other labs do.
import { inLanguage } from "../../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
