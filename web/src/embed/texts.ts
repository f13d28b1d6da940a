// The texts of a lab inside another site's page, which load with it.
import { lang } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => (lang.value === "zh" ? zh : en);
