// The words of the embedding map, in both languages: the classes of tokens, and its buttons.
import type { TokenClass } from "../../components/token-class.ts";
import { inLanguage } from "../../settings.ts";

interface Words {
  classes: Record<TokenClass, string>;
  of: string;
  picked: string;
  closer: string;
  farther: string;
  whole: string;
}

const en: Words = {
  classes: {
    start: "a space, then letters",
    inside: "letters alone",
    digit: "digits",
    mark: "punctuation and signs",
    han: "Han characters",
    other: "spaces and mixtures",
    bytes: "part of a character",
  },
  of: "Kinds of tokens",
  picked: "the picked token",
  closer: "Closer",
  farther: "Farther away",
  whole: "The whole map",
};
const zh: Words = {
  classes: {
    start: "空格加字母",
    inside: "只有字母",
    digit: "数字",
    mark: "标点和符号",
    han: "汉字",
    other: "空白与混合",
    bytes: "字符的一部分",
  },
  of: "词元的种类",
  picked: "选中的词元",
  closer: "放大",
  farther: "缩小",
  whole: "整张图",
};

export const mapTexts = () => inLanguage({ en, zh });
