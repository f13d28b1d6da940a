// The words for the made world that several labs share.
import { inLanguage } from "../../settings.ts";
import type { WorldTask } from "../../worker/protocol.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const texts = () => inLanguage({ en, zh });

export const TASKS = Object.keys(en.tasks) as WorldTask[];
