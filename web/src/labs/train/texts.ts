// This lab's own texts, which load with it, as those of labs/bench do.
import { inLanguage } from "../../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
