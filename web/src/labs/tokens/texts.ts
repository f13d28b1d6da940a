// This lab's own texts, which load with it, as those of labs/bench do.
import { lang } from "../../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => (lang.value === "zh" ? zh : en);
