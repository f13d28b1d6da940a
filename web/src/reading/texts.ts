// What is said of a file's encoding; it loads with the labs that read files.
import { lang } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => (lang.value === "zh" ? zh : en);
