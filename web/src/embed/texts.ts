// The texts of a lab inside another site's page, which load with it.
import { inLanguage } from "../settings.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });
