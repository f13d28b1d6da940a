// The menu's few words in both languages; they load with the figures.
import { fill } from "../i18n/index.ts";
import { inLanguage } from "../settings.ts";

const en = {
  save: "Save",
  of: (name: string) => `Save: ${name}`,
  titled: "{what}: {which}",
  failed: "The browser could not make this file. The other kinds may still do.",
};
const zh: typeof en = {
  save: "保存",
  of: (name) => `保存：${name}`,
  titled: "{what}：{which}",
  failed: "浏览器没能生成这个文件，可以试试其他格式。",
};

export const texts = () => inLanguage({ en, zh });

/** A title of two parts. */
export const titled = (what: string, which: string): string => fill(texts().titled, { what, which });
